"""Tables that people upload: xlsx or CSV in any of the usual encodings → typed rows, named errors.

The headings stand in one of the first ten lines (a title above is fine), in any order, with or
without blanks and marks; columns that nobody asked for are passed over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from puhui.sheets.cells import CellError, text_of, value_of
from puhui.sheets.packages import Unbearable, judge
from puhui.sheets.terms import Column, Found, Limits, Refusals, Row

HEADINGS_WITHIN = 10
PACKAGE = b"PK\x03\x04"
OLD = (b"\xd0\xcf\x11\xe0", b"\x09\x08", b"PK\x05\x06")
MARKS = re.compile(r"[\s\u3000*＊：:]+|（必填）|\(必填\)|（选填）|\(选填\)")
LIMITS = Limits()

Item = TypeVar("Item")
Line = tuple[int, Sequence[object]]


def read(
    content: bytes, columns: Sequence[Column], found: Found, limits: Limits = LIMITS
) -> list[Row]:
    """Rows whose cells are all right, typed by their columns; whatever is wrong goes to `found`.

    Empty lines are passed over. A row with any wrong cell is left out. A file that cannot be read,
    or lacks a needed column, gives no rows and at least one error.
    """
    found.titles.update({column.key: column.title for column in columns})
    lines = _lines(content, found, limits)
    placed = _headings(lines, columns, found, limits)
    return [] if placed is None else _rows(lines, placed, found, limits)


def in_batches(rows: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def decoded(content: bytes) -> str | None:
    """UTF-8 with or without a mark, UTF-16 with one, GBK and its successor; None for other bytes."""
    if b"\x00" in content and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return None
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _lines(content: bytes, found: Found, limits: Limits) -> Iterator[Line]:
    """Lines with their numbers, from whichever kind of file it is."""
    if len(content) > limits.size:
        found.add(1, Refusals.TOO_LARGE, most=limits.size // 2**20)
        return iter(())
    if content.startswith(PACKAGE):
        return iter(_from_workbook(content, found, limits))
    if content.startswith(OLD):
        found.add(1, Refusals.OLD_FORMAT)
        return iter(())
    text = decoded(content)
    if text is None:
        found.add(1, Refusals.NOT_TEXT)
        return iter(())
    return _from_text(text, found)


def _from_text(text: str, found: Found) -> Iterator[Line]:
    head = text[: text.find("\n")] if "\n" in text else text
    divider = "\t" if head.count("\t") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=divider)
    before = 1
    try:
        for cells in reader:
            yield before, cells
            before = reader.line_num + 1
    except csv.Error:
        found.add(reader.line_num, Refusals.BROKEN)


def _from_workbook(content: bytes, found: Found, limits: Limits) -> list[Line]:
    """The first page that anybody sees."""
    try:
        judge(content, limits)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        pages = [
            one.name
            for one in book.sheets_metadata
            if one.visible is SheetVisibleEnum.Visible and one.typ is SheetTypeEnum.WorkSheet
        ]
        if not pages:
            return []
        page = book.get_sheet_by_name(pages[0])
        table: list[list[Any]] = page.to_python(skip_empty_area=False)
    except Unbearable as error:
        found.tell(1, error.told)
        return []
    except (CalamineError, ValueError, OSError):
        found.add(1, Refusals.BROKEN)
        return []
    return list(enumerate(table, 1))


def _headings(
    lines: Iterator[Line], columns: Sequence[Column], found: Found, limits: Limits
) -> dict[int, Column] | None:
    """Place → column; None when a needed column is missing or one stands twice."""
    known = {
        _plain(name): column
        for column in columns
        for name in (*column.also, column.key, column.title)
    }
    best: tuple[int, dict[int, Column]] = (1, {})
    was_empty = True
    for seen, (line, cells) in enumerate(lines, 1):
        if len(cells) > limits.columns:
            found.add(line, Refusals.TOO_WIDE, most=limits.columns)
            return None
        words = [_plain(text_of(cell)) for cell in cells]
        was_empty = was_empty and not any(words)
        placed = {place: known[word] for place, word in enumerate(words) if word in known}
        if len(placed) > len(best[1]):
            best = line, placed
        if _is_whole(placed, columns) or len(placed) == len(columns) or seen >= HEADINGS_WITHIN:
            break
    if not found.count and was_empty:
        found.add(1, Refusals.EMPTY)
    if not found.count:
        _judge_headings(best, columns, found)
    return None if found.count else best[1]


def _is_whole(placed: dict[int, Column], columns: Sequence[Column]) -> bool:
    present = {column.key for column in placed.values()}
    return all(column.key in present for column in columns if column.needed)


def _judge_headings(
    best: tuple[int, dict[int, Column]], columns: Sequence[Column], found: Found
) -> None:
    line, placed = best
    present = [column.key for column in placed.values()]
    for column in columns:
        if column.needed and column.key not in present:
            found.add(line, Refusals.COLUMN_MISSING, column.key, column=column.title)
        if present.count(column.key) > 1:
            found.add(line, Refusals.COLUMN_DOUBLE, column.key, column=column.title)


def _plain(heading: str) -> str:
    return MARKS.sub("", heading).replace("(", "（").replace(")", "）").lower()


def _rows(
    lines: Iterator[Line], placed: dict[int, Column], found: Found, limits: Limits
) -> list[Row]:
    rows: list[Row] = []
    read_rows = 0
    for line, cells in lines:
        if not any(text_of(cell) for cell in cells):
            continue
        read_rows += 1
        if read_rows > limits.rows:
            found.add(line, Refusals.TOO_MANY_ROWS, most=limits.rows)
            return []
        typed: dict[str, Any] = {}
        is_right = True
        for place, column in placed.items():
            try:
                typed[column.key] = value_of(column, cells[place] if place < len(cells) else None)
            except CellError as error:
                found.tell(line, error.error)
                is_right = False
        if is_right:
            rows.append(Row(line, typed))
    return rows
