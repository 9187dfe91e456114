"""The pages of what comes after a proposal: each is reached, acts, and says what is wrong."""

import io

import pytest
from django.test import Client

from puhui.access import actions as access
from puhui.desks.shared.gate import SESSION_COOKIE
from puhui.kernel.actor import SYSTEM, Actor
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions as market
from puhui.market.models import Engagement
from puhui.market.terms import Relative
from tests import world
from tests.desks.resident import story
from tests.rest import stages

pytestmark = pytest.mark.django_db


def _staff(actor: Actor) -> Client:
    client = Client()
    opened = access.open_persona_session("staff", actor.ref, by=SYSTEM)
    client.cookies[SESSION_COOKIE] = opened.token
    return client


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_m012_a_refusal_is_questioned_on_the_page_and_answered_by_the_head() -> None:
    county = world.build(banks=1)
    ref = stages.refused(county)
    demand = Engagement.objects.get(ref=ref).demand.ref
    mine = story.browser(county.applicant)
    refused = f"/my/{demand}/refused/{ref}"
    assert "我有不同意见，请人再看一遍" in _page(mine, refused)
    mine.post(f"{refused}/objection", {"words": "去年那笔已经还清了。"})
    assert "您的不同意见收到了。" in _page(mine, refused)
    again = mine.post(f"{refused}/objection", {"words": "x"})
    assert again.status_code == 409 and "您已经提过了" in again.content.decode()
    head = _staff(county.bank.head)
    assert "去年那笔已经还清了。" in _page(head, "/bank/objections/")
    typed = {"outcome": "upheld", "words": "核对过了，还差一笔。"}
    assert head.post(f"/bank/engagements/{ref}/objection", typed).status_code == 302
    assert "核对过了，还差一笔。" in _page(mine, refused)


def test_plans_are_talked_over_again_and_the_bank_reads_what_is_wished() -> None:
    one = story.begin(banks=1).claimed().called().planned()
    assert f"/my/{one.ref}/talk" in one.page("plans")
    empty = one.client.post(f"/my/{one.ref}/talk", {})
    assert empty.status_code == 422 and "请选一样想怎么改的" in empty.content.decode()
    one.client.post(f"/my/{one.ref}/talk", {"wish": ["cheaper"], "words": "三月才有钱"})
    officer = _staff(one.county.bank.officer)
    case = _page(officer, f"/bank/engagements/{one.engagements[0]}/")
    assert "利息、费用想低一些" in case and "三月才有钱" in case and "重新给方案" in case


def test_m028_a_month_is_sent_in_by_page_tried_and_recorded() -> None:
    county = world.build(banks=1)
    ref = stages.accepted(county)
    month = f"{local_date(database_now()):%Y-%m}"
    officer = _staff(county.bank.officer)
    assert officer.get(f"/bank/returns/template.xlsx?month={month}").content[:2] == b"PK"
    form = world.returned(local_date(database_now()))
    heading = "对接单号,放款金额,年利率,放款日,到期日\n"
    good = f"{ref},10,4.75,{form.paid_out_on},{form.due_on}\n"

    def send(rows: str, verb: str) -> str:
        file = io.BytesIO((heading + rows).encode())
        file.name = "a.csv"
        typed = {"month": month, "file": file, verb: "1"}
        return officer.post("/bank/returns/", typed).content.decode()

    assert "有 1 处不对，什么都没记" in send(good.replace("4.75", "48"), "record")
    assert "试过了，还没记" in send(good, "try")
    assert "记好了" in send(f"{good}999999,10,4.75,{form.paid_out_on},{form.due_on}\n", "record")
    assert Engagement.objects.get(ref=ref).state == "disbursed"
    supervisor = _staff(county.supervisor)
    assert "表里有，平台上没有这一笔" in _page(supervisor, "/county/returns/")


def test_a_bank_that_did_not_get_through_may_phone_the_family() -> None:
    one = story.begin(banks=1, relative=Relative("李强", "child", "19800009999", True)).claimed()
    officer = one.county.bank.officer
    call = market.start_call(one.engagements[0], by=officer)
    market.record_callback(one.engagements[0], call.ref, "no_answer", by=officer)
    assert "打给家里人（儿女）" in one.page()
    said = one.client.post(f"/my/{one.ref}/family/{one.engagements[0]}")
    assert "改打您家里人的电话" in one.client.get(said["Location"]).content.decode()
