"""An officer puts a demand out of sight, and takes it back."""

from __future__ import annotations

from puhui.kernel.actor import BANK, Actor
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.market.lifecycle import OPEN_DEMAND
from puhui.market.models import FinancingDemand, SetAside


@command(*BANK)
def set_aside(work: Work, demand_ref: str, *, by: Actor) -> None:
    """Hide an open demand from this officer's own list (不感兴趣, content.md §3.1); no penalty.

    Colleagues still see it, and it stays open to claim. Doing it twice is doing it once. Refuses
    NOT_FOUND for a demand that the bank could not claim.
    """
    if by.person is None:
        raise Refused(NOT_FOUND)
    demand = FinancingDemand.objects.filter(
        ref=demand_ref, state__in=OPEN_DEMAND, directed_bank__isnull=True
    ).first()
    if demand is None:
        raise Refused(NOT_FOUND)
    SetAside.objects.get_or_create(demand=demand, officer_id=by.person, defaults={"at": work.now})


@command(*BANK)
def put_back(work: Work, demand_ref: str, *, by: Actor) -> None:
    """Show a demand again that this officer had hidden. Refuses NOT_FOUND when none was."""
    hidden = SetAside.objects.filter(demand__ref=demand_ref, officer_id=by.person)
    if by.person is None or not hidden.delete()[0]:
        raise Refused(NOT_FOUND)
