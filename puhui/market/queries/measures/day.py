"""The counts of one day in an actor's area: published, called, waiting, overdue, disbursed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, Sum

from puhui.kernel.actor import Actor, query
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import database_now
from puhui.market.lifecycle import OPEN_DEMAND
from puhui.market.models import Clock, FinancingDemand, LoanReturn
from puhui.market.queries.callbacks import WORDS, judged_demands
from puhui.market.queries.measures.facts import Span, published_between
from puhui.market.queries.measures.funnel import COUNTERS
from puhui.market.reach import everywhere_or_demands
from puhui.market.terms import ClockKind


@dataclass(frozen=True, slots=True)
class DayCounts:
    """One day's counts; waiting and overdue are of the moment `as_of`. Sums in fen."""

    on: date
    as_of: datetime
    published: int
    judged: int
    """Of those published, how many first calls are decided: the denominator of the four words."""
    callback_confirmed: int
    callback_self_reported: int
    callback_denied: int
    callback_late: int
    waiting_now: int
    overdue_now: int
    disbursed: int
    disbursed_fen: int


@query(*COUNTERS)
def day_counts(actor: Actor, on: date | None = None) -> DayCounts:
    """Published, called (confirmed, self-reported, denied, late), waiting, overdue, disbursed (M009).

    `on`: the day, absent today; waiting and overdue are always of this moment. A township counts
    its own area only. Four statements.
    """
    now = database_now()
    day = on or local_date(now)
    found = _published(actor, day) | _waiting(actor, now) | _disbursed(actor, day)
    return DayCounts(on=day, as_of=now, **found)


@dataclass(frozen=True, slots=True)
class CallbackCounts:
    """First calls of the requests published in a span, by the applicant's clock."""

    judged: int
    confirmed: int
    self_reported: int
    denied: int
    late: int

    @property
    def punctual(self) -> int:
        return self.confirmed + self.self_reported


@query(*COUNTERS)
def callback_counts(actor: Actor, span: Span) -> CallbackCounts:
    """How the first calls of a span went, in four words kept apart; one statement (K1, K6)."""
    rows = everywhere_or_demands(actor).filter(published_between(span.since, span.until))
    words = {word: Count("pk", filter=Q(callback=word)) for word in WORDS}
    judged = judged_demands(rows.exclude(published_at=None))
    found = judged.aggregate(judged=Count("pk", filter=~Q(callback="")), **words)
    return CallbackCounts(**found)


def _published(actor: Actor, day: date) -> dict[str, int]:
    start = at_local(day, time(0))
    rows = everywhere_or_demands(actor).filter(
        published_at__gte=start, published_at__lt=start + timedelta(days=1)
    )
    words = {f"callback_{word}": Count("pk", filter=Q(callback=word)) for word in WORDS}
    judged = Count("pk", filter=~Q(callback=""))
    found: dict[str, int] = judged_demands(rows).aggregate(
        published=Count("pk"), judged=judged, **words
    )
    return found


def _waiting(actor: Actor, now: datetime) -> dict[str, int]:
    rows = FinancingDemand.objects.filter(pk__in=everywhere_or_demands(actor).values("pk")).filter(
        state__in=OPEN_DEMAND, first_attempt_at__isnull=True, clock_start_at__lte=now
    )
    late = Clock.objects.filter(
        demand__in=rows.values("pk"), kind=ClockKind.CALLBACK_APPLICANT, due_at__lt=now
    ).filter(state__in=["running", "breached"])
    return {
        "waiting_now": rows.count(),
        "overdue_now": late.values("demand").distinct().count(),
    }


def _disbursed(actor: Actor, day: date) -> dict[str, int]:
    rows = LoanReturn.objects.filter(
        engagement__demand__in=everywhere_or_demands(actor).values("pk"),
        paid_out_on=day,
        returned_at__isnull=False,
    )
    found = rows.aggregate(disbursed=Count("pk"), disbursed_fen=Sum("amount_fen"))
    return {"disbursed": found["disbursed"], "disbursed_fen": found["disbursed_fen"] or 0}
