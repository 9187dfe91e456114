"""A specialist drafts on her phone, the villager reads it and answers, the request goes out."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from puhui.access import actions as access
from puhui.desks.shared.gate import SESSION_COOKIE
from puhui.kernel.actor import SYSTEM, Role
from puhui.market.models import FinancingDemand
from tests import world

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PHONE = "19877700001"


def fill(page: Page) -> None:
    page.get_by_label("姓名", exact=True).fill("王桂兰")
    page.get_by_label("身份证号").fill(world.identity_number(901, "19580212"))
    page.get_by_text("他自己的", exact=True).click()
    page.get_by_label("手机号").fill(PHONE)
    page.get_by_label("想用多少钱").fill("5")
    for words in ("养殖", "半年", "卖了东西一次还清", "现在就行"):
        page.get_by_text(words, exact=True).click()


def test_m019_drafted_by_the_specialist_and_sent_by_the_villagers_own_reply(
    chromium: Browser, live_server: Any
) -> None:
    world.build(banks=1)
    helper = world.staff("T01", "赵专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    token = access.open_persona_session("staff", helper.ref, by=SYSTEM).token
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/village/")
    page.get_by_role("link", name="替人提需求").first.click()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("处要改")
    fill(page)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", name="请您看一遍")).to_be_visible()
    page.get_by_role("button", name="对，发短信").click()
    expect(page.get_by_role("status")).to_contain_text("尾号 0001")
    assert FinancingDemand.objects.get().state == "draft"
    villager = chromium.new_context().new_page()
    villager.goto(f"{live_server.url}/demo/phone/")
    villager.get_by_label("手机号").fill(PHONE)
    villager.get_by_role("button", name="看短信").click()
    expect(villager.get_by_text("正替您提用钱的需求")).to_be_visible()
    villager.get_by_label("回短信").fill("1")
    villager.get_by_role("button", name="发送").click()
    expect(villager.get_by_text("会先报对接号")).to_be_visible()
    page.reload()
    expect(page.get_by_text("本人回 1 确认了")).to_be_visible()
    demand = FinancingDemand.objects.get()
    assert (demand.state, demand.created_via) == ("published", "specialist")
    assert demand.ref not in page.content()
