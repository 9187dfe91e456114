"""The table that a farmer compares plans by: every figure of the page, from one set of functions."""

from datetime import date

import pytest

from puhui.kernel.money import per_ten_thousand_text, rate_text, wan_text, yuan_text
from puhui.repayment.rates import all_in_rate_ppm
from puhui.repayment.schedules import cost_if_used, interest_if_used, schedule, total_interest_fen
from puhui.repayment.terms import BeyondTerm, Fee, Loan, Method

START = date(2026, 11, 27)
SHEEP = Loan(10_000_000, 47_500, 6, Method.SINGLE_PAYMENT, START)
FARMER = Loan(8_000_000, 42_000, 12, Method.EQUAL_INSTALMENT, START)
GUARANTEED = Loan(
    10_000_000, 36_000, 12, Method.INTEREST_ONLY_BULLET, START, fees=(Fee("担保费", 50_000),)
)


def test_p1m_what_can_be_had_and_what_ten_thousand_cost() -> None:
    plans = (SHEEP, FARMER, GUARANTEED)
    assert [wan_text(plan.principal_fen) for plan in plans] == ["10 万", "8 万", "10 万"]
    assert [per_ten_thousand_text(plan.rate_ppm) for plan in plans] == [
        "475 元",
        "420 元",
        "360 元",
    ]
    assert [rate_text(plan.rate_ppm) for plan in plans] == ["4.75%", "4.20%", "3.60%"]


def test_p1m_one_payment_at_the_end() -> None:
    (only,) = schedule(SHEEP)
    assert (only.due_on, only.days) == (date(2027, 5, 27), 181)
    assert yuan_text(only.payment_fen) == "102,388.19 元"
    assert yuan_text(cost_if_used(SHEEP, 6)) == "2,388.19 元"
    with pytest.raises(BeyondTerm) as caught:
        cost_if_used(SHEEP, 12)
    assert caught.value.matures_on == date(2027, 5, 27)
    with pytest.raises(BeyondTerm):
        all_in_rate_ppm(SHEEP, 12)


def test_p1m_equal_instalments_each_month() -> None:
    plan = schedule(FARMER)
    assert {yuan_text(each.payment_fen) for each in plan[:-1]} == {"6,819.30 元"}
    assert yuan_text(plan[-1].payment_fen) == "6,819.36 元"
    assert yuan_text(cost_if_used(FARMER, 6)) == "1,335.08 元"
    assert yuan_text(cost_if_used(FARMER, 12)) == "1,831.66 元"


def test_p1m_interest_each_month_with_a_guarantee_fee() -> None:
    plan = schedule(GUARANTEED)
    assert {yuan_text(each.payment_fen) for each in plan[:-1]} == {"300.00 元"}
    assert plan[-1].payment_fen == 10_030_000
    assert yuan_text(interest_if_used(GUARANTEED, 6)) == "1,810.00 元"
    assert yuan_text(GUARANTEED.fees_fen) == "500.00 元"
    assert yuan_text(cost_if_used(GUARANTEED, 6)) == "2,310.00 元"
    assert yuan_text(total_interest_fen(GUARANTEED)) == "3,600.00 元"
    assert yuan_text(cost_if_used(GUARANTEED, 12)) == "4,100.00 元"


def test_p1m_all_costs_as_a_yearly_rate() -> None:
    assert rate_text(all_in_rate_ppm(SHEEP)) == "4.75%"
    assert rate_text(all_in_rate_ppm(FARMER)) == "4.20%"
    assert rate_text(all_in_rate_ppm(GUARANTEED)) == "4.11%"
    assert rate_text(all_in_rate_ppm(GUARANTEED, 6)) == "4.61%"
