"""The live notice: three statuses that change at their deadlines, and nobody's name (M104)."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.test import Client

from puhui.kernel.actor import ANYONE, SYSTEM
from puhui.kernel.command import database_now
from puhui.market import actions, queries
from puhui.market.models import Engagement, FinancingDemand
from tests import world
from tests.market.ageing import age
from tests.rest import stages

pytestmark = pytest.mark.django_db
DAY = 86_400


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


def _totals() -> dict[str, int]:
    return {key: n for key, n in queries.public_notice(ANYONE).totals.items() if n}


def test_m104_a_case_goes_from_waiting_to_overdue_at_its_deadline_and_leaves_when_called(
    county: world.World,
) -> None:
    sent = world.publish(county, county.applicant)
    assert _totals() == {"waiting": 1}
    age(sent.ref, 301)
    assert _totals() == {"overdue": 1}  # no sweeper has been by
    ref = actions.claim(sent.ref, by=county.bank.officer).engagement_ref
    (row,) = queries.public_notice(ANYONE).rows
    assert (row.status, row.demand_ref, row.bank_name) == ("waiting", sent.ref, "试验一号银行")
    age(sent.ref, 301)
    assert _totals() == {"overdue": 1}, "the bank's own five minutes are over"
    actions.start_call(ref, by=county.bank.officer)
    assert _totals() == {}


def test_m104_long_pending_is_listed_unless_it_waits_for_a_customer_who_agrees(
    county: world.World,
) -> None:
    ref = stages.planned(county)
    demand = Engagement.objects.get(ref=ref).demand.ref
    age(demand, 29 * DAY)
    actions.breach_due(by=SYSTEM)
    assert _totals() == {"long_pending": 1}
    actions.pause(ref, "等流转合同办下来", by=county.bank.officer)
    assert _totals() == {"long_pending": 1}
    actions.confirm_report(demand, "pause", "yes", engagement_ref=ref, by=county.applicant)
    found = queries.public_notice(ANYONE)
    assert found.totals["paused"] == 1 and found.rows == ()
    actions.resume(ref, by=county.bank.officer)
    assert _totals() == {"long_pending": 1}, "a pause that has ended holds nothing up"
    actions.decline_plan(ref, by=county.applicant)
    assert _totals() == {}


def test_m104_a_signed_case_and_one_that_was_given_back_are_on_no_list(
    county: world.World,
) -> None:
    signed = stages.signed(county)
    Engagement.objects.filter(ref=signed).update(long_pending_since=database_now())
    assert _totals() == {}
    sent = world.publish(county)
    taken = actions.claim(sent.ref, by=county.bank.officer).engagement_ref
    actions.release(taken, "住得太远", by=county.bank.officer)
    assert _totals() == {}


def test_m104_all_are_counted_though_only_the_first_are_listed(
    county: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(3):
        world.publish(county)
    monkeypatch.setattr(import_module("puhui.market.queries.public_notice"), "ROWS", 2)
    found = queries.public_notice(ANYONE)
    assert (found.totals["waiting"], len(found.rows)) == (3, 2)


def test_m104_names_a_township_only_where_many_have_asked(county: world.World) -> None:
    for _number in range(4):
        world.publish(county)
    assert {one.township for one in queries.public_notice(ANYONE).rows} == {""}
    fifth = world.publish(county)
    assert {one.township for one in queries.public_notice(ANYONE).rows} == {"河湾镇"}
    last_year = database_now() - timedelta(days=366)
    FinancingDemand.objects.filter(ref=fifth.ref).update(published_at=last_year)
    assert {one.township for one in queries.public_notice(ANYONE).rows} == {""}


def test_m104_anybody_reads_the_page_and_it_holds_no_person(county: world.World) -> None:
    sent = world.publish(county, county.applicant)
    page = Client().get("/notice/").content.decode()
    assert sent.ref in page and "待对接 1 笔" in page
    for hidden in ("李为民", "东湾村", "1980", "10 万", "养殖"):
        assert hidden not in page
