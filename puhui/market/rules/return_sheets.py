"""A bank's month of loans as a spreadsheet: its columns, and how one row meets the platform. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from puhui.sheets.terms import Column, Kind, RowError

COLUMNS = (
    Column("engagement", "对接单号", Kind.CODE, example="500001", help="平台上的单号，不是编号。"),
    Column("amount_fen", "放款金额", Kind.WAN, example="10"),
    Column("rate_ppm", "年利率", Kind.PERCENT, example="4.75"),
    Column("paid_out_on", "放款日", Kind.DAY, example="2026-11-27"),
    Column("due_on", "到期日", Kind.DAY, example="2027-05-27"),
)
COMPARED = ("amount_fen", "rate_ppm", "paid_out_on", "due_on")
TITLES = {column.key: column.title for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not agree. `facts`: field → (in the sheet, on the platform)."""

    kind: str
    ref: str
    line: int | None
    facts: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What a month's sheet did, or on a dry run or with errors would have done."""

    month: date
    rows: int
    recorded: int
    matched: int
    differences: tuple[Difference, ...]
    errors: tuple[RowError, ...]
    error_count: int
    is_done: bool


def month_of(text: str) -> date | None:
    """The first day of 2026-11; None for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def facts_of(row: Mapping[str, Any], ours: Sequence[Any]) -> dict[str, tuple[Any, Any]]:
    """Fields in which a row and the platform's own four differ."""
    pairs = {name: (plain(row[name]), plain(own)) for name, own in zip(COMPARED, ours, strict=True)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
