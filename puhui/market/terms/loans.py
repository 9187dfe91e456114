"""A plan or an offer as a loan to be computed: the bank's preview and the applicant's page agree."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from puhui.market.terms.choices import Method
from puhui.repayment.terms import Fee, Loan
from puhui.repayment.terms import Method as LoanMethod

LOAN_METHODS = {
    Method.SINGLE: LoanMethod.SINGLE_PAYMENT,
    Method.BULLET: LoanMethod.INTEREST_ONLY_BULLET,
    Method.QUARTERLY: LoanMethod.QUARTERLY_INTEREST_BULLET,
    Method.INSTALMENT: LoanMethod.EQUAL_INSTALMENT,
    Method.PRINCIPAL: LoanMethod.EQUAL_PRINCIPAL,
    Method.GRACE: LoanMethod.GRACE_THEN_EQUAL_PRINCIPAL,
    Method.DAILY: LoanMethod.DAILY_INTEREST,
}


class Quoted(Protocol):
    """What a form and a view of a proposal have in common. Fen, ppm a year, whole months."""

    @property
    def amount_fen(self) -> int: ...
    @property
    def rate_ppm(self) -> int: ...
    @property
    def months(self) -> int: ...
    @property
    def method(self) -> str: ...
    @property
    def fees(self) -> tuple[tuple[str, int], ...]: ...


def loan_of_proposal(proposal: Quoted, start_on: date) -> Loan:
    """A proposal as a loan that starts on `start_on`. Raises LoanError.

    With a grace period only interest is paid for the first third of the months.
    """
    method = LOAN_METHODS[Method(proposal.method)]
    is_graced = method is LoanMethod.GRACE_THEN_EQUAL_PRINCIPAL
    return Loan(
        principal_fen=proposal.amount_fen,
        rate_ppm=proposal.rate_ppm,
        months=proposal.months,
        method=method,
        start_on=start_on,
        grace_months=max(1, proposal.months // 3) if is_graced else 0,
        fees=tuple(Fee(name, fen) for name, fen in proposal.fees),
    )
