"""The shelf is searched and filtered; versions are kept; views are counted and nobody is known by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.catalogue import actions, queries
from puhui.catalogue.models import Product, ProductVersion
from puhui.catalogue.rules import product_errors
from puhui.catalogue.terms import (
    FORBIDDEN,
    METHOD_WORDS,
    PURPOSE_WORDS,
    SECURITY_WORDS,
    BankProduct,
    ProductFee,
    Refusals,
    ShelfFilter,
)
from puhui.demo import tables
from puhui.kernel.actor import ANYONE, SYSTEM
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, database_now, history
from puhui.market.terms import Method, Purpose, Security
from puhui.parties import actions as parties
from tests import world
from tests.catalogue.test_products import FORM


def found(**asked: Any) -> list[str]:
    return [one.ref for one in queries.shelf(ANYONE, ShelfFilter(**asked))]


@pytest.fixture
def shelf(db: None) -> world.World:
    county = world.build(banks=11)
    actions.put_products(tables.products(), by=SYSTEM)
    return county


def test_words_are_those_of_the_main_job() -> None:
    assert (
        dict(Purpose.choices),
        dict(Method.choices),
        dict(Security.choices),
    ) == (PURPOSE_WORDS, METHOD_WORDS, SECURITY_WORDS)


def test_m042_products_of_local_industries_are_found_by_their_tag(shelf: world.World) -> None:
    tags = dict(queries.industries(ANYONE))
    assert len(tags) >= 20
    assert found(industry="酥梨") == ["P02", "P07"]
    assert found(industry="樱桃") == ["P03"] and found(industry="灵芝") == ["P04"]
    assert found(industry="石油") == []
    with CaptureQueriesContext(
        connection,
    ) as made:
        queries.industries(ANYONE)
    assert len(made) == 1


def test_p11_products_are_found_by_name_pinyin_initials_bank_and_purpose(
    shelf: world.World,
) -> None:
    assert found(words="酥梨贷") == found(words="sulidai") == found(words="sld")[:1] == ["P02"]
    assert found(words="酥梨")[0] == "P02", "its own name comes first"
    assert set(found(words="试验一号银行")) == set(found(bank_ref="B01"))
    assert "P05" in found(words="养殖") and found(words="飞机") == [] and found(words="！") == []
    assert found(words="羊 试验一号") == ["P05"]
    assert len(found(words="")) == 25


def test_m004_every_filter_narrows(shelf: world.World) -> None:
    assert set(found(method="equal_instalment")) == {"P12", "P20"}
    assert set(found(subject="self_employed", purpose="shop_trade")) == {"P16", "P17", "P20", "P24"}
    assert found(security="machines") == ["P23"]
    assert found(amount_fen=10**12) == []
    assert found(amount_fen=150_000, purpose="machinery") == ["P10"]
    assert found(refs=("P05", "P02", "P99")) == ["P05", "P02"]


def test_the_shelf_takes_one_statement_and_two_with_words(shelf: world.World) -> None:
    for asked, most in ((ShelfFilter(purpose="crops"), 1), (ShelfFilter(words="养羊"), 2)):
        with CaptureQueriesContext(connection) as made:
            queries.shelf(ANYONE, asked)
        assert len(made) == most


SORTED = {
    "": lambda one: (),
    "cost": lambda one: (one.rate_min_ppm, one.rate_max_ppm),
    "limit": lambda one: (-one.amount_max_fen, one.amount_min_fen),
    "term": lambda one: (-one.months_max, one.months_min),
}


@pytest.mark.parametrize("asked", [{}, {"purpose": "crops"}, {"words": "贷"}, {"words": "飞机"}])
@pytest.mark.parametrize("sort", SORTED)
def test_m003_pages_of_the_shelf_are_the_shelf_cut(
    shelf: world.World, asked: dict[str, Any], sort: str
) -> None:
    wanted = ShelfFilter(**asked)
    whole = sorted(queries.shelf(ANYONE, wanted), key=SORTED[sort])
    for page in (1, 2, 4, 99):
        found = queries.shelf_page(ANYONE, wanted, sort=sort, page=page, size=7)
        pages = max(1, -(-len(whole) // 7))
        assert (found.count, found.pages, found.page) == (len(whole), pages, min(page, pages))
        assert list(found.cards) == whole[7 * (found.page - 1) : 7 * found.page]


def test_a_page_of_the_shelf_reads_its_own_rows(shelf: world.World) -> None:
    for asked in (ShelfFilter(), ShelfFilter(purpose="crops")):
        with CaptureQueriesContext(connection) as made:
            queries.shelf_page(ANYONE, asked, sort="term", page=2, size=7)
        assert len(made) == 2
        assert "LIMIT 7 OFFSET 7" in made[1]["sql"]


def test_m003_a_demand_can_show_the_product_as_it_was(county: world.World) -> None:
    officer = county.bank.officer
    ref = actions.put_product(FORM, by=officer)
    before = database_now()
    actions.put_product(replace(FORM, ref=ref, rate_max_ppm=60_000, name="羊贷"), by=officer)
    actions.withdraw_product(ref, by=officer)
    then, now = (
        queries.product_as_of(ANYONE, ref, before),
        queries.product_as_of(ANYONE, ref, database_now()),
    )
    assert (then.name, then.rate_max_ppm, then.version) == ("湖羊育肥贷", 56_000, 1)
    assert (now.name, now.rate_max_ppm, now.version) == ("羊贷", 60_000, 2)
    with pytest.raises(Refused):
        queries.product_as_of(ANYONE, ref, before - timedelta(days=1))
    versions = queries.own_versions(officer, ref)
    assert [(one.number, one.by_ref) for one in versions] == [(2, officer.ref), (1, officer.ref)]
    with pytest.raises(Refused) as caught:
        queries.own_versions(county.banks[1].officer, ref)
    assert caught.value.reason is NOT_FOUND
    assert ProductVersion.objects.count() == 2 and Product.objects.get().version == 2


def test_m003_most_of_the_townships_are_told_by_those_left_out(county: world.World) -> None:
    more = "code,name,areaCode,provinceCode,cityCode\n990525003,临河镇,990525,99,9905\n"
    parties.import_divisions(
        more.encode(), b"code,name,streetCode,provinceCode,cityCode,areaCode\n", by=SYSTEM
    )
    officer = county.bank.officer
    areas = (world.OTHER_TOWNSHIP, "990525003")
    most = actions.put_product(replace(FORM, areas=areas), by=officer)
    one = actions.put_product(replace(FORM, name="一镇贷", areas=(world.TOWNSHIP,)), by=officer)
    assert queries.product(ANYONE, most).area_words == "河湾镇以外"
    assert queries.product(ANYONE, one).area_words == "河湾镇"


def test_m003_a_bank_changes_only_its_own(county: world.World) -> None:
    ref = actions.put_product(FORM, by=county.bank.officer)
    other = county.banks[1].officer
    for act in (
        lambda: actions.put_product(replace(FORM, ref=ref), by=other),
        lambda: actions.withdraw_product(ref, by=other),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.reason is NOT_FOUND
    assert queries.product(ANYONE, ref).version == 1


WHOLE = replace(
    FORM,
    industries=("湖羊",),
    areas=(world.TOWNSHIP,),
    needs=("credit_household",),
    age_max=65,
    due_days=("07-31",),
    fees=(ProductFee("担保费", "yearly", ppm=5_000),),
    online_address="https://bank.example/loan?a=1",
    takes_co_signer=True,
)


def test_m003_everything_that_is_known_of_a_product_is_kept(county: world.World) -> None:
    ref = actions.put_product(WHOLE, by=county.bank.officer)
    card = queries.product(ANYONE, ref)
    for name in ("industries", "areas", "needs", "age_max", "due_days", "fees", "online_address"):
        assert getattr(card, name) == getattr(WHOLE, name), name
    assert card.area_words == "河湾镇" and card.takes_co_signer
    with pytest.raises(Invalid) as caught:
        actions.put_product(replace(WHOLE, name="别的", areas=("999",)), by=county.bank.officer)
    assert [one.code for one in caught.value.errors] == [Refusals.AREA_UNKNOWN.code]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        *(({"name": f"{word}贷"}, "name") for word in FORBIDDEN),
        ({"audience": "秒 批"}, "audience"),
        ({"industries": ("零成本",)}, "industries"),
        ({"industries": ("a,b",)}, "industries"),
        ({"industries": tuple("甲乙丙丁戊己庚")}, "industries"),
        ({"needs": ("luck",)}, "needs"),
        ({"grace_months": 3}, "grace_months"),
        ({"methods": ("grace_period",), "grace_months": 12}, "grace_months"),
        ({"methods": ("grace_period",), "grace_months": 4, "months_per_period": 3}, "grace_months"),
        ({"months_per_period": 5}, "months_per_period"),
        ({"due_days": ("02-30",)}, "due_days"),
        ({"due_days": ("7-31",)}, "due_days"),
        ({"due_days": ("07-31",), "methods": ("equal_instalment",)}, "due_days"),
        ({"age_max": 39}, "age_max"),
        ({"fees": (ProductFee("", "once", ppm=1),)}, "fees"),
        ({"fees": (ProductFee("费", "daily", ppm=1),)}, "fees"),
        ({"fees": (ProductFee("费", "once", ppm=1, fen=1),)}, "fees"),
        ({"fees": (ProductFee("费", "once"),)}, "fees"),
        ({"fees": (ProductFee("费", "once", ppm=100_001),)}, "fees"),
        ({"online_address": "http://bank.example"}, "online_address"),
        ({"online_address": "https://u:p@bank.example"}, "online_address"),
        ({"online_address": "https://localhost/"}, "online_address"),
        ({"online_address": "javascript:alert(1)"}, "online_address"),
    ],
)
def test_m003_a_bad_product_names_the_field_and_the_rule(
    changes: dict[str, Any], field: str
) -> None:
    errors = product_errors(replace(FORM, **changes))
    assert {one.field for one in errors} == {field}
    assert all(one.sentence for one in errors)


def test_products_entered_later_have_their_day(county: world.World) -> None:
    past = database_now() - timedelta(days=9)
    with history(past, by=SYSTEM):
        actions.put_products([BankProduct("B01", replace(FORM, ref="P77"))], by=SYSTEM)
    assert queries.product_as_of(ANYONE, "P77", past).version == 1


def test_m007_a_bank_is_told_its_first_product_for_a_purpose(shelf: world.World) -> None:
    for bank in shelf.banks:
        own = queries.own_products(bank.officer)
        for purpose in PURPOSE_WORDS:
            fitting = [one for one in own if not one.purposes or purpose in one.purposes]
            found = queries.own_product_for(bank.officer, purpose)
            assert found == (fitting[0] if fitting else None)
