"""The five lists of a township deputy: who waits, for what, since when. Never rates or plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.db.models.lookups import IsNull

from puhui.kernel.actor import SYSTEM, Actor, Role, query
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import database_now
from puhui.kernel.crypto import decrypt_cell
from puhui.kernel.prepared import Prepared
from puhui.market.lifecycle import OPEN_DEMAND
from puhui.market.models import Clock, Engagement, FinancingDemand, FollowUp, Obstacle, Supervision
from puhui.market.queries.owed import owed
from puhui.market.queries.shaping import grouped
from puhui.market.reach import deputys_own, in_deputys_reach, reach
from puhui.market.terms import REFUSAL_CODES, ClockKind
from puhui.parties import queries as parties
from puhui.parties.terms import mask_name

R = TypeVar("R")
Listed = tuple[tuple[R, ...], int]
"""The first rows of a list, and how many there are in all."""

SOON = timedelta(days=3)
OVER = ("withdrawn", "expired", "unmet")
ROWS = 25
"""Rows of one list on the desk; `counts` are of all."""
LISTS = ("waiting", "unreached", "due", "ended")
TOLD_TO_TOWNSHIP = tuple(row.code for row in REFUSAL_CODES.values() if row.township_too)


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
    (waiting, waits), (ended, over) = _follow_ups(actor)
    unreached, uncalled = _unreached(actor, now)
    due, owed = _due(actor, now)
    return TownshipLists(
        now=now,
        figures=_figures(actor, now),
        waiting=waiting,
        unreached=unreached,
        due=due,
        ended=ended,
        counts={"waiting": waits, "unreached": uncalled, "due": owed, "ended": over},
        handed_over=handed_over,
        handed_to=handed_to,
    )


@Prepared
def _published(townships: list[str], own_bank: UUID, since: datetime) -> QuerySet[Any, Any]:
    dealt_with = FollowUp.objects.filter(demand=OuterRef("pk"), closed_at__isnull=False)
    rows = deputys_own(townships, own_bank).filter(published_at__gte=since).order_by()
    # one look per case of the month: as EXISTS, PostgreSQL reads every follow-up there ever was
    found = rows.alias(dealt_with=Subquery(dealt_with.values("pk")[:1]))
    counted = found.values("state", is_dealt_with=IsNull(F("dealt_with"), False))
    return counted.annotate(n=Count("pk")).values_list("state", "is_dealt_with", "n")


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


@Prepared
def _open_follow_ups(townships: list[str], own_bank: UUID) -> QuerySet[Any, Any]:
    """The first of both lists: what waits for the deputy, what is to be told (`is_over`)."""
    since = Case(
        When(kind="unclaimed", then=Coalesce("demand__clock_start_at", "opened_at")),
        default="opened_at",
    )
    is_over = ExpressionWrapper(Q(kind="unmet"), BooleanField())
    rows = FollowUp.objects.filter(
        in_deputys_reach(townships, own_bank, "demand__"), closed_at__isnull=True
    ).annotate(
        waits_since=since,
        is_over=is_over,
        of_list=Window(Count("pk"), partition_by=is_over),
        place=Window(RowNumber(), partition_by=is_over, order_by=[since, "id"]),
    )
    first = rows.filter(place__lte=ROWS).order_by("waits_since", "id")
    return first.values_list(
        *("ref", "kind", "waits_since", "due_at"),
        *("demand__ref", "demand__state", "demand__village__short_name", "demand__purpose"),
        *("demand__amount_fen", "demand__term", "demand__live"),
        *("demand_id", "is_over", "of_list"),
    )


@Prepared
def _told_refusals(of: list[UUID]) -> QuerySet[Engagement]:
    rows = Engagement.objects.filter(
        demand_id__in=of, state="refused", refusal_code__in=TOLD_TO_TOWNSHIP
    )
    shown = rows.only("demand_id", "refusal_code", "refusal_words", "missing_words")
    return shown.order_by("ended_at", "id")


def _follow_ups(actor: Actor) -> tuple[Listed[FollowUpRow], Listed[FollowUpRow]]:
    """What waits and what is to be told, with refusals that a township may know: one statement,
    and a second where there is a row."""
    rows = _open_follow_ups(*reach(actor))
    refusals = grouped(_told_refusals([row[-3] for row in rows]) if rows else (), "demand_id")
    found: tuple[list[FollowUpRow], list[FollowUpRow]] = [], []
    counts = [0, 0]
    for row in rows:
        *_shown, demand, is_over, of_list = row
        told = tuple(
            (one.refusal_code, one.refusal_words or one.missing_words) for one in refusals[demand]
        )
        found[is_over].append(FollowUpRow(*(*row[:-3], told)))
        counts[is_over] = of_list
    return (tuple(found[0]), counts[0]), (tuple(found[1]), counts[1])


def _open_in_reach(townships: list[str], own_bank: UUID) -> Q:
    """Of open demands in the deputy's reach: found by their index, past years left out."""
    is_open = Q(demand__state__in=OPEN_DEMAND)
    return in_deputys_reach(townships, own_bank, "demand__") & is_open


