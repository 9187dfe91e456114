"""Both first-callback clocks, supervision, the slot, the demand that nobody takes."""

from datetime import timedelta

import pytest

from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import Refused
from puhui.kernel.models import UnsealedEntry
from puhui.market import actions, queries
from puhui.market.models import (
    CallAttempt,
    Clock,
    Engagement,
    FinancingDemand,
    FollowUp,
    Supervision,
    SupervisionStep,
)
from puhui.market.terms import Refusals
from puhui.notices.models import TextMessage
from tests import world
from tests.market.ageing import age, stop_the_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


def _claimed(county: world.World) -> tuple[str, str]:
    sent = world.publish(county, county.applicant)
    return sent.ref, actions.claim(sent.ref, by=county.bank.officer).engagement_ref


def _clock(ref: str, kind: str) -> Clock:
    return Clock.objects.get(demand__ref=ref, kind=kind)


def test_m009_both_clocks_start_at_publication_and_at_the_claim(county: world.World) -> None:
    sent = world.publish(county, county.applicant)
    age(sent.ref, 60)
    claimed = actions.claim(sent.ref, by=county.bank.officer)
    demand = FinancingDemand.objects.get(ref=sent.ref)
    engagement = Engagement.objects.get(ref=claimed.engagement_ref)
    applicant, bank = _clock(sent.ref, "callback_applicant"), _clock(sent.ref, "callback_bank")
    assert demand.published_at is not None
    assert applicant.due_at == demand.published_at + timedelta(minutes=5)
    assert bank.due_at == engagement.claimed_at + timedelta(minutes=5)
    assert bank.due_at - applicant.due_at > timedelta(seconds=59)


@pytest.mark.parametrize(("waited", "on_time"), [(299, True), (301, False)])
def test_m009_a_call_at_4_59_passes_and_at_5_01_is_late(
    county: world.World, waited: int, on_time: bool
) -> None:
    stop_the_clock()
    ref, engagement_ref = _claimed(county)
    age(ref, waited)
    call = actions.start_call(engagement_ref, by=county.bank.officer)
    engagement = Engagement.objects.get(ref=engagement_ref)
    assert call.is_on_time is on_time
    assert engagement.callback_late is not on_time
    assert _clock(ref, "callback_bank").state == ("met" if on_time else "breached")
    assert _clock(ref, "callback_applicant").state == ("met" if on_time else "breached")


def test_m009_the_applicants_clock_runs_from_publication_whoever_claims_late(
    county: world.World,
) -> None:
    sent = world.publish(county, county.applicant)
    age(sent.ref, 290)
    claimed = actions.claim(sent.ref, by=county.bank.officer)
    age(sent.ref, 20)
    call = actions.start_call(claimed.engagement_ref, by=county.bank.officer)
    assert call.is_on_time, "the bank is twenty seconds into its own five minutes"
    assert _clock(sent.ref, "callback_bank").state == "met"
    assert _clock(sent.ref, "callback_applicant").state == "breached"
    assert not Engagement.objects.get(ref=claimed.engagement_ref).callback_late


def test_m009_a_call_stops_the_own_clocks_and_the_applicants_and_no_other_banks(
    county: world.World,
) -> None:
    ref, engagement_ref = _claimed(county)
    rival = actions.claim(ref, by=county.banks[1].officer).engagement_ref
    age(ref, 200)  # the reminder at three minutes is past, and no sweep has seen it
    actions.start_call(engagement_ref, by=county.bank.officer)
    states = {
        (one.engagement.ref if one.engagement else "", one.kind): one.state
        for one in Clock.objects.filter(demand__ref=ref).select_related("engagement")
    }
    assert {kind: state for (whose, kind), state in states.items() if whose == engagement_ref} == {
        "callback_soon": "breached",
        "callback_bank": "met",
        "slot_reopen": "met",
        "supervision_bank": "running",
        "long_pending": "running",
    }
    assert states["", "callback_applicant"] == "met"
    assert states["", "supervision_applicant"] == "running"
    assert {state for (whose, _kind), state in states.items() if whose == rival} == {"running"}
    breaches = UnsealedEntry.objects.filter(demand_ref=ref, body__contains="clock.breach")
    assert not breaches.exists(), "nobody is reminded of a call that was made"


