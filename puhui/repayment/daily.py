"""Interest by the day: borrow and repay at will, sums of day balances (积数), settlement days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from puhui.kernel.money import PPM, interest_fen, round_half_up
from puhui.repayment.terms import (
    SETTLEMENT_DAY,
    DayCount,
    LoanError,
    LoanReason,
    add_months,
)

EVERY_MONTH = tuple(range(1, 13))
QUARTER_ENDS = (3, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class Movement:
    """Money borrowed (positive fen) or principal repaid (negative fen) on a day."""

    on: date
    fen: int


@dataclass(frozen=True, slots=True)
class Segment:
    """Days over which one balance stood: `from_on` counts, `until_on` does not."""

    from_on: date
    until_on: date
    days: int
    balance_fen: int

    @property
    def day_fen(self) -> int:
        """Balance times days (积数), in fen-days."""
        return self.balance_fen * self.days


@dataclass(frozen=True, slots=True)
class Settlement:
    """Interest of one settlement period, rounded once; `until_on` is the day it is debited."""

    from_on: date
    until_on: date
    day_fen: int
    interest_fen: int


def interest_between(
    principal_fen: int, rate_ppm: int, start: date, end: date, day_count: DayCount
) -> int:
    """Interest in fen on a balance that stood from `start` to the day before `end` (M038)."""
    return interest_fen(principal_fen, rate_ppm, day_count.days(start, end), day_count.basis)


def segments(
    movements: Sequence[Movement],
    *,
    until: date | None = None,
    line_fen: int | None = None,
    day_count: DayCount = DayCount.ACT_360,
) -> tuple[Segment, ...]:
    """Balances by their days, in order; `until` closes a line that is still drawn.

    Raises LoanError: OVER_LINE, REPAID_TOO_MUCH, NOT_REPAID (no `until` given), SETTLEMENT_DATE
    (`until` before the last movement).
    """
    by_day: dict[date, int] = {}
    for movement in sorted(movements, key=lambda each: each.on):
        by_day[movement.on] = by_day.get(movement.on, 0) + movement.fen
    balances = _balances(by_day, line_fen)
    if balances and balances[-1][1]:
        balances.append((_closing(balances[-1][0], until), 0))
    return tuple(
        Segment(start, end, day_count.days(start, end), balance)
        for (start, balance), (end, _) in pairwise(balances)
        if balance
    )


def _balances(by_day: dict[date, int], line_fen: int | None) -> list[tuple[date, int]]:
    balance, found = 0, []
    for day, change in by_day.items():
        balance += change
        if balance < 0:
            raise LoanError(LoanReason.REPAID_TOO_MUCH)
        if line_fen is not None and balance > line_fen:
            raise LoanError(LoanReason.OVER_LINE)
        found.append((day, balance))
    return found


def _closing(last: date, until: date | None) -> date:
    if until is None:
        raise LoanError(LoanReason.NOT_REPAID)
    if until < last:
        raise LoanError(LoanReason.SETTLEMENT_DATE)
    return until


def available_fen(movements: Sequence[Movement], line_fen: int) -> int:
    """What may still be drawn: repaid principal comes back at once (M120)."""
    return line_fen - sum(movement.fen for movement in movements)


def interest_on(
    parts: Sequence[Segment], rate_ppm: int, day_count: DayCount = DayCount.ACT_360
) -> int:
    """Interest in fen on all segments, rounded once: 积数 × rate / basis."""
    day_fen = sum(part.day_fen for part in parts)
    return round_half_up(Fraction(day_fen * rate_ppm, PPM * day_count.basis))


def settlements(
    parts: Sequence[Segment],
    rate_ppm: int,
    *,
    day_count: DayCount = DayCount.ACT_360,
    settlement_day: int = SETTLEMENT_DAY,
    months: Sequence[int] = EVERY_MONTH,
) -> tuple[Settlement, ...]:
    """Interest settled through each settlement day, inclusive; the next day starts a new period.

    Each is rounded once, so their sum may differ by a fen or two from one sum over all days.
    `settlement_day` is 1 to 27, `months` are those that have one.
    """
    if not parts:
        return ()
    bounds = _bounds(parts[0].from_on, parts[-1].until_on, settlement_day, months)
    found = []
    for start, end in pairwise(bounds):
        cut = [_cut(part, start, end, day_count) for part in parts]
        held = [part for part in cut if part.days > 0]
        if held:
            day_fen = sum(part.day_fen for part in held)
            found.append(Settlement(start, end, day_fen, interest_on(held, rate_ppm, day_count)))
    return tuple(found)


def _cut(part: Segment, start: date, end: date, day_count: DayCount) -> Segment:
    first, last = max(part.from_on, start), min(part.until_on, end)
    days = day_count.days(first, last) if first < last else 0
    return Segment(first, last, days, part.balance_fen)


def _bounds(start: date, end: date, settlement_day: int, months: Sequence[int]) -> list[date]:
    """Start, the day after each settlement day in between, end."""
    bounds = [start]
    step = date(start.year, start.month, settlement_day + 1)
    while step < end:
        if step > start and step.month in months:
            bounds.append(step)
        step = add_months(step, 1)
    return [*bounds, end]


def penalty_rate_ppm(
    rate_ppm: int, *, overdue_uplift_ppm: int | None = None, misuse_uplift_ppm: int | None = None
) -> int:
    """Penalty rate (银发〔2003〕251号): uplifts never add up, the higher one applies.

    Uplifts are shares of the contract's rate in ppm: +50 % is 500 000.
    """
    uplift = max(overdue_uplift_ppm or 0, misuse_uplift_ppm or 0)
    return round_half_up(Fraction(rate_ppm * (PPM + uplift), PPM))
