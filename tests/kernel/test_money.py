"""Money texts, amounts typed by people, capitals and the one rounding."""

import json
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import cn2an
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from puhui.kernel import money

CASES = json.loads((Path(__file__).parents[1] / "cases/misc.json").read_text())["cases"]
CAPITALS = {
    case["input"]["amount"]: case["expected"]["upper"]
    for case in CASES
    if case["id"].startswith("RMB-")
}


def fen(yuan: str) -> int:
    return money.round_half_up(Decimal(yuan) * 100)


@pytest.mark.parametrize(("amount", "upper"), CAPITALS.items())
def test_capitals_of_the_cases(amount: str, upper: str) -> None:
    assert money.rmb_capitals(fen(amount)) == upper


@pytest.mark.parametrize(
    ("amount", "upper"),
    [
        ("100000", "壹拾万元整"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("10", "壹拾元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("1000000001", "壹拾亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"),
        ("-8.05", "负捌元零伍分"),
    ],
)
def test_capitals(amount: str, upper: str) -> None:
    assert money.rmb_capitals(fen(amount)) == upper


def test_capitals_refuse_what_no_contract_holds() -> None:
    assert money.rmb_capitals(10**18 - 1).startswith("玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿")
    with pytest.raises(ValueError):
        money.rmb_capitals(10**18)


@settings(deadline=None)
@given(st.integers(0, 10**14 - 1))
@example(10**13)
@example(100_000_100)
@example(1_010_100_010_000)
def test_capitals_agree_with_an_independent_writer(amount: int) -> None:
    """cn2an leaves out the optional 零 before 角 (RMB-003) and writes 零元 before bare 角 and 分."""
    yuan = f"{amount // 100}.{amount % 100:02d}"
    written = cn2an.an2cn(yuan, "rmb")
    ours = money.rmb_capitals(amount).replace("元零", "元")
    assert ours == written.replace("元零", "元").removeprefix("零元" if amount % 100 else "-")


def test_rounding_is_half_up_not_half_even() -> None:
    case = next(case for case in CASES if case["id"] == "MISC-001")
    values = [Decimal(value) for value in case["input"]["values"]]
    rounded = [money.round_half_up(value * 100) for value in values]
    assert rounded == [fen(value) for value in case["expected"]["half_up"]]
    even = [int((value * 100).to_integral_value(ROUND_HALF_EVEN)) for value in values]
    assert even == [fen(value) for value in case["expected"]["half_even"]] != rounded
    assert str(round(2.675, 2)) == case["expected"]["python_round_float_2.675"]


@settings(deadline=None)
@given(st.decimals(-(10**12), 10**12, places=4))
def test_rounding_agrees_with_decimal(value: Decimal) -> None:
    expected = int(value.to_integral_value(ROUND_HALF_UP))
    assert money.round_half_up(value) == money.round_half_up(Fraction(value)) == expected


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (10_238_819, "102,388.19 元"),
        (0, "0.00 元"),
        (5, "0.05 元"),
        (-1_500, "-15.00 元"),
        (681_930, "6,819.30 元"),
    ],
)
def test_yuan_text(amount: int, text: str) -> None:
    assert money.yuan_text(amount) == text


def test_yuan_text_without_zero_fen() -> None:
    assert money.yuan_text(10_000_000, drop_zero_fen=True) == "100,000 元"
    assert money.yuan_text(10_000_050, drop_zero_fen=True) == "100,000.50 元"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (10_000_000, "10 万"),
        (5_500_000, "5.5 万"),
        (800_000, "0.8 万"),
        (100_000, "0.1 万"),
        (12_345_678, "12.345678 万"),
        (100_000_000_000, "100,000 万"),
        (-5_500_000, "-5.5 万"),
        (0, "0 万"),
    ],
)
def test_wan_text(amount: int, text: str) -> None:
    assert money.wan_text(amount) == text


def test_wan_text_rounded() -> None:
    assert money.wan_text(12_345_678, places=1) == "12.3 万"
    assert money.wan_text(12_500_000, places=0) == "13 万"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5", 5_000_000),
        ("5.5", 5_500_000),
        ("0.8", 800_000),
        (" ５．５ ", 5_500_000),
        ("10 万", 10_000_000),
        ("10万元", 10_000_000),
        ("0.000001", 1),
        ("0", 0),
    ],
)
def test_amount_typed_in_ten_thousands(text: str, amount: int) -> None:
    assert money.parse_wan(text) == amount


@pytest.mark.parametrize("text", ["", "  ", "\u3000"])
def test_amount_left_empty(text: str) -> None:
    with pytest.raises(money.AmountError) as caught:
        money.parse_wan(text)
    assert caught.value.reason is money.NumberReason.EMPTY
    assert caught.value.sentence == "请写个大概的数，比如 5 万。"


@pytest.mark.parametrize(
    "text",
    ["五万", "-5", "5.", ".5", "5e3", "1,000", "0.0000001", "5元", "9" * 5000, "٥", "1_0", "万"],
)
def test_amount_that_is_no_number(text: str) -> None:
    with pytest.raises(money.AmountError) as caught:
        money.parse_wan(text)
    assert caught.value.reason is money.NumberReason.NOT_A_NUMBER
    assert caught.value.sentence == "这里只填数字，比如 5 或 5.5。"


@settings(deadline=None)
@given(st.integers(0, 10**13))
def test_amounts_survive_writing_and_reading(amount: int) -> None:
    assert money.parse_wan(money.wan_text(amount).replace(",", "")) == amount


@pytest.mark.parametrize(("text", "ppm"), [("4.75", 47_500), ("3.6%", 36_000), ("０．５％", 5_000)])
def test_rate_typed_in_percent(text: str, ppm: int) -> None:
    assert money.parse_percent(text) == ppm


@pytest.mark.parametrize("text", ["4.75001", "四", "-1", "1000000"])
def test_rate_that_is_no_number(text: str) -> None:
    with pytest.raises(money.RateError) as caught:
        money.parse_percent(text)
    assert "年利率" in caught.value.sentence


def test_rates_in_words() -> None:
    assert [money.rate_text(ppm) for ppm in (47_500, 36_000, 46_150, 128_045, -50)] == [
        "4.75%",
        "3.60%",
        "4.62%",
        "12.80%",
        "-0.01%",
    ]
    assert money.per_ten_thousand_text(47_500) == "475 元"
    assert money.per_ten_thousand_text(38_550) == "385.50 元"


def test_interest_is_rounded_once() -> None:
    assert money.interest_fen(10_000_000, 47_500, 181) == 238_819
    assert money.interest_fen(300_000_000, 45_000, 1, basis=365) == 36_986
