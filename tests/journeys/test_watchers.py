"""A deputy on the phone and the monitoring centre at the desk, live, on the real program."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, Page, expect

from puhui.access import actions as access
from puhui.kernel.actor import SYSTEM, Actor
from puhui.market import actions, queries
from puhui.market.queries import LedgerFilter
from tests import world
from tests.desks import watched
from tests.journeys.site import Site
from tests.market.ageing import age

AT_ONCE = 5_000
"""Two seconds on a machine of its own; a test shares its machine with others."""
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(chromium: Browser) -> world.World:
    return world.build()


def at(
    chromium: Browser,
    site: Site,
    actor: Actor,
    path: str,
    size: dict[str, int],
    *,
    scripts: bool = True,
) -> Page:
    """A page of this member of staff, signed in the demo's way, and listening where it can."""
    context = chromium.new_context(
        viewport=size,  # type: ignore[arg-type]
        locale="zh-CN",
        java_script_enabled=scripts,
    )
    opened = access.open_persona_session("staff", actor.ref, by=SYSTEM)
    context.add_cookies([{"name": "puhui_session", "value": opened.token, "url": site.address}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{site.address}{path}")
    if scripts:
        page.locator("body[data-live]").wait_for()
        page.evaluate("window.sameDocument = true")
    return page


def is_as_wide_as_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_m008_a_published_demand_stands_at_all_three_consoles_within_two_seconds(
    county: world.World, site: Site, chromium: Browser
) -> None:
    watch = at(chromium, site, county.supervisor, "/county/", DESK)
    deputy = at(chromium, site, county.deputy, "/township/", PHONE)
    bank = at(chromium, site, county.bank.officer, "/bank/", DESK)
    new = watch.locator(".figs > div").first.locator("dd")
    underway = deputy.locator(".figs > div").nth(2).locator("dd")
    expect(new).to_have_text("0")
    expect(underway).to_have_text("0")
    began = time.monotonic()
    sent = watched.published(county)
    expect(new).to_have_text("1", timeout=2_000)
    expect(underway).to_have_text("1", timeout=2_000)
    expect(bank.locator(f"#row-{sent.ref}")).to_be_visible(timeout=2_000)
    assert time.monotonic() - began < 2.5
    for page in (watch, deputy, bank):
        assert page.evaluate("window.sameDocument") is True


def test_m011_a_new_overdue_case_jumps_to_the_top_and_its_call_is_logged_by_keyboard(
    county: world.World, site: Site, chromium: Browser
) -> None:
    watched.overdue(county, 0, seconds=660)
    page = at(chromium, site, county.supervisor, "/county/", DESK)
    card = page.locator("[data-panel=overdue] [data-row]").first
    expect(card).to_contain_text("试验一号银行")

    # A later one of another bank has waited longer: after the sweep it stands on top at once.
    other = watched.claimed(county, 1)
    age(other.ref, 1500)
    watched.sweep()
    expect(card).to_contain_text("试验二号银行", timeout=AT_ONCE)
    expect(card).to_contain_text("超 15 分")
    assert page.evaluate("window.sameDocument") is True

    # D opens the number and the words; what is typed stays while the lists go on changing.
    page.keyboard.press("1")
    page.keyboard.press("d")
    sheet = page.locator("#sheet")
    expect(sheet.locator("a[href^='tel:']").first).to_contain_text("周*理")
    expect(sheet).to_contain_text(f"贵行编号 {other.ref}")
    page.fill("#id_words", "马上打")
    watched.overdue(county, 2, seconds=2400)
    expect(card).to_contain_text("试验三号银行")
    expect(page.locator("#id_words")).to_have_value("马上打")
    page.fill("#id_to", "")
    page.get_by_role("button", name="记下", exact=True).click()
    expect(page.locator("#id_to-err")).to_have_text("请写打给谁。")
    expect(page.locator("#id_words")).to_have_value("马上打")
    page.fill("#id_to", "周*理（值班）")
    page.get_by_role("button", name="记下", exact=True).click()
    expect(sheet).to_be_hidden()
    expect(page.locator("#said")).to_contain_text("督导台账")
    rows = queries.supervision_ledger(county.supervisor, LedgerFilter(bank="B02")).rows
    assert [step.words for step in rows[0].steps if step.kind == "phoned"] == ["马上打"]

    # Once the bank reaches the applicant, the case leaves the list by itself.
    officer = county.banks[1].officer
    call = actions.start_call(other.engagement, by=officer)
    actions.record_callback(other.engagement, call.ref, "connected", by=officer)
    expect(page.locator("[data-panel=overdue]")).not_to_contain_text(
        "试验二号银行", timeout=AT_ONCE
    )
    page.get_by_role("link", name="督导台账").first.click()
    expect(page.locator("tr", has_text=other.ref)).to_contain_text("马上打")
    expect(page.locator("tr", has_text=other.ref)).to_contain_text("已了结")


def test_m012_a_deputy_follows_a_case_to_its_destination_on_a_phone(
    county: world.World, site: Site, chromium: Browser
) -> None:
    waiting, late = watched.unclaimed(county), watched.overdue(county)
    page = at(chromium, site, county.deputy, "/township/", PHONE)
    assert is_as_wide_as_the_screen(page)
    assert page.locator("[data-panel]:visible").count() == 1
    row = page.locator("[data-panel=waiting] [data-row]", has_text=waiting.ref)
    box = row.get_by_role("button", name="看电话").bounding_box()
    assert box and box["height"] >= 44

    # The number, on a tap that stands in the case afterwards.
    row.get_by_role("button", name="看电话").click()
    sheet = page.locator("#sheet")
    expect(sheet).to_contain_text("李为民")
    expect(sheet.locator("a[href^='tel:1980']")).to_be_visible()
    sheet.get_by_role("link", name="打完记一笔").click()
    page.fill("#id_words", "问清了，想先等农担回信")
    page.get_by_role("button", name="记下", exact=True).click()
    expect(sheet).to_be_hidden()

    # No destination, no end.
    row.get_by_role("link", name="填去处").click()
    page.fill("#id_words", "农担公司接了")
    page.get_by_role("button", name="说清了，结这一条").click()
    expect(sheet.locator(".err-note")).to_contain_text("请选去处")
    expect(page.locator("#id_words")).to_have_value("农担公司接了")
    sheet.get_by_text("转农担、补贴或其他办法").click()
    page.get_by_role("button", name="说清了，结这一条").click()
    expect(sheet).to_be_hidden()
    expect(page.locator("[data-panel=waiting]")).to_contain_text("今天没有群众等您出面。")

    # The second tab, a nudge, and the case with its whole way.
    page.locator("[data-tab=unreached]").click()
    unreached = page.locator("[data-panel=unreached]")
    unreached.get_by_role("button", name="催一下").click()
    expect(page.locator("#said")).to_contain_text("催了")
    unreached.get_by_role("link", name=late.ref).click()
    expect(page.locator(".log")).to_contain_text("镇里、县里催了一下")
    assert is_as_wide_as_the_screen(page)
    page.goto(f"{site.address}/township/cases/{waiting.ref}/")
    expect(page.locator(".log")).to_contain_text("看了姓名、电话、村庄")
    expect(page.locator("main")).to_contain_text("转农担、补贴或其他办法：农担公司接了")
    assert "李为民" not in page.content()


def test_without_scripts_every_step_is_a_plain_form(
    county: world.World, site: Site, chromium: Browser
) -> None:
    waiting, late = watched.unclaimed(county), watched.overdue(county)
    page = at(chromium, site, county.deputy, "/township/?list=waiting", PHONE, scripts=False)
    page.get_by_role("link", name="没接上话").click()
    page.locator("[data-panel=unreached]").get_by_role("button", name="催一下").click()
    expect(page.locator(".said, #said").first).to_contain_text("催了")
    page.goto(f"{site.address}/township/")
    page.locator("[data-panel=waiting]").get_by_role("button", name="看电话").click()
    expect(page.locator("main")).to_contain_text("李为民")
    page.goto(f"{site.address}/township/cases/{waiting.ref}/")
    page.get_by_role("link", name="填去处").first.click()
    page.get_by_role("button", name="说清了，结这一条").click()
    expect(page.locator("main")).to_contain_text("请选去处")
    page.get_by_text("本人不办了", exact=True).click()
    page.get_by_role("button", name="说清了，结这一条").click()
    expect(page.locator("main")).to_contain_text("本人撤回")

    watch = at(chromium, site, county.supervisor, "/county/", DESK, scripts=False)
    watch.get_by_role("link", name="打给行长").first.click()
    expect(watch.locator("main")).to_contain_text(f"贵行编号 {late.ref}")
    watch.fill("#id_words", "行长说马上办")
    watch.get_by_role("button", name="记下", exact=True).click()
    expect(watch.locator("main")).to_contain_text("行长说马上办")
    expect(watch).to_have_url(f"{site.address}/county/supervision/?q={late.ref}")
