"""Uploaded tables: bytes → rows with their lines, whatever the office's spreadsheet wrote."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from puhui.kernel.command import FieldError, Reason
from puhui.parties.terms import ImportReport, RowError

MOST_ROWS = 2_000_000
MOST_ERRORS = 1_000

Item = TypeVar("Item")
Headings = Mapping[str, tuple[str, ...]]

NOT_TEXT = Reason("file_not_text", "这个文件不是文本表格。请另存为 CSV（UTF-8 或 GBK）再传。", 422)
EMPTY = Reason("file_empty", "这个文件是空的。", 422)
COLUMN_MISSING = Reason("column_missing", "缺少“{column}”这一列。", 422)
COLUMN_DOUBLE = Reason("column_double", "“{column}”这一列有两份。", 422)
TOO_MANY_ROWS = Reason("too_many_rows", "一次最多导入 {most} 行。", 422)
BROKEN = Reason("file_broken", "这一行的引号没有配对，读不下去。", 422)


@dataclass(slots=True)
class Found:
    """Errors so far: the first thousand in full, all of them counted."""

    file: str
    errors: list[RowError] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, reason: Reason, field: str = "", **facts: object) -> None:
        sentence = reason.sentence.format(**facts) if facts else reason.sentence
        self.tell(line, FieldError(field or reason.field, reason.code, sentence))

    def tell(self, line: int, error: FieldError) -> None:
        self.count += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(RowError(self.file, line, error.field, error.code, error.sentence))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file it began on, its cells by column."""

    line: int
    cells: dict[str, str] = field(repr=False)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def report(
    rows: int, created: int, changed: int, found: Iterable[Found], is_dry_run: bool
) -> ImportReport:
    """The report of an import; with errors it says that nothing was done."""
    found = list(found)
    errors = tuple(one for part in found for one in part.errors)[:MOST_ERRORS]
    count = sum(part.count for part in found)
    return ImportReport(rows, created, changed, errors, count, is_done=not (count or is_dry_run))


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


def rows_of(content: bytes, needed: Headings, optional: Headings, found: Found) -> list[Row]:
    """Rows of a CSV file. `needed` and `optional`: column → the headings it may stand under."""
    text = decoded(content)
    if text is None:
        found.add(1, NOT_TEXT)
        return []
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        columns = _columns(next(reader, []), needed, optional, found)
        return [] if columns is None else _rows(reader, columns, found)
    except csv.Error:
        found.add(reader.line_num, BROKEN)
        return []


def _columns(
    headings: list[str],
    needed: Headings,
    optional: Headings,
    found: Found,
) -> dict[int, str] | None:
    """Place → column; None when a needed column is missing or one stands twice."""
    if not any(heading.strip() for heading in headings):
        found.add(1, EMPTY)
        return None
    known = {
        name.lower(): column
        for column, names in {**needed, **optional}.items()
        for name in (column, *names)
    }
    columns = {
        place: known[word]
        for place, heading in enumerate(headings)
        if (word := heading.strip().lower()) in known
    }
    present = list(columns.values())
    for column in needed:
        if column not in present:
            found.add(1, COLUMN_MISSING, column, column=column)
    for column in {one for one in present if present.count(one) > 1}:
        found.add(1, COLUMN_DOUBLE, column, column=column)
    return None if found.count else columns


def _rows(reader: Iterable[list[str]], columns: dict[int, str], found: Found) -> list[Row]:
    rows: list[Row] = []
    before = 1
    for cells in reader:
        line, before = before + 1, int(getattr(reader, "line_num", before + 1))
        if not any(cell.strip() for cell in cells):
            continue
        rows.append(
            Row(
                line,
                {
                    column: cells[place].strip()
                    for place, column in columns.items()
                    if place < len(cells)
                },
            )
        )
        if len(rows) > MOST_ROWS:
            found.add(line, TOO_MANY_ROWS, most=MOST_ROWS)
            return []
    return rows