def test_m009_a_result_recorded_later_cannot_be_backdated(county: world.World) -> None:
    ref, engagement_ref = _claimed(county)
    age(ref, 400)
    call = actions.start_call(engagement_ref, by=county.bank.officer)
    actions.record_callback(engagement_ref, call.ref, "connected", by=county.bank.officer)
    row = CallAttempt.objects.get(ref=call.ref)
    assert not row.is_on_time
    with pytest.raises(Refused) as refused:
        actions.record_callback(engagement_ref, call.ref, "no_answer", by=county.bank.officer)
    assert refused.value.reason == Refusals.CALL_RECORDED


def test_m009_breach_time_is_due_time_even_when_found_late(county: world.World) -> None:
    ref, _engagement = _claimed(county)
    age(ref, 3600)
    assert actions.breach_due(by=SYSTEM) > 0
    clock = _clock(ref, "callback_bank")
    assert (clock.state, clock.settled_at) == ("breached", clock.due_at)
    assert clock.found_at is not None and clock.due_at is not None
    assert clock.found_at - clock.due_at > timedelta(minutes=50)


@pytest.mark.parametrize(("waited", "records"), [(599, 0), (601, 1)])
def test_m011_supervision_at_10_01_and_none_at_9_59(
    county: world.World, waited: int, records: int
) -> None:
    stop_the_clock()
    ref, engagement_ref = _claimed(county)
    age(ref, waited)
    actions.breach_due(by=SYSTEM)
    assert Supervision.objects.filter(engagement__ref=engagement_ref).count() == records
    told = SupervisionStep.objects.values_list("kind", "to_ref")
    expected = {
        ("told_officer", county.bank.officer.ref),
        ("told_officer", county.bank.head.ref),
        ("told_head", county.bank.head.ref),
    }
    assert set(told) == (expected if records else set())


def test_m011_supervision_is_opened_once_though_two_clocks_run(county: world.World) -> None:
    sent = world.publish(county, county.applicant)
    age(sent.ref, 240)
    actions.claim(sent.ref, by=county.bank.officer)
    age(sent.ref, 361)
    actions.breach_due(by=SYSTEM)
    assert Supervision.objects.count() == 1, "the applicant's ten minutes have passed"
    age(sent.ref, 300)
    actions.breach_due(by=SYSTEM)
    assert Supervision.objects.count() == 1, "the bank's own ten minutes find it open"


def test_m011_the_bank_answers_and_the_county_logs_its_call(county: world.World) -> None:
    ref, _engagement = _claimed(county)
    age(ref, 700)
    actions.breach_due(by=SYSTEM)
    row = Supervision.objects.get()
    assert row.answer_due_at - row.opened_at == timedelta(minutes=30)
    actions.answer_supervision(row.ref, "客户经理在路上，马上打。", by=county.bank.head)
    actions.log_supervision(row.ref, to="值班员", words="说马上打", by=county.supervisor)
    (record,) = queries.supervision_records(county.supervisor)
    assert [step.kind for step in record.steps][-2:] == ["answer", "phoned"]
    with pytest.raises(Refused):
        actions.answer_supervision(row.ref, "不是我们行的。", by=county.banks[1].head)


def test_an_unanswered_attempt_stops_the_five_minutes_but_not_supervision(
    county: world.World,
) -> None:
    ref, engagement_ref = _claimed(county)
    call = actions.start_call(engagement_ref, by=county.bank.officer)
    actions.record_callback(engagement_ref, call.ref, "no_answer", by=county.bank.officer)
    assert _clock(ref, "callback_bank").state == "met"
    assert _clock(ref, "supervision_bank").state == "running"
    age(ref, 601)
    actions.breach_due(by=SYSTEM)
    assert Supervision.objects.count() == 1
    assert Engagement.objects.get(ref=engagement_ref).holds_slot, "an attempt keeps the slot"


def test_the_slot_reopens_after_ten_minutes_without_an_attempt(county: world.World) -> None:
    ref, engagement_ref = _claimed(county)
    age(ref, 601)
    actions.breach_due(by=SYSTEM)
    demand, engagement = FinancingDemand.objects.get(ref=ref), Engagement.objects.get()
    assert (demand.live, engagement.holds_slot, engagement.state) == (0, False, "claimed")
    actions.claim(ref, by=county.banks[1].officer)
    call = actions.start_call(engagement_ref, by=county.bank.officer)
    assert not call.is_on_time, "the bank may still call and stays late"


