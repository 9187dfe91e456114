"""Schedules exact to the fen: every case, sums that add up, an oracle of another make."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy_financial
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puhui.repayment.schedules import (
    Keep,
    after_prepayment,
    closing,
    cost_if_used,
    interest_if_used,
    schedule,
    total_interest_fen,
)
from puhui.repayment.terms import (
    BeyondTerm,
    DayCount,
    Fee,
    Instalment,
    Loan,
    LoanError,
    LoanReason,
    Method,
    add_months,
)

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[1] / "cases/repayment.json").read_text())[
        "cases"
    ]
}
PERIODIC = [case for case in CASES.values() if "periods" in case["expected"]]
START = date(2026, 1, 15)


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def ppm(rate: str) -> int:
    return int(Decimal(rate) * 1_000_000)


def loan_of(given_: Mapping[str, Any]) -> Loan:
    """The loan that a case describes; dated cases say drawdown and maturity."""
    start = date.fromisoformat(given_.get("drawdown", START.isoformat()))
    per_period = 12 // given_.get("periods_per_year", 12)
    if "maturity" in given_:
        end = date.fromisoformat(given_["maturity"])
        months = (end.year - start.year) * 12 + end.month - start.month
        per_period = 1
    else:
        periods = given_.get("periods") or given_["grace_periods"] + given_["amortising_periods"]
        months = periods * per_period
    return Loan(
        fen(given_["principal"]),
        ppm(given_["annual_rate"]),
        months,
        Method[given_.get("method", "SINGLE_PAYMENT")],
        start,
        grace_months=given_.get("grace_periods", 0) * per_period,
        day_count=DayCount(given_.get("day_count", "ACT/360")),
        months_per_period=per_period,
    )


def row(period: int, each: Instalment) -> list[object]:
    amounts = (each.payment_fen, each.principal_fen, each.interest_fen, each.balance_fen)
    return [period, *(f"{amount // 100}.{amount % 100:02d}" for amount in amounts)]


def assert_rows(plan: tuple[Instalment, ...], expected: Mapping[str, Any], first: int = 1) -> None:
    width = 5
    assert expected["columns"][:width] == [
        "period",
        "payment",
        "principal",
        "interest",
        "closing_balance",
    ]
    shown = [row(number, each) for number, each in enumerate(plan, start=first)]
    assert shown == [line[:width] for line in expected["rows"]]
    totals = expected["totals"]
    assert sum(each.payment_fen for each in plan) == fen(totals["payments"])
    assert sum(each.principal_fen for each in plan) == fen(totals["principal"])
    assert sum(each.interest_fen for each in plan) == fen(totals["interest"])


@pytest.mark.parametrize("case", PERIODIC, ids=lambda case: case["id"])
def test_p1m_schedules_of_the_cases(case: dict[str, Any]) -> None:
    plan = schedule(loan_of(case["input"]))
    assert_rows(plan, case["expected"])
    assert len(plan) == case["expected"]["periods"]
    assert row(1, plan[0]) == case["expected"]["first"]
    assert row(len(plan), plan[-1]) == case["expected"]["last"]


def test_p1m_every_case_is_one_of_the_four_kinds() -> None:
    others = {"REP-008", "REP-016", "REP-020", "REP-021"}
    assert {case["id"] for case in PERIODIC} | others == set(CASES)


def test_p1m_quarterly_interest_by_actual_days() -> None:
    case = CASES["REP-008"]
    plan = schedule(loan_of(case["input"]))
    assert_rows(plan, case["expected"])
    assert [(each.from_on.isoformat(), each.due_on.isoformat(), each.days) for each in plan] == [
        tuple(line[5:]) for line in case["expected"]["rows"]
    ]


def test_p1m_quarterly_interest_on_a_basis_of_365() -> None:
    loan = loan_of(CASES["REP-008"]["input"] | {"day_count": "ACT/365"})
    assert total_interest_fen(loan) == fen("13050.01")


def test_p1m_single_payment() -> None:
    case = CASES["REP-016"]
    (only,) = schedule(loan_of(case["input"]))
    assert only.days == case["expected"]["days"]
    assert only.interest_fen == fen(case["expected"]["interest"])
    assert only.payment_fen == fen(case["expected"]["total"])
    assert (only.due_on.isoformat(), only.balance_fen) == (case["input"]["maturity"], 0)


def test_p1m_part_paid_early_keeps_the_payment() -> None:
    case = CASES["REP-020"]
    base = loan_of(CASES[case["input"]["base_case"]]["input"])
    periods, prepaid = case["input"]["after_period"], fen(case["input"]["prepay_principal"])
    rest = after_prepayment(base, periods, prepaid, Keep.PAYMENT)
    assert_rows(rest, case["expected"], first=periods + 1)
    assert rest[0].due_on == schedule(base)[periods].due_on


def test_p1m_part_paid_early_keeps_the_term() -> None:
    base = loan_of(CASES["REP-001"]["input"])
    rest = after_prepayment(base, 6, fen("20000"), Keep.TERM)
    assert [each.due_on for each in rest] == [each.due_on for each in schedule(base)[6:]]
    assert len({each.payment_fen for each in rest[:-1]}) == 1
    assert rest[0].payment_fen < schedule(base)[0].payment_fen
    assert sum(each.principal_fen for each in rest) == fen("30542.75")


@pytest.mark.parametrize(
    ("periods", "prepaid"), [(0, 1), (12, 1), (6, 0), (6, fen("50542.75")), (6, -1)]
)
def test_p1m_a_part_that_cannot_be_paid_early_is_refused(periods: int, prepaid: int) -> None:
    with pytest.raises(LoanError) as caught:
        after_prepayment(loan_of(CASES["REP-001"]["input"]), periods, prepaid, Keep.PAYMENT)
    assert caught.value.reason is LoanReason.PREPAYMENT


def test_p1m_settled_early_pays_interest_for_the_actual_days() -> None:
    case = CASES["REP-021"]
    base = loan_of(CASES[case["input"]["base_case"]]["input"])
    due_on = schedule(base)[case["input"]["after_period"] - 1].due_on
    end = closing(base, due_on + timedelta(days=case["input"]["days"]))
    assert end.interest_fen == fen(case["expected"]["interest"])
    assert end.amount_fen == fen(case["expected"]["settlement_amount"])


def test_p1m_a_loan_settles_inside_its_term_only() -> None:
    base = loan_of(CASES["REP-001"]["input"])
    assert closing(base, base.start_on).amount_fen == base.principal_fen
    assert closing(base, base.matures_on).amount_fen == 0
    with pytest.raises(BeyondTerm) as beyond:
        closing(base, base.matures_on + timedelta(days=1))
    assert beyond.value.matures_on == base.matures_on
    with pytest.raises(LoanError):
        closing(base, base.start_on - timedelta(days=1))


def test_m041_three_years_of_interest_then_principal() -> None:
    plan = schedule(loan_of(CASES["REP-013"]["input"]))
    assert [each.principal_fen for each in plan[:36]] == [0] * 36
    assert all(each.principal_fen > 0 for each in plan[36:])


MONTHLY = (
    Method.EQUAL_INSTALMENT,
    Method.EQUAL_PRINCIPAL,
    Method.INTEREST_ONLY_BULLET,
    Method.GRACE_THEN_EQUAL_PRINCIPAL,
)


@st.composite
def loans(draw: st.DrawFn, methods: tuple[Method, ...] = tuple(Method)) -> Loan:
    method = draw(st.sampled_from(methods))
    per_period = draw(st.sampled_from([1, 3, 6, 12])) if method in MONTHLY else 1
    periods = draw(st.integers(2, min(60, 600 // per_period)))
    has_grace = method is Method.GRACE_THEN_EQUAL_PRINCIPAL
    grace = draw(st.integers(1, periods - 1)) if has_grace else 0
    return Loan(
        draw(st.integers(1, 10**10)),
        draw(st.integers(0, 240_000)),
        periods * per_period,
        method,
        draw(st.dates(date(2024, 1, 1), date(2028, 12, 31))),
        grace_months=grace * per_period,
        months_per_period=per_period,
        day_count=draw(st.sampled_from(DayCount)),
    )


@settings(deadline=None)
@given(loans())
def test_p1m_schedules_add_up_exactly(loan: Loan) -> None:
    plan = schedule(loan)
    assert sum(each.principal_fen for each in plan) == loan.principal_fen
    assert plan[-1].balance_fen == 0 and plan[-1].due_on == loan.matures_on
    balance, day = loan.principal_fen, loan.start_on
    for each in plan:
        assert each.principal_fen >= 0 and each.interest_fen >= 0
        assert each.from_on == day < each.due_on
        assert each.balance_fen == balance - each.principal_fen
        balance, day = each.balance_fen, each.due_on


@settings(deadline=None)
@given(loans(methods=(Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL)))
def test_p1m_the_last_instalment_absorbs_the_remainder(loan: Loan) -> None:
    plan = schedule(loan)
    equal = [
        each.payment_fen if loan.method is Method.EQUAL_INSTALMENT else each.principal_fen
        for each in plan[:-1]
        if each.balance_fen
    ]
    assert len(set(equal)) <= 1


def test_p1m_a_loan_of_a_few_fen_is_never_repaid_twice() -> None:
    loan = Loan(200, 0, 360, Method.EQUAL_INSTALMENT, START)
    plan = schedule(loan)
    assert sum(each.principal_fen for each in plan) == 200
    assert min(each.balance_fen for each in plan) == 0


def test_p1m_shares_rounded_up_stop_when_nothing_is_owed() -> None:
    plan = schedule(Loan(9, 0, 6, Method.EQUAL_PRINCIPAL, START))
    assert [each.principal_fen for each in plan] == [2, 2, 2, 2, 1, 0]


def test_p1m_interest_settled_monthly_starts_on_the_day_of_the_loan() -> None:
    plan = schedule(Loan(10_000_000, 36_000, 2, Method.DAILY_INTEREST, date(2026, 1, 25)))
    assert [(each.from_on, each.due_on, each.interest_fen) for each in plan] == [
        (date(2026, 1, 25), date(2026, 2, 21), 27_000),
        (date(2026, 2, 21), date(2026, 3, 21), 28_000),
        (date(2026, 3, 21), date(2026, 3, 25), 4_000),
    ]


def test_p1m_used_between_two_instalments_the_days_since_the_last_one_count() -> None:
    """Two yearly instalments of 50,000; eighteen months: a year's interest and 181 days of it."""
    loan = Loan(
        10_000_000, 36_000, 24, Method.EQUAL_PRINCIPAL, date(2026, 1, 15), months_per_period=12
    )
    assert interest_if_used(loan, 12) == 360_000
    assert interest_if_used(loan, 18) == 360_000 + 90_500
    assert interest_if_used(loan, 6) == 181_000


