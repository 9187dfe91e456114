"""Once a contract is signed, nobody but its bank takes the case on, and the case cannot end unpaid."""

import pytest

from puhui.consent import actions as consent_actions
from puhui.consent import queries as consent_queries
from puhui.kernel.actor import SYSTEM
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused, database_now
from puhui.market import actions, queries
from puhui.market.models import FinancingDemand, FollowUp
from puhui.market.terms import Refusals
from tests import world
from tests.market.ageing import age
from tests.rest import stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


@pytest.fixture
def signed(county: world.World) -> str:
    return stages.signed(county)


def _demand(engagement_ref: str) -> FinancingDemand:
    return FinancingDemand.objects.get(engagements__ref=engagement_ref)


def test_m007_a_signed_demand_is_offered_to_no_other_bank(county: world.World, signed: str) -> None:
    other = county.banks[1].officer
    assert queries.open_demands(other) == []
    with pytest.raises(Refused) as refused:
        actions.claim(_demand(signed).ref, by=other)
    assert refused.value.reason == Refusals.SLOTS_FULL


def test_a_signed_directed_demand_is_not_opened_to_all(county: world.World, signed: str) -> None:
    demand = _demand(signed)
    demand.directed_bank_id = county.bank.id
    demand.save()
    with pytest.raises(Refused):
        actions.open_to_all(demand.ref, by=county.applicant)
    actions.confirm_report(demand.ref, "open_to_all", "yes", by=county.applicant)
    assert _demand(signed).directed_bank_id == county.bank.id


def test_an_old_question_answered_no_does_not_call_off_a_signed_demand(
    county: world.World, signed: str
) -> None:
    ref = _demand(signed).ref
    actions.confirm_report(ref, "still_wanted", "no", by=county.applicant)
    assert _demand(signed).state == "in_progress"


def test_m032_a_signed_case_is_not_closed_as_given_up(county: world.World, signed: str) -> None:
    ref = _demand(signed).ref
    actions.ask_for_help(ref, by=county.applicant)
    follow_up = FollowUp.objects.get(demand__ref=ref)
    with pytest.raises(Refused) as refused:
        actions.close_follow_up(follow_up.ref, "given_up", by=county.supervisor)
    assert refused.value.reason == Refusals.ALREADY_SIGNED
    assert FollowUp.objects.get(ref=follow_up.ref).closed_at is None


def test_thirty_days_after_publication_a_signed_loan_is_still_paid_out(
    county: world.World, signed: str
) -> None:
    age(_demand(signed).ref, 31 * 86_400)
    actions.breach_due(by=SYSTEM)
    assert _demand(signed).state == "in_progress"
    form = world.returned(local_date(database_now()))
    actions.record_disbursement(signed, form, by=county.bank.officer)
    assert _demand(signed).state == "funded"


def test_an_offer_past_its_validity_is_not_accepted_though_no_sweep_saw_it(
    county: world.World,
) -> None:
    offered = stages.offered(county)
    age(_demand(offered).ref, 100 * 86_400)
    with pytest.raises(Refused) as refused:
        actions.accept_offer(offered, by=county.applicant)
    assert refused.value.reason == Refusals.STATE


def test_g5_a_bank_reads_the_applicants_own_words_while_the_consent_stands() -> None:
    county = world.build(banks=1)
    sent = world.publish(county, county.applicant)
    claimed = actions.claim(sent.ref, by=county.bank.officer)
    officer = county.bank.officer
    assert "羊羔" in queries.engagement(officer, claimed.engagement_ref).story
    (consent,) = consent_queries.my_consents(county.applicant)
    consent_actions.revoke_consent(consent.ref, by=county.applicant)
    assert queries.engagement(officer, claimed.engagement_ref).story == ""
