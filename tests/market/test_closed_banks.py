"""A bank that is closed keeps nobody waiting; a bank given a case anew is favoured by nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from puhui.kernel.actor import SYSTEM
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.kernel.models import CalendarYear
from puhui.market import actions, queries
from puhui.market.actions.claiming import direct_due
from puhui.market.models import Clock, Engagement, FinancingDemand, FollowUp, Question
from puhui.notices.models import TextMessage
from puhui.parties.models import Organisation
from tests import world
from tests.desks import watched
from tests.rest import stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


def emptied(county: world.World) -> None:
    for one in (county.bank.officer, county.bank.head):
        actions.let_staff_go(one.ref, by=county.admin)


def test_m018_the_cases_of_a_closed_bank_go_back_to_the_others(county: world.World) -> None:
    case = watched.called(county)
    emptied(county)
    assert actions.close_organisation(county.bank.ref, by=county.admin) == 1
    assert Engagement.objects.get(ref=case.engagement).state == "cancelled"
    demand = FinancingDemand.objects.get(ref=case.ref)
    assert (demand.state, demand.live) == ("published", 0)
    assert demand.clocks.filter(kind="unclaimed", state="running").exists()
    assert TextMessage.objects.filter(code="S17").count() == 1
    actions.claim(case.ref, by=county.banks[1].officer)


def test_m018_a_list_that_closes_a_bank_gives_its_cases_back_too(county: world.World) -> None:
    case = watched.claimed(county)
    emptied(county)
    row = Organisation.objects.get(ref=county.bank.ref)
    table = (
        f"编号,类型,名称,短信简称,值班电话,状态\n{row.ref},银行,{row.name},{row.sms_name},,停用\n"
    )
    told = actions.take_organisation_list(table.encode(), by=county.admin)
    assert (told.closed, told.errors) == (1, ())
    assert Engagement.objects.get(ref=case.engagement).state == "cancelled"


def test_m006_who_asked_a_closed_bank_alone_is_asked_and_watched(county: world.World) -> None:
    sent = world.publish(county, county.applicant, directed_bank=county.bank.ref)
    emptied(county)
    actions.close_organisation(county.bank.ref, by=county.admin)
    assert Question.objects.get(demand__ref=sent.ref, kind="open_to_all").answered_at is None
    assert FollowUp.objects.filter(demand__ref=sent.ref, kind="directed_refused").exists()
    assert queries.my_demand(county.applicant, sent.ref).ref == sent.ref
    actions.confirm_report(sent.ref, "open_to_all", "yes", by=county.applicant)
    assert Clock.objects.filter(demand__ref=sent.ref, kind="unclaimed", state="running").exists()
    actions.claim(sent.ref, by=county.banks[1].officer)


def test_m006_nothing_is_directed_to_a_closed_bank_in_the_morning(county: world.World) -> None:
    sent = world.publish(county, county.applicant, directed_bank=county.bank.ref)
    Clock.objects.filter(demand__ref=sent.ref).delete()
    Engagement.objects.filter(demand__ref=sent.ref).delete()
    FinancingDemand.objects.filter(ref=sent.ref).update(state="published", live=0)
    Organisation.objects.filter(ref=county.bank.ref).update(is_active=False, closed_at=Now())
    direct_due(sent.ref, by=SYSTEM)
    assert not Engagement.objects.filter(demand__ref=sent.ref).exists()


def test_m008_a_bank_that_takes_a_case_up_again_waits_for_the_choice(county: world.World) -> None:
    ref = stages.objected(county)
    actions.answer_objection(ref, "reopened", "看过了，接着办。", by=county.bank.head)
    fresh = Engagement.objects.exclude(ref=ref).get()
    call = actions.start_call(fresh.ref, by=county.bank.officer)
    actions.record_callback(
        fresh.ref, call.ref, "connected", duration_seconds=60, by=county.bank.officer
    )
    actions.submit_plan(fresh.ref, world.PLAN, by=county.bank.officer)
    fresh.refresh_from_db()
    assert fresh.state == "planned" and fresh.kept_at is None
    actions.keep_plan(fresh.ref, by=county.applicant)


def test_a_proposed_bank_is_asked_about_no_longer_once_the_case_has_moved(
    county: world.World,
) -> None:
    ref = stages.called(county)
    demand = Engagement.objects.get(ref=ref).demand.ref
    actions.propose_reassignment(ref, county.banks[1].ref, by=county.supervisor)
    actions.release(ref, "忙不过来", by=county.bank.officer)
    assert queries.my_demand(county.applicant, demand).proposed_bank_name == ""
    assert not Question.objects.filter(kind="reassign", answered_at__isnull=True).exists()


def test_m010_days_that_passed_before_a_pause_stay_passed_in_a_year_without_a_table(
    county: world.World,
) -> None:
    ref = stages.offered(county)
    demand = Engagement.objects.get(ref=ref).demand.ref
    year = local_date(database_now()).year
    for one in (year - 1, year):
        CalendarYear.objects.update_or_create(
            year=one,
            defaults={"working": "1" * 366, "loaded_at": database_now(), "source": "every day"},
        )
    began = database_now() - timedelta(days=14)
    rows = Clock.objects.filter(engagement__ref=ref, kind="long_pending")
    rows.update(started_at=began, due_at=None, working_days=15)
    actions.pause(ref, "等合同", by=county.bank.officer)
    actions.confirm_report(demand, "pause", "yes", engagement_ref=ref, by=county.applicant)
    left = Engagement.objects.get(ref=ref).pauses.get().left_working_days
    assert left == 1
