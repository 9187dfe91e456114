"""A refusal that the applicant does not accept is looked at again, against a clock (content.md §1.9)."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from puhui.consent.models import Consent
from puhui.kernel.actor import SYSTEM, NotAllowed
from puhui.kernel.command import NOT_FOUND, Invalid, Refused
from puhui.market import actions, queries
from puhui.market.models import (
    Clock,
    Engagement,
    FollowUp,
    Objection,
    ReassignmentProposal,
    Supervision,
)
from puhui.market.terms import ObjectionOutcome, Refusals
from puhui.market.timing import timing
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


def _why(act: Callable[[], object]) -> str:
    """The code of the refusal that `act` meets."""
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.reason.code


def test_m012_only_a_refusal_is_objected_to_and_a_machines_is_told_apart(
    county: world.World,
) -> None:
    ref, officer = stages.called(county), county.bank.officer
    assert _why(lambda: actions.open_objection(ref, by=county.applicant)) == "wrong_state"
    actions.refuse(ref, "R07", automated=True, by=officer)
    too_long = "不服" * 151
    assert _why(lambda: actions.open_objection(ref, words=too_long, by=county.applicant)) == (
        "words_empty"
    )
    assert _why(lambda: actions.open_objection(ref, by=world.resident())) == "not_found"
    assert _why(lambda: actions.answer_objection(ref, "upheld", "看过", by=county.bank.head)) == (
        "not_found"
    )
    actions.open_objection(ref, by=county.applicant)
    row = Objection.objects.get()
    assert row.is_against_automation and row.owner_id == county.bank.head.person
    clock = Clock.objects.get(engagement__ref=ref, kind="objection")
    days = timing(clock.started_at)
    assert clock.due_at == days.end_of_working_day(clock.started_at, 5)
    second = stages.refused(replace(county, applicant=world.resident()), "R07")
    applicant = Engagement.objects.get(ref=second).demand.resident
    me = replace(county.applicant, ref=applicant.ref, person=applicant.pk)
    actions.open_objection(second, by=me)
    assert not Objection.objects.get(engagement__ref=second).is_against_automation


def test_m012_an_answer_has_words_and_is_given_once(county: world.World) -> None:
    ref, head = stages.objected(county), county.bank.head
    for outcome, words, code in (
        ("maybe", "看过了。", "answer_unknown"),
        ("upheld", " ", "words_empty"),
        ("upheld", "长" * 301, "words_empty"),
    ):
        assert _why(partial(actions.answer_objection, ref, outcome, words, by=head)) == code
    before = TextMessage.objects.filter(code="S17").count()
    actions.answer_objection(ref, "upheld", "核对过了。", by=head)
    assert TextMessage.objects.filter(code="S17").count() == before + 1
    assert _why(lambda: actions.answer_objection(ref, "reopened", "再看", by=head)) == "wrong_state"
    assert Engagement.objects.count() == 1, "what is upheld stays ended"
    told = [one.action for one in queries.timeline(county.supervisor, _demand(ref))]
    assert {"objection.open", "objection.answer"} <= set(told)


def test_m012_what_ended_meanwhile_is_not_opened_again(county: world.World) -> None:
    ref = stages.objected(county)
    actions.withdraw(_demand(ref), by=county.applicant)
    actions.answer_objection(ref, "reopened", "接着办。", by=county.bank.head)
    assert Engagement.objects.count() == 1


def test_m012_a_bank_that_has_the_case_again_gets_it_no_second_time(county: world.World) -> None:
    ref, other = stages.objected(county), county.banks[1]
    taken = actions.claim(_demand(ref), by=other.officer).engagement_ref
    actions.reassign(taken, county.bank.ref, applicant_agreed=True, by=county.supervisor)
    actions.answer_objection(ref, "reopened", "接着办。", by=county.bank.head)
    assert Engagement.objects.filter(bank__ref=county.bank.ref, state="claimed").count() == 1


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


def test_m012_a_case_moves_only_with_the_applicants_word_and_by_the_county(
    county: world.World,
) -> None:
    ref, other = stages.called(county), county.banks[1]
    for nobody in (county.deputy, county.bank.head, county.applicant):
        for act in (actions.propose_reassignment, partial(actions.reassign, applicant_agreed=True)):
            with pytest.raises(NotAllowed):
                act(ref, other.ref, by=nobody)
    move = partial(actions.reassign, ref, by=county.supervisor)
    assert _why(lambda: move(other.ref, applicant_agreed=False)) == "consent_of_applicant_missing"
    for bank in (county.bank.ref, "B99"):
        assert _why(partial(move, bank, applicant_agreed=True)) == "bank_unknown"
    actions.claim(_demand(ref), by=other.officer)
    assert _why(lambda: move(other.ref, applicant_agreed=True)) == "already_engaged"
    assert Engagement.objects.get(ref=ref).state == "called_back"


def test_m012_a_case_with_a_plan_stays_where_it_is(county: world.World) -> None:
    ref, other = stages.planned(county), county.banks[1]
    for act in (actions.propose_reassignment, partial(actions.reassign, applicant_agreed=True)):
        assert _why(partial(act, ref, other.ref, by=county.supervisor)) == "wrong_state"


def test_m012_the_new_bank_may_look_by_a_consent_that_names_it(county: world.World) -> None:
    ref, other = stages.called(county), county.banks[1]
    Consent.objects.update(recipients=[])  # the first consent named the banks of its day
    fresh = actions.reassign(ref, other.ref, applicant_agreed=True, by=county.supervisor)
    given = Consent.objects.latest("given_at")
    assert ([one["ref"] for one in given.recipients], given.method) == ([other.ref], "phone")
    assert Engagement.objects.get(ref=ref).state == "released"
    assert actions.view_contact(fresh, by=other.officer).name == "李为民"


def test_m012_a_no_is_final_and_a_yes_too_late_moves_nothing(county: world.World) -> None:
    ref, other = stages.called(county), county.banks[1]
    demand = _demand(ref)
    actions.propose_reassignment(ref, other.ref, by=county.supervisor)
    actions.confirm_report(demand, "reassign", "no", by=county.applicant)
    actions.propose_reassignment(ref, other.ref, by=county.supervisor)  # it may be asked again
    actions.claim(demand, by=other.officer)
    actions.confirm_report(demand, "reassign", "yes", by=county.applicant)
    answers = ReassignmentProposal.objects.order_by("proposed_at").values_list("answer", flat=True)
    assert list(answers) == ["no", "gone"]
    assert set(Engagement.objects.values_list("state", flat=True)) == {"called_back", "claimed"}


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
