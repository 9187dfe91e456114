"""A legal representative has died: two of the county's staff by a document, then the new one's own yes."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.journal_models import UnsealedEntry
from puhui.market import actions, queries
from puhui.notices.models import TextMessage
from puhui.parties import actions as parties
from puhui.parties import queries as asking
from puhui.parties.models import Enterprise, Succession
from puhui.parties.subject_terms import SubjectRefusals
from puhui.parties.terms import Refusals
from tests import world
from tests.desks.resident import story
from tests.desks.watched import browser
from tests.market import firms
from tests.market.firms import Firm
from tests.rest.partner import by_key

pytestmark = pytest.mark.django_db
NUMBER = "鲁医死证371525000123"


@pytest.fixture
def county() -> world.World:
    return world.build()


@pytest.fixture
def firm(county: world.World) -> Firm:
    return firms.firm()


def opened(firm: Firm, successor: Actor, by: Actor, **other: str) -> str:
    person = asking.applicant(successor)
    said = {"document": "death", "document_number": NUMBER, "name": person.name, **other}
    return actions.open_succession(firm.ref, **{"phone": person.phone, **said}, by=by)


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def refusal(act: object) -> Refused:
    with pytest.raises(Refused) as refused:
        act()  # type: ignore[operator]
    return refused.value


def test_m035_two_of_the_county_and_the_new_ones_own_word(county: world.World, firm: Firm) -> None:
    sent = actions.publish(firms.demand_form(firm.ref), consent_given=True, by=firm.agent).ref
    case = actions.claim(sent, by=county.bank.officer).engagement_ref
    successor = world.resident(name="钱新任")
    change = opened(firm, successor, county.supervisor)
    assert TextMessage.objects.get(code="S43").phone == asking.applicant(firm.head).phone
    assert not TextMessage.objects.filter(code="S42").exists()
    assert asking.successions_to_me(successor) == [], "one person's word moves nothing"
    for too_early in (
        lambda: actions.take_over(change, consent_given=True, by=successor),
        lambda: parties.accept_succession(change, by=successor),
        lambda: parties.drop_succession(change, by=successor),
    ):
        assert refusal(too_early).reason == NOT_FOUND
    own = refusal(lambda: actions.check_succession(change, by=county.supervisor))
    assert own.reason == Refusals.SECOND_PERSON
    actions.check_succession(change, by=county.admin)
    assert TextMessage.objects.get(code="S42").phone == asking.applicant(successor).phone
    assert Enterprise.objects.get().representative_id == firm.head.person
    assert [one.ref for one in queries.my_demand(firm.agent, sent).engagements] == [case]
    assert actions.take_over(change, consent_given=True, by=successor) == firm.ref
    assert [one.ref for one in queries.my_demand(successor, sent).engagements] == [case]
    assert asking.my_standings(firm.head) == asking.my_standings(firm.agent) == []
    shown = by_key(county.bank.officer).get(f"/bank/engagements/{case}").json()
    assert shown["contact"]["name"] == "钱新任"


def test_the_journal_names_the_document_and_not_the_whole_number(
    county: world.World, firm: Firm
) -> None:
    change = opened(firm, world.resident(name="钱新任"), county.supervisor)
    actions.check_succession(change, by=county.admin)
    bodies = list(UnsealedEntry.objects.order_by("id").values_list("body", flat=True))
    told = [json.loads(one) for one in bodies if "succession_" in str(one)]
    assert [(one["action"], one["facts"]["document"]) for one in told] == [
        ("succession_opened", "death"),
        ("succession_checked", "death"),
    ]
    assert told[0]["facts"]["number_ends"] == "0123"
    assert not any(NUMBER in str(one) for one in bodies)
    row = Succession.objects.get(ref=change)
    assert (row.document_number, row.opened_by_id) == (NUMBER, county.supervisor.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Succession.objects.filter(ref=change).update(checked_by=row.opened_by)


def test_whoever_still_speaks_stops_it_and_the_county_takes_it_back(
    county: world.World, firm: Firm
) -> None:
    successor = world.resident(name="钱新任")
    change = opened(firm, successor, county.supervisor)
    actions.check_succession(change, by=county.admin)
    shown = asking.succession_of(firm.head, firm.ref)
    assert shown is not None and shown.document == "death"
    parties.drop_succession(change, by=firm.head)
    change = opened(firm, successor, county.supervisor)
    taken = refusal(lambda: opened(firm, successor, county.admin))
    assert taken.reason == SubjectRefusals.SUCCESSION_OPEN
    actions.check_succession(change, by=county.admin)
    again = refusal(lambda: actions.check_succession(change, by=county.admin))
    assert again.reason == SubjectRefusals.SUCCESSION_CHECKED
    actions.check_succession(change, is_right=False, by=county.supervisor)
    assert asking.successions_to_me(successor) == []
    late = refusal(lambda: actions.take_over(change, consent_given=True, by=successor))
    assert late.reason == NOT_FOUND


def test_whom_the_dead_one_had_asked_waits_no_more(county: world.World, firm: Firm) -> None:
    before, successor = world.resident(name="孙又任"), world.resident(name="钱新任")
    person = asking.applicant(before)
    actions.name_successor(firm.ref, person.name, person.phone, by=firm.head)
    change = opened(firm, successor, county.supervisor)
    assert asking.successions_to_me(before) == []
    assert [one.ref for one in asking.successions_of_county(county.admin)] == [change]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"document": ""}, "document_unknown"),
        ({"document_number": " "}, "document_number_bad"),
        ({"phone": "1980000"}, "phone_length"),
        ({"name": "没这个人"}, "agent_unknown"),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(
    county: world.World, firm: Firm, typed: dict[str, str], code: str
) -> None:
    successor = world.resident(name="钱新任")
    refused = refusal(lambda: opened(firm, successor, county.supervisor, **typed))
    assert [one.code for one in refused.errors] == [code]
    itself = refusal(lambda: opened(firm, firm.head, county.supervisor))
    assert [one.code for one in itself.errors] == ["successor_is_representative_already"]
    assert not Succession.objects.exists()


def test_m035_the_pages_of_both_and_of_the_new_one(county: world.World, firm: Firm) -> None:
    successor = world.resident(name="钱新任")
    person, list_ = asking.applicant(successor), "/county/people/enterprises/"
    first, second = browser(county.supervisor), browser(county.admin)
    form = f"{list_}{firm.ref}/successor"
    assert form in read(first, list_)
    typed = {"name": person.name, "phone": person.phone, "document": "death"}
    wrong = first.post(form, typed)
    assert wrong.status_code == 422 and "请照着证明填编号" in wrong.content.decode()
    first.post(form, {**typed, "document_number": NUMBER})
    assert "您登记的，要别人核对" in read(first, list_) and NUMBER in read(second, list_)
    mine = story.browser(firm.head).get(f"/my/enterprises/{firm.ref}/successor").content.decode()
    assert "死亡证明" in mine and "停下来" in mine
    change = Succession.objects.get().ref
    own = first.post(f"/county/people/successions/{change}/", {"answer": "yes"}, follow=True)
    assert "要请别人核对" in own.content.decode()
    second.post(f"/county/people/successions/{change}/", {"answer": "yes"})
    assert "等他（她）登录同意" in read(first, list_)
    theirs = story.browser(successor)
    assert "县里请您接任" in theirs.get("/my/enterprises/").content.decode()
    assert "县里凭死亡证明请您接任" in theirs.get(f"/my/take-over/{change}/").content.decode()
    auditor = browser(world.staff("C01", "孙审计", Role.AUDITOR))
    assert NUMBER not in read(auditor, list_) and form not in read(auditor, list_)
    assert auditor.get(form).status_code in (403, 404)
