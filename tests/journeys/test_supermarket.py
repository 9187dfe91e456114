"""Stories of the supermarket in a real browser: a resident compares, previews and scans a code into a
request; a bank writes a product while it sees what people will see, and takes it off again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from puhui.access import actions as access
from puhui.catalogue import actions as catalogue
from puhui.catalogue import queries
from puhui.demo import tables
from puhui.desks.shared.gate import SESSION_COOKIE
from puhui.kernel.actor import ANYONE, SYSTEM, Actor, Via
from tests import world

PHONE, NARROW, DESK = (
    {"width": 360, "height": 740},
    {"width": 320, "height": 640},
    {"width": 1440, "height": 900},
)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


Opened = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, live_server: Any) -> Iterator[Opened]:
    said: list[str] = []

    def open_at(address: str, actor: Actor | None = None, **options: Any) -> Page:
        context = chromium.new_context(
            **{"viewport": PHONE, "base_url": live_server.url, "locale": "zh-CN", **options}
        )
        context.set_default_timeout(15_000)
        if actor is not None:
            token = access.open_persona_session("staff", actor.ref, via=Via.PAGE, by=SYSTEM).token
            cookie = {"name": SESSION_COOKIE, "value": token, "url": live_server.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
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


@pytest.fixture
def county() -> world.World:
    found = world.build(banks=11)
    catalogue.put_products(tables.products(), by=SYSTEM)
    return found


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_a_resident_compares_previews_and_scans_without_scripts(
    county: world.World, opened: Opened
) -> None:
    page = opened("/products/", java_script_enabled=False)
    page.get_by_role("searchbox").fill("yang")
    page.get_by_role("button", name="找", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("湖羊育肥贷"))).to_be_visible()
    page.get_by_label("选湖羊育肥贷").check()
    page.get_by_role("button", name="放一块儿比").click()
    expect(page.get_by_text("至少选 2 个产品")).to_be_visible()
    page.get_by_role("link", name="去货架上接着选").click()
    expect(page.get_by_label("选湖羊育肥贷")).to_be_checked()
    page.get_by_label("选农户经营贷").check()
    page.get_by_role("button", name="放一块儿比").click()
    expect(page.get_by_role("heading", name="2 个产品放一块儿比")).to_be_visible()
    page.get_by_role("navigation", name="怎么排").get_by_role("link", name="能用多少").click()
    expect(page).to_have_url(re.compile("sort=limit"))
    page.get_by_role("link", name=re.compile("^湖羊育肥贷")).click()
    page.get_by_label("借多少（万元）").fill("10")
    page.get_by_role("button", name="算每一次还多少").click()
    expect(page.get_by_text("中间不用还")).to_be_visible()
    page.get_by_label("借多少（万元）").fill("9999")
    page.get_by_role("button", name="重新算").click()
    expect(page.get_by_role("alert")).to_contain_text("这个产品 3 万到 50 万元。")
    page.goto("/ask/?product=P05")  # what the code holds
    expect(page.get_by_text("问试验一号银行的“湖羊育肥贷”")).to_be_visible()


def test_no_page_of_the_supermarket_scrolls_sideways(county: world.World, opened: Opened) -> None:
    page = opened("/products/", viewport=DESK)
    _walk(page)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    _walk(page)
    page.goto("/care/on?next=/products/")
    _walk(page)


def _walk(page: Page) -> None:
    for address in (
        *("/products/?purpose=livestock&amount=10", "/products/?q=没有的", "/products/P02/"),
        *("/products/P08/repay?amount=5000", "/products/P14/repay?on1=2026-12-01&wan1=9"),
        *("/products/P13/costs", "/products/compare?p=P08&p=P05&p=P24", "/products/rankings"),
        *("/products/fit?purpose=livestock", "/products/P02/poster"),
    ):
        page.goto(address)
        _fits(page)


def test_m003_a_bank_puts_a_product_and_takes_it_off(county: world.World, opened: Opened) -> None:
    page = opened("/bank/products/new", actor=county.bank.head, viewport=DESK)
    page.get_by_label("产品名称").fill("秒批葡萄贷")
    preview = page.get_by_label("群众会看到", exact=True)
    expect(preview).to_contain_text("不能用“秒批”这样的说法")
    page.get_by_label("产品名称").fill("葡萄贷")
    expect(preview).not_to_contain_text("不能用")
    for label, words in {
        "产业": "葡萄、避雨棚",
        "给谁、干什么": "种葡萄的，买架材、搭避雨棚",
        "年利率，低的": "4.35",
        "年利率，高的": "5.10",
        "能用多少，少的": "3",
        "能用多少，多的": "30",
        "用多久，短的": "12",
        "用多久，长的": "36",
        "用多久，一句话": "1–3 年",
        "怎么还，一句话": "前 12 个月只还利息，以后等额本金",
        "拿什么作保": "1 名保证人",
        "头多少个月只还利息": "12",
    }.items():
        page.get_by_label(re.compile(f"^{label}")).first.fill(words)
    page.get_by_label("前几年只还利息，以后还本").check()
    expect(preview).to_contain_text("435–510 元")
    page.get_by_role("button", name="上架").click()
    expect(page.get_by_role("heading", name="本行的产品")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("葡萄贷"))
    expect(row).to_be_visible()
    assert [one.name for one in queries.products(ANYONE) if "葡萄" in one.industries] == ["葡萄贷"]
    row.get_by_role("link", name="下架").click()
    page.get_by_role("button", name="下架").click()
    expect(row).to_have_count(0)
