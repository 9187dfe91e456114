"""Changes of a legal representative that wait: for the one asked, the one who asked, the county."""

from __future__ import annotations

from django.db.models import QuerySet

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.parties.models import Succession
from puhui.parties.rules.names import mask_name
from puhui.parties.subject_terms import CountySuccession, SuccessionCard


@query(Role.RESIDENT)
def successions_to_me(actor: Actor) -> list[SuccessionCard]:
    """Enterprises whose next legal representative the signed-in resident is asked to be. One
    statement."""
    if actor.person is None:
        return []
    asked = _open().filter(successor_id=actor.person)
    return [succession_card(one) for one in asked if is_answerable(one)]


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


@query(*COUNTY)
def successions_of_county(actor: Actor) -> list[CountySuccession]:
    """What the county's staff opened and nobody has answered, the oldest first, at most 100. One
    statement."""
    rows = _open().filter(opened_by__isnull=False)
    rows = rows.select_related("enterprise__representative", "successor", "opened_by")
    return [
        CountySuccession(
            ref=one.ref,
            enterprise_ref=one.enterprise.ref,
            enterprise_name=one.enterprise.name,
            before_masked=mask_name(one.enterprise.representative.name),
            successor_masked=mask_name(one.successor.name),
            document=one.document_kind,
            document_number=one.document_number or "",
            opened_by=f"{mask_name(one.opened_by.name)}（工号 {one.opened_by.ref}）",
            opened_at=one.asked_at,
            checked_at=one.checked_at,
            is_own=one.opened_by_id == actor.person,
        )
        for one in rows[:100]
        if one.opened_by is not None
    ]


def is_answerable(row: Succession) -> bool:
    """Whether the one named may say yes or no: what the county opened, after its second word."""
    return row.opened_by_id is None or row.checked_at is not None


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
        representative=row.enterprise.representative_id,
        asked_by_masked=mask_name(row.asked_by.name) if row.asked_by else "",
        successor=row.successor_id,
        successor_masked=mask_name(row.successor.name),
        phone=row.successor.phone,
        asked_at=row.asked_at,
        document=row.document_kind,
    )
