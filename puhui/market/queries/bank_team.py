"""A bank looks at itself: who has what now, and how each officer kept the clocks in a month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When

from puhui.kernel.actor import BANK, Actor, query
from puhui.kernel.clock import at_local
from puhui.kernel.command import database_now
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import Clock, Engagement, Proposal
from puhui.market.queries.callbacks import judged_engagements
from puhui.market.queries.owed import waits_still
from puhui.market.terms import ClockKind
from puhui.parties import queries as parties

FEWEST = 20
"""Under so many cases no share is shown."""
FEWEST_BANKS = 3
"""Of fewer banks a median would tell what one of them did."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one officer has in hand; `ref` empty: cases that nobody has."""

    ref: str
    name_masked: str = field(repr=False)
    is_on_duty: bool
    to_call: int
    to_visit: int
    to_answer: int
    to_return: int
    live: int
    late: int


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody of a bank with their cases, those on duty first."""

    now: datetime
    officers: tuple[Load, ...]
    unassigned: Load


@dataclass(frozen=True, slots=True)
class OfficerFigures:
    """One officer's, or a whole bank's, cases claimed in a span. Counts, never sums of money."""

    ref: str
    name_masked: str = field(repr=False)
    claims: int = 0
    confirmed: int = 0
    self_reported: int = 0
    denied: int = 0
    late: int = 0
    visits_in_time: int = 0
    visits: int = 0
    word_kept: int = 0
    offers: int = 0
    returns_in_time: int = 0
    returns: int = 0
    refused: int = 0
    refusals: tuple[tuple[str, int], ...] = ()
    """Code of the reason and how often, the most frequent first."""

    @property
    def judged(self) -> int:
        return self.confirmed + self.self_reported + self.denied + self.late

    @property
    def on_time(self) -> int:
        """Called in time by the bank's clock and not denied by the applicant."""
        return self.confirmed + self.self_reported


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """A bank's own figures beside the county's median over banks; never another bank's numbers.

    Medians are shares of a hundred by name of the measure; None where fewer than three banks have
    twenty cases.
    """

    officers: tuple[OfficerFigures, ...]
    whole: OfficerFigures
    medians: Mapping[str, float | None]


MEASURES = {
    "on_time": ("on_time", "judged"),
    "visits": ("visits_in_time", "visits"),
    "kept_word": ("word_kept", "offers"),
    "returns": ("returns_in_time", "returns"),
}
"""Share by name: what is counted, out of what."""


@query(*BANK)
def team(actor: Actor) -> Team:
    """Who of the actor's bank has what now (content.md §3.1). Five statements."""
    now = database_now()
    open_states = [*LIVE_ENGAGEMENT, "signed"]
    mine = Engagement.objects.filter(bank_id=actor.organisation, state__in=open_states)
    late = Clock.objects.filter(waits_still(), state="breached", engagement=OuterRef("pk"))
    found = {
        row["officer_id"]: row
        for row in mine.annotate(
            is_late=Case(
                When(Exists(late) | Q(state="claimed", callback_late=True), then=True),
                default=False,
            )
        )
        .values("officer_id")
        .annotate(
            live=Count("pk"),
            late=Count("pk", filter=Q(is_late=True)),
            to_call=Count("pk", filter=Q(state="claimed")),
            to_visit=Count("pk", filter=Q(state__in=("kept", "investigating"))),
            to_answer=Count("pk", filter=Q(state__in=("called_back", "investigated"))),
            to_return=Count("pk", filter=Q(state__in=("accepted", "signed"))),
        )
    }
    assert actor.organisation
    on_duty = {one.id for one in parties.officers_on_duty(actor, actor.organisation, now)}
    people = parties.colleagues(actor)
    loads = [
        _load(one.ref, one.name_masked, one.id in on_duty, found.get(one.id)) for one in people
    ]
    known = {one.id for one in people}
    others = [row for officer, row in found.items() if officer not in known]
    ordered = sorted(loads, key=lambda one: (not one.is_on_duty, -one.live, one.ref))
    return Team(now, tuple(ordered), _load("", "", False, _summed(others)))


LOADS = ("to_call", "to_visit", "to_answer", "to_return", "live", "late")


def _load(ref: str, name: str, is_on_duty: bool, row: Mapping[str, Any] | None) -> Load:
    counts = {key: row[key] if row else 0 for key in LOADS}
    return Load(ref=ref, name_masked=name, is_on_duty=is_on_duty, **counts)


