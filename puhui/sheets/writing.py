"""Tables to take away: xlsx and CSV. Nothing that people typed ever becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from puhui.kernel.clock import local
from puhui.kernel.money import FEN_PER_WAN, FEN_PER_YUAN, PPM_PER_PERCENT
from puhui.sheets.cells import FORMULA
from puhui.sheets.terms import Column, Kind, Page

WIDEST, NARROWEST = 60, 8
MOST_NAME = 31
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_LIST = 255
ROWS_TO_FILL = 2_000
HEAD = {
    "bold": True,
    "text_wrap": True,
    "valign": "vcenter",
    "bg_color": "#E8F1EC",
    "bottom": 1,
    "bottom_color": "#7C9A8B",
}
MUST = {**HEAD, "bg_color": "#FCE9DC"}
SCALES = {Kind.WAN: FEN_PER_WAN, Kind.YUAN: FEN_PER_YUAN, Kind.PERCENT: PPM_PER_PERCENT}
FORMATS = {Kind.WAN: "#,##0.######", Kind.YUAN: "#,##0.00", Kind.PERCENT: "0.00##"}
UNITS = {Kind.WAN: "万元", Kind.YUAN: "元", Kind.PERCENT: "%"}
WHAT = {
    Kind.WORDS: "文字",
    Kind.CODE: "数字或字母，这一列请用文本格式",
    Kind.WHOLE: "整数",
    Kind.WAN: "数字，单位万元",
    Kind.YUAN: "数字，单位元，最多两位小数",
    Kind.PERCENT: "数字，单位 %",
    Kind.DAY: "日期，像 2026-11-22",
    Kind.MOMENT: "日期和时间，像 2026-11-22 08:00",
    Kind.YES: "是 或 否",
}
GUIDE = (
    Column("title", "列名"),
    Column("must", "要不要填"),
    Column("what", "填什么"),
    Column("help", "说明"),
    Column("example", "例子"),
)


def workbook(*pages: Page) -> bytes:
    """An xlsx file: bold headings that stay in sight, columns as wide as their words, a filter.

    Rows hold values as `read` gives them (fen, ppm, dates) or words; amounts are written as
    numbers in the unit of their column, codes always as text.
    """
    file = io.BytesIO()
    with _book(file) as book:
        for page in pages:
            _write(book, page)
    return file.getvalue()


def csv_table(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file that a spreadsheet program opens in Chinese; a would-be formula begins with '."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.title for column in columns])
    for row in rows:
        writer.writerow(
            [_harmless(column, cell) for column, cell in zip(columns, row, strict=True)]
        )
    return text.getvalue().encode("utf-8-sig")


def template(
    name: str,
    columns: Sequence[Column],
    *,
    notes: Sequence[str] = (),
    rows: Iterable[Sequence[object]] = (),
) -> bytes:
    """An empty form to fill in (or one with `rows` in it), and a page that explains its columns."""
    file = io.BytesIO()
    with _book(file) as book:
        page = _write(book, Page(name, columns, rows), is_form=True)
        for place, column in enumerate(columns):
            _offer_choices(page, place, column)
        _explain(book, columns, notes)
    return file.getvalue()


def _book(file: io.BytesIO) -> Any:
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    return xlsxwriter.Workbook(file, options)


def _write(book: Any, page: Page, *, is_form: bool = False) -> Any:
    sheet = book.add_worksheet(NOT_IN_A_NAME.sub(" ", page.name)[:MOST_NAME])
    head, must = book.add_format(HEAD), book.add_format(MUST)
    styles = [book.add_format(_style(column, is_form=is_form)) for column in page.columns]
    widths = [_width(column.title) for column in page.columns]
    for place, column in enumerate(page.columns):
        marked = must if is_form and column.must_be_filled else head
        sheet.write_string(0, place, column.title, marked)
    last = 0
    for last, row in enumerate(page.rows, start=1):
        for place, (column, cell) in enumerate(zip(page.columns, row, strict=True)):
            _write_cell(sheet, (last, place), column, cell, styles[place])
            widths[place] = max(widths[place], _width(_shown(column, cell)))
    for place, width in enumerate(widths):
        kept = styles[place] if is_form else None
        sheet.set_column(place, place, min(max(width, NARROWEST), WIDEST), kept)
    sheet.freeze_panes(1, 0)
    if page.columns and not is_form:
        sheet.autofilter(0, 0, max(last, 1), len(page.columns) - 1)
    return sheet


def _style(column: Column, *, is_form: bool) -> dict[str, object]:
    style: dict[str, object] = {"valign": "top", "text_wrap": True}
    if column.kind is Kind.CODE or is_form:
        style["num_format"] = "@"
    elif column.kind in FORMATS:
        style["num_format"] = FORMATS[column.kind]
    return style


def _write_cell(
    sheet: Any, at: tuple[int, int], column: Column, cell: object, style: object
) -> None:
    is_number = isinstance(cell, int | Decimal) and not isinstance(cell, bool)
    if is_number and column.kind is not Kind.CODE:
        number = Decimal(str(cell)) / SCALES.get(column.kind, 1)
        sheet.write_number(*at, number, style)
    else:
        sheet.write_string(*at, _shown(column, cell), style)


def _shown(column: Column, cell: object) -> str:
    """A cell in words: fen as 万元 or 元, an instant by the county's clock."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int) and column.kind in SCALES:
        exact = Decimal(cell) / SCALES[column.kind]
        return f"{exact:f}"
    if isinstance(cell, datetime):
        return f"{local(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    if column.choices is not None and text not in column.choices:
        return next((word for word, value in column.choices.items() if value == text), text)
    return text


def _harmless(column: Column, cell: object) -> str:
    shown = _shown(column, cell)
    is_typed = isinstance(cell, str)
    return f"'{shown}" if is_typed and shown.startswith(FORMULA) else shown


def _width(text: str) -> int:
    longest = max(
        (sum(1 + (ord(one) > 255) for one in line) for line in text.splitlines()), default=0
    )
    return longest + 3


def _offer_choices(sheet: Any, place: int, column: Column) -> None:
    words = list(column.choices or ()) or (["是", "否"] if column.kind is Kind.YES else [])
    if words and len(",".join(words)) <= LONGEST_LIST:
        rule = {"validate": "list", "source": words, "error_title": "填错了"}
        sheet.data_validation(1, place, ROWS_TO_FILL, place, rule)


def _explain(book: Any, columns: Sequence[Column], notes: Sequence[str]) -> None:
    rows = [
        (
            column.title,
            "要填" if column.must_be_filled else "可以空着",
            "、".join(column.choices) if column.choices else WHAT[column.kind],
            column.help,
            column.example,
        )
        for column in columns
    ]
    sheet = _write(book, Page("填写说明", GUIDE, rows))
    for number, note in enumerate(notes, start=len(rows) + 2):
        sheet.write_string(number, 0, note)
