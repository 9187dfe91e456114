"""The bank desk's five lists."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from puhui.market import actions, queries
from puhui.parties import queries as parties
from tests import world
from tests.desks.bank.cases import walk
from tests.desks.watched import browser, overdue, read
from tests.market.ageing import age
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


def panel(page: str, name: str) -> str:
    """The part of the page that is one list."""
    return page.partition(f'data-panel="{name}"')[2].partition("</section>")[0]


def rows(page: str, name: str) -> list[str]:
    return re.findall(r'data-row="([^"]+)"', panel(page, name))


def count(page: str, name: str) -> int:
    found = re.search(r'<span class="n">(\d+)</span>', panel(page, name))
    assert found
    return int(found[1])


def desk(client: Client) -> str:
    answer = client.get("/bank/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_m007_before_a_claim_a_bank_reads_exactly_the_cards_fields() -> None:
    county = world.build()
    applicant = world.resident(name="欧阳文静")
    sent = world.publish(county, applicant, is_first_loan=True)
    person = parties.applicant_by_id(SYSTEM, applicant.person)
    page = desk(browser(county.bank.officer))
    assert rows(page, "open") == [sent.ref]
    seen = panel(page, "open")
    for word in ("养殖·120 只", "10 万 · 半年", "河湾镇", "无抵押", "45–54 岁", "首次", "名额剩 3"):
        assert word in seen
    hidden = (
        "欧阳",
        "欧阳文静",
        "欧*静",
        person.phone,
        person.phone[-4:],
        "东湾",
        sent.contact_code,
    )
    for word in (*hidden, "990525", "羊羔", applicant.ref):
        assert word not in page


def test_m008_a_directed_demand_is_on_the_named_banks_desk_only() -> None:
    county = world.build()
    sent = world.publish(county, directed_bank=county.banks[1].ref)
    mine, theirs = (desk(browser(county.banks[n].officer)) for n in (1, 0))
    assert count(mine, "calls") == 1
    assert sent.contact_code in panel(mine, "calls")
    assert count(theirs, "calls") == count(theirs, "open") == 0
    assert sent.contact_code not in theirs


@pytest.mark.parametrize(
    ("state", "name", "button"),
    [
        ("claimed", "calls", "一键拨号"),
        ("called_back", "answers", "填方案"),
        ("kept", "visits", "约时间"),
        ("investigating", "visits", "交结果"),
        ("investigated", "answers", "给准信"),
        ("accepted", "returns", "签了"),
        ("signed", "returns", "回填"),
    ],
)
def test_a_case_stands_in_the_list_of_what_it_waits_for(state: str, name: str, button: str) -> None:
    county = world.build()
    case = walk(county, state)
    page = desk(browser(county.bank.officer))
    for other in ("calls", "visits", "answers", "returns"):
        assert rows(page, other) == ([case.engagement] if other == name else [])
        assert count(page, other) == (1 if other == name else 0)
    assert button in panel(page, name) and case.code in panel(page, name)
    assert "赵*勇" in panel(page, name) and "赵大勇" not in page


def test_m009_the_call_in_hand_shows_both_clocks_running() -> None:
    county = world.build()
    sent = world.publish(county)
    age(sent.ref, 60)
    taken = actions.claim(sent.ref, by=county.bank.officer)
    card = panel(desk(browser(county.bank.officer)), "calls")
    (listed,) = queries.bank_lists(county.bank.officer).calls
    assert "还剩" in card and "群众的表" in card and "本行的表" in card
    dues = re.findall(r'data-due="([^"]+)"', card)
    assert listed.applicant_due_at and listed.applicant_due_at < taken.callback_due_at
    assert dues[0] == dues[1] == listed.applicant_due_at.isoformat()
    assert dues[2] == taken.callback_due_at.isoformat()


def test_m009_what_is_most_late_is_on_top_and_supervision_asks_for_its_reason() -> None:
    county = world.build()
    fresh = walk(county, "claimed")
    late = overdue(county)
    page = desk(browser(county.bank.officer))
    assert rows(page, "calls") == [late.engagement, fresh.engagement]
    seen = panel(page, "calls")
    assert "超 5:01" in seen or "超 5:02" in seen
    assert "县里已督导" in seen and "写原因" in seen and "前写原因" in seen
    assert seen.index("写原因") < seen.index("一键拨号")


def test_the_fresh_one_that_waits_longest_is_first_to_claim() -> None:
    county = world.build()
    first, second, old = (world.publish(county).ref for _ in range(3))
    age(first, 200)
    age(second, 100)
    age(old, 3600)
    assert rows(desk(browser(county.bank.officer)), "open") == [first, second, old]


def test_an_older_demand_tells_its_age_and_no_countdown() -> None:
    county = world.build()
    sent = world.publish(county)
    age(sent.ref, 3 * 3600)
    seen = panel(desk(browser(county.bank.officer)), "open")
    assert "3 小时前" in seen and "data-due" not in seen


def test_a_denied_call_comes_back_to_the_top() -> None:
    county = world.build()
    case = walk(county, "called_back")
    actions.confirm_report(
        case.ref, "called", "no", engagement_ref=case.engagement, by=case.applicant
    )
    page = desk(browser(county.bank.officer))
    assert rows(page, "calls") == [case.engagement]
    assert "群众说没接到" in panel(page, "calls")


def test_money_that_did_not_come_is_a_debt() -> None:
    county = world.build()
    case = walk(county, "disbursed")
    client = browser(county.bank.officer)
    assert rows(desk(client), "returns") == []
    actions.confirm_report(
        case.ref, "money", "no", engagement_ref=case.engagement, by=case.applicant
    )
    page = desk(client)
    assert rows(page, "returns") == [case.engagement] and "群众说钱没到" in page


def test_a_case_that_pends_long_is_in_the_last_list_as_well() -> None:
    county = world.build()
    case = walk(county, "called_back")
    age(case.ref, 20 * 86_400)
    while actions.breach_due(by=SYSTEM):
        pass
    page = desk(browser(county.bank.officer))
    assert rows(page, "answers") == rows(page, "returns") == [case.engagement]
    assert "快超期" in panel(page, "returns")


def test_empty_lists_say_so_with_the_next_step() -> None:
    county = world.build()
    words = read(browser(county.bank.officer).get("/bank/"))
    for sentence in (
        *("现在没有要打的电话。", "没有新需求。昨天这个时候来了0笔。", "没有要跑的户。"),
        *("没有欠客户的话。", "没有欠的账。"),
    ):
        assert sentence in words


def test_the_head_counts_calls_of_today_with_their_denominator() -> None:
    county = world.build()
    case = walk(county, "called_back")
    overdue(county)
    actions.confirm_report(
        case.ref, "called", "yes", engagement_ref=case.engagement, by=case.applicant
    )
    words = read(browser(county.bank.officer).get("/bank/"))
    assert "今天来电准时1/1" in words and "群众确认1" in words and "未结2" in words
    assert "今天值班：周*理、马*长" in words


def test_statements_do_not_grow_with_rows() -> None:
    county = world.build()
    client = browser(county.bank.officer)
    for state in ("claimed", "called_back", "kept", "investigated", "signed"):
        walk(county, state)
    overdue(county)
    world.publish(county)
    client.get("/bank/")
    with CaptureQueriesContext(connection) as few:
        client.get("/bank/")
    for state in (
        "claimed",
        "claimed",
        "called_back",
        "kept",
        "investigated",
        "accepted",
        "signed",
    ):
        walk(county, state)
    overdue(county)
    for _ in range(4):
        world.publish(county)
    with CaptureQueriesContext(connection) as many:
        page = desk(client)
    assert count(page, "calls") == 5 and count(page, "open") == 5
    assert len(many) == len(few)
    assert len(many) == 15


def test_the_part_that_refreshes_is_the_fresh_page_itself() -> None:
    county = world.build()
    walk(county, "claimed")
    walk(county, "investigating")
    world.publish(county)
    client = browser(county.bank.officer)

    def still(html: str) -> str:
        plain = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)
        plain = re.sub(r"\d+:\d\d(:\d\d)?|\d+ 秒|已用[^\"]*|刚刚", "", plain)
        return re.sub(r"\s+", " ", plain)

    whole, part = still(desk(client)), still(client.get("/bank/lists").content.decode())
    assert part.strip() and part.strip() in whole


def test_a_list_of_the_phone_is_chosen_in_the_address() -> None:
    county = world.build()
    client = browser(county.bank.officer)
    page = client.get("/bank/?list=visits").content.decode()
    assert 'data-list="visits"' in page
    assert re.search(r'data-tab="visits" aria-current="page"', page)
    assert 'data-list="calls"' in client.get("/bank/?list=nonsense").content.decode()
