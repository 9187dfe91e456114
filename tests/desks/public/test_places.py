"""The places' pages: live, found, narrowed, printed, small; village affairs with their answers."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from puhui.content import actions
from puhui.content.terms import Place
from puhui.files import queries as files
from puhui.kernel.actor import SYSTEM, Actor
from puhui.parties import actions as parties
from tests import world
from tests.content import written
from tests.desks.resident import story
from tests.files import bombs

pytestmark = pytest.mark.django_db
LISTING = {
    "place": "property",
    "section": "listings",
    "title": "流转信息",
    "division_code": "",
    "period": "",
}


@pytest.fixture
def county() -> world.World:
    return world.build(banks=1)


def page(address: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def row(name: str, township: str) -> dict[str, str]:
    return {"name": name, "township": township, "size": "46 亩", "phone": "0000-1301"}


def test_m002_news_shows_what_it_means_when_and_by_whom(county: world.World) -> None:
    for ref in actions.load_shipped(by=county.admin):
        actions.publish(ref, by=county.admin)
    assert actions.load_shipped(by=county.admin) == [], "only once"
    shown = page("/places/news/")
    items = re.findall(r"<li><a href=\"(/places/news/\w+/)\"><b>.+?</a></li>", shown, re.DOTALL)
    assert len(items) == 12
    assert "签合同前先看表，表上没写的费用一分不用交。" in shown
    assert "2026-08-01 起 · 金融监管总局、人民银行" in shown
    article = page(items[0])
    assert "跟您有啥关系" in article and "见过公开转载，办事以原文为准" in article
    assert "0000-1100" in article and "{" not in re.sub(r"<[^>]+>", "", article)
    assert 'href="https://www.nfra.gov.cn/" rel="noopener noreferrer nofollow"' in article
    assert "已结束" in page("/places/credit/")


def test_m002_tables_are_found_and_narrowed_by_township(county: world.World) -> None:
    rows = (row("村南水浇地", "河湾镇"), row("梨园", "山前乡、河湾镇"), row("坑塘", "山前乡"))
    written.table(**LISTING, rows=rows)
    shown = page("/places/property/")
    assert all(one["name"] in shown for one in rows)
    assert 'href="tel:0000-1301"' in shown
    shown = page("/places/property/?township=河湾镇")
    assert "村南水浇地" in shown and "梨园" in shown and "坑塘" not in shown
    shown = page("/places/property/?q=ly")
    assert "梨园" in shown and "坑塘" not in shown
    shown = page("/places/property/?q=飞机")
    assert "没有找到“飞机”" in shown
    assert 'href="?"' in shown


def test_a_long_table_is_shown_by_pages_and_taken_away_whole(county: world.World) -> None:
    rows = tuple(row(f"地块{number}号", "河湾镇") for number in range(45))
    ref = written.table(**LISTING, rows=rows)
    first = page("/places/property/")
    assert "地块0号" in first and "地块20号" not in first and 'rel="next"' in first
    assert "地块44号" in page("/places/property/?page=3")
    assert "地块44号" in page("/places/property/?page=99"), "past the end is the end"
    answer = Client().get(f"/places/property/{ref}/table.xlsx")
    assert answer["Content-Disposition"].startswith("attachment; ")
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert len(book.get_sheet_by_index(0).to_python()) == 46


def test_p5_a_full_place_is_at_most_twenty_kilobytes_and_takes_no_script(
    county: world.World,
) -> None:
    for ref in actions.load_shipped(by=county.admin):
        actions.publish(ref, by=county.admin)
    rows = tuple(row(f"第{number}块地，连片，有机井", "河湾镇") for number in range(60))
    written.table(**LISTING, rows=rows)
    for place in [one for one in Place.values if one != "products"]:
        body = Client().get(f"/places/{place}/").content
        assert len(gzip.compress(body, 6)) <= 20_000, place
        assert b"<script" not in body
        assert not re.search(rb"\sstyle=|\son\w+=", body)


def test_m025_a_village_shows_its_three_tables(county: world.World) -> None:
    written.table(county.deputy)
    written.table(county.deputy, section="inputs", title="农资采购", rows=())
    written.table(county.deputy, period="2026Q2", rows=())
    picker = page(f"/places/village/?township={world.TOWNSHIP}")
    assert f'href="/places/village/of/{world.VILLAGE}/">东湾村 <small>有公示' in picker
    assert "西湾村</a>" in picker
    assert "西湾村" not in page(f"/places/village/?township={world.TOWNSHIP}&village=dong")
    shown = page(f"/places/village/of/{world.VILLAGE}/")
    parts = dict(
        zip(
            ("assets", "transactions", "inputs"),
            re.split(r'<section class="sec" id="\w+">', shown)[1:],
            strict=True,
        )
    )
    assert "机井 3 号" in parts["assets"] and "1,200 元" in parts["assets"]
    assert "2026 年第三季度" in parts["assets"] and "2026 年第二季度" in parts["assets"]
    assert re.search(r"本村本季度无此项，\d{4} 年 \d+ 月 \d+ 日公示。", parts["inputs"])
    assert "还没有在这里公示过这张表" in parts["transactions"]


def test_m025_a_villager_asks_and_reads_the_answer(county: world.World) -> None:
    ask = f"/places/village/of/{world.VILLAGE}/ask"
    assert Client().get(ask).status_code == 302, "sign in first"
    villager = story.browser(county.applicant)
    assert "5 个工作日内答复您" in page(ask, villager)
    wrong = villager.post(ask, {"kind": "wrong", "words": "短"})
    assert wrong.status_code == 422
    assert "请写清楚哪一笔" in wrong.content.decode() and "短</textarea>" in wrong.content.decode()
    sent = {"kind": "wrong", "words": "路灯换了 26 盏，我数着只有 20 盏。", "may_be_public": "1"}
    assert villager.post(ask, sent)["Location"] == "/places/village/mine"
    assert "镇里" in page("/places/village/mine", villager)
    from puhui.content import queries

    (waiting,) = queries.reports(county.deputy)
    words = "查了，20 盏在村里，6 盏在村口路上。"
    actions.answer_report(waiting.ref, words, is_public=True, by=county.deputy)
    assert words in page("/places/village/mine", villager)
    public = page(f"/places/village/of/{world.VILLAGE}/")
    assert words in public and "李" not in public
    assert words not in page(f"/places/village/of/{world.OTHER_VILLAGE}/")


def _attached(county: world.World, body: bytes, by: Actor = SYSTEM) -> str:
    ref = written.article()
    actions.attach(ref, "通知（盖章）", files.cleaned(county.admin, body), by=by)
    return ref


def test_m1_a_file_comes_out_saved_and_never_run(county: world.World) -> None:
    ref = _attached(county, bombs.pdf())
    assert "通知（盖章）" in page(f"/places/news/{ref}/")
    answer = Client().get(f"/places/news/{ref}/files/1/")
    assert answer.content == bombs.pdf()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    actions.detach(ref, 1, by=SYSTEM)
    assert Client().get(f"/places/news/{ref}/files/1/").status_code == 404


def test_files_of_what_is_not_published_are_nobodys(county: world.World) -> None:
    ref = _attached(county, bombs.picture(place=True))
    answer = Client().get(f"/places/news/{ref}/files/1/")
    assert answer["Content-Type"] == "image/jpeg" and b"SomeCamera" not in answer.content
    actions.withdraw(ref, "撤下看看", by=SYSTEM)
    for address in ("files/1/", "", "table.xlsx"):
        assert Client().get(f"/places/news/{ref}/{address}").status_code == 404


def test_odd_addresses_find_nothing_and_break_nothing(county: world.World) -> None:
    ref = written.article()
    village = written.table(county.deputy)
    for address in (
        f"/places/credit/{ref}/",
        "/places/news/A00000000/",
        "/places/news/?section=guide",
        "/places/news/?section=nowhere",
        f"/places/village/of/{world.TOWNSHIP}/",
        "/places/village/of/1/",
        f"/places/news/{ref}/table.xlsx",
        f"/places/news/{ref}/files/9/",
    ):
        assert Client().get(address).status_code == 404, address
    for address in (
        "/places/news/?page=0&q=%27%22%3C",
        "/places/news/?page=9999999999999999",
        "/places/news/?page=-1&township=x",
        "/places/property/?township=%3Cx",
        "/places/village/?township=9&village=%25",
        f"/places/village/{village}/?page=77",
    ):
        shown = page(address)
        assert "<x" not in shown and "'\"<" not in shown


def test_a_village_page_takes_as_many_statements_for_three_tables_as_for_one(
    county: world.World,
) -> None:
    counts = []
    for sections in (("assets",), ("transactions", "inputs")):
        for section in sections:
            written.table(section=section, title="表", rows=())
        with CaptureQueriesContext(connection) as seen:
            page(f"/places/village/of/{world.VILLAGE}/")
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 2, counts


def test_m026_everything_is_one_or_two_taps_away_in_plain_words(county: world.World) -> None:
    home = page("/")
    assert home.count('class="weui-btn weui-btn_primary"') == 1, "one big button"
    assert home.index("我要用钱") < home.index("我办到哪一步了") < home.index("政策要闻")
    assert "第 1 步，共 4 步" in page("/ask/1"), "a request takes four screens"
    for place in [one for one in Place.values if one != "products"]:
        shown = page(f"/places/{place}/")
        assert "大字版" in shown and 'href="tel:0000-1100"' in shown and 'href="/ask/1"' in shown
        for hard in ("授信", "利随本清", "等额本息", "年化利率", "尽职调查"):
            assert hard not in shown, (place, hard)


def test_p5_the_home_page_with_its_styles_is_at_most_sixty_kilobytes(county: world.World) -> None:
    body = Client().get("/").content
    styles = re.findall(rb'href="/static/([^"]+\.css)"', body)
    root = Path(__file__).parents[3] / "static"
    wire = [body, *((root / name.decode()).read_bytes() for name in styles)]
    assert sum(len(gzip.compress(one, 6)) for one in wire) <= 60_000
    assert b"<script" not in body


def test_m025_a_village_page_shows_its_notices_and_its_natural_villages(
    county: world.World,
) -> None:
    inner = parties.add_natural_village(world.VILLAGE, "东湾后街", by=SYSTEM)
    written.table()
    written.table(division_code=inner.code, title="后街的集体资产")
    place = {"place": "village", "section": "notice", "relation": ""}
    written.article(**place, title="全镇清理欠账", division_code=world.TOWNSHIP)
    written.article(**place, title="后街修路", division_code=inner.code)
    written.article(**place, title="西湾的事", division_code="990525001202")
    shown = page(f"/places/village/of/{world.VILLAGE}/")
    assert "全镇清理欠账" in shown and "后街修路" in shown and "西湾的事" not in shown
    assert "东湾后街（自然村）" in shown and shown.count("机井 3 号") == 1
    within = page(f"/places/village/of/{inner.code}/")
    assert "后街修路" in within and "机井 3 号" in within
