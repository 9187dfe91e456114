"""Changes of a legal representative that wait: for the one who is asked, and the one who asked."""

from __future__ import annotations

from django.db.models import QuerySet

from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.parties.models import Succession
from puhui.parties.rules.names import mask_name
from puhui.parties.subject_terms import SuccessionCard


@query(Role.RESIDENT)
def successions_to_me(actor: Actor) -> list[SuccessionCard]:
    """Enterprises whose next legal representative the signed-in resident is asked to be. One
    statement."""
    if actor.person is None:
        return []
    return [succession_card(one) for one in _open().filter(successor_id=actor.person)]


@query(Role.RESIDENT)
def succession_to_me(actor: Actor, ref: str) -> SuccessionCard:
    """One of `successions_to_me`. Refuses NOT_FOUND."""
    found = next((one for one in successions_to_me(actor) if one.ref == ref), None)
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@query(Role.RESIDENT)
def succession_of(actor: Actor, enterprise_ref: str) -> SuccessionCard | None:
    """The open change of an enterprise whose legal representative asks; nothing where none is open or
    it is not theirs. One statement."""
    rows = _open().filter(enterprise__ref=enterprise_ref)
    row = rows.filter(enterprise__representative_id=actor.person).first() if actor.person else None
    return succession_card(row) if row else None


def _open() -> QuerySet[Succession]:
    rows = Succession.objects.filter(answered_at=None, enterprise__ended_at=None)
    return rows.select_related("enterprise", "asked_by", "successor").order_by("asked_at")


def succession_card(row: Succession) -> SuccessionCard:
    """A row as both sides see it."""
    return SuccessionCard(
        ref=row.ref,
        enterprise=row.enterprise_id,
        enterprise_ref=row.enterprise.ref,
        enterprise_name=row.enterprise.name,
        asked_by_masked=mask_name(row.asked_by.name),
        successor=row.successor_id,
        successor_masked=mask_name(row.successor.name),
        phone=row.successor.phone,
        asked_at=row.asked_at,
    )
