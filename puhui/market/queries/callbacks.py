"""How the first call went: confirmed, self-reported, denied, late. One definition for all figures.

By the applicant's clock a demand was called in time when its five-minute clock was met; the word is
`confirmed` when the applicant confirmed one of the banks that called in time, `denied` when all of
those were denied, else `self_reported`. By a bank's clock the same, of its own engagement. A demand
or engagement whose clock still runs, or was called off, is not judged: the word is empty.
Source: M009, content.md K1, K2, K6.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from puhui.market.models import Clock, Engagement, FinancingDemand
from puhui.market.terms import ClockKind

WORDS = ("confirmed", "self_reported", "denied", "late")
JUDGED = ("met", "breached")


def judged_demands(rows: QuerySet[FinancingDemand]) -> QuerySet[Any]:
    """`rows` with `callback`, by the applicant's clock."""
    clock = Clock.objects.filter(
        demand=OuterRef("pk"), kind=ClockKind.CALLBACK_APPLICANT, state__in=JUDGED
    ).order_by("-started_at")
    callers = Engagement.objects.filter(
        demand=OuterRef("pk"), first_attempt_at__lte=OuterRef("callback_due_at")
    )
    is_met = Q(callback_clock="met")
    return rows.annotate(
        callback_clock=Subquery(clock.values("state")[:1]),
        callback_due_at=Subquery(clock.values("due_at")[:1]),
    ).annotate(
        callback=Case(
            When(callback_clock="breached", then=Value("late")),
            When(
                is_met & Exists(callers.filter(callback_word="confirmed")), then=Value("confirmed")
            ),
            When(
                is_met & Exists(callers.exclude(callback_word="denied")),
                then=Value("self_reported"),
            ),
            When(is_met, then=Value("denied")),
            default=Value(""),
        )
    )


def judged_engagements(rows: QuerySet[Engagement]) -> QuerySet[Any]:
    """`rows` with `callback`, by each bank's own clock."""
    clock = Clock.objects.filter(
        engagement=OuterRef("pk"), kind=ClockKind.CALLBACK_BANK, state__in=JUDGED
    ).order_by("-started_at")
    return rows.annotate(callback_clock=Subquery(clock.values("state")[:1])).annotate(
        callback=Case(
            When(callback_clock="breached", then=Value("late")),
            When(callback_clock="met", callback_word="confirmed", then=Value("confirmed")),
            When(callback_clock="met", callback_word="denied", then=Value("denied")),
            When(callback_clock="met", then=Value("self_reported")),
            default=Value(""),
        )
    )
