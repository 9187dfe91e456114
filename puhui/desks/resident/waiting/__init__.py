"""The waiting page in words: from a demand to one big sentence, a small one, and what one can do.

Pure: everything comes from the view and its own time. Codes W1–W14 are those of content.md §1.6; P
(plans) and O (offers) ask for a choice, A is chosen, T stands still after refusals, E has ended.
"""

from __future__ import annotations

from collections.abc import Callable

from puhui.desks.resident.waiting import ending
from puhui.desks.resident.waiting.asked import asked
from puhui.desks.resident.waiting.banks import furthest
from puhui.desks.resident.waiting.nobody import nobody
from puhui.desks.resident.waiting.pausing import with_pause
from puhui.desks.resident.waiting.terms import Button, Mark, Step, Track, Waiting
from puhui.market.queries.views import DemandView

__all__ = ["Button", "Mark", "Step", "Track", "Waiting", "waiting"]

ENDED = ("funded", "closed", "withdrawn", "expired", "unmet")
OVER = frozenset({"refused", "not_selected", "released", "cancelled", "lapsed", "settled"})


def waiting(demand: DemandView, banks: Callable[[], int] = int) -> Waiting:
    """Where a demand stands, in one sentence and what follows from it; `banks`: how many could see it,
    asked only where the sentence says so."""
    found = ending.money(demand)
    if found is not None:
        return found
    if demand.state in ENDED:
        return ending.ended(demand)
    live = [one for one in demand.engagements if one.state not in OVER]
    found = asked(demand, live) or furthest(demand, live) or nobody(demand, banks)
    return with_pause(demand, live, found)