def test_three_spaced_attempts_move_the_case_on_and_close_ones_do_not(county: world.World) -> None:
    ref, engagement_ref = _claimed(county)
    states = []
    for wait in (0, 30, 130, 130):
        age(ref, wait)
        call = actions.start_call(engagement_ref, by=county.bank.officer)
        states.append(
            actions.record_callback(engagement_ref, call.ref, "no_answer", by=county.bank.officer)
        )
    assert states == ["claimed", "claimed", "claimed", "called_back"]
    assert Engagement.objects.get().callback_word == "", "nobody was reached, nobody may say so"


def test_nobody_claims_gives_the_case_an_owner_today(county: world.World) -> None:
    sent = world.publish(county, county.applicant)
    age(sent.ref, 601)
    actions.breach_due(by=SYSTEM)
    follow_up = FollowUp.objects.get(demand__ref=sent.ref)
    assert (follow_up.kind, follow_up.owner_id) == ("unclaimed", county.deputy.person)
    codes = set(TextMessage.objects.values_list("code", flat=True))
    assert {"S10", "T01"} <= codes
    assert queries.open_demands(county.bank.officer), "banks may still claim"


def test_m006_a_directed_demand_is_seen_by_its_bank_alone(county: world.World) -> None:
    sent = world.publish(county, county.applicant, directed_bank=county.bank.ref)
    mine, other = county.bank.officer, county.banks[1].officer
    assert [one.demand_ref for one in queries.bank_engagements(mine)] == [sent.ref]
    assert queries.open_demands(other) == [] and queries.bank_engagements(other) == []
    with pytest.raises(Refused) as refused:
        actions.claim(sent.ref, by=other)
    assert refused.value.reason.code == "not_found"


def test_m006_no_answer_lets_the_applicant_open_it_to_all(county: world.World) -> None:
    sent = world.publish(county, county.applicant, directed_bank=county.bank.ref)
    age(sent.ref, 601)
    actions.breach_due(by=SYSTEM)
    (question,) = queries.my_demand(county.applicant, sent.ref).questions
    assert question.kind == "open_to_all"
    actions.confirm_report(
        sent.ref,
        "open_to_all",
        "yes",
        engagement_ref=question.engagement_ref,
        by=county.applicant,
    )
    assert [one.ref for one in queries.open_demands(county.banks[1].officer)] == [sent.ref]


def test_a_denied_callback_is_kept_apart_and_the_bank_is_told(county: world.World) -> None:
    _ref, engagement_ref = _claimed(county)
    call = actions.start_call(engagement_ref, by=county.bank.officer)
    actions.record_callback(engagement_ref, call.ref, "connected", by=county.bank.officer)
    assert Engagement.objects.get().callback_word == "self_reported"
    message = TextMessage.objects.get(code="S08")
    assert actions.take_text_reply("g-1", county_phone(county), "2", by=SYSTEM)
    assert Engagement.objects.get().callback_word == "denied"
    assert not actions.take_text_reply("g-1", county_phone(county), "1", by=SYSTEM), "a repeat"
    assert Engagement.objects.get().callback_word == "denied"
    assert TextMessage.objects.filter(code="B06").exists() and message.question


def county_phone(county: world.World) -> str:
    from puhui.parties.models import Resident

    return Resident.objects.get(pk=county.applicant.person).phone


def test_a_bank_holds_at_most_three_uncalled_claims_per_officer_on_duty(
    county: world.World,
) -> None:
    actions.set_clock_rules({"uncalled_per_officer": 3}, by=SYSTEM)
    for _ in range(6):  # two officers on duty
        actions.claim(world.publish(county).ref, by=county.bank.officer)
    with pytest.raises(Refused) as refused:
        actions.claim(world.publish(county).ref, by=county.bank.officer)
    assert refused.value.reason == Refusals.TOO_MANY_UNCALLED


def test_an_officer_who_is_not_on_duty_cannot_be_named(county: world.World) -> None:
    sent = world.publish(county)
    with pytest.raises(Refused) as refused:
        actions.claim(sent.ref, officer=county.banks[1].officer.ref, by=county.bank.officer)
    assert refused.value.reason == Refusals.NOT_ON_DUTY
    assert FinancingDemand.objects.get(ref=sent.ref).live == 0
