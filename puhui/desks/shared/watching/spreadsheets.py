"""Tables to take away: CSV that a spreadsheet opens in Chinese, and xlsx."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_response(
    kind: str, name: str, heading: Sequence[str], rows: Iterable[Sequence[str | int]]
) -> HttpResponse:
    """`kind` csv or xlsx; `name` without ending. Nothing typed by people is ever a formula."""
    body, media = (
        (_xlsx(name, heading, rows), XLSX)
        if kind == "xlsx"
        else (_csv(heading, rows), "text/csv; charset=utf-8")
    )
    response = HttpResponse(body, content_type=media)
    ending = "xlsx" if kind == "xlsx" else "csv"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.{ending}')}"
    response["Cache-Control"] = "private, no-store"
    return response


def _csv(heading: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _xlsx(name: str, heading: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(name[:31])
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        widths = [2 * len(title) + 2 for title in heading]
        for column, title in enumerate(heading):
            page.write_string(0, column, title, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(number, column, cell, plain)
                else:
                    page.write_string(number, column, cell, plain)
                    longest = max((len(line) for line in cell.splitlines()), default=0)
                    widths[column] = max(widths[column], 2 * longest + 2)
        for column, width in enumerate(widths):
            page.set_column(column, column, min(width, WIDEST))
        page.freeze_panes(1, 0)
    return file.getvalue()
