"""The daily calls on the county's desk: script, number on a tap, eight questions, the draw redone."""

from __future__ import annotations

import pytest
from django.test import Client

from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions, queries
from puhui.market.models import FinancingDemand, SurveyCall
from tests import world
from tests.desks import watched
from tests.desks.watched import read
from tests.market.test_m013_survey import refused, withdrawn

pytestmark = pytest.mark.django_db

ANSWERS = {
    "called": "yes", "waited": "within_5", "visited": "no", "finished": "no_told",
    "kept_word": "same", "money_taken": "no", "attitude": "4", "overall": "3", "words": "再快点",
}  # fmt: skip


@pytest.fixture
def county() -> world.World:
    return world.build(banks=3)


@pytest.fixture
def desk(county: world.World) -> Client:
    return watched.browser(county.supervisor)


def test_m013_a_call_from_the_list_to_the_written_answers(
    county: world.World, desk: Client
) -> None:
    case = refused(county)
    actions.draw_survey(by=world.SYSTEM)
    (call,) = queries.survey_today(county.supervisor).rows
    page = read(desk.get("/county/"))
    assert f"1/10{case.ref}没办成试验一号银行还没打" in page
    assert "种子号" in page and "已打0个" in page
    dialog = desk.post(f"/county/survey/calls/{call.ref}/phone", headers={"HX-Request": "true"})
    text = read(dialog)
    for words in (
        "拨1980",
        "不问您卡号",
        "①有没有银行给您打电话",
        "⑧能告诉那家银行",
        "没接·换一个",
    ):
        assert words in text, words
    assert dialog["Cache-Control"] == "private, no-store"
    assert f'action="/county/survey/calls/{call.ref}/answers"' in dialog.content.decode()
    assert "contact.view" in [one.action for one in queries.timeline(case.applicant, case.ref)]
    bad = desk.post(f"/county/survey/calls/{call.ref}/answers", {**ANSWERS, "attitude": ""})
    assert bad.status_code == 422 and "分数是1到5" in read(bad) and "再快点" in read(bad)
    assert SurveyCall.objects.get().state == "listed"
    done = desk.post(f"/county/survey/calls/{call.ref}/answers", ANSWERS)
    assert done.status_code == 302
    over = desk.post(f"/county/survey/calls/{call.ref}/phone", headers={"HX-Request": "true"})
    assert over.status_code == 409 and "<form" not in over.content.decode()
    page = read(desk.get("/county/"))
    assert "打完了·态度4·整个事3" in page and "已打1个" in page


def test_m013_no_answer_and_no_wish_to_answer(county: world.World, desk: Client) -> None:
    refused(county)
    actions.draw_survey(by=world.SYSTEM)
    (call,) = queries.survey_today(county.supervisor).rows
    assert desk.post(f"/county/survey/calls/{call.ref}/missed").status_code == 302
    assert "打过1次没接" in read(desk.get("/county/"))
    assert desk.post(f"/county/survey/calls/{call.ref}/declined").status_code == 302
    again = desk.post(f"/county/survey/calls/{call.ref}/missed")
    assert again.status_code == 409


def test_m013_money_taken_on_the_phone_goes_red_at_once(county: world.World, desk: Client) -> None:
    refused(county)
    actions.draw_survey(by=world.SYSTEM)
    (call,) = queries.survey_today(county.supervisor).rows
    address = f"/county/survey/calls/{call.ref}/answers"
    unsaid = desk.post(address, {**ANSWERS, "money_taken": "yes"})
    assert unsaid.status_code == 422 and "请写谁、什么时候、收了什么" in read(unsaid)
    assert (
        desk.post(address, {**ANSWERS, "money_taken": "yes", "money_words": "两条烟"}).status_code
        == 302
    )
    body = desk.get("/county/")
    assert "有人收钱试验一号银行·县里电话回访" in read(body) and "pinned" in body.content.decode()
    assert "单独立件" in read(body)


def test_m013_the_draw_is_shown_and_redone(county: world.World, desk: Client) -> None:
    refused(county)
    withdrawn(county)
    actions.draw_survey(by=world.SYSTEM)
    today = local_date(database_now())
    page = read(desk.get(f"/county/survey/{today}/"))
    assert "和当天的名单一样" in page and "从2个人里抽10个" in page
    assert str(today) in read(desk.get("/county/survey/"))
    assert desk.get("/county/survey/2020-01-01/").status_code == 404
    assert desk.get("/county/survey/nonsense/").status_code == 404
    xlsx = desk.get("/county/survey/?format=xlsx")
    assert xlsx.status_code == 200 and xlsx.content[:2] == b"PK"
    assert "不足5份" in read(desk.get("/county/survey/"))


def test_m013_the_calls_are_the_countys_alone(county: world.World) -> None:
    refused(county)
    actions.draw_survey(by=world.SYSTEM)
    (call,) = queries.survey_today(county.supervisor).rows
    for actor in (county.deputy, county.bank.officer, county.bank.head):
        browser = watched.browser(actor)
        assert browser.get("/county/survey/").status_code == 404
        assert browser.post(f"/county/survey/calls/{call.ref}/phone").status_code == 404
        assert browser.get(f"/county/survey/calls/{call.ref}/answers").status_code == 404


def test_m013_the_county_writes_down_a_report_from_a_case(
    county: world.World, desk: Client
) -> None:
    case = watched.called(county)
    assert "有人收钱：立件" in read(desk.get(f"/county/cases/{case.ref}/"))
    address = f"/county/cases/{case.ref}/money"
    assert desk.post(address, {"words": ""}).status_code == 422
    done = desk.post(address, {"words": "来电说要交保证金", "engagement": case.engagement})
    assert done.status_code == 302
    (row,) = queries.integrity_cases(county.supervisor)
    assert (row.source, row.bank_name) == ("report", "试验一号银行")
    assert row.ref in read(desk.get("/county/integrity/"))


def test_m013_the_banks_table_shows_the_score_with_its_number(
    county: world.World, desk: Client
) -> None:
    refused(county)
    actions.draw_survey(by=world.SYSTEM)
    page = read(desk.get("/county/banks/"))
    assert "满意度电话回访1–5分" in page and "不足5份共0份" in page
    assert "满意度县里随机电话回访" in read(desk.get("/county/definitions"))


def test_m012_a_case_is_found_by_the_four_digits_callers_say(
    county: world.World, desk: Client
) -> None:
    case = watched.called(county)
    other, code = watched.called(county), "4718"
    FinancingDemand.objects.filter(ref=case.ref).update(contact_code=code)
    FinancingDemand.objects.filter(ref=other.ref).update(contact_code="9021")
    found = queries.cases(county.supervisor, queries.CaseFilter(ref=code))
    assert [one.ref for one in found.rows] == [case.ref]
    assert queries.cases(county.other_deputy, queries.CaseFilter(ref=code)).total == 0
    actions.withdraw(case.ref, by=case.applicant)
    assert queries.cases(county.supervisor, queries.CaseFilter(ref=code)).total == 0
