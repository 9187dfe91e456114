"""The deputy's fifth list: drafts nobody confirmed, villages nobody goes to or looks after, re-checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.prepared import Prepared
from puhui.market.lifecycle import OPEN_DEMAND
from puhui.market.models import (
    CaseNote,
    Clock,
    Engagement,
    Recheck,
    VacancyReport,
)
from puhui.market.reach import demands, deputys_own, in_deputys_reach, reach
from puhui.market.terms import ClockKind
from puhui.parties import queries as parties
from puhui.parties.terms import mask_name

UNVISITED = timedelta(days=30)
ROWS = 100


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A request that a specialist filled in and the person has not confirmed."""

    ref: str
    village: str
    helper_masked: str
    drafted_at: datetime
    void_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnvisitedRow:
    """A village whose people have waited for 30 days without anybody having been there."""

    village: str
    case_ref: str
    cases: int
    since: datetime
    """When the oldest open case was published."""


@dataclass(frozen=True, slots=True)
class VacancyRow:
    """A village, or a natural one, without a specialist. `since` and `days` None: never had one."""

    code: str
    village: str
    """Of a natural village the administrative one above it stands before."""
    since: datetime | None
    days: int | None
    reported_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecheckRow:
    """A request made with help that was drawn to be asked about."""

    ref: str
    demand_ref: str
    township: str
    village: str
    helper_masked: str
    helped: int
    drawn: int
    attempts: int
    listed_at: datetime
    seed: str


@dataclass(frozen=True, slots=True)
class TownshipVillages:
    """Everything on the deputy's fifth list."""

    now: datetime
    drafts: tuple[DraftRow, ...]
    unvisited: tuple[UnvisitedRow, ...]
    vacant: tuple[VacancyRow, ...]
    rechecks: tuple[RecheckRow, ...]


@query(Role.TOWNSHIP_ADMIN)
def township_villages(actor: Actor, now: datetime) -> TownshipVillages:
    """Villages and people of the deputy's township at `now`, the instant of the page (content.md
    §3.2 ⑤). Four statements, two more where a case is old or a village has nobody."""
    return TownshipVillages(
        now=now,
        drafts=_drafts(actor),
        unvisited=_unvisited(actor, now),
        vacant=_vacant(actor, now),
        rechecks=recheck_rows(actor),
    )


@Prepared
def _helped_drafts(townships: list[str], own_bank: UUID) -> QuerySet[Any]:
    void_at = Clock.objects.filter(
        demand=OuterRef("pk"), kind=ClockKind.CONFIRMATION, state="running"
    )
    rows = deputys_own(townships, own_bank).filter(state="draft", helper__isnull=False)
    dated = rows.annotate(void_at=Subquery(void_at.values("due_at")[:1]))
    return dated.select_related("village", "helper").order_by("created_at", "id")[:ROWS]


def _drafts(actor: Actor) -> tuple[DraftRow, ...]:
    return tuple(
        DraftRow(
            ref=one.ref,
            village=one.village.short_name,
            helper_masked=mask_name(one.helper.name) if one.helper else "",
            drafted_at=one.created_at,
            void_at=one.void_at,
        )
        for one in _helped_drafts(*reach(actor))
    )


@Prepared
def _long_open(townships: list[str], own_bank: UUID, horizon: datetime) -> QuerySet[Any, Any]:
    rows = deputys_own(townships, own_bank).filter(state__in=OPEN_DEMAND, published_at__lte=horizon)
    by_village = rows.values("village__short_name", "village_id").annotate(
        since=Min("published_at"), first=Min("ref"), cases=Count("pk")
    )
    return by_village.order_by("since").values_list(
        "village_id", "village__short_name", "first", "cases", "since"
    )


@Prepared
def _visited(villages: list[str], horizon: datetime, now: datetime) -> QuerySet[Any, str]:
    """Where a deputy or a bank has been since."""
    noted = CaseNote.objects.filter(demand__village__in=villages, kind="visit", at__gt=horizon)
    came = Engagement.objects.filter(
        demand__village__in=villages, visit_at__gt=horizon, visit_at__lte=now
    ).exclude(visit_word="denied")
    of = "demand__village_id"
    found: QuerySet[Any, str] = noted.values_list(of, flat=True).union(
        came.values_list(of, flat=True)
    )
    return found