def decimal_payment(loan: Loan, periods: int) -> Decimal:
    rate = Decimal(loan.rate_ppm) * loan.months_per_period / 12_000_000
    if not rate:
        return Decimal(loan.principal_fen) / periods
    return loan.principal_fen * rate / (1 - (1 + rate) ** -periods)


@settings(deadline=None)
@given(
    st.integers(100_000, 10**9),
    st.integers(0, 240_000),
    st.integers(2, 120),
)
def test_p1m_equal_instalments_agree_with_two_oracles(
    principal: int, rate: int, months: int
) -> None:
    loan = Loan(principal, rate, months, Method.EQUAL_INSTALMENT, START)
    plan = schedule(loan)
    assert abs(plan[0].payment_fen - decimal_payment(loan, months)) <= Decimal("0.5")
    library = -numpy_financial.pmt(rate / 12_000_000, months, principal)
    assert abs(plan[0].payment_fen - library) <= 1
    owed = Decimal(principal)
    for each in plan:
        interest = owed * rate / 12_000_000
        assert abs(each.interest_fen - interest) <= 1
        owed -= each.payment_fen - interest.quantize(Decimal(1), ROUND_HALF_UP)
    assert owed == 0


@settings(deadline=None)
@given(loans(methods=(Method.EQUAL_PRINCIPAL, Method.GRACE_THEN_EQUAL_PRINCIPAL)))
def test_p1m_equal_principal_agrees_with_an_oracle(loan: Loan) -> None:
    periods = loan.months // loan.months_per_period
    grace = loan.grace_months // loan.months_per_period
    share = Decimal(loan.principal_fen) / (periods - grace)
    rate = Decimal(loan.rate_ppm) * loan.months_per_period / 12_000_000
    owed = loan.principal_fen
    for number, each in enumerate(schedule(loan), start=1):
        assert abs(each.interest_fen - owed * rate) <= Decimal("0.5")
        assert number > grace or each.principal_fen == 0
        if grace < number < periods and each.balance_fen:
            assert abs(each.principal_fen - share) <= Decimal("0.5")
        owed -= each.principal_fen


