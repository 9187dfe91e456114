"""Coverage: the denominator is data with a day and a source, and without it no share is formed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from puhui.kernel.actor import NotAllowed
from puhui.kernel.clock import local_date
from puhui.kernel.command import Invalid, database_now
from puhui.oversight import actions, queries
from puhui.oversight.models import DaySnapshot
from puhui.oversight.terms import DEFINITIONS
from puhui.parties.models import Resident
from tests import world
from tests.desks import watched

DAY = date(2026, 6, 30)
SOURCE = "县统计局常住人口抽样"


def test_m027_coverage_names_its_denominator_its_day_and_its_source(county: world.World) -> None:
    people = {world.TOWNSHIP: 40, world.OTHER_TOWNSHIP: 60}
    assert actions.set_population(people, DAY, SOURCE, by=county.supervisor) == 2
    for _ in range(24):
        world.registered(world.VILLAGE)
    found = queries.coverage(county.supervisor)
    here = next(one for one in found.places if one.code == world.TOWNSHIP)
    registered = Resident.objects.filter(village__township_code=world.TOWNSHIP).count()
    assert (here.registered, here.people, here.as_of, here.source) == (registered, 40, DAY, SOURCE)
    assert (found.registered, found.people, found.as_of) == (Resident.objects.count(), 100, DAY)
    assert DEFINITIONS["coverage"].denominator and DEFINITIONS["coverage"].counts
    page = watched.read(watched.browser(county.supervisor).get("/county/figures/"))
    assert "常住适龄人口100人（截至2026-06-30，县统计局常住人口抽样）" in page


def test_m027_no_share_of_the_county_without_one_day_for_all(county: world.World) -> None:
    actions.set_population({world.TOWNSHIP: 40}, DAY, SOURCE, by=county.supervisor)
    assert queries.coverage(county.supervisor).people is None
    later = DAY + timedelta(days=1)
    actions.set_population({world.OTHER_TOWNSHIP: 60}, later, SOURCE, by=county.supervisor)
    assert queries.coverage(county.supervisor).people is None
    actions.set_population({world.TOWNSHIP: 41}, later, SOURCE, by=county.supervisor)
    assert queries.coverage(county.supervisor).people == 101
    assert [one.people for one in queries.coverage(county.deputy).places] == [41]


def test_m027_a_wrong_number_changes_nothing_and_names_its_place(county: world.World) -> None:
    tomorrow = local_date(database_now()) + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        actions.set_population({world.TOWNSHIP: 0, "000": 5}, tomorrow, " ", by=county.supervisor)
    assert {one.field for one in refused.value.errors} == {
        world.TOWNSHIP,
        "000",
        "as_of",
        "source",
    }
    assert queries.coverage(county.supervisor).places[0].people is None
    with pytest.raises(NotAllowed):
        actions.set_population({world.TOWNSHIP: 5}, DAY, SOURCE, by=county.deputy)


def test_m014_the_past_does_not_change(county: world.World) -> None:
    case = watched.published(county)
    yesterday = local_date(database_now()) - timedelta(days=1)
    assert actions.keep_day(by=world.SYSTEM) == 1
    kept = DaySnapshot.objects.get(code="applied_total")
    assert (kept.day, kept.value) == (yesterday, 1)
    watched.published(county)
    assert actions.keep_day(by=world.SYSTEM) == 0
    assert [one.value for one in queries.past_days(county.supervisor, "applied_total")] == [1]
    codes = set(DaySnapshot.objects.values_list("code", flat=True))
    assert codes <= set(DEFINITIONS) and "where_open" in codes and case.ref
