"""The supermarket's pages: searched, compared, previewed, ranked, matched, printed; scripts play no part."""

from __future__ import annotations

import gzip
import io
import re

import pytest
from django.test import Client
from PIL import Image

from puhui.catalogue import actions as catalogue
from puhui.catalogue.models import ProductView
from puhui.demo import tables
from puhui.kernel.actor import SYSTEM
from puhui.market import actions as market
from tests import world
from tests.desks import watched
from tests.desks.resident import story

LATER_LIMIT = 20 * 1024


@pytest.fixture
def county(db: None) -> world.World:
    found = world.build(banks=11)
    catalogue.put_products(tables.products(), by=SYSTEM)
    return found


def read(address: str, client: Client | None = None, status: int = 200) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return str(answer.content.decode()).replace("\u00a0", " ")


def listed(page: str) -> list[str]:
    """The references of the products of a page's table, in their order."""
    return re.findall(r'class="nm"><a href="/products/(\w+)/"', page)


def test_m004_the_shelf_is_searched_filtered_and_sorted_by_its_address(county: world.World) -> None:
    assert listed(read("/products/?q=sulidai")) == ["P02"]
    assert listed(read("/products/?q=樱桃")) == ["P03"]
    assert listed(read("/products/?amount=15&purpose=machinery")) == ["P10"]
    assert listed(read("/products/?sort=cost"))[:2] == ["P08", "P23"]
    assert listed(read("/products/?sort=limit"))[0] == "P08"
    assert len(listed(read("/products/"))) == 20 and len(listed(read("/products/?page=2"))) == 5
    assert listed(read("/products/?page=99")) == listed(read("/products/?page=2"))
    page = read("/products/?q=sulidai&purpose=crops")
    assert "没有正好合的产品" in page and 'aria-label="去掉干什么：种粮种菜"' in page
    assert 'href="/products/?q=sulidai"' in page, "each part of the filter can be taken away"
    wrong = read("/products/?amount=很多")
    assert 'id="e-amount"' in wrong and len(listed(wrong)) == 20
    assert len(listed(read("/products/?purpose=luck&sort=x&months=7&page=-1"))) == 20


def test_m004_two_to_eleven_products_stand_side_by_side_sorted(county: world.World) -> None:
    chosen = "&".join(f"p=P{n:02d}" for n in (5, 12, 13, 2))
    page = read(f"/products/compare?{chosen}&amount=10&months=12")
    assert listed(page) == ["P12", "P13", "P02", "P05"]
    for words in ("435–560 元", "3–50 万元", "4.35%–5.60%", "5,677.78", "4,400.00", "5,170.83"):
        assert words in page, words
    assert listed(read(f"/products/compare?{chosen}&sort=limit"))[0] == "P13"
    assert listed(read(f"/products/compare?{chosen}&sort=rate"))[0] == "P13"
    assert listed(read(f"/products/compare?{chosen}&sort=term"))[0] == "P02"
    eleven = "&".join(f"p=P{n:02d}" for n in range(1, 12))
    assert len(listed(read(f"/products/compare?{eleven}"))) == 11
    assert "最多 8 万" not in page
    assert "最多 30 万" in read("/products/compare?p=P14&p=P05&amount=40")
    for few in ("", "?p=P05", "?p=P05&p=P05", "?p=P05&p=NONE"):
        assert "至少选 2 个" in read(f"/products/compare{few}", status=422)
    assert "一次最多比 11 个" in read(f"/products/compare?{eleven}&p=P12", status=422)
    for wrong in ("amount=x", "months=0", "months=x"):
        assert 'class="err" role="alert"' in read(f"/products/compare?{chosen}&{wrong}", status=422)


def test_m041_the_preview_shows_every_instalment_to_the_fen(county: world.World) -> None:
    page = read("/products/P02/repay?amount=50&rate=4.35&start=2026-12-01")
    assert page.count('data-l="利息"') == 96
    assert page.count('<td data-l="还本">—</td>') == 36
    assert "前面每次只还利息 1,812.50 元" in page and "120,531.30 元" in page
    season = read("/products/P01/repay")
    assert "中间不用还" in season and 'name="due"' in season
    bad = read("/products/P02/repay?amount=1000&months=3&start=x&rate=99&method=y", status=422)
    for words in (
        "这个产品 5 万到 50 万元。",
        "固定用 96 个月",
        "日子写成",
        "年利率在 4.35%",
        "还法里选",
    ):
        assert words in bad, words


