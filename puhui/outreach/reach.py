"""Finding is authorising: which events an actor may read and change."""

from __future__ import annotations

from django.db.models import QuerySet

from puhui.kernel.actor import COUNTY, Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.outreach.models import OutreachEvent

PLANNERS = (
    *COUNTY,
    Role.TOWNSHIP_ADMIN,
    Role.VILLAGE_COMMISSIONER,
    Role.LOAN_OFFICER,
    Role.BANK_ADMIN,
)
READERS = (*PLANNERS, Role.AUDITOR)


def events(actor: Actor) -> QuerySet[OutreachEvent]:
    """The county all; a township its own; village staff and banks what their own organisation planned."""
    rows = OutreachEvent.objects.all()
    if actor.is_county or actor.role in (Role.SYSTEM, Role.AUDITOR, Role.SCREEN):
        return rows
    if actor.role is Role.TOWNSHIP_ADMIN:
        return rows.filter(township_id__in=actor.areas)
    if actor.organisation is not None:
        return rows.filter(organisation_id=actor.organisation)
    return rows.none()


def lock(actor: Actor, ref: str) -> OutreachEvent:
    """The actor's event, locked. Refuses NOT_FOUND for another's and a missing one alike."""
    found = events(actor).select_for_update(of=("self",)).filter(ref=ref).first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def townships_of(actor: Actor, codes: set[str]) -> set[str]:
    """Of all township codes, where the actor may plan."""
    if actor.role is Role.TOWNSHIP_ADMIN:
        return codes & actor.areas
    if actor.role is Role.VILLAGE_COMMISSIONER:
        return {code for code in codes if any(area.startswith(code) for area in actor.areas)}
    return codes
