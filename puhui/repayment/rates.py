"""Yearly rates with everything counted in (人民银行公告〔2021〕第3号), prepaid interest, averages.

Rates found by iteration are Decimals of twelve places; what is stored and shown is integer ppm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

from pyxirr import xirr

from puhui.kernel.money import PPM, round_half_up
from puhui.repayment.schedules import closing, schedule
from puhui.repayment.terms import (
    BY_ACTUAL_DAYS,
    BeyondTerm,
    Instalment,
    Loan,
    LoanError,
    LoanReason,
    add_months,
)

PPM_PER_BASIS_POINT = 100
PREPAID_INTEREST_DEDUCTED = "PREPAID_INTEREST_DEDUCTED"
TWELVE_PLACES = Decimal("1e-12")
HIGHEST_RATE = Decimal(1000)


@dataclass(frozen=True, slots=True)
class YearlyRates:
    """A periodic internal rate and its two yearly forms: simple (单利) and compound (复利)."""

    periodic: Decimal
    simple: Decimal
    compound: Decimal

    @property
    def simple_ppm(self) -> int:
        return round_half_up(self.simple * PPM)

    @property
    def compound_ppm(self) -> int:
        return round_half_up(self.compound * PPM)


@dataclass(frozen=True, slots=True)
class Flow:
    """A payment and the part of a year since the flow before it (for a periodic rate: 1)."""

    span: Fraction
    fen: int


def yearly_rates(received_fen: int, payments: Sequence[int], periods_per_year: int) -> YearlyRates:
    """Rates of a loan whose net amount in fen is paid back in equal periods.

    Raises LoanError NO_RATE when nothing was received or the payments fall short of it.
    """
    periodic = accrual_rate(received_fen, [Flow(Fraction(1), fen) for fen in payments])
    with localcontext(prec=40):
        compound = ((1 + periodic) ** periods_per_year - 1).quantize(TWELVE_PLACES)
    return YearlyRates(periodic, periodic * periods_per_year, compound)


def accrual_rate(received_fen: int, flows: Sequence[Flow]) -> Decimal:
    """The rate that, accrued on what is owed over each span, is paid off exactly by the flows."""
    if received_fen <= 0 or sum(flow.fen for flow in flows) < received_fen:
        raise LoanError(LoanReason.NO_RATE)
    with localcontext(prec=40):
        steps = [(_decimal(flow.span), flow.fen) for flow in flows]
        low, high = Decimal(0), Decimal(1)
        while _left(received_fen, steps, high) < 0:
            low, high = high, high * 2
            if high > HIGHEST_RATE:
                raise LoanError(LoanReason.NO_RATE)
        while high - low > TWELVE_PLACES / 10:
            middle = (low + high) / 2
            if _left(received_fen, steps, middle) < 0:
                low = middle
            else:
                high = middle
        return high.quantize(TWELVE_PLACES)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator


def _left(received_fen: int, steps: Sequence[tuple[Decimal, int]], rate: Decimal) -> Decimal:
    """What is still owed after all flows at this rate; negative: the rate is too low."""
    owed = Decimal(received_fen)
    for span, fen in steps:
        owed += owed * rate * span - fen
    return owed


def all_in_rate_ppm(loan: Loan, months: int | None = None) -> int:
    """Simple yearly rate with all fees in, for the full term or if settled after `months` (M037).

    With monthly instalments it is the internal rate of a month times twelve; without fees it is
    the quoted rate. Instalments count as contracted. Raises BeyondTerm, LoanError.
    """
    used = loan.months if months is None else months
    if used > loan.months:
        raise BeyondTerm(loan.matures_on)
    if used < 1:
        raise LoanError(LoanReason.SETTLEMENT_DATE)
    return round_half_up(accrual_rate(loan.received_fen, _flows(loan, used)) * PPM)


def compound_rate_ppm(loan: Loan) -> int:
    """Compound yearly rate (内部收益率, 复利) of a loan that runs its full term, all fees in.

    Equal periods: the internal rate of a month, compounded twelve times. By actual days: the dated
    rate over 365 days. Raises LoanError NO_RATE.
    """
    if loan.method in BY_ACTUAL_DAYS:
        received = [(loan.start_on, -loan.received_fen)]
        return round_half_up(dated_rate([*received, *_dated(loan)]) * PPM)
    monthly = accrual_rate(loan.received_fen, _by_month(loan))
    with localcontext(prec=40):
        return round_half_up(((1 + monthly) ** 12 - 1) * PPM)


def _dated(loan: Loan) -> list[tuple[date, int]]:
    fees = [(add_months(loan.start_on, fee.month), fee.fen) for fee in loan.fees if fee.month]
    return [*fees, *((each.due_on, each.payment_fen) for each in schedule(loan))]


def _by_month(loan: Loan) -> list[Flow]:
    """What is paid at the end of each month of the term, nothing in most of a quarterly loan's."""
    paid = dict.fromkeys(range(1, loan.months + 1), 0)
    for number, each in enumerate(schedule(loan), start=1):
        paid[number * loan.months_per_period] += each.payment_fen
    for fee in loan.fees:
        if fee.month:
            paid[fee.month] += fee.fen
    return [Flow(Fraction(1), fen) for fen in paid.values()]


