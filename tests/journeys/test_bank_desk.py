"""An officer at the desk: signed in, live, by keyboard, in a real browser on the real program."""

from __future__ import annotations

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from puhui.access import actions as access
from puhui.kernel.actor import SYSTEM
from puhui.market import actions
from puhui.market.models import CallAttempt, Engagement
from tests import world
from tests.journeys.site import Site
from tests.program.conftest import await_

OWN = "明年五月羊羔出栏 1204"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(chromium: Browser) -> world.World:
    return world.build()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    shown = context.new_page()
    shown.set_default_timeout(15_000)
    faults: list[str] = []
    shown.on("pageerror", lambda error: faults.append(str(error)))
    yield shown
    assert faults == []


def enter(page: Page, site: Site, county: world.World) -> None:
    """Sign in as the bank's duty officer, without a password: the demo's way."""
    opened = access.open_persona_session("staff", county.bank.officer.ref, by=SYSTEM)
    page.context.add_cookies(
        [{"name": "puhui_session", "value": opened.token, "url": site.address}]
    )
    page.goto(f"{site.address}/bank/")
    page.locator("body[data-live]").wait_for()


def secret_on(page: Page) -> str:
    return page.locator(".qr + .hint b").inner_text().replace(" ", "")


def test_m009_from_first_sign_in_to_a_plan_by_keyboard(
    county: world.World, site: Site, page: Page
) -> None:
    officer = county.bank.officer
    assert officer.duty
    password = access.create_account(officer.ref, officer.duty, "zhou", by=county.admin)

    # The first sign-in: one's own password, then the second factor from the picture.
    page.goto(f"{site.address}/bank/")
    page.fill("#id_login", "zhou")
    page.fill("#id_password", password)
    page.keyboard.press("Enter")
    for name, typed in (("old", password), ("new", OWN), ("again", OWN)):
        page.fill(f"#id_{name}", typed)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="显示二维码").click()
    expect(page.locator(".qr svg")).to_be_visible()
    code = pyotp.TOTP(secret_on(page))
    page.fill("#id_totp", code.now())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="试验一号银行")).to_be_visible()

    # A new demand is there within two seconds, without a reload.
    page.evaluate("window.sameDocument = true")
    page.keyboard.press("Escape")
    page.locator("body[data-live]").wait_for()
    sent = world.publish(county)
    row = page.locator(f"#row-{sent.ref}")
    row.wait_for(timeout=2_000)
    assert page.evaluate("window.sameDocument") is True
    assert page.evaluate("document.body.dataset.beeps") == "1"
    expect(row.locator("[data-due]")).to_contain_text("4:")

    # C claims it; it stands as the call in hand, with both clocks running.
    page.keyboard.press("2")
    expect(row).to_have_attribute("aria-selected", "true")
    page.keyboard.press("c")
    await_(lambda: Engagement.objects.filter(demand__ref=sent.ref).exists(), "it is claimed", 10)
    one = Engagement.objects.get(demand__ref=sent.ref)
    card = page.locator(f"#row-{one.ref}")
    expect(card).to_contain_text(sent.contact_code)
    expect(page.locator("#said")).to_contain_text("先报对接号")

    # D dials: the number, the words, the attempt stamped.
    page.keyboard.press("1")
    page.keyboard.press("d")
    expect(page.locator("#sheet a[href^='tel:']")).to_be_visible()
    assert CallAttempt.objects.get().is_on_time
    page.get_by_text("打通了", exact=True).last.click()
    page.fill("#id_duration_seconds", "95")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("[data-panel=answers] .n")).to_have_text("1")

    # Enter opens the plan; a wrong field is told beside it, and what was typed stays.
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    page.fill("#id_rate_ppm", "四厘")
    page.fill("#id_security_words", "夫妻两人签字")
    page.get_by_role("button", name="给出初步方案").click()
    expect(page.locator("#id_rate_ppm-err")).to_contain_text("年利率只填数字")
    expect(page.locator("#id_security_words")).to_have_value("夫妻两人签字")
    page.fill("#id_rate_ppm", "4.75")
    page.get_by_role("button", name="先看群众会看到什么").click()
    expect(page.locator(".seen")).to_contain_text("475 元（年利率 4.75%）")
    page.get_by_role("button", name="给出初步方案").click()
    expect(page.locator("#sheet")).to_be_hidden()
    one.refresh_from_db()
    assert one.state == "planned"
    assert page.evaluate("window.sameDocument") is True


def test_m008_what_another_bank_takes_disappears_from_this_desk(
    county: world.World, site: Site, page: Page
) -> None:
    applicant = world.resident()
    sent = world.publish(county, applicant)
    enter(page, site, county)
    row = page.locator(f"#row-{sent.ref}")
    expect(row).to_contain_text("名额剩 3")
    actions.claim(sent.ref, by=county.banks[1].officer)
    expect(row).to_contain_text("名额剩 2")
    actions.withdraw(sent.ref, reason="not_needed", by=applicant)
    expect(row).to_have_count(0)
    assert "试验二号" not in page.content()