def test_every_method_of_the_shelf_has_its_preview(county: world.World) -> None:
    for ref, method in (
        *(("P01", "interest_with_principal"), ("P02", "grace_period"), ("P07", "quarterly")),
        *(("P12", "equal_instalment"), ("P23", "equal_principal"), ("P13", "interest_only")),
    ):
        assert "连本一共还" in read(f"/products/{ref}/repay"), method
    at_will = read("/products/P14/repay?on1=2026-12-01&wan1=10&on2=2026-12-20&kind2=repay&wan2=10")
    assert "用几天算几天，利息一共 295.56 元" in at_will
    over = read("/products/P14/repay?amount=5&on1=2026-12-01&wan1=10", status=422)
    assert "借的钱超过了额度。" in over
    assert "第 1 笔" in read("/products/P14/repay?on1=x&wan1=1", status=422)


def test_all_costs_are_stated(county: world.World) -> None:
    page = read("/products/P13/costs?amount=10&months=12")
    for words in (
        "综合融资成本明示表",
        "担保费",
        "500.00",
        "4,400.00 元",
        "肆仟肆佰元整",
        "4.41%",
        "4.50%",
    ):
        assert words in page, words
    assert read("/products/P99/costs", status=404)


def test_m005_a_residents_look_counts_and_both_rankings_are_shown(county: world.World) -> None:
    applicant = story.browser(county.applicant)
    for _ in range(2):
        read("/products/P05/", applicant)
    read("/products/P05/"), read("/products/P05/", story.browser(county.applicant))
    assert ProductView.objects.count() == 1
    page = read("/products/rankings")
    assert "1</b> 个手机号" in page and "湖羊育肥贷" in page and "近 90 天这一类还没有放款" in page
    assert "置顶" not in read("/products/")
    catalogue.pin_product("P21", by=county.admin)
    assert "县里置顶" in read("/products/")


def test_m004_matching_speaks_in_sentences(county: world.World) -> None:
    asked = "amount=10&purpose=livestock&months=6&wish=once&security=none&who=farm_household"
    page = read(f"/products/fit?{asked}")
    assert "合适 1 个" in page and "您说没有抵押，这个不用抵押" in page
    assert "查到您的（没授权也算没查到）" in read("/products/fit?purpose=machinery")
    assert "<summary>我的打算" in read("/products/fit")
    assert 'id="e-amount"' in read("/products/fit?amount=x", status=422)
    assert "按您说的：合适" in read(f"/products/P05/?{asked}")
    sent = world.publish(county, county.applicant)
    own = story.browser(county.applicant)
    assert "照您填过的需求挑的" in read("/products/fit", own)
    assert f'href="/products/fit?for={sent.ref}"' in read(f"/my/{sent.ref}/", own)
    read(f"/products/fit?for={sent.ref}", own)
    read(f"/products/fit?for={sent.ref}", status=404)
    read(f"/products/fit?for={sent.ref}", story.browser(world.resident()), status=404)
    market.withdraw(sent.ref, reason="not_needed", by=county.applicant)


def test_m097_a_code_leads_straight_into_a_request_to_its_bank(county: world.World) -> None:
    svg = Client().get("/products/P02/code.svg")
    assert svg["Content-Type"] == "image/svg+xml" and b"<svg" in svg.content
    png = Client().get("/products/P02/code.png")
    assert Image.open(io.BytesIO(png.content)).size[0] > 300
    poster = read("/products/P02/poster")
    assert "酥梨贷" in poster and "<svg" in poster and "都是骗子" in poster
    client = Client()
    door = client.get("/ask/?product=P02")
    assert door["Location"] == "/ask/1?product=P02"
    assert "问试验一号银行的“酥梨贷”" in read(door["Location"], client)
    catalogue.withdraw_product("P02", by=SYSTEM)
    read("/products/P02/code.svg", status=404), read("/products/P02/poster", status=404)
    assert "酥梨贷" not in read("/ask/1?product=P02")


@pytest.mark.parametrize(
    "address",
    [
        *("/products/", "/products/?sort=cost", "/products/P02/", "/products/P02/repay"),
        *("/products/P13/costs", "/products/fit?purpose=livestock", "/products/rankings"),
        "/products/compare?" + "&".join(f"p=P{n:02d}" for n in range(1, 12)),
    ],
)
def test_p5_a_later_page_is_light_and_needs_no_script(county: world.World, address: str) -> None:
    page = read(address)
    assert len(gzip.compress(page.encode())) <= LATER_LIMIT * 3 // 4
    assert "<script" not in page and "style=" not in page
    assert page.count("<h1") == 1


def test_the_county_pins_from_its_page(county: world.World) -> None:
    client = watched.browser(county.admin)
    assert "热门产品" in read("/county/products/", client)
    assert client.post("/county/products/P21/pin", {"pin": "on"}).status_code == 302
    assert "取下" in read("/county/products/?q=gb", client)
    assert Client().get("/county/products/").status_code == 302
