"""The county's rules as they stand: limits and their history, duty days, calendars, open due dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.kernel.models import CalendarYear
from puhui.market.models import Clock, ClockRules, DutyDay
from puhui.market.rules import limits as rules
from puhui.market.terms import ClockLimits
from puhui.market.timing import timing

READERS = (*COUNTY, Role.AUDITOR)
HISTORY = 50
LOOK_AHEAD = timedelta(days=183)
"""A missing year is warned of half a year before deadlines can reach into it."""


@dataclass(frozen=True, slots=True)
class RulesSet:
    """One setting of the rules: from when, by whom, what changed against the one before."""

    valid_from: datetime
    set_by: str
    changes: tuple[tuple[str, Any, Any], ...]
    """Field, before, after."""


@dataclass(frozen=True, slots=True)
class LoadedYear:
    """A year whose working days are known."""

    year: int
    working_days: int
    loaded_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class OneDutyDay:
    """A day with its own duty hours; both empty: nobody calls."""

    day: date
    opens: time | None
    closes: time | None


@dataclass(frozen=True, slots=True)
class CountyRules:
    """What decides every deadline of the county, at one instant."""

    now: datetime
    limits: ClockLimits
    bounds: Mapping[str, tuple[int, int]]
    history: tuple[RulesSet, ...]
    duty_days: tuple[OneDutyDay, ...]
    years: tuple[LoadedYear, ...]
    missing_years: tuple[int, ...]
    """Years that deadlines may reach within half a year and that are not loaded."""


@dataclass(frozen=True, slots=True)
class AwaitingClock:
    """A deadline without a due date because its year is not loaded."""

    demand_ref: str
    kind: str
    bank_name: str
    started_at: datetime
    working_days: int


@query(*READERS)
def county_rules(actor: Actor) -> CountyRules:
    """Limits in force, their history newest first, duty days from today on, loaded years."""
    now = database_now()
    today = local_date(now)
    years = tuple(
        LoadedYear(row.year, row.working.count("1"), row.loaded_at, row.source)
        for row in CalendarYear.objects.order_by("year")
    )
    needed = {today.year, (today + LOOK_AHEAD).year}
    return CountyRules(
        now=now,
        limits=timing(now).limits,
        bounds=rules.BOUNDS,
        history=_history(),
        duty_days=tuple(
            OneDutyDay(row.day, row.opens, row.closes)
            for row in DutyDay.objects.filter(day__gte=today).order_by("day")
        ),
        years=years,
        missing_years=tuple(sorted(needed - {one.year for one in years})),
    )


def _history() -> tuple[RulesSet, ...]:
    rows = list(ClockRules.objects.order_by("-valid_from")[: HISTORY + 1])
    found = []
    for place, row in enumerate(rows[:HISTORY]):
        older = rows[place + 1].limits if place + 1 < len(rows) else {}
        before, after = rules.stored(rules.read(older)), rules.stored(rules.read(row.limits))
        changes = tuple(
            (name, before[name], after[name]) for name in after if before[name] != after[name]
        )
        found.append(RulesSet(row.valid_from, row.set_by, changes))
    return tuple(found)


@query(*READERS)
def awaiting_clocks(actor: Actor, *, limit: int = 200) -> list[AwaitingClock]:
    """Running clocks that wait for a calendar year, oldest first (awaiting_calendar)."""
    rows = (
        Clock.objects.filter(state="running", due_at__isnull=True)
        .select_related("demand", "engagement__bank")
        .order_by("started_at", "id")
    )
    return [
        AwaitingClock(
            demand_ref=row.demand.ref,
            kind=row.kind,
            bank_name=row.engagement.bank.name if row.engagement else "",
            started_at=row.started_at,
            working_days=row.working_days or 0,
        )
        for row in rows[:limit]
    ]
