"""A refusal that the applicant does not accept is looked at again, against a clock (content.md §1.9)."""

from dataclasses import replace

import pytest

from puhui.kernel.actor import SYSTEM, NotAllowed
from puhui.kernel.command import NOT_FOUND, Invalid, Refused
from puhui.market import actions, queries
from puhui.market.models import Clock, Engagement, FollowUp, Supervision
from puhui.market.terms import ObjectionOutcome, Refusals
from puhui.notices.models import TextMessage
from tests import world
from tests.market.ageing import age
from tests.rest import stages

pytestmark = pytest.mark.django_db
DAY = 86_400


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


def _demand(engagement: str) -> str:
    return Engagement.objects.get(ref=engagement).demand.ref


def test_m012_the_banks_head_answers_and_the_case_goes_on(county: world.World) -> None:
    ref = stages.objected(county)
    clock = Clock.objects.get(engagement__ref=ref, kind="objection")
    assert clock.state == "running" and TextMessage.objects.filter(code="B23").count() == 1
    with pytest.raises(Refused) as refused:
        actions.open_objection(ref, by=county.applicant)
    assert refused.value.reason == Refusals.OBJECTED
    actions.answer_objection(ref, "reopened", "看过了，接着办。", by=county.bank.head)
    clock.refresh_from_db()
    fresh = Engagement.objects.exclude(ref=ref).get()
    assert clock.state == "met"
    assert fresh.reassigned_from is not None and fresh.reassigned_from.ref == ref
    view = queries.my_demand(county.applicant, _demand(ref)).engagements[0].objection
    assert view is not None and view.answer_words == "看过了，接着办。"


def test_m012_an_unanswered_objection_comes_before_the_county(county: world.World) -> None:
    ref = stages.objected(county)
    actions.withdraw(_demand(ref), by=county.applicant)  # it is answered all the same
    age(_demand(ref), 12 * DAY)
    actions.breach_due(by=SYSTEM)
    assert Supervision.objects.get(engagement__ref=ref).kind == "objection"
    actions.answer_objection(ref, "upheld", "核对过了。", by=county.bank.head)
    assert Supervision.objects.get(engagement__ref=ref).closed_at is not None


def test_m012_of_an_ended_request_nothing_is_said_to_go_on(county: world.World) -> None:
    ref = stages.objected(county)
    actions.withdraw(_demand(ref), by=county.applicant)
    assert actions.answer_objection(ref, "reopened", "看过了，该办。", by=county.bank.head) == (
        "admitted"
    )
    assert Engagement.objects.count() == 1
    view = queries.my_demand(county.applicant, _demand(ref)).engagements[0].objection
    assert view is not None and (view.outcome, view.answer_words) == ("admitted", "看过了，该办。")
    assert "接着办" not in ObjectionOutcome(view.outcome).label


def test_nobody_says_what_follows_from_the_case(county: world.World) -> None:
    with pytest.raises(Refused) as refused:
        actions.answer_objection(
            stages.objected(county), "admitted", "看过了。", by=county.bank.head
        )
    assert refused.value.reason == Refusals.ANSWER_BAD


def test_only_its_own_banks_head_answers(county: world.World) -> None:
    ref = stages.objected(county)
    with pytest.raises(Refused) as refused:
        actions.answer_objection(ref, "upheld", "看过了。", by=county.banks[1].head)
    assert refused.value.reason == NOT_FOUND
    with pytest.raises(NotAllowed):
        actions.answer_objection(ref, "upheld", "看过了。", by=county.bank.officer)


def test_a_refusal_without_a_reason_is_counted_until_it_has_one(county: world.World) -> None:
    ref = stages.refused(county, "")
    found = [one.kind for one in queries.county_lists(county.supervisor).mismatches]
    assert found == ["no_reason"]
    assert TextMessage.objects.filter(code="B22").exists()
    actions.explain_refusal(ref, "R05", amount_fen=6_000_000, by=county.bank.officer)
    assert Engagement.objects.get(ref=ref).refusal_amount_fen == 6_000_000
    assert queries.county_lists(county.supervisor).mismatches == ()
    with pytest.raises(Refused):
        actions.explain_refusal(ref, "R07", by=county.bank.officer)


