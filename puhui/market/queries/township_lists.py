"""The five lists of a township deputy: who waits, for what, since when. Never rates or plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When, Window
from django.db.models.functions import Coalesce

from puhui.kernel.actor import SYSTEM, Actor, Role, query
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import database_now
from puhui.kernel.prepared import Prepared
from puhui.market.lifecycle import LIVE_ENGAGEMENT, OPEN_DEMAND
from puhui.market.models import Clock, Engagement, FinancingDemand, FollowUp, Obstacle, Supervision
from puhui.market.queries.shaping import grouped
from puhui.market.reach import deputys_own, engagements, reach
from puhui.market.terms import REFUSAL_CODES, ClockKind
from puhui.parties import queries as parties
from puhui.parties.terms import mask_name

SOON = timedelta(days=3)
OVER = ("withdrawn", "expired", "unmet")
ROWS = 40
"""Rows of one list on the desk; `counts` are of all."""
TOLD_TO_TOWNSHIP = tuple(row.code for row in REFUSAL_CODES.values() if row.township_too)

WAITS: dict[ClockKind, frozenset[str]] = {
    ClockKind.PLAN: frozenset({"called_back"}),
    ClockKind.CHOICE: frozenset({"planned"}),
    ClockKind.INVESTIGATION: frozenset({"called_back", "planned", "kept", "investigating"}),
    ClockKind.DECISION: frozenset({"investigated"}),
    ClockKind.OFFER_VALIDITY: frozenset({"offered"}),
    ClockKind.SIGNING: frozenset({"accepted"}),
    ClockKind.DATA_RETURN: frozenset({"signed"}),
    ClockKind.LONG_PENDING: LIVE_ENGAGEMENT - {"claimed"},
}
"""Which deadline an engagement waits for, and in which states it still does."""


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A case that waits for the deputy to step in, or for its destination. Money in fen."""

    ref: str
    kind: str
    waits_since: datetime
    """From the start of the case's clock where nobody claims it, else since it was opened."""
    due_at: datetime
    demand_ref: str
    demand_state: str
    village: str
    purpose: str
    amount_fen: int
    term: str
    live: int
    told_reasons: tuple[tuple[str, str], ...] = ()
    """Refusals that a township may know (R10): code, and what was missing."""


@dataclass(frozen=True, slots=True)
class UnreachedRow:
    """A bank holds the case and has reached nobody yet."""

    demand_ref: str
    engagement_ref: str
    village: str
    purpose: str
    amount_fen: int
    bank_name: str
    clock_start_at: datetime
    due_at: datetime
    attempts: int
    is_supervised: bool


@dataclass(frozen=True, slots=True)
class DueRow:
    """A step that a bank or the applicant owes soon, or owed already."""

    demand_ref: str
    engagement_ref: str
    village: str
    purpose: str
    amount_fen: int
    bank_name: str
    state: str
    clock: str
    due_at: datetime
    is_late: bool
    visit_at: datetime | None
    missing_words: str
    obstacle: str = field(default="", repr=False)
    """Where it is stuck, as its bank wrote it last."""


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Cases published this month in the deputy's reach. The last four add up to the first."""

    since: datetime
    published: int
    funded: int
    underway: int
    explained: int
    unexplained: int


@dataclass(frozen=True, slots=True)
class TownshipLists:
    """Everything on the deputy's first page, at one instant of the database."""

    now: datetime
    figures: MonthFigures
    waiting: tuple[FollowUpRow, ...]
    unreached: tuple[UnreachedRow, ...]
    due: tuple[DueRow, ...]
    ended: tuple[FollowUpRow, ...]
    counts: Mapping[str, int]
    """How many there are of `waiting`, `unreached`, `due` and `ended` in all."""
    handed_over: int
    """Open cases of the township in which the deputy's own bank competes (domain.md ruling 11)."""
    handed_to: tuple[str, ...]
    """Who looks after them, masked: another deputy, or somebody of the county's."""


@query(Role.TOWNSHIP_ADMIN)
def township_lists(actor: Actor) -> TownshipLists:
    """The deputy's lists and figures, most late first (M012, content.md §3.2).

    Eight statements, up to four more where cases went to somebody else.
    """
    now = database_now()
    handed_over, handed_to = _handed_over(actor, now)
    kept = {
        "waiting": _stepping_in(*reach(actor)),
        "ended": _to_be_told(*reach(actor)),
        "unreached": _claimed(*reach(actor), now),
        "due": _owed(*reach(actor), now + SOON),
    }
    told = _told([*kept["waiting"], *kept["ended"]])
    return TownshipLists(
        now=now,
        figures=_figures(actor, now),
        waiting=tuple(_follow_up(row, told[row.demand_id]) for row in kept["waiting"]),
        unreached=tuple(_unreached(row) for row in kept["unreached"]),
        due=_due(kept["due"]),
        ended=tuple(_follow_up(row, told[row.demand_id]) for row in kept["ended"]),
        counts={name: rows[0].of_list if rows else 0 for name, rows in kept.items()},
        handed_over=handed_over,
        handed_to=handed_to,
    )


