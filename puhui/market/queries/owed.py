"""Deadlines that an engagement is still waited for: a clock alone does not say whether it matters."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from puhui.kernel.actor import Actor
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import Clock
from puhui.market.reach import engagements
from puhui.market.terms import ClockKind

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


def waits_still() -> Q:
    """Clocks whose engagement is still in a state that waits for them."""
    found = Q(pk__in=[])
    for kind, states in WAITS.items():
        found |= Q(kind=kind, engagement__state__in=states)
    return found


def owed(horizon: datetime) -> QuerySet[Clock]:
    """Deadlines that are missed or fall due until then, and are still waited for."""
    near = Q(state="running", due_at__lte=horizon) | Q(state="breached")
    return Clock.objects.filter(waits_still(), near, engagement__isnull=False)


def late_engagements(actor: Actor, now: datetime) -> int:
    """How many banks are past a deadline in the actor's cases, each counted once."""
    uncalled = Q(kind=ClockKind.CALLBACK_BANK, engagement__state="claimed")
    rows = Clock.objects.filter(
        waits_still() | uncalled,
        state="breached",
        engagement__in=engagements(actor).values("pk"),
    )
    return rows.values("engagement").distinct().count()
