"""A wall screen, live and cut off; a bulletin by two people; all on the real program."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from puhui.access import actions as access
from puhui.kernel.actor import SYSTEM, Actor
from puhui.oversight import actions, queries
from tests import world
from tests.desks import watched
from tests.journeys.site import Site
from tests.oversight.test_bulletins import in_last_month, last_month

AT_ONCE = 10_000
"""Two seconds on a machine of its own; a test shares its machine with others."""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def county(chromium: Browser) -> world.World:
    return world.build()


def desk(chromium: Browser, site: Site, actor: Actor, path: str) -> Page:
    """A page of the county's desk, signed in."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    opened = access.open_persona_session("staff", actor.ref, by=SYSTEM)
    context.add_cookies([{"name": "puhui_session", "value": opened.token, "url": site.address}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{site.address}{path}")
    return page


BARS = """() => [...document.querySelectorAll('.figure-rows svg')].every(bar => {
    const [whole, part] = ['.track', '.mark'].map(one => bar.querySelector(one));
    const [room, drawn] = [bar, part].map(one => one.getBoundingClientRect().width);
    return Math.abs(drawn / room - part.getAttribute('width') / whole.getAttribute('width')) < 0.02;
})"""


def test_bars_keep_their_share_on_the_phone(
    county: world.World, site: Site, chromium: Browser
) -> None:
    world.publish(county)
    page = desk(chromium, site, county.supervisor, "/county/figures/")
    assert page.locator(".figure-rows .mark[width='260']").count() > 0
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(BARS), f"a bar is cut at {width} px"


def test_m032_a_screen_is_bound_goes_live_says_when_it_is_cut_and_comes_back(
    county: world.World, site: Site, chromium: Browser
) -> None:
    office = desk(chromium, site, county.supervisor, "/county/screens/issue")
    office.fill("#id_name", "一楼大厅")
    office.keyboard.press("Enter")
    code = office.locator(".code-big").inner_text()

    hall = chromium.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    hall.set_default_timeout(15_000)
    hall.goto(f"{site.address}/screens/")
    hall.fill("#code", "AAAAA BBBBB")
    hall.keyboard.press("Enter")
    expect(hall.get_by_role("alert")).to_contain_text("这个码不对")
    hall.fill("#code", code.lower())
    hall.keyboard.press("Enter")
    hall.locator("body[data-live]").wait_for()
    hall.evaluate("window.sameDocument = true")
    assert hall.evaluate("document.documentElement.scrollHeight <= 1080")

    # A request goes out: its township's tile lights up and a line runs, without a reload.
    tile = hall.locator(f"[data-tile='{world.TOWNSHIP}']")
    expect(tile.locator("b")).to_have_text("0")
    sent = watched.published(county)
    expect(tile.locator("b")).to_have_text("1", timeout=AT_ONCE)
    expect(tile).to_have_class(re.compile("live"))
    expect(hall.locator(".stream li").first).to_contain_text("河湾镇")
    assert sent.ref not in hall.content() and "href=" not in hall.locator("main").inner_html()

    # The network goes: the screen says since when, keeps what it showed, and catches up.
    hall.context.set_offline(True)
    hall.evaluate("fetch(document.body.dataset.part).catch(() => 0)")
    site.stream.stop()
    expect(hall.locator(".stopped")).to_contain_text("数据停在", timeout=30_000)
    expect(tile.locator("b")).to_have_text("1")
    watched.published(county)
    hall.context.set_offline(False)
    site.stream.start_again()
    expect(tile.locator("b")).to_have_text("2", timeout=30_000)
    expect(hall.locator(".stopped")).to_be_hidden()
    assert hall.evaluate("window.sameDocument") is True

    # Put out by the county, it shows nothing any more.
    (card,) = queries.screens(county.supervisor)
    actions.revoke_screen(card.ref, by=county.supervisor)
    expect(hall.locator("#code")).to_be_visible(timeout=30_000)
    assert "没有开，或已经停用" in hall.content()


def test_m014_one_writes_another_issues_anybody_verifies(
    county: world.World, site: Site, chromium: Browser
) -> None:
    in_last_month(watched.funded(county).ref)
    writer = desk(chromium, site, county.supervisor, "/county/bulletins/")
    writer.get_by_role("link", name="生成一期").click()
    sheet = writer.locator("#sheet")
    sheet.get_by_role("button", name="从台账数出来").click()
    writer.locator("tbody a").first.click()
    expect(writer.locator(".paper")).to_contain_text("放款 1 笔")
    writer.get_by_role("link", name="改字").click()
    writer.fill("#id_voices", "一件也没有。")
    sheet.get_by_role("button", name="存下来").click()
    expect(sheet).to_contain_text("数由系统填，字随您改")
    expect(writer.locator("#id_voices")).to_have_value("一件也没有。")
    writer.fill("#id_voices", "收钱 {收钱} 件，没接到 {没接到} 件，都问清了。")
    sheet.get_by_role("button", name="存下来").click()
    expect(writer.locator(".paper")).to_contain_text("收钱 0 件，没接到 0 件，都问清了。")
    expect(writer.get_by_role("link", name="确认发布")).to_have_count(0)

    month = f"TB{last_month():%Y%m}-1"
    second = desk(chromium, site, county.admin, f"/county/bulletins/{month}/")
    second.get_by_role("link", name="确认发布").click()
    second.locator("#sheet").get_by_role("button", name="我看过了，发布").click()
    expect(second.locator("h1")).to_contain_text("已发布")
    assert queries.bulletin(county.supervisor, month).issued_by == county.admin.ref

    address = second.locator("dt:has-text('验真') + dd a").get_attribute("href") or ""
    phone = chromium.new_context(viewport={"width": 320, "height": 640}).new_page()
    phone.goto(address)
    expect(phone.locator("h1")).to_have_text("这份通报是真的")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
