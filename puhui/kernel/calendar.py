"""Working days by the State Council's yearly notices, make-up days included; never guessed.

A calendar knows whole years. A step into any other year raises UnknownYear: the caller then
leaves the date open until that year's table is loaded.
"""

from __future__ import annotations

import csv
import enum
import io
import re
from calendar import isleap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib import resources
from typing import Literal

ONE_DAY = timedelta(days=1)
COLUMNS = ("日期", "安排", "说明")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEAR = re.compile(r"[12]\d{3}", re.ASCII)
ALWAYS_HOLIDAYS = ((1, 1), (5, 1), (10, 1))

Roll = Literal["FOLLOWING", "MODIFIED"]


class UnknownYear(LookupError):
    """No table of working days is loaded for this year."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year


class WorkingCalendar:
    """Answers from a table that holds every day of its years."""

    def __init__(self, days: Mapping[date, bool]) -> None:
        self._days = dict(days)

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[date, bool]]) -> WorkingCalendar:
        return cls(dict(rows))

    @property
    def years(self) -> tuple[int, ...]:
        """The years that the table holds whole."""
        held = Counter(day.year for day in self._days)
        return tuple(sorted(year for year, days in held.items() if days == 365 + isleap(year)))

    def is_working(self, day: date) -> bool:
        """Raises UnknownYear when the table does not hold the day."""
        try:
            return self._days[day]
        except KeyError:
            raise UnknownYear(day.year) from None

    def add_working_days(self, start: date, count: int) -> date:
        """The count-th working day after `start`, which itself does not count (民法典 201)."""
        if count < 0:
            raise ValueError("working days are counted forward")
        day = start
        while count:
            day += ONE_DAY
            count -= self.is_working(day)
        return day

    def roll(self, day: date, mode: Roll) -> date:
        """A due date that is no working day moves to the next one (民法典 203).

        MODIFIED: not out of its month, then to the last working day before.
        """
        rolled = day
        while not self.is_working(rolled):
            rolled += ONE_DAY
            if mode == "MODIFIED" and rolled.month != day.month:
                return self._last_before(day)
        return rolled

    def _last_before(self, day: date) -> date:
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`: the inverse of adding."""
        if end < start:
            raise ValueError("the end lies before the start")
        span = (end - start).days
        return sum(self.is_working(start + ONE_DAY * step) for step in range(1, span + 1))


@dataclass(frozen=True, slots=True)
class TableDay:
    """One day of a loaded year, with the festival or the notice it comes from."""

    day: date
    is_working: bool
    note: str = ""


class RowReason(enum.StrEnum):
    """What is wrong with a row of a table; `ROW_SENTENCES` says it."""

    COLUMNS = "COLUMNS"
    DATE = "DATE"
    ARRANGEMENT = "ARRANGEMENT"
    YEAR = "YEAR"
    YEAR_NOT_DECLARED = "YEAR_NOT_DECLARED"
    TWICE = "TWICE"
    ALREADY_WORKING = "ALREADY_WORKING"
    NOT_COMPLETE = "NOT_COMPLETE"
    EMPTY = "EMPTY"
    UNREADABLE = "UNREADABLE"


ROW_SENTENCES = {
    RowReason.COLUMNS: "第一行要写：日期、安排、说明。",
    RowReason.DATE: "日期要写成 2026-10-01 这样。",
    RowReason.ARRANGEMENT: "安排只能写：全年、放假、上班。",
    RowReason.YEAR: "安排是“全年”的这一行，日期只写年份，比如 2026。",
    RowReason.YEAR_NOT_DECLARED: "表里没有这一年的“全年”行。",
    RowReason.TWICE: "这一天（或这一年）写了两遍。",
    RowReason.ALREADY_WORKING: "这一天本来就是工作日，看看日期是不是写错了。",
    RowReason.NOT_COMPLETE: "这一年缺元旦、劳动节或国庆节的放假，表不全。",
    RowReason.EMPTY: "表里没有一年的安排。",
    RowReason.UNREADABLE: "这一行读不了，请另存为 CSV 再试。",
}