def test_the_cursor_goes_by_keys_and_survives_a_refresh(
    county: world.World, site: Site, page: Page
) -> None:
    refs = [world.publish(county).ref for _ in range(3)]
    enter(page, site, county)
    page.keyboard.press("2")
    page.keyboard.press("j")
    expect(page.locator(f"#row-{refs[1]}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("n")
    page.keyboard.press("k")
    fresh = world.publish(county)
    page.locator(f"#row-{fresh.ref}").wait_for(timeout=5_000)
    expect(page.locator(f"#row-{refs[1]}")).to_have_attribute("aria-selected", "true")
    assert page.locator("[aria-selected=true]").count() == 1
    page.keyboard.press("?")
    expect(page.locator("#all-keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("#said")).to_contain_text("提示音关了")
    beeps = page.evaluate("document.body.dataset.beeps")
    silent = world.publish(county)
    page.locator(f"#row-{silent.ref}").wait_for(timeout=5_000)
    assert page.evaluate("document.body.dataset.beeps") == beeps
    page.reload()
    assert page.evaluate("localStorage.getItem('puhui-mute')") == "1"


def test_a_cut_stream_is_shown_and_the_page_asks_by_itself(
    county: world.World, site: Site, page: Page
) -> None:
    enter(page, site, county)
    expect(page.locator(".cut")).to_be_hidden()
    site.stream.stop()
    expect(page.locator(".cut")).to_be_visible()
    sent = world.publish(county)
    page.locator(f"#row-{sent.ref}").wait_for(timeout=15_000)
    site.stream.start_again()
    expect(page.locator(".cut")).to_be_hidden(timeout=30_000)
    after = world.publish(county)
    page.locator(f"#row-{after.ref}").wait_for(timeout=5_000)


def test_on_the_phone_five_tabs_and_no_scrolling_sideways(
    county: world.World, site: Site, chromium: Browser
) -> None:
    sent = world.publish(county)
    actions.claim(world.publish(county).ref, by=county.bank.officer)
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    enter(page, site, county)
    expect(page.locator("[data-panel=calls]")).to_be_visible()
    expect(page.locator("[data-panel=open]")).to_be_hidden()
    page.locator("[data-tab=open]").tap()
    expect(page.locator(f"#row-{sent.ref}")).to_be_visible()
    expect(page.locator("[data-panel=calls]")).to_be_hidden()
    for name in ("calls", "open", "visits", "answers", "returns"):
        page.locator(f"[data-tab={name}]").tap()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        low = "[...document.querySelectorAll('#lists .btn')].filter(one => one.offsetParent && one.offsetHeight < 44).length"
        assert page.evaluate(low) == 0
    page.locator("[data-tab=open]").tap()
    page.locator(f"#row-{sent.ref} [data-claim]").tap()
    expect(page.locator("[data-panel=calls]")).to_be_visible()
    expect(page.locator("[data-panel=calls]")).to_contain_text(sent.contact_code)
    first = Engagement.objects.get(demand__ref=sent.ref).ref
    actions.start_call(first, by=county.bank.officer)
    later = world.publish(county, world.resident())
    page.locator("[data-tab=open]").tap()
    page.locator(f"#row-{later.ref} [data-claim]").tap()
    expect(page.locator("[data-panel=calls]")).to_contain_text(later.contact_code)
    taken = page.locator(f"#row-{Engagement.objects.get(demand__ref=later.ref).ref}")
    expect(taken).to_have_attribute("aria-selected", "true")
    expect(taken).to_be_in_viewport()  # a call not recorded yet stands before it


def test_without_scripts_the_same_work_is_done_by_plain_forms(
    county: world.World, site: Site, chromium: Browser
) -> None:
    sent = world.publish(county)
    opened = access.open_persona_session("staff", county.bank.officer.ref, by=SYSTEM)
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "puhui_session", "value": opened.token, "url": site.address}])
    page = context.new_page()
    page.goto(f"{site.address}/bank/")
    page.locator(f"#row-{sent.ref}").get_by_role("button", name="接单").click()
    expect(page.locator("#said")).to_contain_text("先报对接号")
    page.get_by_role("button", name="一键拨号").click()
    expect(page.locator("a[href^='tel:']")).to_be_visible()
    page.get_by_label("打通了").check()
    page.get_by_role("button", name="登记", exact=True).click()
    await_(lambda: Engagement.objects.get().state == "called_back", "the call is recorded", 10)


def test_m008_put_aside_undone_claimed_and_handed_over_by_keys_alone(
    county: world.World, site: Site, page: Page
) -> None:
    sent = world.publish(county)
    enter(page, site, county)
    row = page.locator(f"#row-{sent.ref}")
    page.keyboard.press("2")
    expect(row).to_have_attribute("aria-selected", "true")
    page.keyboard.press("x")
    expect(row).to_have_count(0)
    expect(page.locator("[data-panel=open] footer")).to_contain_text("不感兴趣的 1 笔")
    page.keyboard.press("z")
    expect(row).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    await_(lambda: Engagement.objects.filter(demand__ref=sent.ref).exists(), "it is claimed", 10)
    one = Engagement.objects.get(demand__ref=sent.ref)
    page.locator(f"#row-{one.ref}").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("o")
    page.locator("body.case-page").wait_for()
    over = page.get_by_role("link", name="转给同事")
    over.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_visible()
    page.locator("#sheet input[name=officer]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    await_(
        lambda: Engagement.objects.get(pk=one.pk).officer_id == county.bank.head.person,
        "it is handed over",
        10,
    )
