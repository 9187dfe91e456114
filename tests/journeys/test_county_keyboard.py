"""The monitoring centre's day without a mouse: calls, money that was taken, an order, a bank that is late."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from puhui.market import actions, queries
from puhui.market.models import SurveyCall
from puhui.market.queries import LedgerFilter
from tests import world
from tests.desks import watched
from tests.journeys.site import Site
from tests.journeys.test_watchers import DESK, at
from tests.market.ageing import age
from tests.market.test_m013_survey import refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MOST_TABS = 40


@pytest.fixture
def county(chromium: Browser) -> world.World:
    return world.build(banks=3)


def tab_to(page: Page, target: Locator) -> Locator:
    """Tab until the focus is there: whatever no Tab reaches, no key reaches."""
    for _press in range(MOST_TABS):
        if target.evaluate("one => one === document.activeElement"):
            return target
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab reaches {target}")


def choose(page: Page, name: str, value: str) -> None:
    """A question with few answers: Tab to it, the arrows to the answer."""
    group = page.locator(f"#sheet [name={name}]")
    first = group.first
    tab_to(page, first)
    if first.evaluate("one => one.tagName") == "SELECT":
        group.select_option(value)
        return
    page.keyboard.press("Space")
    for _press in range(group.count()):
        if page.locator(f"#sheet [name={name}][value='{value}']").is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow reaches {name} {value}")


def write(page: Page, field: str, words: str) -> None:
    tab_to(page, page.locator(f"#sheet #{field}"))
    page.keyboard.type(words)


def press_verb(page: Page, words: str) -> None:
    tab_to(page, page.locator("#sheet").get_by_role("button", name=words, exact=True))
    page.keyboard.press("Enter")


def test_m013_calls_and_money_that_was_taken_by_keyboard(
    county: world.World, site: Site, chromium: Browser
) -> None:
    for bank in range(3):
        refused(county, bank)
    actions.draw_survey(by=world.SYSTEM)
    page = at(chromium, site, county.supervisor, "/county/", DESK)
    rows = page.locator("[data-panel=survey] [data-row]")
    first = str(rows.first.get_attribute("data-row"))

    # Nobody answers: X says so once, and the next one stands on top.
    page.keyboard.press("4")
    expect(page.locator(f"#row-{first}")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("#said")).to_contain_text("第 1 次没接")
    expect(rows.last).to_contain_text("以后再打")
    page.keyboard.press("x")
    assert SurveyCall.objects.get(ref=first[1:]).attempts == 1

    # The second one says that money was taken.
    page.keyboard.press("4")
    second = str(rows.first.get_attribute("data-row"))
    assert second != first
    page.keyboard.press("d")
    sheet = page.locator("#sheet")
    expect(sheet.locator("a[href^='tel:']").first).to_be_focused()
    expect(sheet).to_contain_text("不问您卡号")
    answers = {"called": "yes", "waited": "within_5", "visited": "no", "finished": "no_told"}
    for name, value in answers.items():
        choose(page, name, value)
    choose(page, "kept_word", "same")
    choose(page, "money_taken", "yes")
    press_verb(page, "记下")
    expect(sheet.locator(".err-note")).to_be_visible()
    write(page, "id_money_words", "说要两百块跑腿钱")
    press_verb(page, "记下")
    expect(page.locator("#said")).to_contain_text("单独立件")

    # The third gives scores.
    expect(page.locator(f"#row-{second}")).to_contain_text("单独立件")
    page.keyboard.press("4")
    page.keyboard.press("d")
    for name, value in answers.items():
        choose(page, name, value)
    choose(page, "kept_word", "same")
    choose(page, "money_taken", "no")
    choose(page, "attitude", "5")
    choose(page, "overall", "4")
    press_verb(page, "记下")
    expect(page.locator("[data-panel=survey]")).to_contain_text("打完了 · 态度 5 · 整个事 4")

    # The money stands red on top of the fifth list; Enter hands it over.
    page.keyboard.press("5")
    expect(page.locator("[data-panel=mismatches] [data-row]").first).to_contain_text("有人收钱")
    page.keyboard.press("Enter")
    expect(sheet).to_contain_text("转纪检监察/公安")
    choose(page, "office", "discipline")
    write(page, "id_receiver", "信访室王同志，2026-31 号")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("转出去了")
    expect(page.locator("[data-panel=mismatches]")).not_to_contain_text("有人收钱")
    (case,) = queries.integrity_cases(county.supervisor)
    assert (case.state, case.handed_to) == ("handed_over", "discipline")


def test_m011_an_order_and_a_record_by_keyboard(
    county: world.World, site: Site, chromium: Browser
) -> None:
    late = watched.called(county, 1)
    age(late.ref, 20 * 86_400)
    watched.sweep()
    overdue = watched.overdue(county, 0, seconds=660)
    page = at(chromium, site, county.supervisor, "/county/", DESK)
    sheet = page.locator("#sheet")

    # The written order, and its page as it is printed.
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(sheet).to_contain_text("发督办单：试验二号银行")
    press_verb(page, "发出去")
    expect(page.locator("#said")).to_contain_text("督办单发出去了")
    more = page.locator(".top summary", has_text="更多")
    tab_to(page, more)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="督办单", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**/county/orders/")
    page.locator("[data-row]").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    paper = page.locator("article.paper")
    expect(paper).to_contain_text(late.ref)
    expect(paper).to_contain_text("试验二号银行")
    page.emulate_media(media="print")
    expect(paper).to_be_visible()
    for screen_only in (".top", "footer.keys", ".phead"):
        expect(page.locator(screen_only).first).to_be_hidden()
    page.emulate_media(media="screen")

    # The record of a call about what is late, and the ledger with it.
    page.goto(f"{site.address}/county/")
    page.locator("body[data-live]").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(sheet.locator("a[href^='tel:']").first).to_be_focused()
    write(page, "id_words", "马上打")
    press_verb(page, "记下")
    expect(page.locator("#said")).to_contain_text("督导台账")
    tab_to(page, page.locator(".top").get_by_role("link", name="督导台账", exact=True).first)
    page.keyboard.press("Enter")
    expect(page.locator("tr", has_text=overdue.ref)).to_contain_text("马上打")
    rows = queries.supervision_ledger(county.supervisor, LedgerFilter(bank="B01")).rows
    assert [step.words for step in rows[0].steps if step.kind == "phoned"] == ["马上打"]

    # On paper, which is as narrow as a small tablet, it is a table still and nothing is cut off.
    page.set_viewport_size({"width": 703, "height": 1000})
    page.emulate_media(media="print")
    for address in ("supervision/", "banks/", "cases/"):
        page.goto(f"{site.address}/county/{address}")
        expect(page.locator("thead").first).to_be_visible()
        assert page.evaluate("document.querySelector('.tbl').scrollWidth <= innerWidth"), address
