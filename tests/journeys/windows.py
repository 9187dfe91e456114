"""Somebody's own browser window on the site, and the four screens as an applicant fills them."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from puhui.access import actions as access
from puhui.kernel.actor import SYSTEM
from tests import world
from tests.desks.resident import steps
from tests.journeys.site import Site

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}


class Window:
    """Somebody's own browser window on the site."""

    def __init__(
        self, chromium: Browser, site: Site, size: dict[str, int], staff: str = ""
    ) -> None:
        self.site = site
        context = chromium.new_context(viewport=size, locale="zh-CN", base_url=site.address)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        if staff:
            opened = access.open_persona_session("staff", staff, by=SYSTEM)
            cookie = {"name": "puhui_session", "value": opened.token, "url": site.address}
            context.add_cookies([cookie])  # type: ignore[list-item]
        self.page: Page = context.new_page()

    def at(self, address: str) -> Page:
        self.page.goto(address)
        return self.page

    def send(self, address: str, button: str, **typed: str) -> None:
        """Open a form of the desk, fill it by field name, send it."""
        page = self.at(address)
        for name, words in typed.items():
            field = page.locator(f"[name={name}]").first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(words)
            elif field.get_attribute("type") == "radio":
                page.locator(f"[name={name}][value='{words}']").check()
            else:
                field.fill(words)
        page.get_by_role("button", name=button, exact=True).first.click()
        page.wait_for_load_state()
        assert page.locator(".err-sum, [aria-invalid=true]").count() == 0, page.content()[:4000]


def ask(window: Window) -> str:
    """The four screens on a phone, to the waiting page; the demand's reference."""
    page = window.at("/ask/1")
    page.locator("[name=amount][value='10']").check(force=True)
    page.locator("[name=purpose][value=livestock]").check()
    page.locator(".foot .weui-btn_primary").click()
    page.wait_for_url("**/ask/2")
    page.locator("[name=term][value=months_6]").check()
    page.locator("[name=repayment_wish][value=once]").check()
    page.locator("[name=securities][value=none]").check()
    page.locator(".foot .weui-btn_primary").click()
    page.wait_for_url("**/ask/3")
    page.fill("#name", "李为民")
    page.fill("#identity_number", str(steps.SCREEN_3["identity_number"]))
    page.fill("#phone", steps.PHONE)
    page.select_option("#township", world.TOWNSHIP)
    page.locator(f"#village option[value='{world.VILLAGE}']").wait_for(state="attached")
    page.select_option("#village", world.VILLAGE)
    page.locator("[name=call_wish][value=now]").check()
    page.locator(".foot .weui-btn_primary").click()
    page.wait_for_url("**/ask/4")
    page.locator("[name=route][value=all]").check()
    page.locator("#consent").check()
    page.locator("button[value=code]").click()
    expect(page.locator("[role=status]").first).to_contain_text("验证码已发到尾号")
    page.fill("#code", steps.code_sent_to(steps.PHONE))
    page.locator(".foot button[value=send]").click()
    page.wait_for_url("**/my/*/")
    return page.url.rstrip("/").split("/")[-1]
