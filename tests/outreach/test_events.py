"""Outreach: planned, logged, counted; each desk its own reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from puhui.kernel.actor import Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import Invalid, Refused, database_now, history
from puhui.outreach import actions, queries
from puhui.outreach.models import OutreachEvent
from puhui.outreach.terms import Counts, EventFilter, EventForm, Refusals
from tests import world
from tests.desks import watched

OTHER = "990525001202"


def form(days: int = -1, **changes: object) -> EventForm:
    at = database_now() + timedelta(days=days)
    plain = EventForm("讲怎么防骗、怎么提需求", "village", world.TOWNSHIP, at, (world.VILLAGE,))
    return replace(plain, **changes)  # type: ignore[arg-type]


def held(county: world.World, people: int, **changes: object) -> str:
    ref = actions.plan_event(form(**changes), by=county.supervisor)  # type: ignore[arg-type]
    actions.log_event(ref, people, "问得最多的是利息怎么算", by=county.supervisor)
    return ref


def test_m017_the_log_yields_the_four_counts(county: world.World) -> None:
    held(county, 120)
    held(county, 80, villages=(world.VILLAGE, OTHER))
    held(county, 45, township=world.OTHER_TOWNSHIP, villages=(world.OTHER_VILLAGE,), kind="market")
    actions.plan_event(form(days=3), by=county.supervisor)
    gone = actions.plan_event(form(), by=county.supervisor)
    actions.cancel_event(gone, by=county.supervisor)
    rows = list(OutreachEvent.objects.filter(state="held"))
    by_hand = Counts(
        len(rows),
        len({row.township_id for row in rows}),
        len({village for row in rows for village in row.villages}),
        sum(row.people or 0 for row in rows),
    )
    assert queries.event_counts(county.supervisor, EventFilter()) == by_hand == Counts(3, 2, 3, 245)
    assert queries.event_counts(county.deputy, EventFilter()) == Counts(2, 1, 2, 200)
    today = local_date(database_now())
    assert queries.event_counts(county.supervisor, EventFilter(since=today)).events == 0
    page = watched.read(watched.browser(county.deputy).get("/township/outreach/"))
    assert "办过2场" in page and "到场200人次" in page
    sheet = watched.browser(county.supervisor).get("/county/outreach/?format=csv")
    assert sheet.content.decode("utf-8-sig").count("讲怎么防骗") == 5


def test_m017_townships_villages_and_banks_plan_in_their_own_reach(county: world.World) -> None:
    specialist = world.staff("T01", "王专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    for actor in (county.deputy, specialist, county.bank.officer):
        ref = actions.plan_event(form(), by=actor)
        actions.log_event(ref, 10, by=actor)
    abroad = form(township=world.OTHER_TOWNSHIP, villages=())
    for actor in (county.deputy, specialist):
        with pytest.raises(Invalid) as refused:
            actions.plan_event(abroad, by=actor)
        assert {one.code for one in refused.value.errors} == {Refusals.TOWNSHIP.code}
    assert [
        len(queries.events(one, EventFilter())) for one in (county.deputy, county.other_deputy)
    ] == [3, 0]
    (own,) = queries.events(county.bank.officer, EventFilter())
    for act in (
        lambda: queries.event(county.banks[1].officer, own.ref),
        lambda: actions.log_event(own.ref, 5, by=county.other_deputy),
        lambda: actions.cancel_event("X0", by=county.supervisor),
    ):
        with pytest.raises(Refused) as missing:
            act()
        assert missing.value.reason.code == "not_found"


def test_m017_wrong_input_names_its_field_and_changes_nothing(county: world.World) -> None:
    bad = form(title=" ", kind="party", villages=("990525002201",), place="远" * 61)
    with pytest.raises(Invalid) as refused:
        actions.plan_event(bad, by=county.supervisor)
    assert {one.field for one in refused.value.errors} == {"title", "kind", "villages", "place"}
    assert not OutreachEvent.objects.exists()
    coming = actions.plan_event(form(days=2), by=county.supervisor)
    past = actions.plan_event(form(), by=county.supervisor)
    for ref, people, reason in (
        (coming, 10, Refusals.NOT_YET),
        (past, -1, Refusals.PEOPLE),
        (past, 100_001, Refusals.PEOPLE),
    ):
        with pytest.raises(Refused) as error:
            actions.log_event(ref, people, by=county.supervisor)
        assert error.value.reason == reason
    actions.log_event(past, 0, by=county.supervisor)
    for act in (
        lambda: actions.log_event(past, 5, by=county.supervisor),
        lambda: actions.cancel_event(past, by=county.supervisor),
    ):
        with pytest.raises(Refused) as error:
            act()
        assert error.value.reason == Refusals.STATE


def test_m017_the_pages_plan_log_and_cancel(county: world.World) -> None:
    desk = watched.browser(county.deputy)
    begun = {"title": "进村讲利息", "kind": "village", "starts_at": "2026-01-05T10:00"}
    made = desk.post("/township/outreach/plan", {**begun, "villages": [world.VILLAGE]})
    assert made.status_code == 302
    (row,) = queries.events(county.deputy, EventFilter())
    assert "该记了" in watched.read(desk.get("/township/outreach/"))
    wrong = desk.post(f"/township/outreach/{row.ref}/log", {"people": "许多"})
    assert wrong.status_code == 422 and "0 到 100000" in wrong.content.decode()
    assert desk.post(f"/township/outreach/{row.ref}/log", {"people": "31"}).status_code == 302
    assert queries.event(county.deputy, row.ref).people == 31
    assert desk.get("/county/outreach/").status_code == 404
    assert watched.browser(county.supervisor).get("/county/outreach/plan").status_code == 200
    with history(database_now(), by=world.SYSTEM):
        assert queries.event_counts(county.supervisor, EventFilter()).events == 1


def test_m018_a_specialist_sees_who_came_to_the_own_village_and_nothing_else(
    county: world.World,
) -> None:
    helper = world.staff("T01", "赵专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    held(county, 120)
    held(county, 80, villages=(OTHER,))
    actions.plan_event(form(days=3, title="银行上门教用大字版"), by=county.bank.officer)
    gone = actions.plan_event(form(title="不办的一场"), by=county.supervisor)
    actions.cancel_event(gone, by=county.supervisor)
    coming, came = queries.village_visits(helper)
    assert (coming.title, coming.is_held, coming.people) == ("银行上门教用大字版", False, None)
    assert (came.people, came.villages) == (120, ("东湾村",))
    assert "利息" not in repr(came), "what people said stays with those who logged it"
    home = watched.read(watched.browser(helper).get("/village/"))
    assert "谁来过咱村" in home and "约好要来" in home and "来了120人" in home.replace(" ", "")
