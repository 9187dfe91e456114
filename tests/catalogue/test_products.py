"""Banks put their own products on the shelf and take them off; anybody looks, filters, compares."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from puhui.catalogue import actions, queries
from puhui.catalogue.models import Product
from puhui.catalogue.rules import HIGHEST_RATE_PPM, amount_words, product_errors
from puhui.catalogue.terms import FORBIDDEN, BankProduct, ProductForm, Refusals
from puhui.demo import tables
from puhui.kernel import journal
from puhui.kernel.actor import ANYONE, SYSTEM, NotAllowed
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, database_now
from tests import world

FORM = ProductForm(
    name="湖羊育肥贷",
    audience="买羊羔、饲料",
    rate_min_ppm=43_500,
    rate_max_ppm=56_000,
    amount_min_fen=3_000_000,
    amount_max_fen=50_000_000,
    months_min=6,
    months_max=12,
    term_words="6–12 个月",
    methods=("interest_with_principal",),
    repayment_words="到期一次还本付息",
    security_words="夫妻共同签字",
    purposes=("livestock",),
    subjects=("farm_household",),
    securities=("none",),
)


def names(**filters: Any) -> list[str]:
    return [card.name for card in queries.products(ANYONE, **filters)]


def test_m003_a_bank_puts_a_product_on_the_shelf_and_takes_it_off(county: world.World) -> None:
    officer = county.bank.officer
    ref = actions.put_product(FORM, by=officer)
    card = queries.product(ANYONE, ref)
    assert (card.bank_name, card.per_ten_thousand, card.rate_words, card.amount_words) == (
        "试验一号银行",
        "435–560 元",
        "4.35%–5.60%",
        "3–50 万元",
    )
    assert [one.ref for one in queries.own_products(officer)] == [ref]
    actions.withdraw_product(ref, by=county.bank.head)
    assert names() == [] and queries.on_shelf(ANYONE, ref) is None
    with pytest.raises(Refused) as caught:
        queries.product(ANYONE, ref)
    assert caught.value.reason is NOT_FOUND


def test_m003_every_bank_has_its_own_shelf(county: world.World) -> None:
    for bank in county.banks:
        actions.put_product(FORM, by=bank.officer)
    assert names() == ["湖羊育肥贷"] * 3
    assert [card.bank_ref for card in queries.products(ANYONE)] == ["B01", "B02", "B03"]
    assert len(queries.own_products(county.bank.officer)) == 1


def test_m003_a_bank_reaches_only_its_own_products(county: world.World) -> None:
    ref = actions.put_product(FORM, by=county.bank.officer)
    rival = county.banks[1].officer
    for act in (
        lambda: actions.put_product(replace(FORM, ref=ref, name="抢来的"), by=rival),
        lambda: actions.withdraw_product(ref, by=rival),
        lambda: actions.withdraw_product("P0", by=rival),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.reason is NOT_FOUND
    assert names() == ["湖羊育肥贷"]


def test_nobody_but_banks_fills_the_shelf(county: world.World) -> None:
    for actor in (ANYONE, county.applicant, county.deputy, county.supervisor, county.admin):
        with pytest.raises(NotAllowed):
            actions.put_product(FORM, by=actor)
        with pytest.raises(NotAllowed):
            actions.put_products([BankProduct("B01", FORM)], by=actor)


def test_a_product_is_changed_in_place(county: world.World) -> None:
    officer = county.bank.officer
    ref = actions.put_product(FORM, by=officer)
    assert actions.put_product(replace(FORM, ref=ref, rate_max_ppm=50_000), by=officer) == ref
    assert queries.product(ANYONE, ref).per_ten_thousand == "435–500 元"
    assert Product.objects.count() == 1
    actions.withdraw_product(ref, by=officer)
    with pytest.raises(Refused) as caught:
        actions.put_product(replace(FORM, ref=ref), by=officer)
    assert caught.value.reason is NOT_FOUND


def test_a_name_is_once_on_a_banks_shelf(county: world.World) -> None:
    officer = county.bank.officer
    ref = actions.put_product(FORM, by=officer)
    other = actions.put_product(replace(FORM, name="蛋鸡贷"), by=officer)
    for form in (FORM, replace(FORM, ref=other)):
        with pytest.raises(Refused) as caught:
            actions.put_product(form, by=officer)
        assert caught.value.reason is Refusals.NAME_TAKEN
    actions.withdraw_product(ref, by=officer)
    actions.put_product(FORM, by=officer)
    assert sorted(names()) == ["湖羊育肥贷", "蛋鸡贷"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": " "}, "name", "empty"),
        ({"name": "长" * 21}, "name", "too_long"),
        ({"audience": ""}, "audience", "empty"),
        ({"repayment_words": ""}, "repayment_words", "empty"),
        ({"season_words": "长" * 81}, "season_words", "too_long"),
        ({"rate_min_ppm": 0}, "rate_min_ppm", "rate_out_of_range"),
        ({"rate_min_ppm": -1}, "rate_min_ppm", "rate_out_of_range"),
        ({"rate_max_ppm": HIGHEST_RATE_PPM + 1}, "rate_max_ppm", "rate_out_of_range"),
        ({"rate_max_ppm": 43_499}, "rate_max_ppm", "out_of_order"),
        ({"all_in_ppm": 43_499}, "all_in_ppm", "rate_out_of_range"),
        ({"amount_min_fen": 99_999}, "amount_min_fen", "amount_out_of_range"),
        ({"amount_max_fen": 10**12}, "amount_max_fen", "amount_out_of_range"),
        ({"amount_max_fen": 2_999_999}, "amount_max_fen", "out_of_order"),
        ({"months_min": 0}, "months_min", "months_out_of_range"),
        ({"months_max": 361}, "months_max", "months_out_of_range"),
        ({"months_max": 5}, "months_max", "out_of_order"),
        ({"methods": ()}, "methods", "empty"),
        ({"methods": ("whenever",)}, "methods", "unknown_code"),
        ({"purposes": ("gambling",)}, "purposes", "unknown_code"),
        ({"securities": ("firstborn",)}, "securities", "unknown_code"),
        ({"subjects": ("ghost",)}, "subjects", "unknown_code"),
    ],
)
def test_each_error_names_its_field_and_rule(changes: Any, field: str, code: str) -> None:
    assert [(one.field, one.code) for one in product_errors(replace(FORM, **changes))] == [
        (field, code)
    ]


@pytest.mark.parametrize("word", FORBIDDEN)
def test_empty_promises_are_refused_with_field_and_word(word: str) -> None:
    for field in ("name", "audience", "fees_words"):
        changes: dict[str, Any] = {field: f"利息{word}"}
        (error,) = product_errors(replace(FORM, **changes))
        assert (error.field, error.code) == (field, "forbidden_word") and word in error.sentence


def test_a_bad_product_changes_nothing_and_tells_all_that_is_wrong(county: world.World) -> None:
    ref = actions.put_product(FORM, by=county.bank.officer)
    bad = replace(FORM, ref=ref, name="秒批贷", months_min=0, methods=())
    with pytest.raises(Invalid) as caught:
        actions.put_product(bad, by=county.bank.officer)
    assert [one.field for one in caught.value.errors] == ["name", "months_min", "methods"]
    assert names() == ["湖羊育肥贷"]


def test_m001_the_shelf_is_filtered_and_in_one_order(county: world.World) -> None:
    forms = [
        replace(FORM, name="甲", purposes=("livestock",), position=2),
        replace(FORM, name="乙", purposes=("crops",), amount_max_fen=5_000_000, position=1),
        replace(FORM, name="丙", purposes=(), months_max=60, position=3),
    ]
    actions.put_products([BankProduct("B01", form) for form in forms], by=SYSTEM)
    actions.put_product(replace(FORM, name="丁", position=2), by=county.banks[1].officer)
    assert names() == ["乙", "甲", "丁", "丙"]
    assert names(bank_ref="B02") == ["丁"] and names(bank_ref="B99") == []
    assert names(purpose="crops") == ["乙", "丙"]
    assert names(purpose="livestock", bank_ref="B01") == ["甲", "丙"]
    assert names(amount_fen=5_000_001) == ["甲", "丁", "丙"] and names(amount_fen=2_999_999) == []
    assert names(months=13) == ["丙"]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE parties_organisation SET is_active = false, closed_at = now() WHERE ref = 'B01'"
        )
    assert names() == ["丁"], "a bank that left has no shelf"


def test_same_place_is_settled_by_pinyin(county: world.World) -> None:
    forms = [replace(FORM, name=name) for name in ("种子贷", "安居贷", "麦季贷")]
    actions.put_products([BankProduct("B01", form) for form in forms], by=SYSTEM)
    assert names() == ["安居贷", "麦季贷", "种子贷"]
    assert Product.objects.get(name="麦季贷").pinyin == "maijidai mjd"


def test_m004_all_shipped_products_stand_side_by_side(db: None) -> None:
    world.build(banks=11)
    assert actions.put_products(tables.products(), by=SYSTEM) == 25
    assert len(names()) == 25
    assert [card.name for card in queries.featured(ANYONE)] == [
        "麦玉季节贷",
        "酥梨贷",
        "湖羊育肥贷",
        "小店流水贷",
        "农机购置贷",
        "农担种养贷",
    ]
    steel = queries.product(ANYONE, "P21")
    assert (steel.all_in_ppm, steel.fees_words) == (45_000, "全部费用合一年不超过 4.5%")


def test_many_products_are_put_all_or_none(county: world.World) -> None:
    good, bad = BankProduct("B01", FORM), BankProduct("B01", replace(FORM, name="包过贷"))
    for batch, kind in (
        ([good, bad], Invalid),
        ([good, BankProduct("B99", replace(FORM, name="别家"))], Refused),
        ([good, good], Refused),
    ):
        with pytest.raises(kind):
            actions.put_products(batch, by=SYSTEM)
        assert names() == []


def test_putting_and_withdrawing_are_journalled(county: world.World) -> None:
    ref = actions.put_product(FORM, by=county.bank.officer)
    actions.withdraw_product(ref, by=county.bank.officer)
    assert [one.action for one in journal.timeline([("product", ref)])] == [
        "product_put",
        "product_withdrawn",
    ]


def test_amounts_read_as_people_say_them() -> None:
    assert amount_words(500_000, 20_000_000) == "0.5–20 万元"
    assert amount_words(30_000_000, 500_000_000) == "30–500 万元"
    assert amount_words(300_000_000, 5_000_000_000) == "300–5,000 万元"
    assert amount_words(1_000_000, 1_000_000) == "1 万元"


@pytest.mark.django_db(transaction=True)
def test_the_same_name_from_two_desks_at_once_stands_once() -> None:
    county = world.build()
    start, found = threading.Barrier(6), []

    def put() -> None:
        start.wait(20)
        try:
            actions.put_product(FORM, by=county.bank.officer)
            found.append("put")
        except Refused as refused:
            found.append(refused.reason.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=put) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == ["product_name_taken"] * 5 + ["put"]
    assert database_now() and names() == ["湖羊育肥贷"]