@settings(deadline=None)
@given(loans(methods=(Method.QUARTERLY_INTEREST_BULLET, Method.DAILY_INTEREST)))
def test_p1m_settled_interest_stays_near_one_sum_over_all_days(loan: Loan) -> None:
    plan = schedule(loan)
    days = loan.day_count.days(loan.start_on, loan.matures_on)
    exact = Decimal(loan.principal_fen) * loan.rate_ppm * days / (10**6 * loan.day_count.basis)
    assert abs(total_interest_fen(loan) - exact) <= Decimal("0.5") * len(plan)
    inner = [each.due_on for each in plan[:-1]]
    months = (3, 6, 9, 12) if loan.method is Method.QUARTERLY_INTEREST_BULLET else range(1, 13)
    steps = range(1, (loan.matures_on - loan.start_on).days)
    between = [loan.start_on + timedelta(days=step) for step in steps]
    assert inner == [day for day in between if day.day == 21 and day.month in months]


@settings(deadline=None)
@given(loans(), st.integers(1, 60))
def test_p1m_using_a_loan_longer_costs_no_less(loan: Loan, months: int) -> None:
    if months >= loan.months:
        assert interest_if_used(loan, loan.months) == total_interest_fen(loan)
        with pytest.raises(BeyondTerm):
            interest_if_used(loan, loan.months + 1)
        return
    longer = interest_if_used(loan, months + 1)
    assert longer + 60 * (loan.months_per_period + 1) >= interest_if_used(loan, months) >= 0


