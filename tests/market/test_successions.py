"""Another legal representative takes over by their own sign-in; an enterprise closes for good."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from puhui.kernel.actor import Actor
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.journal_models import UnsealedEntry
from puhui.market import actions, queries
from puhui.market.models import FinancingDemand
from puhui.market.queries.own_name import account_hindrances, enterprise_hindrances
from puhui.notices.models import TextMessage
from puhui.parties import actions as parties
from puhui.parties import queries as asking
from puhui.parties.models import Enterprise
from puhui.parties.subject_terms import SubjectRefusals
from tests import world
from tests.desks.resident import story
from tests.market import firms
from tests.market.firms import Firm
from tests.rest.partner import by_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build()


@pytest.fixture
def firm(county: world.World) -> Firm:
    return firms.firm()


def named(firm: Firm, successor: Actor) -> str:
    person = asking.applicant(successor)
    return actions.name_successor(firm.ref, person.name, person.phone, by=firm.head)


def journalled() -> list[str]:
    rows = UnsealedEntry.objects.order_by("id").values_list("body", flat=True)
    return [json.loads(row)["action"] for row in rows]


def test_m035_nothing_changes_before_the_new_one_has_accepted(firm: Firm) -> None:
    successor = world.resident(name="钱新任")
    change = named(firm, successor)
    assert TextMessage.objects.get(code="S42").phone == asking.applicant(successor).phone
    assert [one.ref for one in asking.successions_to_me(successor)] == [change]
    assert asking.my_standings(successor) == []
    assert asking.my_standings(firm.agent) and asking.my_standings(firm.head)
    with pytest.raises(Refused) as refused:
        named(firm, world.resident(name="孙又任"))
    assert refused.value.reason == SubjectRefusals.SUCCESSION_OPEN
    parties.drop_succession(change, by=firm.head)
    assert asking.successions_to_me(successor) == []
    change = named(firm, successor)
    parties.drop_succession(change, by=successor)
    with pytest.raises(Refused) as refused:
        actions.take_over(change, consent_given=True, by=successor)
    assert refused.value.reason == NOT_FOUND
    assert Enterprise.objects.get().representative_id == firm.head.person


def test_m035_the_new_one_has_it_all_the_old_one_and_the_agents_nothing(
    county: world.World, firm: Firm
) -> None:
    sent = actions.publish(firms.demand_form(firm.ref), consent_given=True, by=firm.agent).ref
    case = actions.claim(sent, by=county.bank.officer).engagement_ref
    parties.check_enterprise(firm.ref, by=county.supervisor)
    successor = world.resident(name="钱新任")
    change = named(firm, successor)
    for stranger in (firm.head, firm.agent, world.resident()):
        with pytest.raises(Refused) as refused:
            actions.take_over(change, consent_given=True, by=stranger)
        assert refused.value.reason == NOT_FOUND
    with pytest.raises(Refused) as unsaid:
        actions.take_over(change, by=successor)
    assert [one.code for one in unsaid.value.errors] == ["consent_missing"]
    assert asking.my_standings(firm.head), "a refusal changes nothing"
    assert actions.take_over(change, consent_given=True, by=successor) == firm.ref
    assert asking.my_standings(firm.head) == asking.my_standings(firm.agent) == []
    assert [one.is_representative for one in asking.my_standings(successor)] == [True]
    assert asking.my_enterprise(successor, firm.ref).checked_at is None
    for gone in (firm.head, firm.agent):
        with pytest.raises(Refused):
            queries.my_demand(gone, sent)
    followed = queries.my_demand(successor, sent)
    assert [one.ref for one in followed.engagements] == [case]
    contact = by_key(county.bank.officer).get(f"/bank/engagements/{case}").json()["contact"]
    assert contact["name"] == "钱新任"
    assert "publish" in "".join(one.action for one in queries.timeline(successor, sent))
    told = journalled()
    assert {"representative_named", "representative_changed"} <= set(told)
    assert "financing_demand.take_over" in told


def test_m035_an_old_consent_shows_nothing_of_the_new_one(county: world.World, firm: Firm) -> None:
    sent = actions.publish(firms.demand_form(firm.ref), consent_given=True, by=firm.head).ref
    case = actions.claim(sent, by=county.bank.officer).engagement_ref
    successor = world.resident(name="钱新任")
    actions.take_over(named(firm, successor), consent_given=True, by=successor)
    from puhui.consent import actions as consents
    from puhui.consent import queries as consent_queries

    (given,) = consent_queries.my_consents(successor)
    consents.revoke_consent(given.ref, by=successor)
    shown = by_key(county.bank.officer).get(f"/bank/engagements/{case}").json()
    assert shown["contact"] is None and shown["contact_refused"]


@pytest.mark.parametrize(
    ("name", "phone", "code"),
    [
        ("钱新任", "1980000", "phone_length"),
        ("没这个人", "19800099999", "agent_unknown"),
        ("赵理事", "", "successor_is_representative"),
    ],
)
def test_a_wrong_successor_is_refused_by_its_field(
    firm: Firm, name: str, phone: str, code: str
) -> None:
    phone = phone or asking.applicant(firm.head).phone
    with pytest.raises(Refused) as refused:
        actions.name_successor(firm.ref, name, phone, by=firm.head)
    assert [one.code for one in refused.value.errors] == [code]
    with pytest.raises(Refused) as missing:
        actions.name_successor(firm.ref, "钱新任", phone, by=firm.agent)
    assert missing.value.reason == NOT_FOUND


def test_m035_a_closed_enterprise_keeps_its_counts_and_loses_its_name(
    county: world.World, firm: Firm
) -> None:
    card = asking.my_enterprise(firm.head, firm.ref)
    story_words = f"{card.name}要收粮"
    form = firms.demand_form(firm.ref, story=story_words)
    sent = actions.publish(form, consent_given=True, by=firm.head).ref
    assert [one.ref for one in enterprise_hindrances(firm.head, firm.ref)] == [sent]
    with pytest.raises(Refused) as refused:
        actions.close_enterprise(firm.ref, by=firm.head)
    assert refused.value.reason.code == "enterprise_busy"
    actions.withdraw(sent, by=firm.head)
    with pytest.raises(Refused):
        actions.close_enterprise(firm.ref, by=firm.agent)
    actions.close_enterprise(firm.ref, by=firm.head)
    row, demand = Enterprise.objects.get(), FinancingDemand.objects.get(ref=sent)
    assert card.name not in row.name and card.credit_code not in row.credit_code
    assert (row.revenue_fen, row.ended_at is not None) == (None, True)
    assert (demand.story, demand.amount_fen) == ("", world.FORM.amount_fen)
    assert asking.my_standings(firm.head) == asking.my_standings(firm.agent) == []
    assert asking.enterprise_register(county.supervisor).total == 0
    assert account_hindrances(firm.head) == (), "the person may go as well"
    again = parties.register_enterprise(
        firms.form(credit_code=card.credit_code, name=card.name), by=world.resident(name="周接办")
    )
    assert again != firm.ref, "the code is free for whoever has the licence"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_m035_the_pages_hand_over_and_close_without_scripts(firm: Firm) -> None:
    successor, head = world.resident(name="钱新任"), story.browser(firm.head)
    here, person = f"/my/enterprises/{firm.ref}/", asking.applicant(successor)
    assert f"{here}successor" in page(head, here) and f"{here}close" in page(head, here)
    wrong = head.post(f"{here}successor", {"name": "钱新任", "phone": "198"})
    assert wrong.status_code == 422 and 'href="#phone"' in wrong.content.decode()
    sent = head.post(f"{here}successor", {"name": person.name, "phone": person.phone})
    assert "告诉他（她）了" in page(head, sent["Location"])
    assert "等 钱*任 同意" in page(head, f"{here}successor")
    theirs = story.browser(successor)
    listed = page(theirs, "/my/enterprises/")
    take = next(part for part in listed.split('"') if part.startswith("/my/take-over/"))
    assert "接任" in page(theirs, take)
    assert story.browser(world.resident()).get(take).status_code == 404
    done = theirs.post(take)
    assert "您是法定代表人了" in page(theirs, done["Location"])
    assert head.get(here).status_code == 404
    assert story.browser(firm.agent).get(f"{here}close").status_code == 404
    unsure = theirs.post(f"{here}close")
    assert unsure.status_code == 422 and "想好了请先勾上" in unsure.content.decode()
    closed = theirs.post(f"{here}close", {"sure": "1"})
    assert "单位注销了" in page(theirs, closed["Location"])
