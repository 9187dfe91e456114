"""Which entries and reports an actor may reach; another's and a missing one look alike."""

from __future__ import annotations

from django.db.models import QuerySet

from puhui.content.models import Entry, VillageReport
from puhui.kernel.actor import COUNTY, Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused

EDITORS = (*COUNTY, Role.TOWNSHIP_ADMIN)


def published() -> QuerySet[Entry]:
    """What anybody may read."""
    return Entry.objects.filter(state="published").select_related("live", "division")


def editable(actor: Actor) -> QuerySet[Entry]:
    """What the actor may edit: the county everything, a township its own and its villages'."""
    rows = Entry.objects.select_related("latest", "live", "division")
    if actor.role in COUNTY or actor.role in (Role.SYSTEM, Role.AUDITOR):
        return rows
    if actor.role is Role.TOWNSHIP_ADMIN:
        return rows.filter(township_code__in=actor.areas).exclude(township_code="")
    return rows.none()


def editable_one(actor: Actor, ref: str, *, lock: bool = False) -> Entry:
    """One of them. Refuses NOT_FOUND."""
    rows = editable(actor)
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return row


def answerable(actor: Actor) -> QuerySet[VillageReport]:
    """Reports that the actor answers or oversees; what went past the township is hidden from it."""
    rows = VillageReport.objects.select_related("village")
    if actor.role in COUNTY or actor.role in (Role.SYSTEM, Role.AUDITOR):
        return rows
    if actor.role is Role.TOWNSHIP_ADMIN:
        return rows.filter(owner="township", township_code__in=actor.areas)
    return rows.none()
