"""Clocks at their edges: found late by an action, moved by the applicant, started at night."""

from datetime import UTC, datetime, timedelta

import pytest

from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import database_now
from puhui.market import actions
from puhui.market.models import Clock, Engagement, FinancingDemand, Question, Supervision
from puhui.market.timing import timing
from tests import world
from tests.market.ageing import age

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


def test_m011_a_connection_after_ten_minutes_leaves_a_record_though_no_sweep_saw_it(
    county: world.World,
) -> None:
    sent = world.publish(county, county.applicant)
    ref = actions.claim(sent.ref, by=county.bank.officer).engagement_ref
    call = actions.start_call(ref, by=county.bank.officer)
    age(sent.ref, 700)
    actions.record_callback(ref, call.ref, "connected", by=county.bank.officer)
    record = Supervision.objects.get(engagement__ref=ref)
    assert record.kind == "first_callback"
    assert record.closed_at is not None, "somebody was reached"


def test_m006_a_directed_demand_reaches_its_bank_when_the_applicant_asks_for_now(
    county: world.World,
) -> None:
    sent = world.publish(
        county, county.applicant, directed_bank=county.bank.ref, call_wish="tomorrow_morning"
    )
    assert not Engagement.objects.exists()
    actions.change_call_time(sent.ref, "now", by=county.applicant)
    actions.breach_due(by=SYSTEM)
    engagement = Engagement.objects.get()
    assert engagement.bank_id == county.bank.id
    started_at = {
        clock.kind: clock.started_at for clock in Clock.objects.filter(kind__startswith="callback_")
    }
    assert started_at["callback_bank"] - started_at["callback_applicant"] < timedelta(seconds=30)


def test_a_demand_opened_to_all_before_its_clocks_start_waits_for_the_wished_time(
    county: world.World,
) -> None:
    sent = world.publish(
        county, county.applicant, directed_bank=county.bank.ref, call_wish="tomorrow_morning"
    )
    actions.open_to_all(sent.ref, by=county.applicant)
    clock = Clock.objects.get(kind="unclaimed")
    assert clock.started_at == FinancingDemand.objects.get(ref=sent.ref).clock_start_at


def test_l2_a_county_of_working_days_takes_requests_in_a_year_without_a_table(
    county: world.World,
) -> None:
    office = {"duty_opens": "08:30", "duty_closes": "17:30", "duty_working_days_only": True}
    actions.set_clock_rules(office, by=SYSTEM)
    evening = datetime(2099, 12, 31, 14, 0, tzinfo=UTC)
    rules = timing(database_now())
    assert rules.clock_start(evening, "now") == datetime(2100, 1, 1, 0, 30, tzinfo=UTC)
    assert not rules.is_duty(evening)


def test_a_plan_that_comes_after_the_time_to_choose_has_its_own(county: world.World) -> None:
    sent = world.publish(county, county.applicant)
    first, second = (_called_back(sent.ref, bank) for bank in county.banks)
    actions.submit_plan(first, world.PLAN, by=county.bank.officer)
    late = database_now() - timedelta(hours=25)
    FinancingDemand.objects.update(first_proposal_at=late)
    actions.submit_plan(second, world.PLAN, by=county.banks[1].officer)
    clock = Clock.objects.get(kind="choice", engagement__ref=second)
    assert clock.due_at is not None
    assert clock.due_at > database_now() + timedelta(hours=23)


def _called_back(demand_ref: str, bank: world.Bank) -> str:
    ref = actions.claim(demand_ref, by=bank.officer).engagement_ref
    call = actions.start_call(ref, by=bank.officer)
    actions.record_callback(ref, call.ref, "connected", by=bank.officer)
    return ref


def test_m006_whoever_asked_one_bank_alone_is_asked_on_when_it_hands_back(
    county: world.World,
) -> None:
    sent = world.publish(county, county.applicant, directed_bank=county.bank.ref)
    ref = Engagement.objects.get().ref
    actions.release(ref, "住得太远", by=county.bank.officer)
    assert Question.objects.get(answered_at=None).kind == "open_to_all"
    phone = FinancingDemand.objects.get(ref=sent.ref).resident.phone
    assert actions.take_text_reply("g1", phone, "1", by=SYSTEM)
    other = actions.claim(sent.ref, by=county.banks[1].officer)
    assert other.demand_ref == sent.ref
