"""The demo's 11 banks and 25 products: whole, in range, adding up, free of empty promises."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from puhui.catalogue.rules import per_ten_thousand_words, product_errors
from puhui.catalogue.terms import FORBIDDEN, METHODS, PURPOSES, SECURITIES, BankProduct
from puhui.demo.tables import products, rows
from puhui.market.terms import Method, Purpose, Security

HALF_WIDTH = re.compile(r"[㐀-鿿][,;:?!()\"]|[,;:?!()\"][㐀-鿿]")


def test_codes_are_those_of_the_main_job() -> None:
    assert (set(PURPOSES), set(METHODS), set(SECURITIES)) == (
        set(Purpose.values),
        set(Method.values),
        set(Security.values),
    )


def test_there_are_25_products_of_11_banks() -> None:
    banks = {row["ref"] for row in rows("banks.csv")}
    found = products()
    assert (len(banks), len(found)) == (11, 25)
    assert {one.bank_ref for one in found} == banks
    assert len({one.form.name for one in found}) == len({one.form.ref for one in found}) == 25
    assert set().union(*(one.form.methods for one in found)) == set(METHODS)
    assert sum(one.form.is_featured for one in found) == 6


@pytest.mark.parametrize("one", products(), ids=lambda one: one.form.ref)
def test_a_shipped_product_breaks_no_rule(one: BankProduct) -> None:
    assert product_errors(one.form) == []
    assert one.form.purposes and one.form.subjects and one.form.securities
    words = " ".join(value for value in vars_of(one) if isinstance(value, str))
    assert not HALF_WIDTH.search(words)


def vars_of(one: BankProduct) -> list[object]:
    return [getattr(one.form, name) for name in one.form.__dataclass_fields__]


@pytest.mark.parametrize(
    ("ref", "per", "amounts", "months"),
    [
        ("P01", "395–520 元", (500_000, 20_000_000), (3, 12)),
        ("P02", "435–510 元", (5_000_000, 50_000_000), (96, 96)),
        ("P08", "285–345 元", (300_000_000, 5_000_000_000), (1, 12)),
        ("P10", "355–425 元", (100_000, 20_000_000), (1, 12)),
        ("P16", "345–420 元", (1_000_000, 30_000_000), (1, 60)),
        ("P21", "360–420 元", (100_000_000, 1_000_000_000), (1, 6)),
        ("P23", "315–375 元", (50_000_000, 2_000_000_000), (36, 60)),
    ],
)
def test_bounds_are_those_of_the_words(
    ref: str, per: str, amounts: tuple[int, int], months: tuple[int, int]
) -> None:
    form = next(one.form for one in products() if one.form.ref == ref)
    assert per_ten_thousand_words(form.rate_min_ppm, form.rate_max_ppm) == per
    assert (form.amount_min_fen, form.amount_max_fen) == amounts
    assert (form.months_min, form.months_max) == months


def test_banks_add_up_and_have_short_names_and_empty_numbers() -> None:
    banks = rows("banks.csv")
    assert sum(int(row["share_permille"]) for row in banks) == 1000
    assert sum(int(row["outlets"]) for row in banks) == 72
    assert sum(int(row["officers"]) for row in banks) == 272
    assert all(len(row["sms_name"]) <= 6 for row in banks)
    assert all(re.fullmatch(r"0000-11\d\d", row["duty_phone"]) for row in banks)
    assert Counter(row["has_interface"] for row in banks) == {"no": 7, "yes": 4}
    first = banks[0]
    assert (first["claim_percent"], first["callback_seconds"], first["has_night_duty"]) == (
        "82",
        "130",
        "yes",
    )
    assert (banks[6]["callback_seconds"], banks[6]["share_permille"]) == ("480", "3")
    text = "".join("".join(row.values()) for row in banks)
    assert not HALF_WIDTH.search(text)
    assert not [word for word in FORBIDDEN if word in text]
