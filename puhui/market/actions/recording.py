"""The journal's row of a missed deadline, whoever finds it: a sweeper or a late action."""

from __future__ import annotations

from collections.abc import Iterable

from puhui.kernel.command import Work
from puhui.market.clocks import Settled
from puhui.market.models import Clock, Engagement, FinancingDemand
from puhui.market.telling import topics


def record_breach(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """One missed deadline, under the engagement that it belongs to, or the demand."""
    banks = (engagement.bank.ref,) if engagement else ()
    work.record(
        "clock.breach",
        ("engagement", engagement.ref) if engagement else ("demand", demand.ref),
        demand=demand.ref,
        topics=topics(demand, *banks),
        clock=clock.kind,
        due_at=clock.due_at.isoformat() if clock.due_at else "",
        bank=banks[0] if banks else "",
    )


def record_unseen(work: Work, demand: FinancingDemand, settled: Iterable[Settled]) -> None:
    """Journal the demand's own deadlines that an action found missed, where nothing else follows."""
    late = [one.id for one in settled if one.breached]
    if not late:
        return
    for clock in Clock.objects.filter(pk__in=late).order_by("due_at", "id"):
        record_breach(work, clock, demand, None)
