"""The case page: who, what, stages, what happened in sentences, what can be done now."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.kernel import journal
from puhui.market import actions
from tests import world
from tests.desks.bank.cases import STEPS, walk
from tests.desks.watched import browser, overdue, read

pytestmark = pytest.mark.django_db


def case_page(county: world.World, ref: str) -> str:
    answer = browser(county.bank.officer).get(f"/bank/engagements/{ref}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


MAIN = dict(
    zip(
        STEPS,
        (
            *("一键拨号", "填初步方案", "拨号", "约上门", "到了", "给准信"),
            *("拨号", "合同签了", "回填放款，四格", "本息结清"),
        ),
        strict=True,
    )
)


@pytest.mark.parametrize("state", STEPS)
def test_each_state_has_its_main_button_and_its_place_in_the_bar(state: str) -> None:
    county = world.build()
    case = walk(county, state)
    page = case_page(county, case.engagement)
    main = page.partition('class="main-act"')[2].partition("</div>")[0]
    assert f">{MAIN[state]}</" in main
    bar = page.partition('class="stage"')[2].partition("</ol>")[0]
    marks = re.findall(r'<li class="(\w+)"', bar)
    assert len(marks) == 9 and marks == sorted(marks, key=["done", "now", "todo"].index)
    assert marks.count("now") == (0 if state == "disbursed" else 1)
    assert ("不办了" in page) == (state in STEPS[:6])


def test_nothing_of_the_person_but_the_mask_is_on_the_page() -> None:
    county = world.build()
    case = walk(county, "investigating")
    page = case_page(county, case.engagement)
    contact = actions.view_contact(case.engagement, by=county.bank.officer)
    assert "赵*勇" in page and "河湾镇东湾村" in page and case.code in page
    assert contact.name not in page and contact.phone not in page


def test_full_name_and_number_are_an_act_that_leaves_a_trace() -> None:
    county = world.build()
    case = walk(county, "investigating")
    client = browser(county.bank.officer)

    def views() -> int:
        entries = journal.timeline([("demand", case.ref)])
        return sum(one.action == "contact.view" for one in entries)

    before = views()
    assert client.get(f"/bank/engagements/{case.engagement}/contact").status_code == 405
    answer = client.post(f"/bank/engagements/{case.engagement}/contact")
    assert "赵大勇" in answer.content.decode() and views() == before + 1
    seen = read(client.get(f"/bank/engagements/{case.engagement}/"))
    assert "周*理看了姓名、电话、村庄" in seen


def test_what_happened_is_told_in_sentences_newest_first() -> None:
    county = world.build()
    case = walk(county, "disbursed")
    words = read(browser(county.bank.officer).get(f"/bank/engagements/{case.engagement}/"))
    story = words.partition("改不了")[2]
    told = [
        *(
            "周*理回填放款：10万元，4.75%",
            "周*理登记合同签了",
            "群众选了试验一号银行",
            "周*理给出准信",
        ),
        *(
            "周*理上门看过，交了结果",
            "周*理约好",
            "群众留下试验一号银行往下办",
            "周*理给出初步方案",
        ),
        *("首次电话办妥", "周*理一键拨号（第1次）", "周*理接单", "群众提出需求"),
    ]
    places = [story.find(one) for one in told]
    assert -1 not in places and places == sorted(places)
    assert "engagement." not in story and "financing_demand" not in story


def test_other_banks_doings_are_nowhere_on_the_page() -> None:
    county = world.build()
    case = walk(county, "called_back")
    for bank in county.banks[1:]:
        taken = actions.claim(case.ref, by=bank.officer).engagement_ref
        call = actions.start_call(taken, by=bank.officer)
        actions.record_callback(taken, call.ref, "connected", duration_seconds=9, by=bank.officer)
        actions.submit_plan(taken, world.PLAN, by=bank.officer)
    actions.ask_for_help(case.ref, by=case.applicant)
    actions.view_phone(case.ref, by=county.deputy)
    page = case_page(county, case.engagement)
    story = page.partition('class="log"')[2].partition("</ol>")[0]
    assert county.deputy.ref not in story
    for bank in county.banks[1:]:
        assert bank.officer.ref not in page and bank.ref not in page
    assert "试验二号" not in page and "试验三号" not in page and "跟进" not in story
    assert story.count("接单") == 2 and "初步方案" not in story.replace(
        "接着 1 个工作日内给初步方案", ""
    )


def test_m011_supervision_stands_on_the_case_with_its_button() -> None:
    county = world.build()
    case = overdue(county)
    page = case_page(county, case.engagement)
    assert "前写原因" in page and "写原因" in page and "5 分钟来电，超时了" in page


def test_a_refused_case_says_what_the_applicant_was_told() -> None:
    county = world.build()
    case = walk(county, "called_back")
    actions.refuse(case.engagement, "R15", words="收购季过了", by=county.bank.officer)
    page = case_page(county, case.engagement)
    assert "收购季过了" in page and "没办成" in page and "没有要做的了" in page
    assert case.code not in page and "东湾" not in page


def test_plan_and_offer_are_shown_with_their_sums() -> None:
    county = world.build()
    case = walk(county, "offered")
    words = read(browser(county.bank.officer).get(f"/bank/engagements/{case.engagement}/"))
    assert "给出的初步方案" in words and "准信" in words
    assert "475元（年利率4.75%）" in words and "保留到" in words


def test_statements_do_not_grow_with_the_story() -> None:
    county = world.build()
    young, old = walk(county, "called_back"), walk(county, "accepted")
    client = browser(county.bank.officer)
    counted = []
    for one in (young, old, young, old):
        with CaptureQueriesContext(connection) as made:
            client.get(f"/bank/engagements/{one.engagement}/")
        counted.append(len(made))
    assert counted[2:] == [13, 14], "what a case does not have is not asked for"
