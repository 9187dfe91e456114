"""The eight places on a phone without scripts, and a county office that puts something there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from puhui.access import actions as access
from puhui.kernel.actor import SYSTEM, Actor
from tests import world
from tests.content import written
from tests.files import bombs
from tests.journeys.site import Site

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
NARROW = {"width": 320, "height": 640}

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def county(chromium: Browser) -> world.World:
    return world.build(banks=1)


def at(
    chromium: Browser,
    site: Site,
    path: str,
    size: dict[str, int],
    *,
    actor: Actor | None = None,
    kind: str = "staff",
    scripts: bool = True,
) -> Page:
    context = chromium.new_context(
        viewport=size,  # type: ignore[arg-type]
        locale="zh-CN",
        java_script_enabled=scripts,
    )
    if actor:
        opened = access.open_persona_session(kind, actor.ref, by=SYSTEM)
        context.add_cookies([{"name": "puhui_session", "value": opened.token, "url": site.address}])
    page = context.new_page()
    page.goto(site.address + path)
    return page


def test_m002_m025_m026_a_county_publishes_and_a_villager_reads_asks_and_is_answered(
    chromium: Browser, site: Site, county: world.World
) -> None:
    # The township puts a village's table up: by sheet with a mistake, then right, then published.
    desk = at(chromium, site, "/township/articles/new", DESK, actor=county.deputy)
    desk.get_by_label("放在哪个栏目").select_option(label="阳光村务 · 集体资产")
    desk.get_by_role("button", name="下一步").click()
    desk.get_by_label("哪个村的").select_option(label="东湾村")
    desk.get_by_role("button", name="存下来").click()
    expect(desk.get_by_text("草稿").first).to_be_visible()
    desk.get_by_role("link", name="用表格换掉全部行").click()
    for rows, said in (
        ((("名称", "数量"), ("机井", "")), "有 1 处不对，什么都没有写入"),
        ((("名称", "数量"), ("机井 3 号", "1 眼")), "导入了 1 行"),
    ):
        desk.get_by_label("选表格").set_input_files(
            {"name": "表.xlsx", "mimeType": "application/x", "buffer": written.xlsx(*rows)}
        )
        desk.get_by_role("button", name="导入", exact=True).click()
        expect(desk.get_by_text(said).first).to_be_visible()
    desk.get_by_role("link", name="加附件").click()
    desk.get_by_label("选文件").set_input_files(
        {"name": "公示栏.jpg", "mimeType": "image/jpeg", "buffer": bombs.picture(place=True)}
    )
    desk.get_by_role("button", name="加上").click()
    expect(desk.get_by_role("link", name="公示栏")).to_be_visible()
    desk.get_by_role("link", name="发布", exact=True).click()
    desk.get_by_role("button", name="发布", exact=True).click()
    expect(desk.get_by_text("已发布").first).to_be_visible()

    # A villager reads it on a phone without scripts, in large type, and asks.
    phone = at(
        chromium,
        site,
        "/",
        NARROW,
        actor=county.applicant,
        kind="resident",
        scripts=False,
    )
    phone.get_by_role("link", name="大字版").click()
    places = phone.locator(".tiles a")
    expect(places).to_have_count(8)
    for number in range(8):
        places.nth(number).click()
        expect(phone.locator("h1")).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        phone.goto(site.address + "/")
    phone.get_by_role("link", name=re.compile("阳光村务")).click()
    phone.get_by_role("link", name="看东湾村的").click()
    expect(phone.get_by_text("机井 3 号")).to_be_visible()
    phone.get_by_role("link", name="这张表，我想问一问").first.click()
    phone.get_by_role("button", name="发出去").click()
    expect(phone.get_by_text("请写清楚哪一笔").first).to_be_visible()
    phone.get_by_label("写清哪一笔、怎么了").fill("机井的电费谁出？一亩地摊多少钱？")
    phone.get_by_label("答复可以挂出来给全村看").check()
    phone.get_by_role("button", name="发出去").click()
    expect(phone.get_by_text("前答复您。")).to_be_visible()

    # The township answers from its list, in public; the villager reads it.
    desk.goto(site.address + "/township/village-reports/")
    desk.get_by_role("link", name="答复", exact=True).click()
    desk.get_by_label("答复", exact=True).fill("电费按表由浇地的户出，一亩大约 12 元。")
    desk.get_by_text("本人看，也挂在村里的页上").click()
    desk.get_by_role("button", name="答复", exact=True).click()
    expect(desk.get_by_text("没有等答复的").first).to_be_visible()
    phone.goto(site.address + f"/places/village/of/{world.VILLAGE}/")
    expect(phone.get_by_text("一亩大约 12 元")).to_be_visible()