@dataclass(frozen=True, slots=True)
class RowError:
    """Row number as a spreadsheet shows it (the heading is row 1) and what is wrong there."""

    row: int
    reason: RowReason

    @property
    def sentence(self) -> str:
        return ROW_SENTENCES[self.reason]


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """Every day of the years declared, or, with any error, no day at all."""

    days: tuple[TableDay, ...]
    errors: tuple[RowError, ...]


@dataclass(slots=True)
class _Reading:
    """What the rows say so far."""

    years: dict[int, int] = field(default_factory=dict)
    changes: dict[date, tuple[int, bool, str]] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, row: int, reason: RowReason) -> None:
        self.errors.append(RowError(row, reason))


def parse_table(text: str) -> ParsedTable:
    """Read a table of working days from CSV: see `parse_rows`."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        return parse_rows(list(reader))
    except csv.Error:
        return ParsedTable((), (RowError(reader.line_num, RowReason.UNREADABLE),))


def parse_rows(rows: Iterable[Sequence[str]]) -> ParsedTable:
    """Read a table: one row `2026,全年,notice` per year, then the days that a notice changes.

    `2026-10-01,放假,国庆节` makes a day off, `2026-10-10,上班,国庆节` a working weekend; all other
    days of a declared year follow Monday to Friday. A year counts only when it is declared, so that
    the few January days of the next year in a notice are never taken for a whole table.
    """
    reading = _Reading()
    numbered = enumerate(rows, start=1)
    _, heading = next(numbered, (1, ()))
    if tuple(cell.strip() for cell in heading[:3]) != COLUMNS:
        return ParsedTable((), (RowError(1, RowReason.COLUMNS),))
    for number, row in numbered:
        cells = [cell.strip() for cell in row]
        if any(cells):
            _read_row(reading, number, cells)
    _check_whole(reading)
    if reading.errors:
        return ParsedTable((), tuple(sorted(reading.errors, key=lambda error: error.row)))
    return ParsedTable(tuple(_days(reading)), ())


def _read_row(reading: _Reading, number: int, cells: Sequence[str]) -> None:
    day, arrangement, note = (*cells, "", "")[:3]
    if arrangement == "全年":
        _read_year(reading, number, day)
    elif arrangement not in ("放假", "上班"):
        reading.refuse(number, RowReason.ARRANGEMENT)
    else:
        _read_day(reading, number, day, arrangement == "上班", note)


def _read_year(reading: _Reading, number: int, year: str) -> None:
    if not YEAR.fullmatch(year):
        reading.refuse(number, RowReason.YEAR)
    elif int(year) in reading.years:
        reading.refuse(number, RowReason.TWICE)
    else:
        reading.years[int(year)] = number


def _read_day(reading: _Reading, number: int, text: str, is_working: bool, note: str) -> None:
    day = _day(text)
    if day is None:
        reading.refuse(number, RowReason.DATE)
    elif day in reading.changes:
        reading.refuse(number, RowReason.TWICE)
    elif is_working and day.weekday() < 5:
        reading.refuse(number, RowReason.ALREADY_WORKING)
    else:
        reading.changes[day] = (number, is_working, note)


def _day(text: str) -> date | None:
    if not DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _check_whole(reading: _Reading) -> None:
    for day, (number, _, _) in reading.changes.items():
        if day.year not in reading.years:
            reading.refuse(number, RowReason.YEAR_NOT_DECLARED)
    for year, number in reading.years.items():
        holidays = [date(year, month, day) for month, day in ALWAYS_HOLIDAYS]
        if any(reading.changes.get(day, (0, True))[1] for day in holidays):
            reading.refuse(number, RowReason.NOT_COMPLETE)
    if not reading.years and not reading.errors:
        reading.refuse(1, RowReason.EMPTY)


def _days(reading: _Reading) -> Iterator[TableDay]:
    for year in sorted(reading.years):
        day = date(year, 1, 1)
        while day.year == year:
            _, is_working, note = reading.changes.get(day, (0, day.weekday() < 5, ""))
            yield TableDay(day, is_working, note)
            day += ONE_DAY


def shipped_table() -> ParsedTable:
    """The table that comes with the program: 2024 to 2026."""
    source = resources.files("puhui.kernel").joinpath("data/workdays.csv")
    return parse_table(source.read_text(encoding="utf-8"))
