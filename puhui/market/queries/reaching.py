"""Whether somebody still reaches a thing: asked again before a stored answer is given out."""

from __future__ import annotations

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market.reach import engagements


@query(Role.RESIDENT, *COUNTY)
def reaches_engagement(actor: Actor, ref: str) -> None:
    """Refuses NOT_FOUND unless it is an engagement of the actor's own demand or area."""
    if not engagements(actor).filter(ref=ref).exists():
        raise Refused(NOT_FOUND)
