"""Requests by enterprises: who may act, what banks see, one running demand of a subject (M018, F1)."""

import threading
from dataclasses import fields, replace

import pytest
from django.db import connection, transaction

from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions, queries
from puhui.market.models import FinancingDemand
from puhui.market.queries import CaseFilter, TableFilter
from puhui.market.terms import DemandCard, Refusals
from puhui.parties import actions as parties
from puhui.parties import queries as asking
from puhui.parties.models import Agency
from puhui.parties.subject_terms import SubjectRefusals
from tests import world
from tests.market import firms
from tests.market.firms import Firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build()


@pytest.fixture
def firm(county: world.World) -> Firm:
    return firms.firm()


def publish(firm: Firm, **more: object) -> str:
    form = firms.demand_form(firm.ref)
    given = {"consent_given": True, "by": firm.agent} | more
    return actions.publish(form, **given).ref  # type: ignore[arg-type]


def planned(county: world.World, ref: str) -> str:
    """A bank's engagement with a plan."""
    officer = county.bank.officer
    engagement = actions.claim(ref, by=officer).engagement_ref
    call = actions.start_call(engagement, by=officer)
    actions.record_callback(engagement, call.ref, "connected", duration_seconds=60, by=officer)
    actions.submit_plan(engagement, world.PLAN, by=officer)
    return engagement


def reason_of(refused: pytest.ExceptionInfo[Refused]) -> object:
    return refused.value.reason


def test_m006_an_agent_asks_for_the_enterprise_and_both_follow_it(firm: Firm) -> None:
    ref = publish(firm)
    shown = queries.my_demand(firm.agent, ref)
    assert (shown.subject, shown.enterprise_ref) == ("family_farm", firm.ref)
    assert queries.my_demand(firm.head, ref).enterprise_name == shown.enterprise_name
    row = FinancingDemand.objects.get(ref=ref)
    assert (row.resident_id, row.agent_id) == (firm.head.person, firm.agent.person)


def test_m006_one_running_demand_belongs_to_each_subject(firm: Firm) -> None:
    ref = publish(firm)
    with pytest.raises(Refused) as refused:
        publish(firm, by=firm.head)
    assert reason_of(refused) == Refusals.ALREADY_OPEN
    assert refused.value.facts["ref"] == ref
    own = actions.publish(replace(world.FORM), consent_given=True, by=firm.agent)
    assert queries.my_demand(firm.agent, own.ref).enterprise_ref == ""


def test_f1_an_agent_of_another_enterprise_and_a_stranger_find_nothing(
    county: world.World, firm: Firm
) -> None:
    ref, other = publish(firm), firms.firm()
    engagement = planned(county, ref)
    for actor in (other.agent, other.head, county.applicant):
        assert all(one.ref != ref for one in queries.my_demands(actor))
        acts = (
            lambda by: queries.my_demand(by, ref),
            lambda by: actions.keep_plan(engagement, by=by),
            lambda by: actions.withdraw(ref, by=by),
            lambda by: actions.publish(
                firms.demand_form(firm.ref), consent_given=True, another=True, by=by
            ),
            lambda by: asking.my_enterprise(by, firm.ref),
            lambda by: parties.revoke_agency(firm.agency, by=by),
        )
        for act in acts:
            with pytest.raises(Refused) as refused:
                act(actor)
            assert reason_of(refused) == NOT_FOUND


def test_f1_the_agents_own_requests_are_not_the_enterprises(firm: Firm) -> None:
    own = actions.publish(replace(world.FORM), consent_given=True, by=firm.agent)
    with pytest.raises(Refused) as refused:
        queries.my_demand(firm.head, own.ref)
    assert reason_of(refused) == NOT_FOUND


def test_f1_an_expired_and_a_revoked_authorisation_end_at_once(
    county: world.World, firm: Firm
) -> None:
    ref = publish(firm)
    firms.expire(firm.agency)
    with pytest.raises(Refused) as refused:
        actions.withdraw(ref, by=firm.agent)
    assert reason_of(refused) == NOT_FOUND
    agency = firms.authorise(firm.ref, firm.head, firm.agent)
    assert queries.my_demand(firm.agent, ref).ref == ref
    parties.revoke_agency(agency, by=firm.head)
    assert queries.my_demands(firm.agent) == []
    assert asking.my_standings(firm.agent) == []


def test_an_authorisation_counts_only_after_the_representatives_own_reply(
    county: world.World,
) -> None:
    head, agent = world.resident(name="钱理事"), world.resident(name="周会计")
    ref = parties.register_enterprise(firms.form(), by=head)
    person = asking.applicant(agent)
    given = {"name": person.name, "phone": person.phone, "scopes": ("request",)}
    actions.let_agent_act(ref, ends_on=firms.until(), by=head, **given)  # type: ignore[arg-type]
    assert asking.my_standings(agent) == []
    assert not actions.take_text_reply("a", person.phone, "1", by=SYSTEM)
    assert asking.my_standings(agent) == []
    assert actions.take_text_reply("b", asking.applicant(head).phone, "2", by=SYSTEM)
    assert asking.my_standings(agent) == []
    assert Agency.objects.get().revoked_at is not None


