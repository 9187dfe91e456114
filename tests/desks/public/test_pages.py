"""Home, the eight places, the shelf: there on day one, without personal data, for anybody."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from puhui.catalogue import actions as catalogue
from puhui.catalogue.terms import BankProduct, ProductForm
from puhui.content.terms import Place
from puhui.kernel.actor import SYSTEM, Role
from puhui.parties import actions as parties
from tests import world
from tests.desks.resident import story
from tests.desks.resident.test_request import PRODUCT

FORBIDDEN = (
    "建设中",
    "敬请期待",
    "低门槛",
    "秒批",
    "秒到账",
    "零成本",
    "包过",
    "无视征信",
    "先到先得",
)


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.django_db
def test_m002_the_home_page_has_the_big_button_and_all_eight_places() -> None:
    world.build()
    page = _page(Client(), "/")
    assert 'href="/ask/1">我要用钱' in page
    tiles = re.findall(r'<a href="([^"]+)"><b><svg', page)
    assert len(tiles) == 8
    for address in tiles:
        _page(Client(), address)
    assert "3\u00a0家银行的产品" in page
    assert "信用河山" in page
    assert "谁找您要验证码、叫您先交钱，都是骗子。" in page
    assert "0000-1100" in page


@pytest.mark.django_db
@pytest.mark.parametrize("place", [one for one in Place.values if one != "products"])
def test_m002_every_place_says_something_of_use_before_anything_was_published(place: str) -> None:
    world.build(banks=1)
    page = _page(Client(), f"/places/{place}/")
    words = re.sub(r"<[^>]+>|\s", "", page)
    assert len(words) > 220
    assert "{" not in words
    for bad in FORBIDDEN:
        assert bad not in words


@pytest.mark.django_db
def test_a_place_that_is_none_is_not_found() -> None:
    world.build(banks=1)
    for address in (
        "/places/nowhere/",
        "/places/..%2fnews/",
        "/products/none/",
        "/places/products/",
    ):
        answer = Client().get(address)
        assert answer.status_code == 404
        assert "没有找到这一页" in answer.content.decode()


@pytest.mark.django_db
def test_large_type_is_remembered_and_reachable_from_every_page() -> None:
    county = world.build()
    one = story.Story(
        county,
        world.publish(county, county.applicant).ref,
        county.applicant,
        story.browser(county.applicant),
    )
    addresses = (
        "/",
        "/ask/1",
        "/ask/2",
        "/ask/3",
        "/products/",
        "/banks/",
        "/places/news/",
        "/sign-in",
        "/my/",
        f"/my/{one.ref}/",
        "/my/data",
        "/my/messages",
        "/ask/consent",
    )
    for address in addresses:
        assert re.search(r'href="/care/on\?next=[^"]+">大字版', _page(one.client, address)), address
    answer = one.client.get("/care/on", {"next": f"/my/{one.ref}/"})
    assert answer["Location"] == f"/my/{one.ref}/"
    for address in addresses:
        page = _page(one.client, address)
        assert 'data-weui-mode="care"' in page
        assert "标准版" in page
    one.client.get("/care/off", {"next": "/"})
    assert 'data-weui-mode="care"' not in _page(one.client, "/")


@pytest.mark.django_db
def test_m003_products_are_listed_narrowed_and_shown_with_a_door_into_a_request() -> None:
    county = world.build()
    ref = catalogue.put_product(PRODUCT, by=county.bank.head)
    page = _page(Client(), "/products/")
    assert "湖羊育肥贷" in page
    assert "全部 1 个" in page
    assert "湖羊育肥贷" in _page(Client(), "/products/?purpose=livestock")
    assert "没有正好合的产品" in _page(Client(), "/products/?purpose=factory")
    assert "没有正好合的产品" in _page(Client(), "/products/?bank=B02")
    product = _page(Client(), f"/products/{ref}/")
    assert "420–480 元" in product
    assert f'href="/ask/1?product={ref}"' in product
    assert "1 个产品" in _page(Client(), "/banks/")


@pytest.mark.django_db
def test_an_empty_shelf_says_why_and_what_to_do() -> None:
    world.build()
    assert "银行还没有把产品放上来" in _page(Client(), "/products/")


def _many(number: int) -> list[BankProduct]:
    names = "甲乙丙丁戊己庚辛壬癸"
    return [
        BankProduct("B01", ProductForm(**{**_fields(), "name": f"试用{names[n]}贷"}))
        for n in range(number)
    ]


def _fields() -> dict[str, object]:
    return {name: getattr(PRODUCT, name) for name in PRODUCT.__slots__}


@pytest.mark.django_db
def test_the_shelf_takes_as_many_statements_for_ten_products_as_for_one() -> None:
    county = world.build()
    catalogue.put_product(PRODUCT, by=county.bank.head)
    counts = []
    for more in (0, 9):
        catalogue.put_products(_many(more), by=SYSTEM)
        with CaptureQueriesContext(connection) as seen:
            _page(Client(), "/products/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 7, counts


@pytest.mark.django_db
def test_every_input_has_a_label_and_every_page_its_language_and_heading() -> None:
    world.build()
    from tests.desks.resident import steps

    client = Client()
    steps.filled(client)
    for address in (
        "/",
        "/ask/1",
        "/ask/2",
        "/ask/3",
        "/ask/4",
        "/sign-in",
        "/products/",
        "/places/news/",
    ):
        page = _page(client, address)
        assert '<html lang="zh-CN"' in page
        assert page.count("<h1") == 1, address
        for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
            if 'type="hidden"' in tag:
                continue
            name = re.search(r'id="([^"]+)"', tag)
            is_inside = re.search(
                rf"<label[^>]*>(?:(?!</label>).)*{re.escape(tag)}", page, re.DOTALL
            )
            is_named = "aria-label=" in tag or (name and f'for="{name[1]}"' in page)
            assert is_inside or is_named, (address, tag)


@pytest.mark.django_db
def test_no_script_or_style_stands_inside_a_page() -> None:
    world.build()
    for address in ("/", "/ask/1", "/ask/3", "/sign-in", "/products/"):
        page = _page(Client(), address)
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert not re.search(r"<script(?![^>]*\bdefer\b)", page), "blocks the first paint"
        assert not re.search(r"\sstyle=|\son\w+=", page)


@pytest.mark.django_db
def test_the_home_page_names_the_helper_of_ones_own_village_and_nobody_elses() -> None:
    county = world.build(banks=1)
    parties.create_organisation("东湾村村委会", "village", ref="V01", by=SYSTEM)
    world.staff("V01", "赵小云", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    assert "赵同志" in _page(story.browser(county.applicant), "/")
    elsewhere = world.resident(world.OTHER_VILLAGE)
    assert "同志" not in _page(story.browser(elsewhere), "/")
    assert "同志" not in _page(Client(), "/")
