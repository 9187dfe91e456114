"""Clocks at their edges: found late by an action, moved by the applicant, started at night."""

from datetime import timedelta

import pytest

from puhui.kernel.actor import SYSTEM
from puhui.market import actions
from puhui.market.models import Clock, Engagement, FinancingDemand, Supervision
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
