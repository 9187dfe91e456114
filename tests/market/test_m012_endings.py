"""Every ended case has one of six destinations, or is owed one: the counts leave none out (M012)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions, queries
from puhui.market.models import FinancingDemand, FollowUp
from puhui.market.queries import CaseFilter, Ends
from puhui.market.terms import CaseEnd
from tests import world
from tests.desks import watched
from tests.desks.watched import Case

pytestmark = pytest.mark.django_db

WRITTEN = {
    "guarantee_or_subsidy": CaseEnd.PASSED,
    "missing_until": CaseEnd.MISSING,
    "refused_explained": CaseEnd.EXPLAINED,
    "unreached": CaseEnd.UNREACHED,
}


@pytest.fixture
def county() -> world.World:
    return world.build(banks=3)


def written(county: world.World, case: Case, destination: str) -> None:
    row = FollowUp.objects.filter(demand__ref=case.ref, closed_at__isnull=True).first()
    assert row
    again = local_date(database_now()) + timedelta(days=9)
    actions.close_follow_up(
        row.ref,
        destination,
        again_on=again if destination == "missing_until" else None,
        by=county.supervisor,
    )


def every_end(county: world.World) -> dict[str, str]:
    """One case of every destination and one that is owed; case → what it came to."""
    found = {watched.funded(county).ref: CaseEnd.FUNDED.value}
    gone = watched.called(county)
    actions.withdraw(gone.ref, reason="not_needed", by=gone.applicant)
    found[gone.ref] = CaseEnd.WITHDRAWN.value
    for place, (destination, end) in enumerate(WRITTEN.items()):
        village = world.OTHER_VILLAGE if place % 2 else world.VILLAGE
        case = watched.unclaimed(county, village)
        written(county, case, destination)
        _over(case)
        found[case.ref] = end.value
    owed = watched.unclaimed(county, world.OTHER_VILLAGE)
    _over(owed)
    found[owed.ref] = "owed"
    return found


def _over(case: Case) -> None:
    now = database_now()
    FinancingDemand.objects.filter(ref=case.ref).update(
        state="unmet", state_since=now, ended_at=now, end_reason="unmet"
    )


def adds_up(one: Ends) -> bool:
    return one.ended == sum(one.by.values()) + one.owed


def test_m012_every_ended_case_has_one_destination_and_the_counts_add_up(
    county: world.World,
) -> None:
    expected = every_end(county)
    watched.claimed(county)  # open: it has no end
    found = queries.endings(county.supervisor)
    assert found.whole.ended == FinancingDemand.objects.filter(ended_at__isnull=False).count() == 7
    assert found.whole.by == {end.value: 1 for end in CaseEnd} and found.whole.owed == 1
    assert adds_up(found.whole) and all(adds_up(one) for one in (*found.townships, *found.banks))
    assert sum(one.ended for one in found.townships) == found.whole.ended
    assert {one.ref: one.ended for one in found.banks} == {"B01": 2}
    for ref, end in expected.items():
        assert queries.watched_case(county.supervisor, ref).end == end


def test_m012_every_count_is_a_list_of_its_cases(county: world.World) -> None:
    expected = every_end(county)
    found = queries.endings(county.supervisor)
    for end in (*(one.value for one in CaseEnd), "owed"):
        page = queries.cases(county.supervisor, CaseFilter(end=end))
        assert [row.ref for row in page.rows] == [ref for ref, it in expected.items() if it == end]
        assert {row.end for row in page.rows} == {end}
    for town in found.townships:
        listed = queries.cases(county.supervisor, CaseFilter(end="any", township=town.ref))
        assert listed.total == town.ended
    yesterday = local_date(database_now()) - timedelta(days=1)
    assert queries.ended(county.supervisor, until=yesterday).ended == 0
    assert queries.cases(county.supervisor, CaseFilter(end="any", until=yesterday)).total == 0


def test_m012_a_township_counts_its_own_and_the_statements_do_not_grow(
    county: world.World,
) -> None:
    every_end(county)
    own = queries.endings(county.deputy)
    assert [one.ref for one in own.townships] == [world.TOWNSHIP] and own.whole.ended == 4
    with CaptureQueriesContext(connection) as few:
        queries.endings(county.supervisor)
    every_end(county)
    with CaptureQueriesContext(connection) as many:
        queries.endings(county.supervisor)
    assert len(few) == len(many) <= 5


def test_m012_the_page_shows_them_and_its_numbers_lead_to_the_lists(county: world.World) -> None:
    every_end(county)
    desk = watched.browser(county.supervisor)
    page = desk.get("/county/endings/")
    assert "结束了7笔" in watched.read(page)
    assert b"end=owed" in page.content and b"township=990525002" in page.content
    assert desk.get("/county/endings/?format=xlsx").status_code == 200
    head = watched.read(desk.get("/county/"))
    assert "本月结束去处7还没说清1" in head
    assert watched.browser(county.deputy).get("/county/endings/").status_code == 404
