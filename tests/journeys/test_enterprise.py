"""A cooperative on a phone: registered, its bookkeeper authorised, who asks for it; then revoked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from puhui.access import actions as access
from puhui.kernel.actor import SYSTEM, Actor
from puhui.market import actions as market
from puhui.notices.models import TextMessage
from puhui.parties import queries
from tests import world
from tests.journeys.site import Site, browser, running_site
from tests.journeys.test_watchers import PHONE, is_as_wide_as_the_screen
from tests.market import firms

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> world.World:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop here
    return world.build()


@pytest.fixture
def site(county: world.World) -> Iterator[Site]:
    with running_site() as running:
        yield running


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def phone_of(chromium: Browser, site: Site, actor: Actor, path: str) -> Page:
    """A cheap phone without scripts, signed in."""
    context = chromium.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        locale="zh-CN",
        java_script_enabled=False,
    )
    opened = access.open_persona_session("resident", actor.ref, by=SYSTEM)
    context.add_cookies([{"name": "puhui_session", "value": opened.token, "url": site.address}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{site.address}{path}")
    return page


@pytest.mark.slow
def test_m006_a_cooperative_asks_through_its_bookkeeper_until_the_head_takes_it_back(
    county: world.World, site: Site, chromium: Browser
) -> None:
    head, agent = world.resident(name="赵理事"), world.resident(name="孙会计")
    form = firms.form(name="东湾果蔬农民专业合作社")
    page = phone_of(chromium, site, head, "/my/")
    page.get_by_role("link", name="我的单位").click()
    page.get_by_role("link", name="登记一个单位").click()
    page.get_by_label("农民专业合作社").check()
    page.get_by_label("名称").fill(form.name)
    page.get_by_label("统一社会信用代码").fill(form.credit_code[:-1] + "0")
    page.get_by_label("哪一行").select_option("agri")
    page.get_by_label("去年营业收入").fill("600")
    page.get_by_role("button", name="登记").last.click()
    expect(page.get_by_role("alert")).to_contain_text("请对着执照再看一遍")
    page.get_by_label("统一社会信用代码").fill(form.credit_code)
    page.get_by_role("button", name="登记").last.click()
    expect(page.get_by_text("中型（按")).to_be_visible()

    page.get_by_role("link", name="授权一个人").click()
    page.get_by_label("他（她）的姓名").fill("孙会计")
    page.get_by_label("他（她）的手机号").fill(queries.applicant(agent).phone)
    page.get_by_role("button", name="授权给他（她）").click()
    expect(page.get_by_text("等您回短信")).to_be_visible()
    asked, phone = TextMessage.objects.get(code="S40"), queries.applicant(head).phone
    assert market.take_text_reply("j1", phone, "1", in_reply_to=str(asked.pk), by=SYSTEM)

    hers = phone_of(chromium, site, agent, "/my/for?next=/ask/1")
    hers.get_by_label("东湾果蔬").check()
    hers.get_by_role("button", name="就这样").click()
    hers.get_by_label("20万").check()
    hers.get_by_label("种粮种菜").check()
    hers.get_by_role("button", name="下一步").last.click()
    hers.get_by_label("1 年").check()
    hers.get_by_label("卖了东西一次还清").check()
    hers.get_by_role("button", name="下一步").last.click()
    expect(hers.get_by_label("东湾果蔬")).to_be_checked()
    assert is_as_wide_as_the_screen(hers)
    hers.get_by_label("现在就行").check()
    hers.get_by_role("button", name="下一步").last.click()
    expect(hers.get_by_text("替谁提", exact=True)).to_be_visible()
    hers.get_by_label("让全县").check()
    hers.get_by_label("我同意").check()
    hers.get_by_role("button", name="发出去").last.click()
    hers.goto(f"{site.address}/my/")
    expect(hers.get_by_text("替东湾果蔬农民专业合作社")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="收回").click()
    page.get_by_role("button", name="收回").click()
    expect(page.get_by_text("收回了")).to_be_visible()
    hers.reload()
    expect(hers.get_by_text("您还没有提过需求")).to_be_visible()
    page.goto(f"{site.address}/my/")
    expect(page.get_by_text("替东湾果蔬农民专业合作社")).to_be_visible()
