"""All engagements of the bank, and their export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import xlsxwriter
from django.http import Http404, HttpResponse

from puhui.desks.bank import table_view
from puhui.desks.bank.chrome import bank_page
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.state_words import ENGAGEMENT_WORDS
from puhui.market import queries
from puhui.market.queries import TableRow
from puhui.parties import queries as parties

PAGE_ROWS = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AMOUNT_COLUMN = table_view.COLUMNS.index("金额（万元）")


@page(queries.bank_table)
def table(request: Request) -> HttpResponse:
    """/bank/engagements/: filters in the address, pages by cursor."""
    asked = {key: str(value) for key, value in request.GET.items() if key != "after"}
    chosen = table_view.chosen_by(asked)
    after = request.GET.get("after", "")
    rows = queries.bank_table(request.actor, chosen, after=after, limit=PAGE_ROWS + 1)
    more = len(rows) > PAGE_ROWS
    rows = rows[:PAGE_ROWS]
    context = {
        "lines": [table_view.line(row) for row in rows],
        "size": queries.bank_table_size(request.actor, chosen),
        "asked": asked,
        "chosen": chosen,
        "q": chosen.words,
        "after": after,
        "first": table_view.address_with(asked),
        "next": table_view.address_with(asked, after=rows[-1].ref) if more else "",
        "which": [
            (words, table_view.address_with(asked, which=key), asked.get("which", "") == key)
            for key, words in table_view.WHICH.items()
        ],
        "states": ENGAGEMENT_WORDS,
        "sorts": table_view.SORT_WORDS,
        "officers": parties.colleagues(request.actor),
        "query": request.GET.urlencode(),
    }
    return bank_page(request, "bank/table.html", context)


@page(queries.bank_table_rows)
def export(request: Request, form: str) -> HttpResponse:
    """/bank/engagements.csv and .xlsx: the table as it is filtered now; names stay masked."""
    if form not in ("csv", "xlsx"):
        raise Http404
    chosen = table_view.chosen_by({key: str(value) for key, value in request.GET.items()})
    rows = queries.bank_table_rows(request.actor, chosen)
    content, kind = (
        (_csv(rows), "text/csv; charset=utf-8") if form == "csv" else (_xlsx(rows), XLSX)
    )
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="engagements.{form}"'
    return response


def _csv(rows: Iterable[TableRow]) -> bytes:
    """With a byte order mark, so that a spreadsheet program reads the Chinese."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table_view.COLUMNS)
    writer.writerows([_tame(str(cell)) for cell in table_view.cells(row)] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _tame(cell: str) -> str:
    """A cell that a spreadsheet program would run as a formula is kept a text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _xlsx(rows: Iterable[TableRow]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("全部单子")
        bold = book.add_format({"bold": True})
        for place, name in enumerate(table_view.COLUMNS):
            sheet.write_string(0, place, name, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(table_view.cells(row)):
                if place == AMOUNT_COLUMN:
                    sheet.write_number(number, place, float(cell))
                else:
                    sheet.write_string(number, place, str(cell))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, 0, len(table_view.COLUMNS) - 1)
        sheet.set_column(0, len(table_view.COLUMNS) - 1, 14)
    return made.getvalue()
