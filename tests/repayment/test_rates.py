"""All-in rates against the cases, the official example and two libraries."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy_financial
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxirr import irr

from puhui.kernel.money import parse_percent, rate_text, round_half_up
from puhui.repayment import rates
from puhui.repayment.rates import YearlyRates, all_in_rate_ppm, yearly_rates
from puhui.repayment.schedules import schedule
from puhui.repayment.terms import DayCount, Fee, Loan, LoanError, LoanReason, Method

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[1] / "cases/rates.json").read_text())["cases"]
}
START = date(2026, 1, 15)
BASES = {
    "REP-001": Loan(10_000_000, 43_500, 12, Method.EQUAL_INSTALMENT, START),
    "REP-007": Loan(20_000_000, 40_000, 12, Method.INTEREST_ONLY_BULLET, START),
}


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def assert_rates(found: YearlyRates, expected: dict[str, Any]) -> None:
    six = Decimal("0.000001")
    assert str(found.periodic.quantize(six)) == expected["periodic_irr"]
    assert str(found.simple.quantize(six)) == expected["nominal_annual(单利)"]
    assert str(found.compound.quantize(six)) == expected["effective_annual(IRR复利)"]
    assert rate_text(found.simple_ppm) == expected["display_nominal"]
    assert rate_text(found.compound_ppm) == expected["display_effective"]


def payments_of(given_: dict[str, Any]) -> tuple[int, list[int], int]:
    """Received fen, payments and periods in a year of a case."""
    if "case" in given_:
        base = BASES[given_["case"]]
        received = base.principal_fen - fen(given_.get("upfront_fee", "0"))
        return received, [each.payment_fen for each in schedule(base)], 12
    loan = fen(given_["loan"])
    if "flat_monthly_fee_rate" in given_:
        flat = Loan(loan, 0, given_["periods"], Method.EQUAL_PRINCIPAL, START)
        fee = round_half_up(loan * Decimal(given_["flat_monthly_fee_rate"]))
        return loan, [each.principal_fen + fee for each in schedule(flat)], 12
    if "guarantee_fee" in given_:
        coupon = round_half_up(loan * Decimal(given_["annual_rate"]) / 4)
        return loan - fen(given_["guarantee_fee"]), [coupon] * 3 + [coupon + loan], 4
    return loan - fen(given_["upfront_fee"]), [fen(given_["payment"])] * given_["periods"], 12


ALL_IN = ("RATE-001", "RATE-002", "RATE-003", "RATE-005", "RATE-006", "RATE-007")


@pytest.mark.parametrize("name", ALL_IN)
def test_m037_rates_of_the_cases(name: str) -> None:
    case = CASES[name]
    received, payments, periods_per_year = payments_of(case["input"])
    found = yearly_rates(received, payments, periods_per_year)
    assert_rates(found, case["expected"])
    if "cap" in case["input"]:
        cap = parse_percent(str(Decimal(case["input"]["cap"]) * 100))
        assert rates.is_within_cap(found.simple_ppm, cap) is case["expected"]["within_cap"]
        assert not rates.is_within_cap(cap + 1, cap)
        assert rates.is_within_cap(cap, cap)


def test_m037_every_case_is_used() -> None:
    apart = {"RATE-008", "RATE-009", "RATE-010", "RATE-014", "RATE-015"}
    assert set(CASES) == apart | set(ALL_IN)


@pytest.mark.parametrize(("case", "fee"), [("RATE-003", 80_000), ("RATE-006", 100_000)])
def test_m037_a_loan_with_its_fee_has_the_same_rate(case: str, fee: int) -> None:
    base = BASES[CASES[case]["input"]["case"]]
    loan = Loan(base.principal_fen, base.rate_ppm, 12, base.method, START, fees=(Fee("费", fee),))
    assert rate_text(all_in_rate_ppm(loan)) == CASES[case]["expected"]["display_nominal"]


def test_dated_rate_of_borrowing_at_will() -> None:
    case = CASES["RATE-008"]
    flows = [(date.fromisoformat(day), fen(yuan)) for day, yuan in case["input"]["flows"]]
    found = rates.dated_rate(flows)
    assert str(found.quantize(Decimal("0.000001"))) == case["expected"]["xirr"]
    assert rate_text(round_half_up(found * 10**6)) == case["expected"]["display"]


def test_dated_rate_of_nothing_is_refused() -> None:
    with pytest.raises(LoanError) as caught:
        rates.dated_rate([(START, 100), (date(2026, 2, 15), 100)])
    assert caught.value.reason is LoanReason.NO_RATE


@pytest.mark.parametrize("name", ["RATE-009", "RATE-010"])
def test_a_rate_quoted_against_the_lpr(name: str) -> None:
    case = CASES[name]
    found = rates.lpr_rate_ppm(
        parse_percent(case["input"]["lpr_percent"]), case["input"]["spread_bp"]
    )
    assert rate_text(found) == f"{case['expected']['rate_percent']}%"
    assert Decimal(found) / 10**6 == Decimal(case["expected"]["annual_rate"])


def test_interest_taken_in_advance_is_flagged() -> None:
    case = CASES["RATE-014"]
    given_ = case["input"]
    payments = [fen(given_["payment"])] * given_["periods"]
    found = rates.prepaid_interest(
        fen(given_["loan"]), fen(given_["deducted_up_front"]), payments, 12
    )
    assert_rates(found.rates, case["expected"])
    assert found.legal_principal_fen == fen(case["expected"]["legal_principal"])
    assert found.flag == case["expected"]["flag"]
    assert rates.prepaid_interest(fen(given_["loan"]), 0, payments, 12).flag == ""


def test_m029_average_rate_weighted_by_what_was_disbursed() -> None:
    case = CASES["RATE-015"]
    loans = [
        (fen(amount), parse_percent(str(Decimal(rate) * 100)))
        for amount, rate in case["input"]["loans[amount,rate]"]
    ]
    found = rates.weighted_average_ppm(loans)
    assert found is not None
    assert f"{Decimal(found) / 10_000:.4f}" == case["expected"]["weighted_average_percent"]
    assert rates.weighted_average_ppm([]) is None


@settings(deadline=None)
@given(
    st.sampled_from(Method),
    st.integers(100_000, 10**9),
    st.integers(0, 240_000),
    st.integers(2, 60),
    st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    st.sampled_from([DayCount.ACT_360, DayCount.ACT_365]),
)
def test_m037_without_fees_the_all_in_rate_is_the_quoted_one(
    method: Method, principal: int, rate: int, months: int, start: date, day_count: DayCount
) -> None:
    """Rounded instalments move the rate by a few ppm at most, less the larger the loan."""
    grace = 1 if method is Method.GRACE_THEN_EQUAL_PRINCIPAL else 0
    loan = Loan(principal, rate, months, method, start, grace, day_count=day_count)
    slack = 1 + 12 * 10**6 // principal
    assert abs(all_in_rate_ppm(loan) - rate) <= slack
    used = max(1, months // 2)
    assert abs(all_in_rate_ppm(loan, used) - rate) <= slack


@settings(deadline=None)
@given(
    st.integers(1_000_000, 10**9),
    st.integers(0, 100_000),
    st.integers(2, 60),
    st.integers(0, 100_000),
)
def test_m037_rates_agree_with_two_libraries(
    principal: int, rate: int, months: int, fee: int
) -> None:
    loan = Loan(principal, rate, months, Method.EQUAL_INSTALMENT, START, fees=(Fee("费", fee),))
    flows = [fee - principal, *(each.payment_fen for each in schedule(loan))]
    found = all_in_rate_ppm(loan)
    fast, slow = irr(flows), numpy_financial.irr(flows)
    assert fast is not None
    assert abs(found - fast * 12e6) <= 1
    assert abs(found - slow * 12e6) <= 1


def test_m037_a_yearly_fee_counts_from_the_month_it_is_paid() -> None:
    once = Loan(
        10_000_000, 36_000, 24, Method.INTEREST_ONLY_BULLET, START, fees=(Fee("担保费", 50_000),)
    )
    again = Loan(
        10_000_000,
        36_000,
        24,
        Method.INTEREST_ONLY_BULLET,
        START,
        fees=(Fee("担保费", 50_000), Fee("担保费", 50_000, month=12)),
    )
    flows = [-9_950_000, *[30_000] * 11, 80_000, *[30_000] * 11, 10_030_000]
    expected = irr(flows)
    assert expected is not None
    assert abs(all_in_rate_ppm(again) - expected * 12e6) <= 1
    assert all_in_rate_ppm(again, 12) == all_in_rate_ppm(once, 12)


def test_m037_settled_between_two_instalments_the_actual_days_count() -> None:
    loan = Loan(
        10_000_000, 43_500, 36, Method.GRACE_THEN_EQUAL_PRINCIPAL, START, 12, months_per_period=12
    )
    assert [all_in_rate_ppm(loan, months) for months in (6, 12, 18, 36)] == [43_500] * 4


@pytest.mark.parametrize(
    ("received", "payments"), [(0, [1]), (-5, [1]), (100, [50, 49]), (1, [10**9])]
)
def test_payments_without_a_rate_are_refused(received: int, payments: list[int]) -> None:
    with pytest.raises(LoanError) as caught:
        yearly_rates(received, payments, 12)
    assert caught.value.reason is LoanReason.NO_RATE


def test_an_all_in_rate_of_no_months_is_refused() -> None:
    with pytest.raises(LoanError):
        all_in_rate_ppm(BASES["REP-001"], 0)
