"""What a bank does on its pages: each action by a plain form, each error beside its field."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from puhui.kernel import journal
from puhui.kernel.clock import local, local_date
from puhui.kernel.command import database_now
from puhui.market import actions, queries
from puhui.market.models import CallAttempt, Engagement
from puhui.parties import actions as parties
from tests import world
from tests.desks.bank.cases import walk
from tests.desks.watched import browser, overdue, read

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}
PLAN = {
    "amount_fen": "10",
    "rate_ppm": "4.75",
    "months": "6",
    "method": "interest_with_principal",
    "fees": "担保费 500",
    "security_words": "夫妻两人签字",
    "trips_words": "来家 1 趟",
    "answer_working_days": "2",
}


def state(ref: str) -> str:
    return Engagement.objects.get(ref=ref).state


def at(**later: int) -> str:
    return f"{local(database_now() + timedelta(**later)):%Y-%m-%dT%H:%M}"


def field_error(page: str, name: str) -> str:
    """The sentence beside one field."""
    return page.partition(f'id="id_{name}-err">')[2].partition("</p>")[0]


def test_m007_claiming_by_a_plain_form_goes_back_to_the_desk_and_says_so_once() -> None:
    county = world.build()
    sent = world.publish(county)
    client = browser(county.bank.officer)
    answer = client.post(f"/bank/demands/{sent.ref}/claim")
    assert answer.status_code == 302 and answer["Location"].startswith("/bank/?list=calls#row-")
    assert Engagement.objects.get().officer.ref == county.bank.officer.ref
    assert "接到了，请马上打电话" in client.get("/bank/").content.decode()
    assert "接到了，请马上打电话" not in client.get("/bank/").content.decode()


def test_m007_claiming_for_a_colleague_on_duty() -> None:
    county = world.build()
    sent = world.publish(county)
    client, head = browser(county.bank.officer), county.bank.head
    page = client.get(f"/bank/demands/{sent.ref}/claim").content.decode()
    assert "周*理" in page and "马*长" in page and "河湾镇 · 养殖" in page
    client.post(f"/bank/demands/{sent.ref}/claim", {"officer": head.ref})
    assert Engagement.objects.get().officer.ref == head.ref


def test_m007_a_claim_refused_says_why_and_changes_nothing() -> None:
    county = world.build(banks=4)
    sent = world.publish(county)
    for bank in county.banks[1:]:
        actions.claim(sent.ref, by=bank.officer)
    answer = browser(county.bank.officer).post(f"/bank/demands/{sent.ref}/claim", headers=HX)
    assert answer.status_code == 409 and "名额已满，三家都接了。" in answer.content.decode()
    assert Engagement.objects.filter(bank__ref=county.bank.ref).count() == 0


def test_m007_an_officer_off_duty_is_told_beside_the_field() -> None:
    county = world.build()
    sent = world.publish(county)
    now = database_now()
    span = (now - timedelta(hours=2), now + timedelta(days=4))
    parties.set_roster(county.bank.ref, [], span=span, by=world.SYSTEM)
    answer = browser(county.bank.officer).post(f"/bank/demands/{sent.ref}/claim")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert field_error(page, "officer") == "指定的客户经理现在不值班，请换值班的人接单。"


def test_with_scripts_the_dialog_closes_and_the_lists_are_told() -> None:
    county = world.build()
    sent = world.publish(county)
    answer = browser(county.bank.officer).post(f"/bank/demands/{sent.ref}/claim", headers=HX)
    told = json.loads(answer["HX-Trigger"])["puhui:done"]
    assert answer.status_code == 204 and told["said"].startswith("接到了")


def test_m009_dialling_stamps_the_attempt_shows_the_number_and_leaves_a_trace() -> None:
    county = world.build()
    case = walk(county, "claimed")
    client = browser(county.bank.officer)
    before = client.get("/bank/").content.decode()
    answer = client.post(f"/bank/engagements/{case.engagement}/dial")
    page = answer.content.decode()
    phone = actions.view_contact(case.engagement, by=county.bank.officer).phone
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"
    assert f"tel:{phone}" in page and "赵大勇" in page and case.code in page
    assert phone not in before and "赵大勇" not in before
    call = CallAttempt.objects.get()
    assert call.is_on_time and "在 5 分钟内" in page
    seen = [one.action for one in journal.timeline([("demand", case.ref)])]
    assert "contact.view" in seen and "engagement.start_call" in seen


def test_m009_the_result_of_a_call_is_recorded() -> None:
    county = world.build()
    case = walk(county, "claimed")
    client = browser(county.bank.officer)
    client.post(f"/bank/engagements/{case.engagement}/dial")
    address = f"/bank/engagements/{case.engagement}/result"
    answer = client.post(address, {"result": "connected", "duration_seconds": "95"})
    assert answer.status_code == 302 and state(case.engagement) == "called_back"
    assert CallAttempt.objects.get().duration_seconds == 95


def test_m009_no_answer_sets_when_to_call_again() -> None:
    county = world.build()
    case = walk(county, "claimed")
    client = browser(county.bank.officer)
    client.post(f"/bank/engagements/{case.engagement}/dial")
    address = f"/bank/engagements/{case.engagement}/result"
    client.post(address, {"result": "no_answer", "again_at": at(hours=2)})
    one = Engagement.objects.get()
    assert one.state == "claimed" and one.call_again_at
    assert timedelta(hours=1, minutes=58) < one.call_again_at - database_now() < timedelta(hours=2)


@pytest.mark.parametrize(
    ("typed", "name", "sentence"),
    [
        ({}, "result", "请选一个结果。"),
        ({"result": "sang"}, "result", "请从给出的里面选。"),
        ({"result": "connected", "duration_seconds": "-1"}, "duration_seconds", "请填 0 到 7200"),
        ({"result": "connected", "duration_seconds": "很久"}, "duration_seconds", "请填 0 到 7200"),
        ({"result": "no_answer", "again_at": "明天"}, "again_at", "日期和时间要写成"),
    ],
)
def test_m009_a_wrong_result_keeps_what_was_typed(
    typed: dict[str, str], name: str, sentence: str
) -> None:
    county = world.build()
    case = walk(county, "claimed")
    client = browser(county.bank.officer)
    client.post(f"/bank/engagements/{case.engagement}/dial")
    answer = client.post(f"/bank/engagements/{case.engagement}/result", typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and field_error(page, name).startswith(sentence)
    assert f'href="#id_{name}' in page and 'aria-invalid="true"' in page
    assert all(value in page for value in typed.values() if value != "sang")
    assert CallAttempt.objects.get().recorded_at is None


def test_m009_a_result_without_a_call_is_refused() -> None:
    county = world.build()
    case = walk(county, "claimed")
    client = browser(county.bank.officer)
    address = f"/bank/engagements/{case.engagement}/result"
    for answer in (client.get(address), client.post(address, {"result": "connected"})):
        assert answer.status_code == 409 and "请先点“一键拨号”" in answer.content.decode()


def test_calling_again_wants_a_time_to_come() -> None:
    county = world.build()
    case = walk(county, "claimed")
    client = browser(county.bank.officer)
    address = f"/bank/engagements/{case.engagement}/again"
    late = client.post(address, {"again_at": at(hours=-1)})
    assert field_error(late.content.decode(), "again_at") == "再打的时间要在现在以后。"
    assert client.post(address, {"again_at": at(hours=1)}).status_code == 302
    assert Engagement.objects.get().call_again_at


def test_handing_back_says_first_what_it_does() -> None:
    county = world.build()
    case = walk(county, "claimed")
    client = browser(county.bank.officer)
    address = f"/bank/engagements/{case.engagement}/release"
    assert "不扣分" in client.get(address).content.decode()
    assert "请写一句为什么退回。" in client.post(address, {"reason": " "}).content.decode()
    assert client.post(address, {"reason": "太远"}).status_code == 302
    assert state(case.engagement) == "released"
    gone = client.get(f"/bank/engagements/{case.engagement}/").content.decode()
    assert case.code not in gone and "东湾" not in gone


def test_a_plan_is_shown_as_the_applicant_will_see_it_before_it_is_given() -> None:
    county = world.build()
    case = walk(county, "called_back")
    client = browser(county.bank.officer)
    address = f"/bank/engagements/{case.engagement}/plan"
    assert 'value="10"' in client.get(address).content.decode()
    shown = client.post(address, {**PLAN, "preview": "1"})
    words = read(shown)
    assert shown.status_code == 200 and state(case.engagement) == "called_back"
    assert "每借1万元用一年，利息475元（年利率4.75%）" in words
    assert "担保费500.00元" in words and "一次还102," in words
    assert client.post(address, {**PLAN, "do": "1"}).status_code == 302
    plan = queries.engagement(county.bank.officer, case.engagement).engagement.plan
    assert plan and plan.rate_ppm == 47_500 and plan.fees == (("担保费", 50_000),)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("amount_fen", "十万", "这里只填数字"),
        ("amount_fen", "", "请填能借多少"),
        ("amount_fen", "0", "请填能借多少，要大于 0。"),
        ("rate_ppm", "四厘", "年利率只填数字"),
        ("rate_ppm", "25", "年利率要大于 0，不超过 24%。"),
        ("months", "0", "请填 1 到 360 之间的整数。"),
        ("method", "later", "请从给出的里面选。"),
        ("fees", "担保费", "一行写一样费用"),
        ("security_words", "", "请写拿什么作保。"),
        ("trips_words", "趟" * 201, "最多写 200 个字，您写了 201 个。"),
        ("answer_working_days", "61", "请填 0 到 60 之间的整数。"),
    ],
)
def test_each_wrong_field_of_a_plan_has_its_sentence(name: str, typed: str, sentence: str) -> None:
    county = world.build()
    case = walk(county, "called_back")
    client = browser(county.bank.officer)
    answer = client.post(f"/bank/engagements/{case.engagement}/plan", {**PLAN, name: typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and field_error(page, name).startswith(sentence)
    assert "夫妻两人签字" in page or name == "security_words"
    assert state(case.engagement) == "called_back"


def test_m010_a_visit_is_agreed_moved_and_reported() -> None:
    county = world.build()
    case = walk(county, "kept")
    client = browser(county.bank.officer)
    address = f"/bank/engagements/{case.engagement}/visit"
    past = client.post(address, {"visit_at": at(days=-1)})
    assert field_error(past.content.decode(), "visit_at") == "请填约好上门的日期和时间。"
    assert client.post(address, {"visit_at": at(days=1)}).status_code == 302
    assert state(case.engagement) == "investigating"
    assert client.post(address, {"visit_at": at(days=2)}).status_code == 302
    report = f"/bank/engagements/{case.engagement}/report"
    assert "系统会问群众人来过没有" in client.get(report).content.decode()
    assert client.post(report).status_code == 302 and state(case.engagement) == "investigated"


def test_an_offer_begins_as_the_plan_and_what_differs_is_marked_and_explained() -> None:
    county = world.build()
    case = walk(county, "investigated")
    client = browser(county.bank.officer)
    address = f"/bank/engagements/{case.engagement}/offer"
    page = client.get(address).content.decode()
    assert 'value="4.75"' in page and "和初步方案不一样</span>" not in page
    less = {**PLAN, "fees": "", "amount_fen": "8"}
    answer = client.post(address, less)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert field_error(page, "change_reason") == "准信和初步方案不一样，请写明理由。"
    assert page.count("和初步方案不一样</span>") == 1 and 'value="8"' in page
    assert client.post(address, {**less, "change_reason": "上门看了，圈舍小"}).status_code == 302
    offer = queries.engagement(county.bank.officer, case.engagement).engagement.offer
    assert offer and offer.amount_fen == 8_000_000 and offer.change_reason == "上门看了，圈舍小"


def test_refusing_says_first_that_it_cannot_be_undone_and_wants_a_reason() -> None:
    county = world.build()
    case = walk(county, "called_back")
    client = browser(county.bank.officer)
    address = f"/bank/engagements/{case.engagement}/refuse"
    page = client.get(address).content.decode()
    assert page.index("收不回来") < page.index("R01 不在服务区域") < page.index("R15 其他（必写）")
    assert field_error(client.post(address).content.decode(), "code") == "请选一个原因。"
    other = client.post(address, {"code": "R15"}).content.decode()
    assert field_error(other, "words") == "选“其他”要写明原因，不超过 40 字。"
    long = client.post(address, {"code": "R07", "words": "字" * 41}).content.decode()
    assert field_error(long, "words") == "最多写 40 个字，您写了 41 个。"
    assert state(case.engagement) == "called_back"
    assert client.post(address, {"code": "R07"})["Location"] == "/bank/"
    assert Engagement.objects.get().refusal_code == "R07"


def test_signing_and_the_four_fields_of_a_return() -> None:
    county = world.build()
    case = walk(county, "accepted")
    client = browser(county.bank.officer)
    sign, pay = (f"/bank/engagements/{case.engagement}/{one}" for one in ("sign", "disburse"))
    bad = client.post(sign, {"contract_hash": "不是十六进制"})
    assert bad.status_code == 422 and state(case.engagement) == "accepted"
    assert client.post(sign).status_code == 302 and state(case.engagement) == "signed"
    today = local_date(database_now())
    four = {
        "amount_fen": "10",
        "rate_ppm": "4.75",
        "paid_out_on": str(today),
        "due_on": str(today + timedelta(days=181)),
    }
    for name, typed, sentence in (
        ("amount_fen", "", "请填放了多少。"),
        ("rate_ppm", "x", "年利率只填数字"),
        ("paid_out_on", str(today + timedelta(days=1)), "放款日不能晚于今天。"),
        ("due_on", str(today), "到期日要晚于放款日。"),
        ("due_on", "后年", "到期日要写成"),
    ):
        page = client.post(pay, {**four, name: typed}).content.decode()
        assert field_error(page, name).startswith(sentence)
    assert client.post(pay, four).status_code == 302 and state(case.engagement) == "disbursed"
    settle = f"/bank/engagements/{case.engagement}/settle"
    assert client.post(settle).status_code == 302 and state(case.engagement) == "settled"


def test_m011_the_bank_writes_why_and_the_record_keeps_it() -> None:
    county = world.build()
    overdue(county)
    client = browser(county.bank.officer)
    ref = queries.bank_supervisions(county.bank.officer)[0].ref
    address = f"/bank/supervisions/{ref}/answer"
    assert field_error(client.post(address).content.decode(), "words") == "请写明原因。"
    assert client.post(address, {"words": "值班手机没电"}).status_code == 302
    words = read(client.get("/bank/supervisions/"))
    assert "值班手机没电" in words and "已写" in words and "10分钟没打通电话" in words
    stranger = browser(county.banks[1].officer)
    assert stranger.post(address, {"words": "x"}).status_code == 404
    assert "没有督导记录" in read(stranger.get("/bank/supervisions/"))


def test_a_step_that_is_not_due_is_refused_with_a_sentence() -> None:
    county = world.build()
    case = walk(county, "claimed")
    client: Client = browser(county.bank.officer)
    answer = client.post(f"/bank/engagements/{case.engagement}/plan", PLAN)
    assert answer.status_code == 409 and "这一步现在不能办" in answer.content.decode()
    assert "夫妻两人签字" in answer.content.decode()


def test_a_form_in_the_dialog_is_only_the_form() -> None:
    county = world.build()
    case = walk(county, "called_back")
    client = browser(county.bank.officer)
    part = client.get(f"/bank/engagements/{case.engagement}/plan", headers=HX).content.decode()
    assert "<html" not in part and 'hx-target="#sheet-body"' in part
    whole = client.get(f"/bank/engagements/{case.engagement}/plan").content.decode()
    assert "<html" in whole and 'hx-target="#sheet-body"' not in whole.partition("<main")[2]
