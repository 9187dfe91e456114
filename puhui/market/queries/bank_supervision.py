"""Supervision as the bank reads it that has to answer."""

from __future__ import annotations

from puhui.kernel.actor import BANK, Actor, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market.models import Supervision
from puhui.market.queries.shaping import supervisions
from puhui.market.queries.views import SupervisionView


@query(*BANK)
def bank_supervisions(actor: Actor, *, limit: int = 200) -> tuple[SupervisionView, ...]:
    """The supervision records of the actor's bank, newest first (M011)."""
    mine = Supervision.objects.filter(bank_id=actor.organisation)
    newest = mine.order_by("-opened_at", "-id").values("pk")[:limit]
    return supervisions(Supervision.objects.filter(pk__in=newest))


@query(*BANK)
def bank_supervision(actor: Actor, ref: str) -> SupervisionView:
    """One supervision record of the actor's bank. Refuses NOT_FOUND."""
    found = supervisions(Supervision.objects.filter(bank_id=actor.organisation, ref=ref))
    if not found:
        raise Refused(NOT_FOUND)
    return found[0]
