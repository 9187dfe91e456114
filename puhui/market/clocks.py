"""Deadlines as rows: starting them, settling them, and what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from puhui.kernel.writing import insertions, together
from puhui.market.models import Clock, Engagement, FinancingDemand
from puhui.market.terms import ClockKind
from puhui.market.timing import Timing

RUNNING = Clock.State.RUNNING

SETTLE = """
UPDATE market_clock SET
    state = CASE WHEN due_at < %(now)s THEN 'breached' ELSE %(state)s END,
    settled_at = CASE WHEN due_at < %(now)s THEN due_at ELSE %(now)s END,
    found_at = CASE WHEN due_at < %(now)s THEN %(now)s END
WHERE demand_id = %(demand)s AND state = 'running'
  AND (kind = ANY(%(kinds)s) AND engagement_id IS NOT DISTINCT FROM %(engagement)s::uuid
       OR kind = ANY(%(shared)s) AND engagement_id IS NULL)
RETURNING id, kind, engagement_id, state
"""


@dataclass(slots=True)
class Sheet:
    """Clocks that one action starts; written with one statement."""

    timing: Timing
    demand: FinancingDemand
    rows: list[Clock] = field(default_factory=list)

    def seconds(
        self, kind: ClockKind, start: datetime, seconds: int, engagement: Engagement | None = None
    ) -> datetime:
        """A deadline so many seconds after `start`."""
        due_at = start + timedelta(seconds=seconds)
        self.rows.append(
            Clock(
                kind=kind,
                demand=self.demand,
                engagement=engagement,
                started_at=start,
                due_at=due_at,
            )
        )
        return due_at

    def working_days(
        self, kind: ClockKind, start: datetime, days: int, engagement: Engagement | None = None
    ) -> datetime | None:
        """A deadline at the end of a working day; left open while its year is not loaded."""
        due_at = self.timing.end_of_working_day(start, days)
        self.rows.append(
            Clock(
                kind=kind,
                demand=self.demand,
                engagement=engagement,
                started_at=start,
                due_at=due_at,
                working_days=None if due_at else days,
            )
        )
        return due_at

    def at(
        self,
        kind: ClockKind,
        start: datetime,
        due_at: datetime,
        engagement: Engagement | None = None,
    ) -> None:
        """A deadline at a given instant."""
        self.rows.append(
            Clock(
                kind=kind,
                demand=self.demand,
                engagement=engagement,
                started_at=start,
                due_at=due_at,
            )
        )

    def write(self, *beside: Model) -> None:
        """Insert the clocks, and rows `beside` them, by one statement."""
        together(insertions([*beside, *self.rows]))
        self.rows = []


@dataclass(frozen=True, slots=True)
class Settled:
    """One clock that an action settled; `breached` when its time had passed unseen."""

    id: UUID
    kind: ClockKind
    engagement: UUID | None
    breached: bool


def settle(
    demand: FinancingDemand,
    kinds: Iterable[ClockKind],
    now: datetime,
    *,
    engagement: Engagement | None = None,
    shared: Iterable[ClockKind] = (),
    state: str = Clock.State.MET,
) -> list[Settled]:
    """Settle running clocks of the demand itself or of one engagement, and with those of an
    engagement the `shared` ones of its demand.

    One whose due time has already passed is breached at its due time, even when found late;
    the caller hands those to `breaching.take_effect`.
    """
    facts: dict[str, Any] = {
        "now": now,
        "state": state,
        "demand": demand.pk,
        "kinds": [str(kind) for kind in kinds],
        "shared": [str(kind) for kind in shared],
        "engagement": engagement.pk if engagement else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, facts)
        return [
            Settled(row[0], ClockKind(row[1]), row[2], row[3] == Clock.State.BREACHED)
            for row in cursor.fetchall()
        ]


def stop_all(demand: FinancingDemand, now: datetime, engagement: Engagement | None = None) -> None:
    """Stop every clock still running for the demand, or for one of its engagements.

    Breaches that nobody found yet are left to the sweeper: they happened. An objection is answered
    though the demand has ended.
    """
    rows = Clock.objects.filter(demand=demand, state=RUNNING)
    rows = rows.exclude(kind=ClockKind.OBJECTION)
    if engagement is not None:
        rows = rows.filter(engagement=engagement)
    rows.exclude(due_at__lt=now).update(state=Clock.State.STOPPED, settled_at=now)
