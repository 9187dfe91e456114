"""What township and county ask: who is waiting, who is late, where a case went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from puhui.kernel import journal
from puhui.kernel.actor import BANK, COUNTY, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.prepared import Prepared
from puhui.market.models import Clock, Engagement, FinancingDemand, PastRecord, Supervision
from puhui.market.queries.fencing import reached
from puhui.market.queries.paging import older
from puhui.market.queries.past import past_events
from puhui.market.queries.shaping import supervisions
from puhui.market.queries.views import SupervisionView, TimelineEntry
from puhui.market.reach import demands, engagements, may_know_rates
from puhui.market.terms import ClockKind

WATCHERS = (*COUNTY, Role.TOWNSHIP_ADMIN, Role.AUDITOR)
SUMS = ("amount_fen", "rate_ppm")
CALLBACK_CLOCKS = (ClockKind.CALLBACK_BANK, ClockKind.SUPERVISION_BANK)


@dataclass(frozen=True, slots=True)
class SupervisedDemand:
    """A case as township and county see it in a list: never rates, plans or reasons."""

    ref: str
    township: str
    township_code: str
    purpose: str
    amount_fen: int
    term: str
    state: str
    published_at: datetime
    clock_start_at: datetime
    first_claimed_at: datetime | None
    first_attempt_at: datetime | None
    is_directed: bool
    slots: int
    live: int
    refusals: int
    ended_at: datetime | None
    end_reason: str


@dataclass(frozen=True, slots=True)
class OverdueEngagement:
    """An engagement past a limit: which bank, which clock, since when."""

    engagement_ref: str
    demand_ref: str
    bank_ref: str
    bank_name: str
    township: str
    state: str
    clock: str
    due_at: datetime
    first_attempt_at: datetime | None
    clock_id: UUID
    """For paging on; never shown."""


@query(*WATCHERS)
def supervised_demands(
    actor: Actor, *, states: tuple[str, ...] = (), limit: int = 100, before: str = ""
) -> list[SupervisedDemand]:
    """Cases of the actor's area, newest first (M008, M012). A township sees its own only."""
    rows = demands(actor).exclude(state="draft").select_related("township")
    if states:
        rows = rows.filter(state__in=states)
    if before:
        rows = older(rows, "published_at", demands(actor).filter(ref=before))
    return [_supervised(row) for row in rows.order_by("-published_at", "-id")[:limit]]


@query(*WATCHERS)
def supervised_demand(actor: Actor, ref: str) -> SupervisedDemand:
    """One case of the actor's area. Refuses NOT_FOUND, alike for other areas' and missing ones."""
    row = demands(actor).exclude(state="draft").select_related("township").filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return _supervised(row)


def _supervised(row: FinancingDemand) -> SupervisedDemand:
    assert row.published_at and row.clock_start_at
    return SupervisedDemand(
        ref=row.ref,
        township=row.township.name,
        township_code=row.township_id,
        purpose=row.purpose,
        amount_fen=row.amount_fen,
        term=row.term,
        state=row.state,
        published_at=row.published_at,
        clock_start_at=row.clock_start_at,
        first_claimed_at=row.first_claimed_at,
        first_attempt_at=row.first_attempt_at,
        is_directed=row.directed_bank_id is not None,
        slots=row.slots,
        live=row.live,
        refusals=row.refusals,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
    )


@query(*WATCHERS)
def overdue_engagements(
    actor: Actor, *, limit: int = 200, after: UUID | None = None
) -> list[OverdueEngagement]:
    """Live engagements with a breached callback, supervision or visit clock, most late first.

    One engagement stands once per clock; `after` is the clock of the row to page on from.
    """
    rows = (
        Clock.objects.filter(
            state="breached",
            engagement__in=engagements(actor).filter(ended_at__isnull=True).values("pk"),
            kind__in=[*CALLBACK_CLOCKS, ClockKind.INVESTIGATION, ClockKind.DECISION],
        )
        .select_related("engagement__bank", "demand__township")
        .order_by("due_at", "id")
    )
    if after is not None:
        edge = Clock.objects.filter(pk=after)
        due_at = edge.values_list("due_at", flat=True).first()
        rows = rows.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=after))
    return [
        OverdueEngagement(
            engagement_ref=row.engagement.ref,
            demand_ref=row.demand.ref,
            bank_ref=row.engagement.bank.ref,
            bank_name=row.engagement.bank.name,
            township=row.demand.township.name,
            state=row.engagement.state,
            clock=row.kind,
            due_at=row.due_at,
            first_attempt_at=row.engagement.first_attempt_at,
            clock_id=row.pk,
        )
        for row in rows[:limit]
        if row.engagement and row.due_at
    ]


