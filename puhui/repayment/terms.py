"""Nouns of repayment: a loan as it is quoted, its instalments, and what cannot be computed."""

from __future__ import annotations

import enum
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

SETTLEMENT_DAY = 20
LONGEST_MONTHS = 600


class Method(enum.StrEnum):
    """How a loan is paid back, by the codes of every product and proposal; `label` is the banks'
    word for it."""

    SINGLE_PAYMENT = "interest_with_principal"
    EQUAL_INSTALMENT = "equal_instalment"
    EQUAL_PRINCIPAL = "equal_principal"
    INTEREST_ONLY_BULLET = "interest_only_bullet"
    QUARTERLY_INTEREST_BULLET = "quarterly_interest_bullet"
    GRACE_THEN_EQUAL_PRINCIPAL = "grace_period"
    DAILY_INTEREST = "borrow_repay_at_will"

    @property
    def label(self) -> str:
        return METHOD_LABELS[self]


METHOD_LABELS = {
    Method.SINGLE_PAYMENT: "利随本清",
    Method.EQUAL_INSTALMENT: "等额本息",
    Method.EQUAL_PRINCIPAL: "等额本金",
    Method.INTEREST_ONLY_BULLET: "先息后本",
    Method.QUARTERLY_INTEREST_BULLET: "按季付息到期还本",
    Method.GRACE_THEN_EQUAL_PRINCIPAL: "先付息后等额还本",
    Method.DAILY_INTEREST: "随借随还",
}

BY_ACTUAL_DAYS = frozenset(
    {Method.SINGLE_PAYMENT, Method.QUARTERLY_INTEREST_BULLET, Method.DAILY_INTEREST}
)


class DayCount(enum.StrEnum):
    """How days become a part of a year; the first day counts, the last does not (算头不算尾)."""

    ACT_360 = "ACT/360"
    ACT_365 = "ACT/365"
    THIRTY_360 = "30/360"

    @property
    def basis(self) -> int:
        return 365 if self is DayCount.ACT_365 else 360

    def days(self, start: date, end: date) -> int:
        if self is not DayCount.THIRTY_360:
            return (end - start).days
        months = (end.year - start.year) * 12 + end.month - start.month
        return months * 30 + min(end.day, 30) - min(start.day, 30)


class LoanReason(enum.StrEnum):
    """Why a loan cannot be computed as it was described."""

    PRINCIPAL = "PRINCIPAL"
    RATE = "RATE"
    MONTHS = "MONTHS"
    GRACE = "GRACE"
    PERIOD = "PERIOD"
    FEE = "FEE"
    PREPAYMENT = "PREPAYMENT"
    SETTLEMENT_DATE = "SETTLEMENT_DATE"
    OVER_LINE = "OVER_LINE"
    REPAID_TOO_MUCH = "REPAID_TOO_MUCH"
    NOT_REPAID = "NOT_REPAID"
    NO_RATE = "NO_RATE"


LOAN_SENTENCES = {
    LoanReason.PRINCIPAL: "金额要大于 0。",
    LoanReason.RATE: "年利率要在 0 到 100% 之间。",
    LoanReason.MONTHS: "期限要在 1 到 600 个月之间，并且是还款间隔的整倍数。",
    LoanReason.GRACE: "只还利息的时间要比期限短，并且是还款间隔的整倍数。",
    LoanReason.PERIOD: "这种还法不能改还款间隔。",
    LoanReason.FEE: "费用不能是负数，要在用款期内收，并且少于借的钱。",
    LoanReason.PREPAYMENT: "提前还的钱要大于 0，并且少于还欠着的本金。",
    LoanReason.SETTLEMENT_DATE: "还清的日子要在用款期内。",
    LoanReason.OVER_LINE: "借的钱超过了额度。",
    LoanReason.REPAID_TOO_MUCH: "还的钱比欠的本金多。",
    LoanReason.NOT_REPAID: "还没还清，要说算到哪一天。",
    LoanReason.NO_RATE: "这些收付算不出年利率。",
}


class LoanError(ValueError):
    """A loan, a movement or a payment stream that breaks a rule; `reason` says which."""

    def __init__(self, reason: LoanReason) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        return LOAN_SENTENCES[self.reason]


class BeyondTerm(LoanError):
    """The loan ends before the time asked about; `matures_on` is its last day."""

    def __init__(self, matures_on: date) -> None:
        super().__init__(LoanReason.SETTLEMENT_DATE)
        self.matures_on = matures_on


@dataclass(frozen=True, slots=True)
class Fee:
    """A cost beside interest, paid `month` months after the start (0: up front), not returned."""

    name: str
    fen: int
    month: int = 0


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan as quoted: money in fen, yearly rate in ppm, term in months from `start_on`.

    Methods with periods reckon a period as its part of a year (annual/12 a month); `day_count` is
    for the methods by actual days and for early settlement. `months_per_period` is 1, 3, 6 or 12;
    `grace_months` belongs to GRACE_THEN_EQUAL_PRINCIPAL alone. Raises LoanError.
    """

    principal_fen: int
    rate_ppm: int
    months: int
    method: Method
    start_on: date
    grace_months: int = 0
    fees: tuple[Fee, ...] = ()
    day_count: DayCount = DayCount.ACT_360
    months_per_period: int = 1
    settlement_day: int = SETTLEMENT_DAY

    def __post_init__(self) -> None:
        rules = (
            (LoanReason.PRINCIPAL, self.principal_fen > 0),
            (LoanReason.RATE, 0 <= self.rate_ppm <= 1_000_000),
            (LoanReason.PERIOD, self._is_period_sound()),
            (LoanReason.MONTHS, self._is_whole_periods(self.months, 1, LONGEST_MONTHS)),
            (LoanReason.GRACE, self._is_grace_sound()),
            (LoanReason.FEE, self._are_fees_sound()),
            (LoanReason.SETTLEMENT_DATE, 1 <= self.settlement_day <= 27),
        )
        for reason, is_kept in rules:
            if not is_kept:
                raise LoanError(reason)

    def _is_period_sound(self) -> bool:
        if self.method in BY_ACTUAL_DAYS:
            return self.months_per_period == 1
        return self.months_per_period in (1, 3, 6, 12)

    def _is_whole_periods(self, months: int, least: int, most: int) -> bool:
        return least <= months <= most and months % self.months_per_period == 0

    def _is_grace_sound(self) -> bool:
        if self.method is not Method.GRACE_THEN_EQUAL_PRINCIPAL:
            return self.grace_months == 0
        return self._is_whole_periods(self.grace_months, 1, self.months - 1)

    def _are_fees_sound(self) -> bool:
        each = all(fee.fen >= 0 and 0 <= fee.month < self.months for fee in self.fees)
        return each and sum(fee.fen for fee in self.fees if not fee.month) < self.principal_fen

    @property
    def matures_on(self) -> date:
        return add_months(self.start_on, self.months)

    @property
    def received_fen(self) -> int:
        """What is in hand after the fees of the first day."""
        return self.principal_fen - sum(fee.fen for fee in self.fees if not fee.month)

    @property
    def fees_fen(self) -> int:
        return sum(fee.fen for fee in self.fees)


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment: what it repays, the interest from `from_on` to `due_on`, what is owed after."""

    from_on: date
    due_on: date
    principal_fen: int
    interest_fen: int
    balance_fen: int

    @property
    def payment_fen(self) -> int:
        return self.principal_fen + self.interest_fen

    @property
    def days(self) -> int:
        return (self.due_on - self.from_on).days


def add_months(start: date, months: int) -> date:
    """The same day of a later month, or that month's last day (31 January + 1: 28 February)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