def _unvisited(actor: Actor, now: datetime) -> tuple[UnvisitedRow, ...]:
    """Villages with a case open for 30 days, and neither a deputy nor a bank there since."""
    rows = _long_open(*reach(actor), now - UNVISITED)
    visited = set(_visited([row[0] for row in rows], now - UNVISITED, now) if rows else ())
    return tuple(
        UnvisitedRow(village, first, cases, since)
        for code, village, first, cases, since in rows
        if code not in visited
    )


@Prepared
def _last_reports(villages: list[str]) -> QuerySet[Any, Any]:
    rows = VacancyReport.objects.filter(village_id__in=villages)
    return rows.values_list("village_id").annotate(last=Max("at"))


def _vacant(actor: Actor, now: datetime) -> tuple[VacancyRow, ...]:
    """The longest empty comes first, what never had anybody after it, what was reported last."""
    found = parties.staff_gaps(actor, now=now)
    reported = dict(_last_reports([one.code for one in found]) if found else ())
    rows = [
        VacancyRow(
            code=one.code,
            village=f"{one.village} · {one.name}" if one.village else one.name,
            since=one.vacant_since,
            days=one.vacant_days,
            reported_at=_since(reported.get(one.code), one.vacant_since),
        )
        for one in found
    ]
    return tuple(
        sorted(
            rows, key=lambda one: (one.reported_at is not None, one.days is None, -(one.days or 0))
        )
    )


def _since(reported: datetime | None, vacant: datetime | None) -> datetime | None:
    """A report counts for the vacancy that it was made in."""
    return None if reported and vacant and reported < vacant else reported


def _still_to_make(reached: Q) -> QuerySet[Any]:
    drawn = Recheck.objects.filter(
        draw=OuterRef("draw"), demand__village=OuterRef("demand__village")
    )
    counted = drawn.order_by().values("demand__village").annotate(n=Count("pk")).values("n")
    rows = Recheck.objects.filter(reached, state="listed")
    beside = rows.select_related("demand__village", "demand__township", "demand__helper", "draw")
    return beside.annotate(drawn=Subquery(counted[:1])).order_by("listed_at", "id")[:ROWS]


@Prepared
def _deputys_rechecks(townships: list[str], own_bank: UUID) -> QuerySet[Any]:
    return _still_to_make(in_deputys_reach(townships, own_bank, "demand__"))


def recheck_rows(actor: Actor) -> tuple[RecheckRow, ...]:
    """Re-checks still to be made among the cases that the actor reaches."""
    is_deputys = actor.role is Role.TOWNSHIP_ADMIN
    everywhere = Q(demand__in=demands(actor).values("pk"))
    rows = _deputys_rechecks(*reach(actor)) if is_deputys else _still_to_make(everywhere)
    return tuple(
        RecheckRow(
            ref=one.ref,
            demand_ref=one.demand.ref,
            township=one.demand.township.name,
            village=one.demand.village.short_name,
            helper_masked=mask_name(one.demand.helper.name) if one.demand.helper else "",
            helped=one.helped,
            drawn=one.drawn or 1,
            attempts=one.attempts,
            listed_at=one.listed_at,
            seed=one.draw.seed,
        )
        for one in rows
    )


@query(Role.TOWNSHIP_ADMIN, *COUNTY, Role.AUDITOR)
def rechecks(actor: Actor) -> tuple[RecheckRow, ...]:
    """Re-checks still to be made, the oldest first (M019)."""
    return recheck_rows(actor)


@query(Role.TOWNSHIP_ADMIN, *COUNTY)
def recheck(actor: Actor, ref: str) -> RecheckRow:
    """One of them. Refuses NOT_FOUND, alike for another township's and a missing one."""
    found = next((one for one in recheck_rows(actor) if one.ref == ref), None)
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@dataclass(frozen=True, slots=True)
class VacancyNote:
    """What a deputy reported: which village of which township has nobody."""

    township_code: str
    township: str
    village: str
    at: datetime


@query(*COUNTY, Role.AUDITOR)
def vacancy_reports(actor: Actor) -> list[VacancyNote]:
    """Villages reported to be without a specialist within the last 90 days, the newest first."""
    since = database_now() - timedelta(days=90)
    rows = VacancyReport.objects.filter(at__gte=since).select_related("village").order_by("-at")
    towns = {one.code: one.name for one in parties.townships(actor)}
    return [
        VacancyNote(
            township_code=one.village.township_code,
            township=towns.get(one.village.township_code, ""),
            village=one.village.short_name,
            at=one.at,
        )
        for one in rows[:ROWS]
    ]
