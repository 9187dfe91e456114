"""Stories of an applicant in a real browser: with scripts and without, by keyboard, on a bad network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from puhui.market import actions as market
from puhui.market.models import FinancingDemand
from tests import world
from tests.desks.resident import steps, story

COMES_BACK = "document.dispatchEvent(new Event('visibilitychange'))"
"""Whoever comes back to the page is told at once; the stream and the poll have tests of their own."""
PHONE_SIZE = {"width": 360, "height": 740}
NARROW = {"width": 320, "height": 640}

pytestmark = pytest.mark.django_db(transaction=True)


Opened = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, live_server: Any) -> Iterator[Opened]:
    """A fresh phone at an address of the site; errors on its console fail the test."""
    said: list[str] = []

    def open_at(address: str, **options: Any) -> Page:
        context = chromium.new_context(
            **{"viewport": PHONE_SIZE, "base_url": live_server.url, "locale": "zh-CN", **options}
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "console",
            lambda line: said.append(line.text) if "Security Policy" in line.text else None,
        )
        page.goto(address)
        return page

    yield open_at
    assert said == []


def _screen_1(page: Page) -> None:
    page.locator("[name=amount][value='10']").check(force=True)
    page.locator("[name=purpose][value=livestock]").check()
    page.fill("#scale", "120")
    page.select_option("#scale_unit", "只")
    page.fill("#story", "想买羊羔")


def _screen_2(page: Page) -> None:
    page.locator("[name=term][value=months_6]").check()
    page.locator("[name=repayment_wish][value=once]").check()
    page.locator("[name=securities][value=none]").check()


def _person(page: Page) -> None:
    page.fill("#name", "李为民")
    page.fill("#identity_number", str(steps.SCREEN_3["identity_number"]))
    page.fill("#phone", steps.PHONE)
    page.select_option("#township", world.TOWNSHIP)


def _on(page: Page, address: str) -> None:
    page.locator(".foot .weui-btn_primary").click()
    page.wait_for_url(f"**{address}")


def _send(page: Page) -> str:
    """Screen 4 to the end; the reference of what went out."""
    page.locator("[name=route][value=all]").check()
    page.locator("#consent").check()
    page.locator("button[value=code]").click()
    expect(page.locator("[role=status]").first).to_contain_text("验证码已发到尾号 9001")
    page.fill("#code", steps.code_sent_to(steps.PHONE))
    page.locator(".foot button[value=send]").click()
    page.wait_for_url("**/my/*/")
    return page.url.rstrip("/").split("/")[-1]


PALE = """() => {
    const light = c => {
        const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(n => n / 255)
            .map(n => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = one => {
        for (; one; one = one.parentElement) {
            const color = getComputedStyle(one).backgroundColor;
            if (!/, 0\\)$|transparent/.test(color)) return color;
        }
        return 'rgb(255, 255, 255)';
    };
    const found = [];
    for (const one of document.querySelectorAll('body *')) {
        const words = [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim());
        const box = one.getBoundingClientRect();
        if (!words || box.width < 2 || one.closest('noscript, select, .vh')) continue;
        const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < 4.5) found.push(one.outerHTML.slice(0, 80));
    }
    return found;
}"""
"""Elements whose words stand less than 4.5 : 1 from their ground."""


def _is_sound(page: Page) -> None:
    """Nothing scrolls sideways; what can be pressed is large enough; words stand out."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, page.url
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
        .map(one => one.matches('.weui-check') ? one.closest('label') || one : one)
        .filter(one => !one.closest('.vh') && !one.matches('.vh'))
        .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
        .filter(([, box]) => box.width > 1 && box.height > 1 && (box.width < 43.5 || box.height < 43.5))
        .map(([html]) => html)"""
    )
    assert small == [], page.url
    assert page.evaluate(PALE) == [], page.url


def test_m026_a_whole_request_with_scripts(opened: Opened) -> None:
    county = world.build()
    page = opened("/")
    page.get_by_role("link", name="我要用钱").click()
    page.wait_for_url("**/ask/1")
    page.fill("#own", "5.5")
    expect(page.locator("#capitals")).to_have_text("伍万伍仟元整（55,000 元）")
    _screen_1(page)
    expect(page.locator("#capitals")).to_have_text("壹拾万元整（100,000 元）")
    assert page.locator("#scale_unit option:not([hidden])").all_inner_texts() == ["头", "只"]
    _on(page, "/ask/2")
    _screen_2(page)
    _on(page, "/ask/3")
    _person(page)
    page.locator(f"#village option[value='{world.VILLAGE}']").wait_for(state="attached")
    expect(page.locator("#show-villages")).to_be_hidden()
    page.select_option("#village", world.VILLAGE)
    page.locator("[name=call_wish][value=now]").check()
    _on(page, "/ask/4")
    ref = _send(page)
    expect(page.locator("h1")).to_contain_text("已经发给 3 家银行了。")
    market.claim(ref, by=county.bank.officer)
    page.evaluate(COMES_BACK)
    expect(page.locator("h1")).to_contain_text("试验一号银行接了您的需求")
    page.get_by_role("button", name="已经打了").click()
    expect(page.locator("[role=status]").first).to_contain_text("记下了：银行打过了。")


def test_m026_a_whole_request_without_scripts(opened: Opened) -> None:
    world.build()
    page = opened("/", java_script_enabled=False)
    page.get_by_role("link", name="我要用钱").click()
    _screen_1(page)
    _on(page, "/ask/2")
    _screen_2(page)
    _on(page, "/ask/3")
    _person(page)
    page.locator("#show-villages").click()
    page.wait_for_url("**/ask/3#village")
    assert page.input_value("#name") == "李为民"
    page.select_option("#village", world.VILLAGE)
    page.locator("[name=call_wish][value=now]").check()
    _on(page, "/ask/4")
    ref = _send(page)
    assert FinancingDemand.objects.get(ref=ref).state == "published"
    expect(page.locator("h1")).to_contain_text("已经发给 3 家银行了。")


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody without a pointer does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by the keyboard")


def test_a_whole_request_by_keyboard_alone(opened: Opened) -> None:
    world.build(banks=1)
    page = opened("/ask/1")
    keys = page.keyboard
    _tab_to(page, "#own")
    keys.type("10")
    _tab_to(page, "[name=purpose]")
    keys.press("ArrowDown")
    keys.press("Enter")
    page.wait_for_url("**/ask/2")
    _tab_to(page, "[name=term]")
    keys.press("ArrowDown")
    _tab_to(page, "[name=repayment_wish]")
    keys.press("Space")
    _tab_to(page, "[name=securities][value=none]")
    keys.press("Space")
    keys.press("Enter")
    page.wait_for_url("**/ask/3")
    _tab_to(page, "#name")
    keys.type("李为民")
    _tab_to(page, "#identity_number")
    keys.type(str(steps.SCREEN_3["identity_number"]))
    _tab_to(page, "#phone")
    keys.type(steps.PHONE)
    _tab_to(page, "#township")
    page.select_option("#township", world.TOWNSHIP)
    page.locator(f"#village option[value='{world.VILLAGE}']").wait_for(state="attached")
    _tab_to(page, "#village")
    page.select_option("#village", world.VILLAGE)
    _tab_to(page, "[name=call_wish]")
    keys.press("Space")
    keys.press("Enter")
    page.wait_for_url("**/ask/4")
    _tab_to(page, "[name=route]")
    keys.press("Space")
    _tab_to(page, "#consent")
    keys.press("Space")
    _tab_to(page, "button[value=code]:not(.vh)")
    keys.press("Enter")
    page.wait_for_url("**sent=code**")
    expect(page.locator("#code")).to_be_focused()
    keys.type(steps.code_sent_to(steps.PHONE))
    keys.press("Enter")
    page.wait_for_url("**/my/*/")
    assert FinancingDemand.objects.get().purpose == "orchard_greenhouse"


@pytest.mark.parametrize("scripts", [True, False])
def test_errors_lead_to_their_fields_and_nothing_typed_is_lost(
    opened: Opened, scripts: bool
) -> None:
    world.build(banks=1)
    page = opened("/ask/1", java_script_enabled=scripts)
    page.fill("#own", "五万")
    page.fill("#story", "想买羊羔")
    page.locator(".foot .weui-btn_primary").click()
    expect(page.locator("#errors h2")).to_contain_text("还有 2 处要改")
    if scripts:
        expect(page.locator("#errors")).to_be_focused()
    assert page.input_value("#own") == "五万"
    assert page.input_value("#story") == "想买羊羔"
    expect(page.locator("#e-amount")).to_have_text("这里只填数字，比如 5 或 5.5。")
    page.get_by_role("link", name="请选一个干什么用，银行好知道派谁来。").click()
    if scripts:
        assert page.evaluate("document.activeElement.closest('fieldset').id") == "purpose"
    page.fill("#own", "5")
    page.locator("[name=purpose][value=crops]").check()
    _on(page, "/ask/2")


def test_when_the_network_drops_everything_typed_stays_and_goes_out_later(opened: Opened) -> None:
    world.build(banks=1)
    page = opened("/ask/1")
    _screen_1(page)
    page.context.set_offline(True)
    page.locator(".foot .weui-btn_primary").click()
    expect(page.locator("#cut")).to_have_text("网断了。您填的都在手机上，有网了再点“下一步”。")
    assert page.input_value("#scale") == "120"
    page.context.set_offline(False)
    page.reload()
    assert page.input_value("#story") == "想买羊羔", "kept in the browser over a reload"
    assert page.locator("[name=amount][value='10']").is_checked()
    _on(page, "/ask/2")
    kept = page.evaluate("sessionStorage.getItem('puhui-typed')")
    assert kept is None, "forgotten once the server has it"


def test_the_browser_keeps_no_identity_number_and_no_code(opened: Opened) -> None:
    world.build(banks=1)
    page = opened("/ask/3")
    _person(page)
    page.context.set_offline(True)
    page.locator(".foot .weui-btn_primary").click()
    expect(page.locator("#cut")).to_be_visible()
    kept = page.evaluate("JSON.stringify([sessionStorage, localStorage])")
    assert "李为民" in kept
    assert str(steps.SCREEN_3["identity_number"]) not in kept


@pytest.mark.parametrize("care", [False, True])
@pytest.mark.parametrize("size", [PHONE_SIZE, NARROW])
def test_every_page_fits_the_phone_in_both_sizes(opened: Opened, size: Any, care: bool) -> None:
    one = story.begin().claimed().called().planned().visited(0)
    market.submit_offer(one.engagements[0], world.PLAN, by=one.county.bank.officer)
    market.refuse(one.engagements[1], "R07", by=one.county.banks[1].officer)
    page = opened("/", viewport=size)
    cookies = [{"name": "puhui_session", "value": one.client.cookies["puhui_session"].value}]
    cookies += [{"name": "puhui_care", "value": "1"}] if care else []
    origin = page.url
    page.context.add_cookies([{**cookie, "url": origin} for cookie in cookies])  # type: ignore[typeddict-item]
    mine, plan = f"/my/{one.ref}/", f"/my/{one.ref}/plans/{one.engagements[2]}"
    addresses = (
        *("/", "/products/", "/banks/", "/places/news/", "/ask/1", "/ask/2", "/ask/3", "/my/"),
        *(mine, f"{mine}plans", f"{plan}/keep", f"{plan}/decline", f"{mine}offers"),
        *(f"{mine}offers/{one.engagements[0]}/accept", f"{mine}refused/{one.engagements[1]}"),
        *(f"{mine}withdraw", f"{mine}call-time", f"{mine}rate/{one.engagements[1]}"),
        *("/my/data", "/my/messages", "/sign-in/who"),
    )
    for address in addresses:
        page.goto(address)
        assert page.locator("html").get_attribute("data-weui-mode") == ("care" if care else None)
        _is_sound(page)


def test_the_clock_on_the_waiting_page_runs_down(opened: Opened) -> None:
    one = story.begin(banks=1).claimed()
    page = opened("/")
    token = one.client.cookies["puhui_session"].value
    page.context.add_cookies([{"name": "puhui_session", "value": token, "url": page.url}])
    page.goto(f"/my/{one.ref}/")
    first = page.locator(".clock").inner_text()
    expect(page.locator(".clock")).not_to_have_text(first)
    expect(page.locator(".clock")).to_contain_text("4")
