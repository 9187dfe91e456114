"""Figures with their pedigree: of a day, all in all, of coverage, of price."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, Subquery

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import queries as market
from puhui.market.queries import DayCounts, Funnel, Standing, Whereabouts
from puhui.oversight.models import DaySnapshot, Population
from puhui.oversight.terms import (
    FEWEST,
    ROLL,
    Board,
    Coverage,
    Indicator,
    Indicators,
    PlaceCoverage,
    Prices,
)
from puhui.parties import queries as parties
from puhui.parties.terms import DivisionCard

WATCHERS = (*COUNTY, Role.TOWNSHIP_ADMIN, Role.AUDITOR)
DAY_SHARES = ("confirmed", "self_reported", "denied", "late")


@query(*WATCHERS)
def indicators(actor: Actor, on: date | None = None) -> Indicators:
    """The day's counts and the counts all in all in the actor's area (M009, M028).

    `on`: the day, absent today; what waits, and what is counted all in all, is of this moment. A
    township counts its own area only. Sums in fen. Six statements.
    """
    today = market.day_counts(actor, on)
    figures = [*_day(today), *totals(market.funnel(actor), local_date(today.as_of))]
    return Indicators(today.as_of, tuple(figures))


def _day(one: DayCounts) -> list[Indicator]:
    shares = [
        Indicator(f"callback_{word}", getattr(one, f"callback_{word}"), one.judged, one.on)
        for word in DAY_SHARES
    ]
    return [
        Indicator("published", one.published, None, one.on),
        *shares,
        Indicator("waiting_now", one.waiting_now, None, one.on),
        Indicator("overdue_now", one.overdue_now, one.waiting_now, one.on),
        Indicator("disbursed", one.disbursed, None, one.on),
        Indicator("disbursed_fen", one.disbursed_fen, None, one.on),
    ]


def totals(one: Funnel, on: date) -> list[Indicator]:
    """The funnel as figures."""
    return [
        Indicator("applied_total", one.applied, None, on),
        Indicator("approved_total", one.approved, one.applied, on),
        Indicator("approved_total_fen", one.approved_fen, None, on),
        Indicator("disbursed_total", one.disbursed, one.applied, on),
        Indicator("disbursed_total_fen", one.disbursed_fen, None, on),
    ]


def destinations(one: Whereabouts, on: date) -> list[Indicator]:
    """Where the rest went as figures: seven of the unapproved, three of the unpaid."""
    found = []
    for total, parts in (("unapproved", one.unapproved), ("unpaid", one.unpaid)):
        whole = sum(parts.values())
        found.append(Indicator(total, whole, None, on))
        found += [Indicator(f"where_{name}", n, whole, on) for name, n in parts.items()]
    return found


@query(*WATCHERS)
def coverage(actor: Actor) -> Coverage:
    """Registered residents of the age-eligible ones, by township; the denominator named with its day
    and source (M027): the county's own number, or its roll's; without either no share is formed."""
    now = database_now()
    counted = {one.township_code: one for one in parties.coverage(actor).townships}
    latest = Population.objects.filter(division=OuterRef("division")).order_by("-as_of")
    known = {
        row.division_id: row
        for row in Population.objects.filter(as_of=Subquery(latest.values("as_of")[:1]))
    }
    places = []
    for one in parties.townships(actor):
        if actor.role is Role.TOWNSHIP_ADMIN and one.code not in actor.areas:
            continue
        places.append(_place(one, counted.get(one.code), known.get(one.code), local_date(now)))
    places.sort(key=lambda one: one.code)
    days = {one.as_of for one in places}
    day = days.pop() if len(days) == 1 else None
    sources = list(dict.fromkeys(one.source for one in places))
    return Coverage(
        places=tuple(places),
        registered=sum(one.registered for one in places),
        people=sum(one.people or 0 for one in places) if day else None,
        as_of=day,
        source="；".join(sources) if day else "",
        counted_at=now,
    )


def _place(
    one: DivisionCard, counted: parties.Coverage | None, row: Population | None, today: date
) -> PlaceCoverage:
    """The county's own number where it brought one, else the roll's, else none."""
    eligible = counted.eligible if counted else 0
    return PlaceCoverage(
        code=one.code,
        name=one.name,
        registered=counted.registered if counted else 0,
        people=row.people if row else eligible or None,
        as_of=row.as_of if row else today if eligible else None,
        source=row.source if row else ROLL if eligible else "",
    )


@query(*COUNTY, Role.AUDITOR)
def prices(actor: Actor) -> Prices:
    """The weighted rate of each month and the saving against the base month (M029).

    The base is the first month with 20 payouts; the saving counts payouts after it. One statement.
    """
    return _prices(market.standing(actor))


def _prices(one: Standing) -> Prices:
    base = next((month for month in one.months if month.loans >= FEWEST), None)
    after = next((rate.month for rate in one.months if base and rate.month > base.month), None)
    saved = one.saving_fen(after, base.rate_ppm) if base and after else None
    return Prices(months=one.months, base=base, saved_fen=saved)


@query(*COUNTY, Role.AUDITOR)
def board(actor: Actor) -> Board:
    """What the indicator page shows. A bounded number of statements, whatever the county's size."""
    today, whole = market.day_counts(actor), market.standing(actor)
    return Board(
        as_of=today.as_of,
        today=today,
        funnel=whole.funnel,
        whereabouts=whole.whereabouts,
        coverage=coverage(actor),
        prices=_prices(whole),
    )


@query(*COUNTY, Role.AUDITOR)
def past_days(actor: Actor, code: str, *, limit: int = 31) -> list[Indicator]:
    """A figure of the county as it stood at the end of past days, newest first (M014)."""
    rows = DaySnapshot.objects.filter(code=code).order_by("-day")[:limit]
    return [Indicator(row.code, row.value, row.denominator, row.day) for row in rows]
