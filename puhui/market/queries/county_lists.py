"""The five lists of the county's monitoring centre: which bank to phone now, what does not agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import database_now
from puhui.kernel.prepared import Prepared
from puhui.market.lifecycle import LIVE_ENGAGEMENT, OPEN_DEMAND
from puhui.market.models import (
    Clock,
    Engagement,
    FinancingDemand,
    FollowUp,
    Supervision,
    SupervisionStep,
)
from puhui.market.queries.callbacks import WORDS, judged_demands
from puhui.market.queries.endings import ended
from puhui.market.queries.fencing import reached
from puhui.market.queries.integrity import IntegrityView, open_integrity
from puhui.market.queries.mismatches import Mismatch, found_mismatches
from puhui.market.queries.shaping import steps_of
from puhui.market.queries.surveys import SurveyToday, survey_rows
from puhui.market.queries.township_lists import waits_still
from puhui.market.terms import LATE_STEPS

ROWS = 200


@Prepared
def _called_since(since: datetime) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = judged_demands(
        FinancingDemand.objects.filter(published_at__gte=since)
    )
    counted: QuerySet[Any, Any] = rows.order_by().values("callback").annotate(n=Count("pk"))
    return counted.values_list("callback", "n")


@Prepared
def _uncalled(now: datetime) -> QuerySet[Any, Any]:
    rows = FinancingDemand.objects.filter(
        state__in=OPEN_DEMAND, first_attempt_at__isnull=True, clock_start_at__lte=now
    )
    return rows.order_by().values("state").annotate(n=Count("pk")).values_list("n", flat=True)


@Prepared
def _late_callbacks() -> QuerySet[Supervision]:
    return (
        Supervision.objects.filter(
            kind="first_callback", closed_at__isnull=True, engagement__state="claimed"
        )
        .select_related("bank", "demand__township", "engagement", "clock")
        .order_by("clock__due_at", "id")[:ROWS]
    )


@Prepared
def _times_since(since: datetime) -> QuerySet[Any, Any]:
    rows = Supervision.objects.filter(kind="first_callback", opened_at__gte=since)
    return rows.values_list("bank_id").annotate(times=Count("pk"))


@Prepared
def _without_bank() -> QuerySet[FollowUp]:
    held = Engagement.objects.filter(demand=OuterRef("demand"), state__in=LIVE_ENGAGEMENT)
    return (
        FollowUp.objects.filter(
            kind="unclaimed", closed_at__isnull=True, demand__state__in=OPEN_DEMAND
        )
        .alias(holder=Subquery(held.values("pk")[:1]))
        .filter(holder__isnull=True)
        .select_related("demand__township", "demand__village", "owner")
        .order_by("demand__clock_start_at", "id")[:ROWS]
    )


@Prepared
def _past_their_day() -> QuerySet[Clock]:
    rows = Clock.objects.filter(waits_still(), state="breached", kind__in=LATE_STEPS)
    return rows.select_related("engagement__bank").order_by("due_at", "id")[: 10 * ROWS]


@dataclass(frozen=True, slots=True)
class OverdueCase:
    """One case whose bank reached nobody in time."""

    supervision_ref: str
    demand_ref: str
    engagement_ref: str
    township: str
    claimed_at: datetime
    is_directed: bool
    late_since: datetime
    attempts: int
    phoned: int
    """How often the county has logged a supervision call."""
    answer: str
    promised_at: datetime | None


@dataclass(frozen=True, slots=True)
class OverdueBank:
    """The overdue cases of one bank, the latest first."""

    bank_ref: str
    bank_name: str
    nth_today: int
    cases: tuple[OverdueCase, ...]

    @property
    def late_since(self) -> datetime:
        return self.cases[0].late_since


@dataclass(frozen=True, slots=True)
class UnclaimedCase:
    """A case that no bank holds ten minutes after its clock started. Money in fen."""

    follow_up_ref: str
    demand_ref: str
    township: str
    village: str
    village_code: str
    purpose: str
    amount_fen: int
    term: str
    waits_since: datetime
    owner_ref: str
    refusals: int


@dataclass(frozen=True, slots=True)
class StalledBank:
    """What one bank owes past its day: how many per step, and the oldest."""

    bank_ref: str
    bank_name: str
    plan: int
    investigation: int
    decision: int
    signing: int
    data_return: int
    long_pending: int
    for_the_customer: int
    cases: int
    oldest_due_at: datetime


@dataclass(frozen=True, slots=True)
class TodayFigures:
    """Demands published today. `judged`: their five minutes are over or somebody called."""

    since: datetime
    new: int
    judged: int
    confirmed: int
    self_reported: int
    denied: int
    late: int
    waiting: int
    """Open demands of any day whose clock runs and whom nobody has called."""
    ended: int
    owed: int
    """Cases that ended this month, and those of them whose destination nobody has said."""


@dataclass(frozen=True, slots=True)
class CountyLists:
    """Everything on the monitoring centre's first page, at one instant of the database."""

    now: datetime
    figures: TodayFigures
    overdue: tuple[OverdueBank, ...]
    unclaimed: tuple[UnclaimedCase, ...]
    stalled: tuple[StalledBank, ...]
    survey: SurveyToday
    integrity: tuple[IntegrityView, ...]
    mismatches: tuple[Mismatch, ...]