@Prepared
def _claimed(townships: list[str], own_bank: UUID, now: datetime) -> QuerySet[Any, Any]:
    clocks = Clock.objects.filter(engagement=OuterRef("pk"), kind=ClockKind.CALLBACK_BANK)
    limit = Subquery(clocks.order_by("-started_at").values("due_at")[:1])
    rows = Engagement.objects.filter(
        _open_in_reach(townships, own_bank),
        state="claimed",
        clock_start_at__lte=now,
    ).annotate(
        callback_due_at=Coalesce(limit, "clock_start_at"),
        is_supervised=Exists(Supervision.objects.filter(engagement=OuterRef("pk"))),
        of_list=Window(Count("pk")),
    )
    first = rows.order_by("callback_due_at", "id")[:ROWS]
    return first.values_list(
        *("demand__ref", "ref", "demand__village__short_name", "demand__purpose"),
        *("demand__amount_fen", "bank__name", "clock_start_at", "callback_due_at"),
        *("attempts", "is_supervised", "of_list"),
    )


def _unreached(actor: Actor, now: datetime) -> Listed[UnreachedRow]:
    rows = _claimed(*reach(actor), now)
    return tuple(UnreachedRow(*row[:-1]) for row in rows), rows[0][-1] if rows else 0


@Prepared
def _owing(townships: list[str], own_bank: UUID, horizon: datetime) -> QuerySet[Any, Any]:
    """Engagements by the deadline of theirs that falls first, and how many there are in all."""
    rows = owed(horizon).filter(_open_in_reach(townships, own_bank))
    firsts = rows.values("engagement_id").annotate(first=Min("due_at"), of_list=Window(Count("*")))
    return firsts.order_by("first", "engagement_id")[:ROWS].values_list("engagement_id", "of_list")


@Prepared
def _owed_first(of: list[UUID], horizon: datetime) -> QuerySet[Any, Any]:
    rows = owed(horizon).filter(engagement_id__in=of)
    firsts = rows.order_by("engagement_id", "due_at", "id").distinct("engagement_id")
    is_late = ExpressionWrapper(Q(state=Clock.State.BREACHED), BooleanField())
    return firsts.annotate(is_late=is_late).values_list(
        *("demand__ref", "engagement__ref", "demand__village__short_name", "demand__purpose"),
        *("demand__amount_fen", "engagement__bank__name", "engagement__state", "kind", "due_at"),
        *("is_late", "engagement__visit_at", "engagement_id", "engagement__missing_words"),
    )


@Prepared
def _last_obstacles(of: list[UUID]) -> QuerySet[Obstacle]:
    rows = Obstacle.objects.filter(engagement_id__in=of)
    return rows.order_by("engagement_id", "-at").distinct("engagement_id")


def _due(actor: Actor, now: datetime) -> Listed[DueRow]:
    """One statement, and two more where there is a row."""
    owing = _owing(*reach(actor), now + SOON)
    if not owing:
        return (), 0
    of = [key for key, _of_list in owing]
    obstacles = {one.engagement_id: one.words for one in _last_obstacles(of)}
    rows = {}
    for row in _owed_first(of, now + SOON):
        *_shown, key, missing = row
        words = decrypt_cell(Engagement, "missing_words", key, missing)
        stuck = obstacles.get(key, "")
        rows[key] = DueRow(*(*row[:-2], words, stuck))
    return tuple(rows[key] for key in of if key in rows), owing[0][1]


def on_the_list(name: str, now: datetime) -> Q:
    """Demands of which one of these lists has a row: `waiting`, `unreached`, `due` or `ended`."""
    of = OuterRef("pk")
    opened = FollowUp.objects.filter(demand=of, closed_at__isnull=True)
    claimed = Engagement.objects.filter(demand=of, state="claimed", clock_start_at__lte=now)
    rows: dict[str, QuerySet[Any]] = {
        "waiting": opened.exclude(kind="unmet"),
        "unreached": claimed,
        "due": owed(now + SOON).filter(demand=of),
        "ended": opened.filter(kind="unmet"),
    }
    return Q(Exists(rows[name]))


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
