"""Pages of those who act for an enterprise, and of a household: what they show and refuse."""

from __future__ import annotations

import pytest
from django.test import Client

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.crypto import blind_index
from puhui.market import actions, queries
from puhui.notices.models import TextMessage
from puhui.parties import actions as parties
from puhui.parties import queries as asking
from tests import world
from tests.desks.resident import steps
from tests.market import firms

pytestmark = pytest.mark.django_db
HEAD_PHONE = "19800009101"


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def typed(**changes: str) -> dict[str, str]:
    form = firms.form()
    return {
        "kind": "cooperative",
        "name": form.name,
        "credit_code": form.credit_code,
        "industry": "agri",
        "revenue": "600",
        "township": world.TOWNSHIP,
        "village": world.VILLAGE,
    } | changes


def test_m018_a_cooperative_is_registered_sized_and_its_agent_authorised_without_scripts() -> None:
    world.build()
    world.resident(name="赵理事", phone=HEAD_PHONE)
    agent = world.resident(name="孙会计", phone="19800009102")
    browser = steps.signed_in(HEAD_PHONE)
    answer = browser.post("/my/enterprises/new", typed())
    assert answer.status_code == 302, answer.content.decode()
    here = answer["Location"].split("?")[0]
    assert "中型" in page(browser, here)
    given = {
        "name": "孙会计",
        "phone": "19800009102",
        "scopes": ["request", "choose"],
        "ends_on": str(firms.until()),
    }
    assert browser.post(f"{here}agents/new", given).status_code == 302
    assert "等您回短信" in page(browser, here)
    asked = TextMessage.objects.get(code="S40")
    assert actions.take_text_reply("g1", HEAD_PHONE, "1", in_reply_to=str(asked.pk), by=SYSTEM)
    assert [one.may_request for one in asking.my_standings(agent)] == [True]
    agency = asking.my_enterprise(_actor(HEAD_PHONE), here.split("/")[-2]).agents[0].ref
    assert browser.post(f"{here}agents/{agency}/revoke").status_code == 302
    assert asking.my_standings(agent) == []


def _actor(phone: str) -> Actor:
    index = blind_index("phone", phone)
    (person,) = asking.residents_on_number(SYSTEM, index)
    return Actor(Role.RESIDENT, ref=person.ref, person=person.id, phone_index=index)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("credit_code", "93990525MA000001", "统一社会信用代码是 18 位，您填了 16 位"),
        ("credit_code", "93371525MA0000023B", "这个统一社会信用代码对不上"),
        ("kind", "enterprise", "跟上面选的不是一类"),
        ("industry", "", "请选是哪一行"),
        ("village", "", "请选在哪个村"),
        ("staff_count", "十二", "人数请填数字"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(
    field: str, value: str, sentence: str
) -> None:
    world.build()
    world.resident(name="赵理事", phone=HEAD_PHONE)
    browser = steps.signed_in(HEAD_PHONE)
    answer = browser.post("/my/enterprises/new", typed(**{field: value}))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert asking.my_standings(_actor(HEAD_PHONE)) == []


def test_m018_a_credit_code_is_registered_once_whoever_comes() -> None:
    world.build()
    for phone in (HEAD_PHONE, "19800009103"):
        world.resident(name="赵理事", phone=phone)
    given = typed()
    assert steps.signed_in(HEAD_PHONE).post("/my/enterprises/new", given).status_code == 302
    answer = steps.signed_in("19800009103").post("/my/enterprises/new", given)
    assert (answer.status_code, "已经有人登记过" in answer.content.decode()) == (422, True)


def test_m006_the_four_screens_ask_for_the_enterprise_chosen_after_sign_in() -> None:
    world.build()
    head = world.resident(name="赵理事", phone=HEAD_PHONE)
    ref = parties.register_enterprise(firms.form(), by=head)
    browser = steps.signed_in(HEAD_PHONE)
    assert "您替谁办" in page(browser, "/my/for?next=/ask/1")
    assert browser.post("/my/for", {"for": ref, "next": "/ask/1"})["Location"] == "/ask/1"
    browser.post("/ask/1", steps.SCREEN_1)
    browser.post("/ask/2", steps.SCREEN_2)
    third = page(browser, "/ask/3")
    assert f'value="{ref}" checked' in third
    browser.post("/ask/3", {"call_wish": "now", "enterprise": ref})
    assert "替谁提" in page(browser, "/ask/4")
    answer = browser.post("/ask/4", {**steps.SCREEN_4, "do": "send"})
    demand = answer["Location"].strip("/").split("/")[-1]
    assert queries.my_demand(head, demand).enterprise_ref == ref
    assert "果蔬农民专业合作社" in page(browser, "/my/")


def test_f1_pages_of_another_enterprise_look_like_missing_ones() -> None:
    world.build()
    firm = firms.firm()
    world.resident(name="赵理事", phone=HEAD_PHONE)
    stranger = steps.signed_in(HEAD_PHONE)
    for address in ("", "change", "agents/new", f"agents/{firm.agency}/revoke"):
        page(stranger, f"/my/enterprises/{firm.ref}/{address}", 404)
        page(stranger, f"/my/enterprises/E0000/{address}", 404)


def test_a_household_is_founded_joined_and_left_and_each_sees_their_own_requests() -> None:
    county = world.build()
    head = world.resident(name="赵当家", phone=HEAD_PHONE)
    son = world.resident(name="赵小民", phone="19800009104")
    browser, sons = steps.signed_in(HEAD_PHONE), steps.signed_in("19800009104")
    assert "建一户" in page(browser, "/my/household/")
    assert browser.post("/my/household/found").status_code == 302
    card = asking.my_household(head)
    assert card is not None and card.number == f"H{world.VILLAGE}0001"
    assert sons.post("/my/household/join", {"number": "H1"}).status_code == 422
    sons.post("/my/household/join", {"number": card.number.lower()})
    assert asking.kin(son) == []
    browser.post("/my/household/let-in", {"member": son.ref})
    assert [one.name for one in asking.kin(head)] == ["赵小民"]
    ref = world.publish(county, son).ref
    assert all(one.ref != ref for one in queries.my_demands(head))
    assert "先把户主交给家里别的人" in browser.post("/my/household/leave").content.decode()
    browser.post("/my/household/head", {"member": son.ref})
    assert browser.post("/my/household/leave").status_code == 302
    assert asking.my_household(head) is None