@query(*COUNTY, Role.AUDITOR)
def county_lists(actor: Actor) -> CountyLists:
    """The county's lists and figures, most late first (M008, M011, content.md §3.3).

    Twenty statements, however many cases there are.
    """
    now = database_now()
    today = day_start(now)
    found = CountyLists(
        now=now,
        figures=_figures(actor, now, today),
        overdue=_overdue(today),
        unclaimed=_unclaimed(),
        stalled=_stalled(),
        survey=survey_rows(now),
        integrity=tuple(open_integrity()),
        mismatches=found_mismatches(now),
    )
    return _fenced(actor, found) if actor.seconded_from else found


def _fenced(actor: Actor, found: CountyLists) -> CountyLists:
    """Without the cases that somebody who comes from a bank may not open (domain.md ruling 11)."""
    banks = [replace(one, cases=reached(actor, one.cases)) for one in found.overdue]
    return replace(
        found,
        overdue=tuple(one for one in banks if one.cases),
        unclaimed=reached(actor, found.unclaimed),
        survey=replace(found.survey, rows=reached(actor, found.survey.rows)),
        integrity=reached(actor, found.integrity),
        mismatches=reached(actor, found.mismatches),
    )


def day_start(now: datetime) -> datetime:
    """The last local midnight."""
    return at_local(local_date(now), time(0))


def _figures(actor: Actor, now: datetime, today: datetime) -> TodayFigures:
    words = dict(_called_since(today))
    over = ended(actor, local_date(now).replace(day=1))
    return TodayFigures(
        since=today,
        new=sum(words.values()),
        judged=sum(n for word, n in words.items() if word),
        waiting=sum(_uncalled(now)),
        ended=over.ended,
        owed=over.owed,
        **{word: words.get(word, 0) for word in WORDS},
    )


def _overdue(today: datetime) -> tuple[OverdueBank, ...]:
    rows = _late_callbacks()
    steps = steps_of(rows)
    nth = dict(_times_since(today))
    banks: dict[object, list[Supervision]] = {}
    for row in rows:
        banks.setdefault(row.bank_id, []).append(row)
    return tuple(
        OverdueBank(
            bank_ref=found[0].bank.ref,
            bank_name=found[0].bank.name,
            nth_today=nth.get(found[0].bank_id, 0),
            cases=tuple(_overdue_case(row, steps[row.pk]) for row in found),
        )
        for found in banks.values()
        if found[0].bank
    )


def _overdue_case(row: Supervision, steps: list[SupervisionStep]) -> OverdueCase:
    engagement = row.engagement
    assert engagement and row.clock.due_at
    answers = [one.words for one in steps if one.kind == "answer"]
    promises = [one.promised_at for one in steps if one.promised_at]
    return OverdueCase(
        supervision_ref=row.ref,
        demand_ref=row.demand.ref,
        engagement_ref=engagement.ref,
        township=row.demand.township.name,
        claimed_at=engagement.claimed_at,
        is_directed=engagement.is_directed,
        late_since=row.clock.due_at,
        attempts=engagement.attempts,
        phoned=sum(one.kind == "phoned" for one in steps),
        answer=answers[-1] if answers else "",
        promised_at=promises[-1] if promises else None,
    )


def _unclaimed() -> tuple[UnclaimedCase, ...]:
    return tuple(
        UnclaimedCase(
            follow_up_ref=row.ref,
            demand_ref=row.demand.ref,
            township=row.demand.township.name,
            village=row.demand.village.short_name,
            village_code=row.demand.village_id,
            purpose=row.demand.purpose,
            amount_fen=row.demand.amount_fen,
            term=row.demand.term,
            waits_since=row.demand.clock_start_at or row.opened_at,
            owner_ref=row.owner.ref if row.owner else "",
            refusals=row.demand.refusals,
        )
        for row in _without_bank()
    )


def _stalled() -> tuple[StalledBank, ...]:
    banks: dict[object, list[Clock]] = {}
    for row in _past_their_day():
        assert row.engagement
        banks.setdefault(row.engagement.bank_id, []).append(row)
    found = [_stalled_bank(clocks) for clocks in banks.values()]
    return tuple(sorted(found, key=lambda one: (-one.cases, one.oldest_due_at)))


def _stalled_bank(clocks: list[Clock]) -> StalledBank:
    engagements = {one.engagement_id: one.engagement for one in clocks if one.engagement}
    first = clocks[0]
    assert first.engagement and first.due_at
    return StalledBank(
        bank_ref=first.engagement.bank.ref,
        bank_name=first.engagement.bank.name,
        for_the_customer=sum(bool(one.missing_words) for one in engagements.values()),
        cases=len(engagements),
        oldest_due_at=first.due_at,
        **{kind.value: sum(one.kind == kind for one in clocks) for kind in LATE_STEPS},
    )
