"""How long only interest is paid is the bank's to say, and it is reckoned with."""

from dataclasses import replace
from datetime import date

import pytest

from puhui.catalogue.terms import METHODS
from puhui.market.rules.forms import proposal_errors
from puhui.market.terms import Method, loan_of_proposal
from puhui.repayment import terms as repayment
from puhui.repayment.schedules import schedule
from tests import world

ORCHARD = replace(world.PLAN, method="grace_period", months=96, grace_months=36)


def test_m041_repayment_methods_are_one_list() -> None:
    assert set(Method.values) == {str(one) for one in repayment.Method} == set(METHODS)


def test_m041_the_banks_own_grace_is_reckoned_with() -> None:
    assert proposal_errors(ORCHARD) == []
    parts = schedule(loan_of_proposal(ORCHARD, date(2026, 11, 22)))
    assert [one.principal_fen > 0 for one in parts] == [False] * 36 + [True] * 60


def test_m041_no_grace_at_all_is_a_loan_of_equal_principal() -> None:
    parts = schedule(loan_of_proposal(replace(ORCHARD, grace_months=0), date(2026, 11, 22)))
    assert all(one.principal_fen for one in parts)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grace_months": None}, "grace_missing"),
        ({"grace_months": 96}, "grace_bad"),
        ({"grace_months": -1}, "grace_bad"),
        ({"method": "equal_principal"}, "grace_not_asked"),
    ],
)
def test_m041_a_grace_that_breaks_a_rule_is_named(changes: dict[str, object], code: str) -> None:
    (error,) = proposal_errors(replace(ORCHARD, **changes))
    assert (error.field, error.code) == ("grace_months", code)