def _flows(loan: Loan, months: int) -> list[Flow]:
    """Instalments, fees and the final settlement, each with the part of a year before it."""
    end = add_months(loan.start_on, months)
    paid = [each for each in schedule(loan) if each.due_on <= end]
    by_day = {each.due_on: each.payment_fen for each in paid}
    for fee in loan.fees:
        if 0 < fee.month < months:
            day = add_months(loan.start_on, fee.month)
            by_day[day] = by_day.get(day, 0) + fee.fen
    by_day[end] = by_day.get(end, 0) + closing(loan, end).amount_fen
    days = [loan.start_on, *sorted(by_day)]
    return [Flow(_span(loan, start, day, paid), by_day[day]) for start, day in pairwise(days)]


def _span(loan: Loan, start: date, day: date, paid: Sequence[Instalment]) -> Fraction:
    """By months inside contracted periods, by actual days where those decide the interest."""
    last_due = paid[-1].due_on if paid else loan.start_on
    if loan.method in BY_ACTUAL_DAYS or day > last_due:
        return Fraction(loan.day_count.days(start, day), loan.day_count.basis)
    months = (day.year - start.year) * 12 + day.month - start.month
    return Fraction(months, 12)


def is_within_cap(rate_ppm: int, cap_ppm: int) -> bool:
    """Whether an all-in rate keeps a ceiling, which itself is allowed (M037)."""
    return rate_ppm <= cap_ppm


def dated_rate(flows: Sequence[tuple[date, int]]) -> Decimal:
    """Compound yearly rate (XIRR, 365 days) of dated flows in fen; raises LoanError NO_RATE."""
    found = xirr([day for day, _ in flows], [fen for _, fen in flows], silent=True)
    if found is None:
        raise LoanError(LoanReason.NO_RATE)
    return Decimal(str(found)).quantize(TWELVE_PLACES)


def lpr_rate_ppm(lpr_ppm: int, spread_basis_points: int) -> int:
    """LPR plus or minus basis points (one is 0.01 percentage point)."""
    return lpr_ppm + spread_basis_points * PPM_PER_BASIS_POINT


@dataclass(frozen=True, slots=True)
class PrepaidInterest:
    """Interest taken in advance (砍头息): the principal is what was received (民法典 670)."""

    legal_principal_fen: int
    is_deducted: bool
    rates: YearlyRates

    @property
    def flag(self) -> str:
        return PREPAID_INTEREST_DEDUCTED if self.is_deducted else ""


def prepaid_interest(
    loan_fen: int, deducted_fen: int, payments: Sequence[int], periods_per_year: int
) -> PrepaidInterest:
    """Judge a loan of which interest was held back on the first day; raises LoanError NO_RATE."""
    received = loan_fen - deducted_fen
    rates = yearly_rates(received, payments, periods_per_year)
    return PrepaidInterest(received, deducted_fen > 0, rates)


def weighted_average_ppm(loans: Sequence[tuple[int, int]]) -> int | None:
    """Average of rates in ppm weighted by disbursed fen, from (fen, ppm) pairs; None of nothing."""
    total = sum(fen for fen, _ in loans)
    if not total:
        return None
    return round_half_up(Fraction(sum(fen * ppm for fen, ppm in loans), total))
