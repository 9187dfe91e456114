"""Deadlines that were missed. The sweeper and a late action take the same path."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Work, command
from puhui.market.actions.effects import EFFECTS, MOVING
from puhui.market.actions.recording import record_breach
from puhui.market.actions.rounds import Round
from puhui.market.clocks import Settled
from puhui.market.models import Clock, FinancingDemand
from puhui.market.terms import ClockKind
from puhui.market.timing import timing

BATCH = 50
LOOK = 10 * BATCH
"""How many due clocks are looked at for demands that no other sweeper holds."""

FIND = """
SELECT id FROM market_financingdemand
WHERE id IN (SELECT demand_id FROM market_clock
             WHERE state = 'running' AND due_at < clock_timestamp() ORDER BY due_at LIMIT %s)
LIMIT %s FOR UPDATE SKIP LOCKED
"""
BREACH = """
UPDATE market_clock SET state = 'breached', settled_at = due_at, found_at = %(now)s
WHERE demand_id = ANY(%(demands)s) AND state = 'running' AND due_at < %(now)s
RETURNING id, kind, engagement_id
"""


@command(Role.SYSTEM)
def breach_due(work: Work, *, by: Actor = SYSTEM) -> int:
    """Breach clocks whose time has passed, each with its effect, in one transaction; how many.

    Sweepers share the work by locking demands with SKIP LOCKED; a demand that somebody is changing
    right now is left to the next round. Breach time is due time, even when found late.
    """
    with connection.cursor() as cursor:
        cursor.execute(FIND, [LOOK, BATCH])
        locked = [row[0] for row in cursor.fetchall()]
        if not locked:
            return 0
        cursor.execute(BREACH, {"now": work.now, "demands": locked})
        rows = [Settled(row[0], ClockKind(row[1]), row[2], True) for row in cursor.fetchall()]
    take_effect(work, rows)
    return len(rows)


@command(Role.SYSTEM)
def breach_of(work: Work, demand_ref: str, *, by: Actor = SYSTEM) -> int:
    """Breach what is due of one demand at the time of the command; used when history is entered."""
    demand = FinancingDemand.objects.select_for_update().get(ref=demand_ref)
    with connection.cursor() as cursor:
        cursor.execute(BREACH, {"now": work.now, "demands": [demand.pk]})
        rows = [Settled(row[0], ClockKind(row[1]), row[2], True) for row in cursor.fetchall()]
    take_effect(work, rows)
    return len(rows)


def take_effect(work: Work, breached: Iterable[Settled]) -> None:
    """Do what each missed deadline does, in the order of their due times."""
    ids = [clock.id for clock in breached]
    if not ids:
        return
    here = Round.of(work, ids)
    for clock in here.clocks:
        demand, engagement = here.demands[clock.demand_id], here.engagement_of(clock)
        record_breach(work, clock, demand, engagement)
        kind = ClockKind(clock.kind)
        if kind in MOVING:
            here.write_moves()
        EFFECTS[kind](here, clock, demand, engagement)
        if kind in MOVING:
            here.reread(demand)
    here.write()


@command(Role.SYSTEM)
def fill_awaiting(work: Work, *, by: Actor = SYSTEM) -> int:
    """Give a due time to clocks that waited for a calendar; called when a year is loaded."""
    rules, filled = timing(work.now), 0
    waiting = Clock.objects.select_for_update().filter(state="running", due_at__isnull=True)
    for clock in waiting.order_by("id"):
        due_at = rules.end_of_working_day(clock.started_at, clock.working_days or 0)
        if due_at is not None:
            Clock.objects.filter(pk=clock.pk, state="running").update(
                due_at=due_at, working_days=None
            )
            filled += 1
    if filled:
        work.record("clock.fill_awaiting", ("calendar", "working_days"), filled=filled)
    return filled
