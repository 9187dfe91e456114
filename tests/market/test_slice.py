"""The main job from end to end, through the actions: one story."""

from datetime import timedelta

import pytest

from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions, queries
from tests import world


@pytest.mark.django_db
def test_m007_one_request_reaches_a_bank_and_ends_in_money() -> None:
    county = world.build()
    applicant, officer = county.applicant, county.bank.officer
    sent = world.publish(county, applicant)
    assert [card.ref for card in queries.open_demands(officer)] == [sent.ref]
    claimed = actions.claim(sent.ref, by=officer)
    assert claimed.contact_code == sent.contact_code
    assert actions.view_contact(claimed.engagement_ref, by=officer).name == "李为民"
    call = actions.start_call(claimed.engagement_ref, by=officer)
    assert call.is_on_time
    state = actions.record_callback(
        claimed.engagement_ref, call.ref, "connected", duration_seconds=200, by=officer
    )
    assert state == "called_back"
    actions.confirm_report(
        sent.ref, "called", "yes", engagement_ref=claimed.engagement_ref, by=applicant
    )
    actions.submit_plan(claimed.engagement_ref, world.PLAN, by=officer)
    actions.keep_plan(claimed.engagement_ref, by=applicant)
    visit_at = database_now() + timedelta(days=1)
    actions.start_investigation(claimed.engagement_ref, visit_at, by=officer)
    assert actions.report_investigation(claimed.engagement_ref, by=officer)
    actions.submit_offer(claimed.engagement_ref, world.PLAN, by=officer)
    actions.accept_offer(claimed.engagement_ref, by=applicant)
    actions.record_signing(claimed.engagement_ref, by=officer)
    today = local_date(database_now())
    actions.record_disbursement(claimed.engagement_ref, world.returned(today), by=officer)
    seen = queries.my_demand(applicant, sent.ref)
    assert seen.state == "funded"
    assert seen.engagements[0].callback_word == "confirmed"
    assert [one.kind for one in seen.questions] == ["visited", "money"]
    assert len(queries.timeline(county.supervisor, sent.ref)) >= 14
