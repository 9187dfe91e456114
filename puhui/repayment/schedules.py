"""Repayment schedules, exact to the fen: half up at each accrual, the last instalment absorbs."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from puhui.kernel.money import PPM, round_half_up
from puhui.repayment.daily import (
    EVERY_MONTH,
    QUARTER_ENDS,
    Movement,
    interest_between,
    segments,
    settlements,
)
from puhui.repayment.terms import (
    BY_ACTUAL_DAYS,
    BeyondTerm,
    Instalment,
    Loan,
    LoanError,
    LoanReason,
    Method,
    add_months,
)

Portion = Callable[[int, int], int]
"""Principal of an instalment, from the balance before it and its interest."""


def schedule(loan: Loan) -> tuple[Instalment, ...]:
    """Every instalment of the loan if it runs its full term, in order of due dates.

    Interest settled on a settlement day is debited the day after (the next period's first).
    """
    if loan.method is Method.SINGLE_PAYMENT:
        return _single(loan)
    if loan.method in BY_ACTUAL_DAYS:
        return _settled(loan)
    dates = _due_dates(loan)
    portions = _portions(loan, len(dates) - 1)
    return tuple(_amortised(loan, loan.principal_fen, dates, portions))


def total_interest_fen(loan: Loan) -> int:
    return sum(each.interest_fen for each in schedule(loan))


def _single(loan: Loan) -> tuple[Instalment, ...]:
    start, end, principal = loan.start_on, loan.matures_on, loan.principal_fen
    interest = interest_between(principal, loan.rate_ppm, start, end, loan.day_count)
    return (Instalment(start, end, principal, interest, 0),)


def _settled(loan: Loan) -> tuple[Instalment, ...]:
    drawn = [Movement(loan.start_on, loan.principal_fen)]
    parts = segments(drawn, until=loan.matures_on, day_count=loan.day_count)
    quarterly = loan.method is Method.QUARTERLY_INTEREST_BULLET
    found = settlements(
        parts,
        loan.rate_ppm,
        day_count=loan.day_count,
        settlement_day=loan.settlement_day,
        months=QUARTER_ENDS if quarterly else EVERY_MONTH,
    )
    repaid = {loan.matures_on: loan.principal_fen}
    return tuple(
        Instalment(
            each.from_on,
            each.until_on,
            repaid.get(each.until_on, 0),
            each.interest_fen,
            loan.principal_fen - repaid.get(each.until_on, 0),
        )
        for each in found
    )


def _portions(loan: Loan, periods: int) -> list[Portion]:
    """How much principal each period repays by the loan's method."""
    if loan.method is Method.EQUAL_INSTALMENT:
        payment = equal_payment_fen(loan.principal_fen, _period_rate(loan), periods)
        return [_fixed_payment(payment)] * periods
    if loan.method is Method.INTEREST_ONLY_BULLET:
        return [_fixed_principal(0)] * periods
    grace = loan.grace_months // loan.months_per_period
    share = round_half_up(Fraction(loan.principal_fen, periods - grace))
    return [_fixed_principal(0)] * grace + [_fixed_principal(share)] * (periods - grace)


def _due_dates(loan: Loan) -> list[date]:
    return [
        add_months(loan.start_on, month)
        for month in range(0, loan.months + 1, loan.months_per_period)
    ]


def _period_rate(loan: Loan) -> Fraction:
    return Fraction(loan.rate_ppm * loan.months_per_period, PPM * 12)


def equal_payment_fen(principal_fen: int, period_rate: Fraction, periods: int) -> int:
    """The level payment P·r·(1+r)^n / ((1+r)^n − 1), rounded once; P/n without interest."""
    if not period_rate:
        return round_half_up(Fraction(principal_fen, periods))
    growth = (1 + period_rate) ** periods
    return round_half_up(principal_fen * period_rate * growth / (growth - 1))


def _fixed_payment(payment: int) -> Portion:
    return lambda balance, interest: min(max(payment - interest, 0), balance)


def _fixed_principal(share: int) -> Portion:
    return lambda balance, interest: min(share, balance)


def _amortised(
    loan: Loan, balance: int, dates: list[date], portions: list[Portion]
) -> Iterable[Instalment]:
    """One portion for each period; the last period takes the whole balance."""
    rate = _period_rate(loan)
    for (start, end), portion in zip(pairwise(dates), portions, strict=True):
        interest = round_half_up(balance * rate)
        principal = balance if end == dates[-1] else portion(balance, interest)
        balance -= principal
        yield Instalment(start, end, principal, interest, balance)


class Keep(enum.StrEnum):
    """What stays after a part is paid back early: the payment (缩期) or the term (缩额)."""

    PAYMENT = "payment"
    TERM = "term"


def after_prepayment(
    loan: Loan, periods: int, principal_fen: int, keep: Keep
) -> tuple[Instalment, ...]:
    """What remains of equal instalments when more principal is paid with the `periods`-th.

    Raises LoanError PREPAYMENT: another method, no such period, or not less than what is owed.
    """
    plan = schedule(loan)
    if loan.method is not Method.EQUAL_INSTALMENT or not 1 <= periods < len(plan):
        raise LoanError(LoanReason.PREPAYMENT)
    balance = plan[periods - 1].balance_fen - principal_fen
    if principal_fen <= 0 or balance <= 0:
        raise LoanError(LoanReason.PREPAYMENT)
    dates = _due_dates(loan)[periods:]
    left = len(dates) - 1
    payment = plan[0].payment_fen
    if keep is Keep.TERM:
        payment = equal_payment_fen(balance, _period_rate(loan), left)
    rest = _amortised(loan, balance, dates, [_fixed_payment(payment)] * left)
    return tuple(each for each in rest if each.payment_fen)


@dataclass(frozen=True, slots=True)
class Closing:
    """What ends a loan on a day: interest since the last due date, and with it the whole amount."""

    on: date
    interest_fen: int
    amount_fen: int


def closing(loan: Loan, on: date) -> Closing:
    """Early settlement with interest for the actual days alone (民法典 677).

    An instalment due that day is paid as due and is not part of it. Raises BeyondTerm after the
    last day, LoanError SETTLEMENT_DATE before the first.
    """
    if on > loan.matures_on:
        raise BeyondTerm(loan.matures_on)
    if on < loan.start_on:
        raise LoanError(LoanReason.SETTLEMENT_DATE)
    paid = _paid(loan, on)
    balance = paid[-1].balance_fen if paid else loan.principal_fen
    since = paid[-1].due_on if paid else loan.start_on
    interest = interest_between(balance, loan.rate_ppm, since, on, loan.day_count)
    return Closing(on, interest, balance + interest)


def _paid(loan: Loan, on: date) -> list[Instalment]:
    return [each for each in schedule(loan) if each.due_on <= on]


def interest_if_used(loan: Loan, months: int) -> int:
    """Interest in fen if the loan is settled after `months`, its full term or less.

    While the whole principal is owed the actual days count, in one sum; once instalments repay
    principal, their own interest counts, and the actual days since the last of them. Raises
    BeyondTerm, LoanError SETTLEMENT_DATE (less than a month).
    """
    if months < 1:
        raise LoanError(LoanReason.SETTLEMENT_DATE)
    on = add_months(loan.start_on, months)
    if months == loan.months:
        return total_interest_fen(loan)
    end = closing(loan, on)
    paid = _paid(loan, on)
    if any(each.principal_fen for each in paid):
        return sum(each.interest_fen for each in paid) + end.interest_fen
    return interest_between(loan.principal_fen, loan.rate_ppm, loan.start_on, on, loan.day_count)


def cost_if_used(loan: Loan, months: int) -> int:
    """Interest and the fees paid by then, in fen (用 n 个月一共多花); raises BeyondTerm."""
    return interest_if_used(loan, months) + sum(fee.fen for fee in loan.fees if fee.month < months)