def test_amount_and_products_belong_to_their_reasons(county: world.World) -> None:
    ref, officer = stages.called(county), county.bank.officer
    with pytest.raises(Invalid):
        actions.refuse(ref, "R07", amount_fen=1_000_000, by=officer)
    with pytest.raises(Invalid):
        actions.refuse(ref, "R02", products=("P99",), by=officer)
    product = stages.product(county)
    actions.refuse(ref, "R02", products=(product,), automated=True, by=officer)
    row = Engagement.objects.get(ref=ref)
    assert row.refusal_products == [product] and row.is_refusal_automated


def test_m012_who_asked_one_bank_and_was_refused_after_a_call_has_an_owner(
    county: world.World,
) -> None:
    sent = world.publish(county, county.applicant, directed_bank=county.bank.ref)
    ref, officer = Engagement.objects.get(demand__ref=sent.ref).ref, county.bank.officer
    call = actions.start_call(ref, by=officer)
    actions.record_callback(ref, call.ref, "connected", by=officer)
    actions.refuse(ref, "R07", by=officer)
    row = FollowUp.objects.get(demand__ref=sent.ref)
    assert row.kind == "directed_refused" and row.owner is not None


def test_m012_a_case_that_ends_at_its_term_needs_a_destination(county: world.World) -> None:
    sent = world.publish(county, county.applicant)
    age(sent.ref, 31 * DAY)
    actions.breach_due(by=SYSTEM)
    row = FollowUp.objects.get(demand__ref=sent.ref, kind="unmet")
    with pytest.raises(Refused) as refused:
        actions.close_follow_up(row.ref, "", by=county.deputy)
    assert refused.value.reason == Refusals.DESTINATION
    with pytest.raises(Refused):
        actions.close_follow_up(row.ref, "unreached", by=county.other_deputy)
    actions.close_follow_up(row.ref, "unreached", by=county.deputy)


def test_reassignment_waits_for_the_applicants_yes(county: world.World) -> None:
    ref, other = stages.called(county), county.banks[1]
    actions.propose_reassignment(ref, other.ref, by=county.supervisor)
    demand = queries.my_demand(county.applicant, _demand(ref))
    assert demand.proposed_bank_name and len(demand.engagements) == 1
    with pytest.raises(Refused) as refused:
        actions.propose_reassignment(ref, other.ref, by=county.supervisor)
    assert refused.value.reason == Refusals.REASSIGN_ASKED
    actions.confirm_report(demand.ref, "reassign", "yes", by=county.applicant)
    old, new = queries.my_demand(county.applicant, demand.ref).engagements
    assert (old.state, new.state, new.bank_ref) == ("released", "claimed", other.ref)


def test_reassignment_refused_leaves_everything_as_it_is(county: world.World) -> None:
    ref = stages.called(county)
    actions.propose_reassignment(ref, county.banks[1].ref, by=county.supervisor)
    phone = TextMessage.objects.get(code="S33").phone
    assert actions.take_text_reply("g1", phone, "2", by=SYSTEM)
    (one,) = queries.my_demand(county.applicant, _demand(ref)).engagements
    assert one.state == "called_back"


def test_none_of_the_plans_suits_and_a_better_one_takes_its_place(county: world.World) -> None:
    ref, officer = stages.planned(county), county.bank.officer
    assert actions.ask_to_talk(_demand(ref), ("cheaper",), by=county.applicant) == 1
    assert [one.wishes for one in queries.talks(officer, ref)] == [("cheaper",)]
    with pytest.raises(Refused) as refused:
        actions.ask_to_talk(_demand(ref), ("more",), by=county.applicant)
    assert refused.value.reason == Refusals.TALKED
    actions.improve_plan(ref, replace(world.PLAN, rate_ppm=42_000), by=officer)
    plan = queries.my_demand(county.applicant, _demand(ref)).engagements[0].plan
    assert plan is not None and plan.rate_ppm == 42_000
    assert Engagement.objects.get(ref=ref).proposals.count() == 2
