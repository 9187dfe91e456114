"""Somebody took money: a case the same day, by whichever way it was said, and no bank hears of it."""

from __future__ import annotations

import pytest

from puhui.kernel.actor import NotAllowed, Role
from puhui.kernel.clock import end_of_day, local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.lifecycle import STATE_CHANGED
from puhui.market import actions, queries
from puhui.market.models import IntegrityCase
from puhui.notices.models import Notice, TextMessage
from puhui.parties.models import Duty
from tests import world
from tests.desks import watched
from tests.market.test_m013_survey import TAKEN, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=3)


def told(county: world.World) -> watched.Case:
    case = refused(county)
    actions.rate_service(case.engagement, money_taken=True, words="要了两百块", by=case.applicant)
    return case


def test_m013_a_survey_answer_opens_a_case_the_same_day_and_is_not_scored(
    county: world.World,
) -> None:
    case = refused(county)
    actions.draw_survey(by=world.SYSTEM)
    (call,) = queries.survey_today(county.supervisor).rows
    ref = actions.record_survey(call.ref, TAKEN, by=county.supervisor)
    found = queries.integrity_case(county.supervisor, ref)
    assert (found.state, found.source, found.demand_ref) == ("open", "survey", case.ref)
    assert found.due_at == end_of_day(local_date(database_now()))
    assert found.owner_masked == "刘*测"
    assert [step.words for step in found.steps] == ["客户经理要了两条烟"]
    (row,) = queries.survey_today(county.supervisor).rows
    assert (row.attitude, row.overall) == (None, None)
    assert TextMessage.objects.filter(code="C03").exists()


@pytest.mark.parametrize("who", ["applicant", "deputy", "supervisor", "admin"])
def test_m013_a_report_opens_one_and_no_report_is_ever_lost(county: world.World, who: str) -> None:
    case = told(county)
    by = case.applicant if who == "applicant" else getattr(county, who)
    (first,) = queries.integrity_cases(county.supervisor)
    again = actions.report_money_taken(
        case.ref, "又要了一回", engagement_ref=case.engagement, by=by
    )
    assert again == first.ref
    actions.rate_service(case.engagement, money_taken=False, by=case.applicant)
    (found,) = queries.integrity_cases(county.supervisor)
    assert [step.words for step in found.steps] == ["要了两百块", "又要了一回"]
    assert found.state == "open", "a word taken back does not undo the case"
    actions.close_integrity(first.ref, "unfounded", "查了没有", by=county.supervisor)
    later = actions.report_money_taken(case.ref, "第三回", engagement_ref=case.engagement, by=by)
    assert later != first.ref


def test_m013_without_anybody_in_charge_the_report_still_stands(county: world.World) -> None:
    Duty.objects.filter(staff__in=[county.supervisor.person, county.admin.person]).delete()
    case = told(county)
    row = IntegrityCase.objects.get()
    assert (row.demand and row.demand.ref, row.owner_id) == (case.ref, None)


def test_m013_the_accused_bank_and_the_township_never_see_it(county: world.World) -> None:
    case = told(county)
    (found,) = queries.integrity_cases(county.supervisor)
    head, officer = county.bank.head, county.bank.officer
    for nobody in (head, officer, county.deputy, case.applicant):
        with pytest.raises(NotAllowed):
            queries.integrity_cases(nobody)
        with pytest.raises(NotAllowed):
            queries.integrity_case(nobody, found.ref)
    for reader in (head, officer, county.deputy):
        entries = queries.timeline(reader, case.ref)
        assert not [one for one in entries if one.action.startswith("integrity")]
        assert not [one for one in entries if "money_taken" in one.facts]
    assert not Notice.objects.filter(code="C03", staff_id__in=[head.person, officer.person])
    auditor = world.staff("C01", "孙审计", Role.AUDITOR)
    assert queries.integrity_cases(auditor)[0].ref == found.ref


def test_m013_it_is_handed_over_with_a_record_and_leaves_the_red_list(county: world.World) -> None:
    told(county)
    (row,) = queries.county_lists(county.supervisor).integrity
    for office, receiver, reason in (
        ("bank", "王", "office_empty"),
        ("police", " ", "receiver_empty"),
    ):
        with pytest.raises(Refused) as found:
            actions.hand_over_integrity(row.ref, office, receiver, by=county.supervisor)
        assert found.value.reason.code == reason
    actions.hand_over_integrity(
        row.ref, "discipline", "信访室王同志 2026-31", words="附录音摘要", by=county.supervisor
    )
    assert queries.county_lists(county.supervisor).integrity == ()
    kept = queries.integrity_case(county.supervisor, row.ref)
    assert (kept.state, kept.handed_to) == ("handed_over", "discipline")
    assert kept.steps[-1].receiver == "信访室王同志 2026-31"
    with pytest.raises(Refused) as twice:
        actions.hand_over_integrity(row.ref, "police", "派出所", by=county.admin)
    assert twice.value.reason == STATE_CHANGED
    actions.close_integrity(row.ref, "founded", "退了钱，停了职", by=county.supervisor)
    with pytest.raises(Refused):
        actions.note_integrity(row.ref, "还有", by=county.supervisor)


def test_m013_a_mismatch_ruling_cannot_make_it_go_away(county: world.World) -> None:
    case = told(county)
    with pytest.raises(Refused) as found:
        actions.settle_mismatch(case.ref, "money_taken", "没事", by=county.supervisor)
    assert found.value.reason.code == "integrity_apart"
    with pytest.raises(Refused) as other:
        actions.report_money_taken("999999", "x", by=county.supervisor)
    assert other.value.reason == NOT_FOUND
    with pytest.raises(Refused) as anothers:
        actions.report_money_taken(case.ref, "x", by=world.resident())
    assert anothers.value.reason == NOT_FOUND
