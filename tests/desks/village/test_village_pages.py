"""The specialist's pages, slips, the hotline, and what a resident can do about their own name."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.market import actions
from puhui.market.models import Assistance, FinancingDemand, PaperSlip
from puhui.notices.models import TextMessage
from puhui.parties import queries as parties
from puhui.parties.models import UnfreezeRequest
from tests import world
from tests.desks import watched
from tests.desks.resident.steps import signed_in
from tests.desks.watched import read

pytestmark = pytest.mark.django_db
PHONE = "19877700001"
PERSON = {
    "name": "王桂兰",
    "identity_number": world.identity_number(901, "19580212"),
    "village": world.VILLAGE,
    "phone_of": "own",
    "phone": PHONE,
}
REQUEST = PERSON | {
    "amount": "5",
    "purpose": "livestock",
    "term": "months_6",
    "repayment_wish": "once",
    "call_wish": "now",
    "securities": ["none"],
}
SLIP = REQUEST | {"signed": "1", "holder": "东湾村村委"}


@pytest.fixture
def county() -> world.World:
    return world.build(banks=1)


@pytest.fixture
def helper(county: world.World) -> Actor:
    return world.staff("T01", "赵专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)


@pytest.fixture
def desk(helper: Actor) -> Client:
    return watched.browser(helper)


def test_m019_fill_in_hand_over_send_and_wait_for_the_yes(desk: Client) -> None:
    home = read(desk.get("/village/"))
    assert "赵同志" in home and "不许收一分钱" in home and "没有在等的。" in home
    check = read(desk.post("/village/request", REQUEST | {"do": "check"}))
    assert "请您看一遍" in check and "伍万元整" in check and PHONE in check
    assert not FinancingDemand.objects.exists()
    again = desk.post("/village/request", REQUEST | {"do": "edit"})
    assert 'value="王桂兰"' in again.content.decode() and "还有" not in read(again)
    sent = desk.post("/village/request", REQUEST | {"do": "send"}, follow=True)
    assert "短信发到尾号0001了" in read(sent) and "王*兰" in read(sent)
    assert actions.take_text_reply("g-1", PHONE, "1", by=SYSTEM)
    after = read(desk.get("/village/"))
    assert "本人回1确认了" in after
    assert FinancingDemand.objects.get().ref not in after


def test_m019_wrong_fields_stay_with_their_sentences(desk: Client, helper: Actor) -> None:
    answer = desk.post("/village/request", REQUEST | {"amount": "", "do": "check"})
    assert answer.status_code == 422 and "请写个大概的数" in read(answer)
    wrong = REQUEST | {"phone_of": "family", "identity_number": "123", "do": "send"}
    page = desk.post("/village/request", wrong)
    assert page.status_code == 422
    assert 'value="王桂兰"' in page.content.decode()
    for words in ("要写清是他（她）的什么人", "愿不愿意", "身份证号是18位，您填了3位"):
        assert words in read(page)
    own = parties.staff_card(SYSTEM, helper.ref).phone
    page = desk.post("/village/request", REQUEST | {"phone": own, "do": "send"})
    assert "这是您自己的号码，不能用来替别人确认。" in read(page)


def test_m019_send_again_once_take_back_and_others_see_nothing(
    desk: Client, county: world.World
) -> None:
    desk.post("/village/registration", PERSON | {"do": "send"})
    ref = Assistance.objects.get().ref
    stranger = watched.browser(
        world.staff("T01", "钱专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    )
    assert stranger.post(f"/village/help/{ref}/again").status_code == 404
    assert "补发了一条短信" in read(desk.post(f"/village/help/{ref}/again", follow=True))
    assert "不能再发了" in read(desk.post(f"/village/help/{ref}/again", follow=True))
    assert TextMessage.objects.filter(code="S34").count() == 2
    assert "作废？" in read(desk.get(f"/village/help/{ref}/cancel"))
    assert "作废了" in read(desk.post(f"/village/help/{ref}/cancel", follow=True))
    assert Client().get("/village/").status_code == 302
    assert watched.browser(county.deputy).get("/village/").status_code == 404


def test_m019_paper_printed_entered_checked(county: world.World, desk: Client) -> None:
    sheet = read(desk.post("/staff/slips/print", {"copies": "2"}))
    slips = list(PaperSlip.objects.order_by("ref"))
    assert len(slips) == 2 and slips[0].contact_code in sheet and "撕下" in sheet
    assert "还没有录进来" in read(Client().get(f"/slip/{slips[0].ref}"))
    assert Client().get("/slip/999").status_code == 404
    bank = watched.browser(county.bank.officer)
    assert "选乡镇" in read(bank.get("/staff/slips/enter"))
    address = f"/staff/slips/enter?township={world.TOWNSHIP}"
    entry = SLIP | {"slip": slips[0].ref}
    assert "念一遍、对一遍" in read(bank.post(address, entry | {"do": "check"}))
    done = read(bank.post(address, entry | {"do": "send"}, follow=True))
    assert "等第二个人核对" in done
    deputy = watched.browser(county.deputy)
    listed = deputy.get("/staff/slips/").content.decode()
    ref = Assistance.objects.get().ref
    assert slips[0].ref in listed and f"/staff/slips/{ref}/check" in listed
    check = read(deputy.get(f"/staff/slips/{ref}/check"))
    assert "王*兰" in check and "东湾村村委" in check and PHONE not in check
    assert deputy.post(f"/staff/slips/{ref}/check", {"do": "1"}).status_code == 422
    deputy.post(f"/staff/slips/{ref}/check", {"do": "1", "how": "seen"})
    assert FinancingDemand.objects.get().state == "published"
    assert "已经发给银行" in read(Client().get(f"/slip/{slips[0].ref}"))


def test_m019_the_operator_reads_it_back_and_the_caller_answers(county: world.World) -> None:
    county_desk = watched.browser(county.supervisor)
    address = f"/staff/hotline?township={world.TOWNSHIP}"
    page = read(county_desk.post(address, REQUEST | {"do": "check"}))
    assert "念一遍您听听" in page and "您回1就发出去" in page
    done = county_desk.post(address, REQUEST | {"do": "send"}, follow=True)
    assert "请来电的人回1" in read(done)
    assert actions.take_text_reply("g-1", PHONE, "1", by=SYSTEM)
    assert FinancingDemand.objects.get().created_via == "hotline"


def test_m019_not_me_stops_freezes_and_two_of_the_staff_unfreeze(
    county: world.World, desk: Client
) -> None:
    desk.post("/village/request", REQUEST | {"do": "send"})
    me = signed_in(PHONE)
    assert "等您回话" in read(me.get("/my/"))
    draft = FinancingDemand.objects.get().ref
    assert "是您让办的吗" in read(me.get(f"/my/{draft}/"))
    actions.take_text_reply("g-1", PHONE, "1", by=SYSTEM)
    listed = read(me.get("/my/name"))
    assert "村金融专员代填" in listed and "经手：赵同志" in listed
    assert "不是您提的？" in read(me.get(f"/my/name/{draft}"))
    stopped = read(me.post(f"/my/name/{draft}", follow=True))
    assert "已停掉" in stopped and "冻住" in stopped
    assert FinancingDemand.objects.get().end_reason == "not_me"
    seen: dict[str, Any] = {"identity_number": PERSON["identity_number"], "in_person": "1"}
    deputy, second = watched.browser(county.deputy), watched.browser(county.supervisor)
    assert "当面" in read(deputy.post("/staff/unfreeze", {**seen, "in_person": ""}))
    deputy.post("/staff/unfreeze", seen)
    pk = UnfreezeRequest.objects.get().pk
    assert deputy.post(f"/staff/unfreeze/{pk}", {"answer": "yes"}).status_code == 409
    assert "冻住" in read(me.get("/my/name"))
    second.post(f"/staff/unfreeze/{pk}", {"answer": "yes"})
    assert "冻住" not in read(me.get("/my/name"))
    assert Client().get(f"/my/name/{draft}").status_code == 302


def test_an_account_is_closed_when_nothing_is_under_way(county: world.World) -> None:
    me = world.resident(phone=PHONE)
    ref = world.publish(county, me).ref
    mine = signed_in(PHONE)
    busy = read(mine.get("/my/close"))
    assert "现在还不能注销" in busy and ref in busy
    assert mine.post("/my/close", {"sure": "1"}).status_code == 422
    actions.withdraw(ref, by=me)
    assert mine.post("/my/close").status_code == 422
    gone = mine.post("/my/close", {"sure": "1"}, follow=True)
    assert "账号注销了" in read(gone)
    assert mine.get("/my/").status_code == 302