def test_scope_an_agent_who_may_only_request_does_not_choose(county: world.World) -> None:
    firm = firms.firm("request")
    engagement = planned(county, publish(firm))
    with pytest.raises(Refused) as refused:
        actions.keep_plan(engagement, by=firm.agent)
    assert reason_of(refused) == SubjectRefusals.SCOPE_LACKING
    actions.keep_plan(engagement, by=firm.head)


def test_scope_an_agent_who_may_only_choose_does_not_ask(county: world.World) -> None:
    firm = firms.firm("choose")
    with pytest.raises(Refused) as refused:
        publish(firm)
    assert reason_of(refused) == SubjectRefusals.SCOPE_LACKING
    ref = publish(firm, by=firm.head)
    with pytest.raises(Refused) as refused:
        actions.withdraw(ref, by=firm.agent)
    assert reason_of(refused) == SubjectRefusals.SCOPE_LACKING


def test_m007_before_a_claim_the_card_holds_the_class_and_nothing_more(
    county: world.World, firm: Firm
) -> None:
    ref = publish(firm)
    card = queries.open_demand(county.bank.officer, ref)
    assert card.scale == "家庭农场、合作社，120 只"
    assert len(fields(DemandCard)) == 13
    name = asking.my_enterprise(firm.head, firm.ref)
    assert name.name not in repr(card) and name.credit_code not in repr(card)


def test_after_a_claim_the_enterprise_and_on_a_journalled_look_its_code_and_agent(
    county: world.World, firm: Firm
) -> None:
    ref, officer = publish(firm), county.bank.officer
    engagement = actions.claim(ref, by=officer).engagement_ref
    own = asking.my_enterprise(firm.head, firm.ref)
    assert queries.engagement(officer, engagement).enterprise_name == own.name
    contact = actions.view_contact(engagement, by=officer)
    assert (contact.enterprise_name, contact.credit_code) == (own.name, own.credit_code)
    assert contact.phone == asking.applicant(firm.agent).phone
    parties.revoke_agency(firm.agency, by=firm.head)
    assert actions.view_contact(engagement, by=officer).phone == asking.applicant(firm.head).phone


def test_a_revoked_agents_text_message_answers_nothing(county: world.World, firm: Firm) -> None:
    ref, officer = publish(firm), county.bank.officer
    engagement = actions.claim(ref, by=officer).engagement_ref
    call = actions.start_call(engagement, by=officer)
    actions.record_callback(engagement, call.ref, "connected", duration_seconds=60, by=officer)
    phone = asking.applicant(firm.agent).phone
    parties.revoke_agency(firm.agency, by=firm.head)
    assert not actions.take_text_reply("r1", phone, "2", by=SYSTEM)
    assert queries.engagement(officer, engagement).engagement.callback_word != "denied"


def test_lists_are_narrowed_by_the_class_of_applicants(county: world.World, firm: Firm) -> None:
    ref, officer = publish(firm), county.bank.officer
    own = world.publish(county)
    for one in (ref, own.ref):
        actions.claim(one, by=officer)
    for actor in (county.deputy, county.supervisor):
        page = queries.cases(actor, CaseFilter(subject="family_farm"))
        assert [row.ref for row in page.rows] == [ref]
    rows = queries.bank_table(officer, TableFilter(subject="family_farm"))
    assert [row.demand_ref for row in rows] == [ref]


@pytest.mark.django_db(transaction=True)
def test_f1_a_revocation_inside_the_agents_transaction_comes_before_or_after_never_between() -> (
    None
):
    county = world.build()
    firm = firms.firm()
    ref = publish(firm)
    has_revoked, may_commit = threading.Event(), threading.Event()

    def revoke() -> None:
        with transaction.atomic():
            parties.revoke_agency(firm.agency, by=firm.head)
            has_revoked.set()
            may_commit.wait(20)
        connection.close()

    rival = threading.Thread(target=revoke)
    found: list[object] = []

    def withdraw() -> None:
        try:
            actions.withdraw(ref, by=firm.agent)
            found.append("withdrawn")
        except Refused as refused:
            found.append(refused.reason)
        finally:
            connection.close()

    rival.start()
    assert has_revoked.wait(20)
    agent = threading.Thread(target=withdraw)
    agent.start()
    _until_somebody_waits()
    may_commit.set()
    rival.join(20)
    agent.join(20)
    assert found == [NOT_FOUND]
    assert queries.my_demand(firm.head, ref).state == "published"
    assert county.applicant.ref


def _until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _turn in range(100_000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited for the lock")