def _summed(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    found = list(rows)
    return {key: sum(row[key] for row in found) for key in LOADS}


@query(*BANK)
def own_figures(actor: Actor, since: date, until: date) -> OwnFigures:
    """The actor's bank in local days, both included: per officer, whole, the county's medians.

    Counted are cases claimed in the span, by the bank's own clocks; on time in three words kept
    apart (content.md K6). A bank with fewer than twenty cases of a measure counts for no median.
    Five statements.
    """
    rows = _counted(since, until)
    by_bank: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_bank[row["bank_id"]].append(row)
    mine = by_bank.get(actor.organisation, []) if actor.organisation else []
    codes = _refusals(actor, since, until)
    names = {one.id: one for one in parties.colleagues(actor)}
    officers = [
        _figures(
            names[row["officer_id"]].ref if row["officer_id"] in names else "",
            names[row["officer_id"]].name_masked if row["officer_id"] in names else "离岗的同事",
            [row],
            codes[row["officer_id"]],
        )
        for row in mine
    ]
    banks = [_figures("", "", part, Counter()) for part in by_bank.values()]
    return OwnFigures(
        officers=tuple(sorted(officers, key=lambda one: (-one.claims, one.ref))),
        whole=_figures("", "", mine, sum(codes.values(), Counter())),
        medians={name: _median(banks, *parts) for name, parts in MEASURES.items()},
    )


COUNTS = (
    *("claims", "confirmed", "self_reported", "denied", "late", "visits_in_time", "visits"),
    *("word_kept", "offers", "returns_in_time", "returns", "refused"),
)


def _claimed(since: date, until: date) -> QuerySet[Engagement]:
    begins, ends = at_local(since, time(0)), at_local(until + timedelta(days=1), time(0))
    return Engagement.objects.filter(claimed_at__gte=begins, claimed_at__lt=ends)


def _clock_state(kind: ClockKind) -> Subquery:
    clocks = Clock.objects.filter(
        engagement=OuterRef("pk"), kind=kind, state__in=("met", "breached")
    )
    return Subquery(clocks.order_by("-started_at").values("state")[:1])


def _counted(since: date, until: date) -> list[dict[str, Any]]:
    """One row for each bank and officer, all banks: the medians need them."""
    proposals = Proposal.objects.filter(engagement=OuterRef("pk"), superseded_at__isnull=True)
    rows = judged_engagements(_claimed(since, until)).annotate(
        visited=_clock_state(ClockKind.INVESTIGATION),
        returned=_clock_state(ClockKind.DATA_RETURN),
        has_both=Exists(proposals.filter(kind="plan")) & Exists(proposals.filter(kind="offer")),
        is_same=Exists(proposals.filter(kind="offer", change_reason="")),
    )

    def of(**facts: Any) -> Count:
        return Count("pk", filter=Q(**facts))

    judged = ("met", "breached")
    return list(
        rows.values("bank_id", "officer_id").annotate(
            claims=Count("pk"),
            confirmed=of(callback="confirmed"),
            self_reported=of(callback="self_reported"),
            denied=of(callback="denied"),
            late=of(callback="late"),
            visits_in_time=of(visited="met"),
            visits=of(visited__in=judged),
            word_kept=of(has_both=True, is_same=True),
            offers=of(has_both=True),
            returns_in_time=of(returned="met"),
            returns=of(returned__in=judged),
            refused=of(state="refused"),
        )
    )


def _refusals(actor: Actor, since: date, until: date) -> dict[Any, Counter[str]]:
    rows = _claimed(since, until).filter(bank_id=actor.organisation, state="refused")
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in rows.values("officer_id", "refusal_code").annotate(n=Count("pk")):
        found[row["officer_id"]][row["refusal_code"]] += row["n"]
    return found


def _figures(
    ref: str, name: str, rows: Iterable[Mapping[str, Any]], codes: Counter[str]
) -> OfficerFigures:
    found = list(rows)
    counts = {key: sum(row[key] for row in found) for key in COUNTS}
    ordered = tuple(sorted(codes.items(), key=lambda one: (-one[1], one[0])))
    return OfficerFigures(ref=ref, name_masked=name, refusals=ordered, **counts)


def _median(banks: Iterable[OfficerFigures], part: str, whole: str) -> float | None:
    shares = [
        100 * getattr(one, part) / getattr(one, whole)
        for one in banks
        if getattr(one, whole) >= FEWEST
    ]
    return median(shares) if len(shares) >= FEWEST_BANKS else None
