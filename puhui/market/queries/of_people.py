"""The requests of people whom the county looked up by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from puhui.kernel.actor import COUNTY, Actor, query
from puhui.market.models import FinancingDemand

SHOWN = 5


@dataclass(frozen=True, slots=True)
class OwnCase:
    """One request of somebody: its number, where it stands, since when it is out."""

    ref: str
    state: str
    published_at: datetime


@query(*COUNTY)
def cases_of_people(
    actor: Actor, residents: Collection[UUID]
) -> dict[UUID, tuple[int, tuple[OwnCase, ...]]]:
    """Of each of these people how many requests were published, and the newest five. One statement."""
    rows = (
        FinancingDemand.objects.filter(resident__in=residents, published_at__isnull=False)
        .order_by("resident", "-published_at")
        .values_list("resident", "ref", "state", "published_at")
    )
    found: dict[UUID, list[OwnCase]] = {}
    for resident, ref, state, published_at in rows:
        assert published_at is not None
        found.setdefault(resident, []).append(OwnCase(ref, state, published_at))
    return {one: (len(cases), tuple(cases[:SHOWN])) for one, cases in found.items()}
