"""Lists of the county for somebody whose duty was stored with a bank (docs/decisions/0016)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from puhui.kernel.actor import Actor
from puhui.market.models import FinancingDemand
from puhui.market.reach import demands


class AboutADemand(Protocol):
    """A row that names the demand it is about."""

    @property
    def demand_ref(self) -> str: ...


Row = TypeVar("Row", bound=AboutADemand)


def reached(actor: Actor, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows whose case the actor may open: a list names nothing that its page then denies. One
    statement for whoever comes from a bank, none for anybody else."""
    found = tuple(rows)
    if actor.seconded_from is None:
        return found
    named = FinancingDemand.objects.filter(ref__in={one.demand_ref for one in found})
    denied = set(named.exclude(pk__in=demands(actor).values("pk")).values_list("ref", flat=True))
    return tuple(one for one in found if one.demand_ref not in denied)
