"""What products cost: the numeric cases through the shelf's own preview, fees, seasons (M041, P1m)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy_financial
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puhui.catalogue.rules.costs import charged, cost_if_used, due_dates, preview
from puhui.catalogue.terms import METHODS, PreviewForm, ProductCard, ProductFee
from puhui.repayment.terms import LoanError
from tests.catalogue.test_matching import CARDS
from tests.repayment.test_rates import CASES as RATES

START = date(2026, 1, 15)
CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[1] / "cases/repayment.json").read_text())[
        "cases"
    ]
}
SHELF = {
    "EQUAL_INSTALMENT": "equal_instalment",
    "EQUAL_PRINCIPAL": "equal_principal",
    "INTEREST_ONLY_BULLET": "interest_only_bullet",
    "QUARTERLY_INTEREST_BULLET": "quarterly_interest_bullet",
    "GRACE_THEN_EQUAL_PRINCIPAL": "grace_period",
}
SEASONAL, PEAR = CARDS["P01"], CARDS["P02"]


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


@pytest.mark.parametrize("name", [n for n, one in CASES.items() if "method" in one["input"]])
def test_p1m_the_shelfs_preview_is_exact_in_every_case(name: str) -> None:
    of, expected = CASES[name]["input"], CASES[name]["expected"]
    step = 12 // of.get("periods_per_year", 12)
    grace = of.get("grace_periods", 0) * step
    periods = of.get("periods") or of.get("amortising_periods", 0)
    months = 12 if "maturity" in of else periods * step + grace
    product = replace(PEAR, months_per_period=step, grace_months=grace or None, fees=())
    start = date.fromisoformat(of.get("drawdown", str(START)))
    rate = int(Decimal(of["annual_rate"]) * 1_000_000)
    form = PreviewForm(fen(of["principal"]), months, SHELF[of["method"]], rate, start)
    found = preview(product, form)
    rows = [(one.payment_fen, one.principal_fen, one.interest_fen) for one in found.instalments]
    assert rows == [tuple(fen(yuan) for yuan in row[1:4]) for row in expected["rows"]]
    assert found.interest_fen == fen(expected["totals"]["interest"])
    assert found.cost_fen == found.interest_fen and found.fees == ()


def test_m041_the_pear_loan_pays_interest_for_36_months_then_principal() -> None:
    found = preview(PEAR, PreviewForm(50_000_000, 96, "grace_period", 43_500, START))
    assert len(found.instalments) == 96
    assert all(not one.principal_fen for one in found.instalments[:36])
    assert all(one.principal_fen for one in found.instalments[36:])
    assert found.interest_fen == fen("120531.30")
    assert sum(one.principal_fen for one in found.instalments) == 50_000_000


def test_m041_a_crop_loan_falls_due_on_the_days_of_its_season() -> None:
    assert due_dates(SEASONAL, date(2026, 10, 8)) == (date(2027, 7, 31),)
    assert due_dates(SEASONAL, date(2026, 6, 10)) == (date(2026, 11, 30),)
    assert due_dates(SEASONAL, date(2026, 11, 30)) == (date(2027, 7, 31), date(2027, 11, 30))
    form = PreviewForm(10_000_000, 12, "interest_with_principal", 43_500, date(2026, 10, 8))
    found = preview(SEASONAL, form)
    (only,) = found.instalments
    assert only.due_on == date(2027, 7, 31) and only.days == 296
    assert found.interest_fen == round(10_000_000 * 43_500 * 296 / 360 / 1_000_000)
    assert found.simple_ppm == 43_500
    with pytest.raises(LoanError):
        preview(SEASONAL, replace(form, due_on=date(2027, 8, 1)))


def test_rate_case_a_fee_makes_both_yearly_rates() -> None:
    """RATE with 4.35 % and a fee of 0.8 %: 5.85 % simple, 6.01 % compound."""
    fees = (ProductFee("服务费", "once", ppm=8_000),)
    product = replace(PEAR, fees=fees, grace_months=None, months_per_period=1)
    found = preview(product, PreviewForm(10_000_000, 12, "equal_instalment", 43_500, START))
    assert (round(found.simple_ppm / 100), round(found.compound_ppm / 100)) == (585, 601)
    assert found.fees == (("服务费", 80_000),) and found.cost_fen == found.interest_fen + 80_000
    assert RATES, "the cases themselves run in tests/repayment"


def test_fees_fall_when_they_are_charged() -> None:
    yearly, sum_once = (
        ProductFee("担保费", "yearly", ppm=5_000),
        ProductFee("评估费", "once", fen=30_000),
    )
    assert [(f.fen, f.month) for f in charged((yearly, sum_once), 10_000_000, 30)] == [
        (50_000, 0),
        (50_000, 12),
        (25_000, 24),
        (30_000, 0),
    ]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(sorted(METHODS)),
    st.integers(100_000, 10**9),
    st.integers(1_000, 240_000),
    st.integers(2, 60),
    st.integers(0, 20_000),
)
def test_p1m_compound_rates_agree_with_another_library(
    method: str, principal: int, rate: int, months: int, fee: int
) -> None:
    fees = (ProductFee("费", "once", ppm=fee),) if fee else ()
    product = replace(PEAR, fees=fees, grace_months=None, months_per_period=1)
    found = preview(product, PreviewForm(principal, months, method, rate, START))
    assert found.total_fen == sum(o.payment_fen for o in found.instalments) + found.fees_fen
    assert found.compound_ppm >= found.simple_ppm - 40 or months > 12
    if method in ("equal_instalment", "equal_principal", "interest_only_bullet"):
        flows = [-(principal - found.fees_fen), *(o.payment_fen for o in found.instalments)]
        monthly = float(numpy_financial.irr(flows))
        assert abs(found.compound_ppm - ((1 + monthly) ** 12 - 1) * 1_000_000) < 20
        assert abs(found.simple_ppm - monthly * 12_000_000) < 20


@pytest.mark.parametrize("product", CARDS.values(), ids=lambda one: one.ref)
def test_every_shipped_product_can_be_previewed_and_compared(product: ProductCard) -> None:
    for method in product.methods:
        amount, months = product.amount_max_fen, product.months_max
        found = preview(
            product, PreviewForm(amount, months, method, product.rate_max_ppm, date(2026, 11, 23))
        )
        assert sum(one.principal_fen for one in found.instalments) == amount
        assert found.simple_ppm >= product.rate_max_ppm - 1
    cost = cost_if_used(product, product.amount_min_fen, product.months_min, START)
    assert 0 < cost < product.amount_min_fen


def test_a_comparison_counts_only_the_months_used() -> None:
    one_year: Any = cost_if_used(PEAR, 10_000_000, 12, START)
    assert one_year == round(10_000_000 * 51_000 * 365 / 360 / 1_000_000)
    guaranteed = CARDS["P13"]
    assert cost_if_used(guaranteed, 10_000_000, 12, START) == 390_000 + 50_000
