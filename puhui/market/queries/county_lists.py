"""The five lists of the county's monitoring centre: which bank to phone now, what does not agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Coalesce

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import database_now
from puhui.kernel.crypto import says_something
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
from puhui.market.queries.owed import waits_still
from puhui.market.queries.shaping import steps_of
from puhui.market.queries.surveys import SurveyToday, survey_rows
from puhui.market.reach import NO_BANK, outside
from puhui.market.terms import LATE_STEPS

ROWS = 200
"""Overdue cases, which stand by bank."""
OWN_ROWS = 25
"""Rows of a list in which each case has its own; counts are of all."""


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
def _late_callbacks() -> QuerySet[Any, Any]:
    rows = Supervision.objects.filter(
        kind="first_callback",
        closed_at__isnull=True,
        engagement__state="claimed",
        bank__isnull=False,
        clock__due_at__isnull=False,
    )
    return rows.order_by("clock__due_at", "id")[:ROWS].values_list(
        *("pk", "ref", "bank__ref", "bank__name", "demand__ref", "demand__township__name"),
        *("engagement__ref", "engagement__claimed_at", "engagement__is_directed"),
        *("engagement__attempts", "clock__due_at"),
        named=True,
    )


@Prepared
def _times_since(since: datetime) -> QuerySet[Any, Any]:
    rows = Supervision.objects.filter(kind="first_callback", opened_at__gte=since)
    return rows.values_list("bank__ref").annotate(times=Count("pk"))


def unclaimed() -> QuerySet[FollowUp]:
    """Open cases that no bank holds ten minutes after their clock started."""
    held = Engagement.objects.filter(demand=OuterRef("demand"), state__in=LIVE_ENGAGEMENT)
    rows = FollowUp.objects.filter(kind="unclaimed", closed_at__isnull=True)
    return rows.filter(~Exists(held), demand__state__in=OPEN_DEMAND)


@Prepared
def _without_bank(own_bank: UUID) -> QuerySet[Any, Any]:
    """Not those of the bank that the reader comes from."""
    rows = (
        unclaimed()
        .filter(outside(own_bank, "demand__"))
        .annotate(
            waits_since=Coalesce("demand__clock_start_at", "opened_at"),
            of_list=Window(Count("pk")),
        )
    )
    return rows.order_by("demand__clock_start_at", "id")[:OWN_ROWS].values_list(
        *("ref", "demand__ref", "demand__township__name", "demand__village__short_name"),
        *("demand__village_id", "demand__purpose", "demand__amount_fen", "demand__term"),
        *("waits_since", "demand__refusals", "of_list"),
    )


@Prepared
def _past_their_day() -> QuerySet[Any, Any]:
    """By bank: engagements late, those of them that wait for the customer, the oldest deadline, then
    late deadlines of each of LATE_STEPS."""
    waits = says_something("engagement__missing_words")
    late = Clock.objects.filter(waits_still(), state="breached", kind__in=LATE_STEPS)
    of_bank = late.values_list("engagement__bank__ref", "engagement__bank__name").annotate(
        cases=Count("engagement", distinct=True),
        for_the_customer=Count("engagement", filter=waits, distinct=True),
        oldest=Min("due_at"),
        **{f"late_{kind.value}": Count("pk", filter=Q(kind=kind)) for kind in LATE_STEPS},
    )
    return of_bank.order_by("-cases", "oldest")


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
    unclaimed_count: int
    """How many there are in all."""
    stalled: tuple[StalledBank, ...]
    survey: SurveyToday
    integrity: tuple[IntegrityView, ...]
    mismatches: tuple[Mismatch, ...]


@query(*COUNTY, Role.AUDITOR)
def county_lists(actor: Actor) -> CountyLists:
    """The county's lists and figures, most late first (M008, M011, content.md §3.3).

    Twelve statements, and up to five for what stands beside rows, however many there are.
    """
    now = database_now()
    today = day_start(now)
    free = _without_bank(actor.seconded_from or NO_BANK)
    found = CountyLists(
        now=now,
        figures=_figures(actor, now, today),
        overdue=_overdue(today),
        unclaimed=tuple(UnclaimedCase(*row[:-1]) for row in free),
        unclaimed_count=free[0][-1] if free else 0,
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
    if not rows:
        return ()
    steps = steps_of(rows)
    nth = dict(_times_since(today))
    banks: dict[str, list[Any]] = {}
    for row in rows:
        banks.setdefault(row.bank__ref, []).append(row)
    return tuple(
        OverdueBank(
            bank_ref=ref,
            bank_name=found[0].bank__name,
            nth_today=nth.get(ref, 0),
            cases=tuple(_overdue_case(row, steps[row.pk]) for row in found),
        )
        for ref, found in banks.items()
    )


def _overdue_case(row: Any, steps: list[SupervisionStep]) -> OverdueCase:
    answers = [one.words for one in steps if one.kind == "answer"]
    promises = [one.promised_at for one in steps if one.promised_at]
    return OverdueCase(
        supervision_ref=row.ref,
        demand_ref=row.demand__ref,
        engagement_ref=row.engagement__ref,
        township=row.demand__township__name,
        claimed_at=row.engagement__claimed_at,
        is_directed=row.engagement__is_directed,
        late_since=row.clock__due_at,
        attempts=row.engagement__attempts,
        phoned=sum(one.kind == "phoned" for one in steps),
        answer=answers[-1] if answers else "",
        promised_at=promises[-1] if promises else None,
    )


def _stalled() -> tuple[StalledBank, ...]:
    return tuple(
        StalledBank(
            bank_ref=ref,
            bank_name=name,
            cases=cases,
            for_the_customer=waits,
            oldest_due_at=oldest,
            **{kind.value: n for kind, n in zip(LATE_STEPS, late, strict=True)},
        )
        for ref, name, cases, waits, oldest, *late in _past_their_day()
    )