@Prepared
def _published(townships: list[str], own_bank: UUID, since: datetime) -> QuerySet[Any, Any]:
    dealt_with = FollowUp.objects.filter(demand=OuterRef("pk"), closed_at__isnull=False)
    rows = deputys_own(townships, own_bank).filter(published_at__gte=since)
    marked = rows.order_by().annotate(is_dealt_with=Exists(dealt_with))
    counted = marked.values("state", "is_dealt_with").annotate(n=Count("pk"))
    return counted.values_list("state", "is_dealt_with", "n")


def _figures(actor: Actor, now: datetime) -> MonthFigures:
    since = month_start(now)
    found = dict.fromkeys(("funded", "underway", "explained", "unexplained"), 0)
    for state, is_dealt_with, n in _published(*reach(actor), since):
        if state in OVER:
            is_explained = is_dealt_with or state == "withdrawn"
            found["explained" if is_explained else "unexplained"] += n
        elif state in OPEN_DEMAND or state in ("funded", "closed"):
            found["underway" if state in OPEN_DEMAND else "funded"] += n
    return MonthFigures(since=since, published=sum(found.values()), **found)


def month_start(now: datetime) -> datetime:
    """The first midnight of the local month."""
    return at_local(local_date(now).replace(day=1), time(0))


OF_LIST = Window(Count("pk"))
"""Counts all rows of a list, before it is cut."""


def _open_follow_ups(townships: list[str], own_bank: UUID) -> QuerySet[Any]:
    cases = deputys_own(townships, own_bank).values("pk")
    since = Case(
        When(kind="unclaimed", then=Coalesce("demand__clock_start_at", "opened_at")),
        default="opened_at",
    )
    rows = FollowUp.objects.filter(demand__in=cases, closed_at__isnull=True)
    marked = rows.annotate(of_list=OF_LIST, waits_since=since)
    return marked.select_related("demand__village").order_by("waits_since", "id")


@Prepared
def _stepping_in(townships: list[str], own_bank: UUID) -> QuerySet[Any]:
    return _open_follow_ups(townships, own_bank).exclude(kind="unmet")[:ROWS]


@Prepared
def _to_be_told(townships: list[str], own_bank: UUID) -> QuerySet[Any]:
    return _open_follow_ups(townships, own_bank).filter(kind="unmet")[:ROWS]


@Prepared
def _told_refusals(of: list[UUID]) -> QuerySet[Engagement]:
    return Engagement.objects.filter(
        demand_id__in=of, state="refused", refusal_code__in=TOLD_TO_TOWNSHIP
    ).order_by("ended_at", "id")


def _told(rows: Sequence[FollowUp]) -> Mapping[UUID, list[Engagement]]:
    """Refusals that a township may know, by case: one statement, none without a row."""
    refusals = _told_refusals([row.demand_id for row in rows]) if rows else ()
    return grouped(refusals, "demand_id")


def _follow_up(row: Any, refusals: Iterable[Engagement]) -> FollowUpRow:
    demand = row.demand
    return FollowUpRow(
        ref=row.ref,
        kind=row.kind,
        waits_since=row.waits_since,
        due_at=row.due_at,
        demand_ref=demand.ref,
        demand_state=demand.state,
        village=demand.village.short_name,
        purpose=demand.purpose,
        amount_fen=demand.amount_fen,
        term=demand.term,
        live=demand.live,
        told_reasons=tuple(
            (one.refusal_code, one.refusal_words or one.missing_words) for one in refusals
        ),
    )


@Prepared
def _claimed(townships: list[str], own_bank: UUID, now: datetime) -> QuerySet[Any]:
    clocks = Clock.objects.filter(engagement=OuterRef("pk"), kind=ClockKind.CALLBACK_BANK)
    rows = Engagement.objects.filter(
        demand__in=deputys_own(townships, own_bank).values("pk"),
        state="claimed",
        clock_start_at__lte=now,
    ).annotate(
        callback_due_at=clocks.order_by("-started_at").values("due_at")[:1],
        is_supervised=Exists(Supervision.objects.filter(engagement=OuterRef("pk"))),
        of_list=OF_LIST,
    )
    return rows.select_related("bank", "demand__village").order_by("callback_due_at", "id")[:ROWS]