def test_p1m_fees_count_when_they_are_paid() -> None:
    fees = (Fee("担保费", 50_000), Fee("担保费", 40_000, month=12))
    loan = Loan(10_000_000, 0, 24, Method.EQUAL_PRINCIPAL, START, fees=fees)
    assert [cost_if_used(loan, months) for months in (1, 12, 13, 24)] == [
        50_000,
        50_000,
        90_000,
        90_000,
    ]
    assert (loan.received_fen, loan.fees_fen) == (9_950_000, 90_000)
    with pytest.raises(LoanError):
        cost_if_used(loan, 0)


SOUND: dict[str, Any] = {
    "principal_fen": 10_000_000,
    "rate_ppm": 40_000,
    "months": 12,
    "method": Method.EQUAL_INSTALMENT,
    "start_on": START,
}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"principal_fen": 0}, LoanReason.PRINCIPAL),
        ({"rate_ppm": -1}, LoanReason.RATE),
        ({"rate_ppm": 1_000_001}, LoanReason.RATE),
        ({"months": 0}, LoanReason.MONTHS),
        ({"months": 601}, LoanReason.MONTHS),
        ({"months": 10, "months_per_period": 3}, LoanReason.MONTHS),
        ({"months_per_period": 5}, LoanReason.PERIOD),
        ({"months_per_period": 3, "method": Method.SINGLE_PAYMENT}, LoanReason.PERIOD),
        ({"grace_months": 3}, LoanReason.GRACE),
        ({"method": Method.GRACE_THEN_EQUAL_PRINCIPAL}, LoanReason.GRACE),
        ({"method": Method.GRACE_THEN_EQUAL_PRINCIPAL, "grace_months": 12}, LoanReason.GRACE),
        ({"fees": (Fee("费", -1),)}, LoanReason.FEE),
        ({"fees": (Fee("费", 1, month=12),)}, LoanReason.FEE),
        ({"fees": (Fee("费", 10_000_000),)}, LoanReason.FEE),
        ({"settlement_day": 28}, LoanReason.SETTLEMENT_DATE),
    ],
)
def test_a_loan_that_breaks_a_rule_is_refused(changed: dict[str, Any], reason: LoanReason) -> None:
    Loan(**SOUND)
    with pytest.raises(LoanError) as caught:
        Loan(**(SOUND | changed))
    assert caught.value.reason is reason
    assert caught.value.sentence


def test_due_dates_keep_their_day_through_short_months() -> None:
    loan = Loan(1_200_000, 0, 3, Method.EQUAL_PRINCIPAL, date(2028, 1, 31))
    assert [each.due_on for each in schedule(loan)] == [
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)


def test_thirty_day_months() -> None:
    days = DayCount.THIRTY_360.days
    assert days(date(2026, 1, 15), date(2027, 1, 15)) == 360
    assert days(date(2026, 1, 31), date(2026, 2, 28)) == 28
    assert days(date(2026, 1, 30), date(2026, 3, 31)) == 60


def test_every_method_has_the_banks_word() -> None:
    assert len({method.label for method in Method}) == len(Method) == 7
