"""Loans that fall due on a day of the year: after the harvest, when the crop is sold (随季还)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from puhui.repayment.daily import interest_between
from puhui.repayment.terms import DayCount, Instalment, LoanError, LoanReason, add_months


def season_dates(
    start_on: date, days: Sequence[str], months_min: int, months_max: int
) -> tuple[date, ...]:
    """Every day (MM-DD) of `days` between so many months after the start, in order.

    29 February falls due on the 28th of a common year.
    """
    first, last = add_months(start_on, months_min), add_months(start_on, months_max)
    years = range(first.year, last.year + 1)
    found = {_on(year, day) for year in years for day in days}
    return tuple(sorted(one for one in found if first <= one <= last))


def _on(year: int, day: str) -> date:
    month, number = int(day[:2]), int(day[3:])
    return add_months(date(2000, month, number), (year - 2000) * 12)


def single_payment(
    principal_fen: int,
    rate_ppm: int,
    start_on: date,
    due_on: date,
    day_count: DayCount = DayCount.ACT_360,
) -> Instalment:
    """One payment of principal and interest on a given day; raises LoanError SETTLEMENT_DATE."""
    if due_on <= start_on:
        raise LoanError(LoanReason.SETTLEMENT_DATE)
    interest = interest_between(principal_fen, rate_ppm, start_on, due_on, day_count)
    return Instalment(start_on, due_on, principal_fen, interest, 0)
