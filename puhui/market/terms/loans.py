"""A plan or an offer as a loan to be computed: the bank's preview and the applicant's page agree."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from puhui.repayment.terms import Fee, Loan, Method


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
    @property
    def grace_months(self) -> int | None: ...


def loan_of_proposal(proposal: Quoted, start_on: date) -> Loan:
    """A proposal as a loan that starts on `start_on`. Raises LoanError.

    With a grace period only interest is paid for `grace_months`; an older proposal that does not
    say how long is reckoned with a third of its months.
    """
    method = Method(proposal.method)
    grace_months = 0
    if method is Method.GRACE_THEN_EQUAL_PRINCIPAL:
        said = proposal.grace_months
        grace_months = max(1, proposal.months // 3) if said is None else said
        method = method if grace_months else Method.EQUAL_PRINCIPAL
    return Loan(
        principal_fen=proposal.amount_fen,
        rate_ppm=proposal.rate_ppm,
        months=proposal.months,
        method=method,
        start_on=start_on,
        grace_months=grace_months,
        fees=tuple(Fee(name, fen) for name, fen in proposal.fees),
    )
