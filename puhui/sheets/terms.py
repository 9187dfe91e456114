"""Nouns of spreadsheets: columns, rows, what is wrong in a row, what an import did."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from puhui.kernel.command import FieldError, Reason

MOST_ERRORS = 1_000


class Kind(enum.StrEnum):
    """What the cells of a column hold, and what `read` makes of them."""

    WORDS = "words"
    """str, trimmed; empty: ''."""
    CODE = "code"
    """Digits and letters that are no quantity (numbers of people, phones, codes): str without
    blanks. Written as text, so that no program rounds or shortens them."""
    WHOLE = "whole"
    """int; empty: None."""
    WAN = "wan"
    """An amount in 万元; fen, empty: None."""
    YUAN = "yuan"
    """An amount in 元; fen, empty: None."""
    PERCENT = "percent"
    """A yearly rate in percent; ppm, empty: None."""
    DAY = "day"
    """date; empty: None."""
    MOMENT = "moment"
    """A day and time of the county's clock; datetime with zone, empty: None."""
    YES = "yes"
    """是 or 否; bool, empty: False."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is headed, what its cells hold.

    `also`: other headings it may stand under (the key always is one). `needed`: the column must
    stand in the file, and its cells must be filled unless `may_be_empty`. `choices`: word → value;
    the value itself is taken too. `most`: characters of words.
    """

    key: str
    title: str
    kind: Kind = Kind.WORDS
    also: tuple[str, ...] = ()
    needed: bool = True
    may_be_empty: bool = False
    choices: Mapping[str, str] | None = None
    most: int = 200
    help: str = ""
    example: str = ""

    @property
    def must_be_filled(self) -> bool:
        return self.needed and not self.may_be_empty


def words_of(**titles: str) -> tuple[Column, ...]:
    """Columns of an export, each of words, from key=title."""
    return tuple(Column(key, title) for key, title in titles.items())


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. Bytes of the file and of what it unpacks to, rows, columns."""

    size: int = 10 * 2**20
    unpacked: int = 48 * 2**20
    rows: int = 50_000
    columns: int = 100


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong in one row of an imported file. Never quotes what the row says.

    `column` is the heading as the file's form has it, `field` the column's key.
    """

    file: str
    line: int
    field: str
    code: str
    sentence: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did or, on a dry run or with errors, would have done.

    With any error nothing is done. `errors` holds the first thousand of `error_count`. `closed`
    counts what the file ended. `same` rows changed nothing.
    """

    rows: int
    created: int
    changed: int
    errors: tuple[RowError, ...] = ()
    error_count: int = 0
    is_done: bool = False
    closed: int = 0
    closed_refs: tuple[str, ...] = ()
    """References of what was ended, for whoever must act on it."""

    @property
    def same(self) -> int:
        return max(0, self.rows - self.created - self.changed - self.closed)


@dataclass(slots=True)
class Found:
    """Errors so far: the first thousand in full, all of them counted."""

    file: str
    errors: list[RowError] = field(default_factory=list)
    count: int = 0
    titles: dict[str, str] = field(default_factory=dict)

    def add(self, line: int, reason: Reason, field: str = "", **facts: object) -> None:
        sentence = reason.sentence.format(**facts) if facts else reason.sentence
        self.tell(line, FieldError(field or reason.field, reason.code, sentence))

    def tell(self, line: int, error: FieldError) -> None:
        self.count += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(
                RowError(
                    self.file,
                    line,
                    error.field,
                    error.code,
                    error.sentence,
                    self.titles.get(error.field, ""),
                )
            )


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file it began on, its cells by column key."""

    line: int
    cells: dict[str, Any] = field(repr=False)

    def __getitem__(self, column: str) -> Any:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a workbook: its name, its columns, its rows in their order."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]


def report(
    rows: int,
    created: int,
    changed: int,
    found: Iterable[Found],
    is_dry_run: bool,
    *,
    closed: int = 0,
    closed_refs: Iterable[str] = (),
) -> ImportReport:
    """The report of an import; with errors it says that nothing was done."""
    found = list(found)
    errors = tuple(one for part in found for one in part.errors)[:MOST_ERRORS]
    count = sum(part.count for part in found)
    is_done = not (count or is_dry_run)
    return ImportReport(rows, created, changed, errors, count, is_done, closed, tuple(closed_refs))


class Refusals:
    """Why a file or a cell cannot be read; sentences are the person's."""

    NOT_TEXT = Reason(
        "file_not_text", "这个文件不是表格。请传 xlsx，或另存为 CSV（UTF-8 或 GBK）再传。", 422
    )
    OLD_FORMAT = Reason(
        "file_old_format", "这是旧式的表格文件（xls 等）。请打开后另存为 xlsx 再传。", 422
    )
    LOCKED = Reason("file_locked", "这个文件加了密码。请去掉密码另存再传。", 422)
    EMPTY = Reason("file_empty", "这个文件是空的。", 422)
    TOO_LARGE = Reason("file_too_large", "文件太大了，最大 {most} MB。请分成几份再传。", 422)
    TOO_WIDE = Reason("too_many_columns", "一张表最多 {most} 列。", 422)
    SPREAD_OUT = Reason(
        "file_spread_out",
        "表里有大片空行或空列。请新建一张表，只把有字的部分复制过去再传。",
        422,
    )
    COLUMN_MISSING = Reason("column_missing", "缺少“{column}”这一列。", 422)
    COLUMN_DOUBLE = Reason("column_double", "“{column}”这一列有两份。", 422)
    TOO_MANY_ROWS = Reason("too_many_rows", "一次最多导入 {most} 行。", 422)
    BROKEN = Reason("file_broken", "文件读到这里读不下去了（坏了，或引号没有配对）。", 422)

    CELL_EMPTY = Reason("cell_empty", "这一格要填。", 422)
    CELL_LONG = Reason("cell_too_long", "最多 {most} 个字。", 422)
    CELL_ODD = Reason("cell_odd_marks", "里面有看不见的符号，请重新打一遍这一格。", 422)
    CELL_CHOICE = Reason("cell_not_a_choice", "只能填：{choices}。", 422)
    CELL_WHOLE = Reason("cell_not_whole", "要填整数。", 422)
    CELL_YUAN = Reason("cell_not_yuan", "要填多少元，最多两位小数。", 422)
    CELL_DAY = Reason("cell_not_a_day", "日期要写成 2026-11-22 这样。", 422)
    CELL_MOMENT = Reason("cell_not_a_moment", "时间要写成 2026-11-22 08:00 这样。", 422)
    CELL_YES = Reason("cell_not_yes_or_no", "只能填“是”或“否”。", 422)
    CELL_ROUNDED = Reason(
        "cell_rounded",
        "这一格是数字格式，超过 15 位后面的数已经丢了。请把这一列设成文本，重新填。",
        422,
    )
    CELL_ERROR = Reason("cell_formula_error", "这一格的公式算错了，请直接填值。", 422)
