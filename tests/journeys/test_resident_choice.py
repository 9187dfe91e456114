"""From the plans to the money: an applicant of sixty on a small phone, in large type, without scripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions as market
from puhui.market.models import Engagement, Rating
from tests import world
from tests.desks.resident import story
from tests.journeys.site import Site
from tests.journeys.test_resident import NARROW, _is_sound

BANK = "试验一号银行"
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def _pressed(page: Page, words: str, address: str) -> None:
    """One tap on what the page names so, and the next page is sound too."""
    target = page.get_by_role("button", name=words, exact=True)
    if not target.count():
        target = page.get_by_role("link", name=words, exact=True)
    target.first.click()
    page.wait_for_url(f"**{address}")
    _is_sound(page)


def _on_the_phone(chromium: Browser, address: str, one: story.Story) -> Page:
    context = chromium.new_context(
        viewport=NARROW,  # type: ignore[arg-type]
        base_url=address,
        locale="zh-CN",
        java_script_enabled=False,
    )
    context.set_default_timeout(15_000)
    cookies = {"puhui_session": one.client.cookies["puhui_session"].value, "puhui_care": "1"}
    context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
    )
    return context.new_page()


def test_m010_from_the_plans_to_the_money_without_scripts_in_large_type(
    chromium: Browser, site: Site
) -> None:
    one = story.begin().claimed().called().planned()
    first, second, third = one.engagements
    page, mine = _on_the_phone(chromium, site.address, one), f"/my/{one.ref}/"
    page.goto(mine)
    _pressed(page, "看方案，放一块儿比", f"{mine}plans")
    expect(page.locator(".cmp tbody tr")).to_have_count(3)
    _pressed(page, "按每月还的钱排", f"{mine}plans?by=month")
    page.locator(f"a[href*='/plans/{first}/keep?plan=']").click()
    expect(page.locator("h1")).to_have_text(f"留下{BANK}往下办？")
    _pressed(page, "留下", mine)
    page.goto(f"{mine}plans/{third}/decline")
    _pressed(page, "不留", mine)
    officer = one.county.bank.officer
    market.start_investigation(first, database_now() + timedelta(hours=1), by=officer)
    market.report_investigation(first, by=officer)
    page.goto(mine)
    expect(page.locator("h1")).to_contain_text("说已经到您家看过，对吗？")
    _pressed(page, "人来过了", f"{mine}?said=visited-yes")
    less = replace(world.PLAN, amount_fen=8_000_000, change_reason="按现在的圈舍先用这么多。")
    market.submit_offer(first, less, by=officer)
    page.goto(mine)
    _pressed(page, "看准信", f"{mine}offers")
    expect(page.locator(".diff")).to_contain_text(["少 2 万"])
    page.locator(f"a[href$='/offers/{first}/accept']").click()
    _is_sound(page)
    _pressed(page, "就选这家", mine)
    expect(page.locator("h1")).to_contain_text(f"您选了{BANK}。")
    market.record_signing(first, by=officer)
    today = local_date(database_now())
    market.record_disbursement(first, world.returned(today), by=officer)
    page.goto(mine)
    _pressed(page, "钱到了", f"{mine}rate/{first}")
    page.get_by_label("好", exact=True).first.check(force=True)
    page.get_by_label("没有").check(force=True)
    _pressed(page, "说完了", f"{mine}?said=rated-yes")
    expect(page.locator("h1")).to_have_text("钱到了，这件事办成了。")
    assert Rating.objects.get(engagement__ref=first).speed == 3
    states = dict(Engagement.objects.values_list("ref", "state"))
    assert (states[second], states[third]) == ("not_selected", "not_selected")


def test_m009_the_waiting_page_hears_a_claim_within_two_seconds(
    chromium: Browser, site: Site
) -> None:
    one = story.begin(banks=1)
    context = chromium.new_context(viewport=NARROW, base_url=site.address, locale="zh-CN")  # type: ignore[arg-type]
    token = one.client.cookies["puhui_session"].value
    context.add_cookies([{"name": "puhui_session", "value": token, "url": site.address}])
    page = context.new_page()
    with page.expect_response("**/stream"):  # at the address of its own, not the page's
        page.goto(f"/my/{one.ref}/")
    expect(page.locator("h1")).to_contain_text("已经发给 1 家银行了。")
    page.evaluate("window.sameDocument = true")
    market.claim(one.ref, by=one.county.bank.officer)
    expect(page.locator("h1")).to_contain_text(f"{BANK}接了您的需求，", timeout=2_000)
    assert page.evaluate("window.sameDocument") is True