@query(Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN, Role.AUDITOR)
def supervision_records(actor: Actor, *, limit: int = 200) -> tuple[SupervisionView, ...]:
    """The supervision ledger, newest first (M011)."""
    newest = Supervision.objects.order_by("-opened_at").values("pk")[:limit]
    return reached(actor, supervisions(Supervision.objects.filter(pk__in=newest)))


@query(*WATCHERS, Role.LOAN_OFFICER, Role.BANK_ADMIN, Role.RESIDENT)
def timeline(actor: Actor, demand_ref: str) -> list[TimelineEntry]:
    """What happened to a case, from the journal, oldest first; what happened before it came here as
    the other system told it. Refuses NOT_FOUND.

    A bank sees the demand's own facts and its own engagement's, never another bank's doings; who may
    know no rates finds none in the facts.
    """
    if actor.is_bank:
        is_known = engagements(actor).filter(demand__ref=demand_ref).exists()
    else:
        is_known = demands(actor).filter(ref=demand_ref).exists()
    if not is_known:
        raise Refused(NOT_FOUND)
    entries = past_events(demand_ref) + _journalled(demand_ref)
    if actor.is_bank:
        return [one for one in entries if _is_banks_own(one, actor.organisation_ref)]
    return entries if may_know_rates(actor) else [_without_sums(one) for one in entries]


def _journalled(demand_ref: str) -> list[TimelineEntry]:
    return [_entry(one) for one in journal.timeline([("demand", demand_ref)])]


def _without_sums(entry: TimelineEntry) -> TimelineEntry:
    facts = {name: value for name, value in entry.facts.items() if name not in SUMS}
    return replace(entry, facts=facts)


NOT_OURS = frozenset(
    {
        "financing_demand.first_engagement",
        "financing_demand.last_engagement_ended",
        "follow_up.open",
        "follow_up.close",
        "contact.view",
        "engagement.propose_reassignment",
    }
)
"""Facts of the demand that would show a bank what others do with it."""


@query(*BANK)
def bank_timeline(actor: Actor, engagement_ref: str) -> list[TimelineEntry]:
    """What happened to a case of the actor's bank, oldest first, without what would show others'
    doings. Refuses NOT_FOUND. Two statements; three where the case came from another system."""
    case = _of_own_case.first(actor.organisation, engagement_ref)
    if case is None:
        raise Refused(NOT_FOUND)
    demand, has_past = case
    entries = (past_events(demand) if has_past else []) + _journalled(demand)
    own = [one for one in entries if _is_banks_own(one, actor.organisation_ref)]
    return [one for one in own if one.bank_ref or one.action not in NOT_OURS]


@Prepared
def _of_own_case(bank: UUID, ref: str) -> QuerySet[Any, tuple[str, bool]]:
    rows = Engagement.objects.filter(bank_id=bank, ref=ref)
    told = PastRecord.objects.filter(demand=OuterRef("demand_id"))
    return rows.annotate(has_past=Exists(told)).values_list("demand__ref", "has_past")


def _is_banks_own(entry: TimelineEntry, bank: str) -> bool:
    """Of this bank's engagement, or of the demand itself by nobody of another organisation."""
    if entry.bank_ref:
        return entry.bank_ref == bank
    return entry.organisation_ref in ("", bank)


def _entry(row: journal.Entry) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        action=row.action,
        role=str(row.by.get("role", "")),
        by_ref=str(row.by.get("ref", "")),
        organisation_ref=str(row.by.get("org", "")),
        bank_ref=str(row.facts.get("bank", "")),
        facts=dict(row.facts),
    )
