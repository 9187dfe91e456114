"""The clocks after the offer: lapse, data return, decision; a missed one is journalled whoever finds it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from puhui.consent.models import Consent
from puhui.kernel.actor import SYSTEM
from puhui.kernel.clock import end_of_day, local_date
from puhui.kernel.command import Refused, database_now
from puhui.market import actions, queries
from puhui.market.models import Clock, Engagement, LoanReturn
from puhui.market.terms import ProposalForm, Refusals
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


def _clock(engagement: str, kind: str) -> Clock:
    return Clock.objects.filter(engagement__ref=engagement, kind=kind).latest("started_at")


def _breaches(county: world.World, demand: str) -> list[object]:
    entries = queries.timeline(county.supervisor, demand)
    return [one.facts["clock"] for one in entries if one.action == "clock.breach"]


def test_m010_an_offer_past_its_days_lapses_and_the_applicant_is_told(county: world.World) -> None:
    offered = stages.offered(county)
    age(_demand(offered), 95 * DAY)
    actions.breach_due(by=SYSTEM)
    assert Engagement.objects.get(ref=offered).state == "lapsed"
    assert TextMessage.objects.filter(code="S32").count() == 1


def test_m010_money_that_the_contract_pays_later_is_due_that_day(county: world.World) -> None:
    accepted = stages.accepted(county)
    later = local_date(database_now()) + timedelta(days=9)
    actions.record_signing(accepted, pays_out_on=later, by=county.bank.officer)
    assert _clock(accepted, "data_return").due_at == end_of_day(later)
    actions.expect_payout(accepted, later + timedelta(days=3), by=county.bank.officer)
    assert _clock(accepted, "data_return").due_at == end_of_day(later + timedelta(days=3))
    actions.confirm_report(
        _demand(accepted), "money", "yes", engagement_ref=accepted, by=county.applicant
    )
    today = local_date(database_now())
    assert _clock(accepted, "data_return").due_at == end_of_day(today)
    with pytest.raises(Refused) as refused:
        actions.expect_payout(accepted, later, by=county.bank.officer)
    assert refused.value.reason == Refusals.STATE


def test_m010_the_applicants_word_alone_starts_the_banks_day(county: world.World) -> None:
    accepted = stages.accepted(county)
    demand = _demand(accepted)
    actions.confirm_report(demand, "money", "yes", engagement_ref=accepted, by=county.applicant)
    assert _clock(accepted, "data_return").state == "running"
    kinds = [one.kind for one in queries.county_lists(county.supervisor).mismatches]
    assert kinds == ["no_return"]
    actions.record_signing(accepted, by=county.bank.officer)
    form = world.returned(local_date(database_now()))
    actions.record_disbursement(accepted, form, by=county.bank.officer)
    seen = queries.my_demand(county.applicant, demand)
    loan = seen.engagements[0].loan
    assert loan is not None and loan.money_word == "confirmed"
    assert not [one for one in seen.questions if one.kind == "money"], "it has been said"
    assert not TextMessage.objects.filter(code="S19").exists()


def test_m010_a_payout_day_lies_within_ninety_days(county: world.World) -> None:
    offered = stages.offered(county)
    with pytest.raises(Refused) as early:
        actions.record_signing(offered, by=county.bank.officer)
    assert early.value.reason == Refusals.STATE
    actions.accept_offer(offered, by=county.applicant)
    today = local_date(database_now())
    for days in (-1, 91):
        with pytest.raises(Refused) as refused:
            actions.record_signing(
                offered, pays_out_on=today + timedelta(days=days), by=county.bank.officer
            )
        assert refused.value.reason == Refusals.PAYOUT_BAD, days
    actions.record_signing(offered, pays_out_on=today + timedelta(days=90), by=county.bank.officer)
    assert Engagement.objects.get(ref=offered).demand.live == 0


def test_m028_with_the_money_consents_end_in_a_month_and_the_first_loan_is_kept(
    county: world.World,
) -> None:
    signed = stages.signed(county)
    form = replace(world.returned(local_date(database_now())), is_first_loan=True)
    actions.record_disbursement(signed, form, by=county.bank.officer)
    assert LoanReturn.objects.get(engagement__ref=signed).is_first_loan is True
    left = Consent.objects.get().valid_until - database_now()
    assert timedelta(days=29) < left <= timedelta(days=30)


def test_m010_a_payout_returned_days_later_is_late(county: world.World) -> None:
    accepted = stages.accepted(county)
    today = local_date(database_now())
    actions.record_signing(accepted, pays_out_on=today + timedelta(days=5), by=county.bank.officer)
    form = replace(world.returned(today), paid_out_on=str(today - timedelta(days=1)))
    actions.record_disbursement(accepted, form, by=county.bank.officer)
    assert _clock(accepted, "data_return").state == "breached"
    assert "data_return" in _breaches(county, _demand(accepted))


@pytest.mark.parametrize(("is_scored", "days"), [(True, 1), (False, 5)])
def test_m010_scored_credit_is_decided_within_a_working_day(
    county: world.World, is_scored: bool, days: int
) -> None:
    plan: ProposalForm = replace(world.PLAN, is_scored=is_scored)
    visited = stages.visited(county, plan)
    clock = _clock(visited, "decision")
    assert clock.due_at == timing(clock.started_at).end_of_working_day(clock.started_at, days)


def test_m008_a_claim_that_finds_the_unclaimed_clock_missed_leaves_its_row(
    county: world.World,
) -> None:
    sent = world.publish(county)
    age(sent.ref, 660)
    actions.claim(sent.ref, by=county.bank.officer)
    assert "unclaimed" in _breaches(county, sent.ref)


def test_m008_keeping_a_plan_after_the_time_to_choose_leaves_its_row(county: world.World) -> None:
    planned = stages.planned(county)
    age(_demand(planned), 2 * DAY)
    actions.keep_plan(planned, by=county.applicant)
    assert "choice" in _breaches(county, _demand(planned))


def test_w13_says_how_many_working_days_a_bank_is_late(county: world.World) -> None:
    planned = stages.planned(county)
    actions.keep_plan(planned, by=county.applicant)
    age(_demand(planned), 20 * DAY)
    actions.breach_due(by=SYSTEM)
    demand = queries.my_demand(county.applicant, _demand(planned))
    clock = demand.engagements[0].clock("investigation")
    assert clock is not None and clock.late_working_days is not None
    assert 5 <= clock.late_working_days <= 14