def _unreached(row: Any) -> UnreachedRow:
    return UnreachedRow(
        demand_ref=row.demand.ref,
        engagement_ref=row.ref,
        village=row.demand.village.short_name,
        purpose=row.demand.purpose,
        amount_fen=row.demand.amount_fen,
        bank_name=row.bank.name,
        clock_start_at=row.clock_start_at,
        due_at=row.callback_due_at or row.clock_start_at,
        attempts=row.attempts,
        is_supervised=row.is_supervised,
    )


@Prepared
def _owed(townships: list[str], own_bank: UUID, horizon: datetime) -> QuerySet[Any]:
    """Of each engagement the deadline that falls first."""
    rows = Clock.objects.filter(
        waits_still(),
        Q(state="running", due_at__lte=horizon) | Q(state="breached"),
        demand__in=deputys_own(townships, own_bank).values("pk"),
        engagement__isnull=False,
    )
    firsts = rows.order_by("engagement_id", "due_at", "id").distinct("engagement_id")
    found = Clock.objects.filter(pk__in=firsts.values("pk")).annotate(of_list=OF_LIST)
    beside = found.select_related("engagement__bank", "demand__village")
    return beside.order_by("due_at", "demand__ref")[:ROWS]


@Prepared
def _obstacles(of: list[UUID]) -> QuerySet[Obstacle]:
    return Obstacle.objects.filter(engagement_id__in=of).order_by("-at")


def _due(rows: Sequence[Clock]) -> tuple[DueRow, ...]:
    written = _obstacles([row.engagement_id for row in rows]) if rows else ()
    obstacles = grouped(written, "engagement_id")
    return tuple(_due_row(row, obstacles[row.engagement_id]) for row in rows if row.engagement_id)


def waits_still() -> Q:
    """Clocks whose engagement is still in a state that waits for them."""
    found = Q(pk__in=[])
    for kind, states in WAITS.items():
        found |= Q(kind=kind, engagement__state__in=states)
    return found


def late_engagements(actor: Actor, now: datetime) -> int:
    """How many banks are past a deadline in the actor's cases, each counted once."""
    uncalled = Q(kind=ClockKind.CALLBACK_BANK, engagement__state="claimed")
    rows = Clock.objects.filter(
        waits_still() | uncalled,
        state="breached",
        engagement__in=engagements(actor).values("pk"),
    )
    return rows.values("engagement").distinct().count()


def _due_row(row: Clock, obstacles: Sequence[Obstacle]) -> DueRow:
    engagement = row.engagement
    assert engagement and row.due_at
    return DueRow(
        demand_ref=row.demand.ref,
        engagement_ref=engagement.ref,
        village=row.demand.village.short_name,
        purpose=row.demand.purpose,
        amount_fen=row.demand.amount_fen,
        bank_name=engagement.bank.name,
        state=engagement.state,
        clock=row.kind,
        due_at=row.due_at,
        is_late=row.state == Clock.State.BREACHED,
        visit_at=engagement.visit_at,
        missing_words=engagement.missing_words,
        obstacle=obstacles[0].words if obstacles else "",
    )


def _hidden(townships: list[str], own_bank: UUID) -> QuerySet[FinancingDemand]:
    seen = deputys_own(townships, own_bank).values("pk")
    rows = FinancingDemand.objects.filter(township_id__in=townships, state__in=OPEN_DEMAND)
    return rows.exclude(pk__in=seen).order_by()


@Prepared
def _hidden_count(townships: list[str], own_bank: UUID) -> QuerySet[Any, int]:
    counted = _hidden(townships, own_bank).values("state").annotate(n=Count("pk"))
    return counted.values_list("n", flat=True)


@Prepared
def _owners_of_hidden(townships: list[str], own_bank: UUID, deputy: UUID) -> QuerySet[Any, Any]:
    rows = FollowUp.objects.filter(
        demand__in=_hidden(townships, own_bank).values("pk"),
        closed_at__isnull=True,
        owner__isnull=False,
    ).exclude(owner_id=deputy)
    return rows.order_by("owner__ref").values_list("owner__ref", "owner__name").distinct()[:3]


def _handed_over(actor: Actor, now: datetime) -> tuple[int, tuple[str, ...]]:
    """How many cases the deputy may not touch, and who has them."""
    if actor.seconded_from is None:
        return 0, ()
    count = sum(_hidden_count(*reach(actor)))
    if not count:
        return 0, ()
    names = _owners_of_hidden(*reach(actor), actor.person)
    found = tuple(mask_name(name) for _ref, name in names)
    return count, found or _stand_in(actor, now)


def _stand_in(actor: Actor, now: datetime) -> tuple[str, ...]:
    """Who would step in for the deputy while none of the cases waits for anybody yet."""
    own = {one.ref for one in parties.banks(SYSTEM) if one.id == actor.seconded_from}
    cards = [parties.case_owner(SYSTEM, code, now, rivals=own) for code in sorted(actor.areas)]
    return tuple(dict.fromkeys(one.name_masked for one in cards if one))
