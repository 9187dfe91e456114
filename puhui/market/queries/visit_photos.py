"""Pictures of a visit: for the bank while it works the case, for the applicant always."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from puhui.files.terms import CleanFile, Kind
from puhui.kernel.actor import BANK, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market.models import VisitPhoto
from puhui.market.queries.banks import AS_AFTER_CLAIM
from puhui.market.reach import engagements, is_on_duty


@dataclass(frozen=True, slots=True)
class PhotoCard:
    """One picture by its id; `officer_ref`: whose of the bank it is."""

    id: UUID
    at: datetime
    officer_ref: str


@query(Role.RESIDENT, *BANK)
def visit_photos(actor: Actor, engagement_ref: str) -> list[PhotoCard]:
    """The pictures of a case in the order they came: for the applicant, and for the bank's officer in
    charge or on duty while the case runs; nobody else has any. One statement where there are none."""
    found = list(_reached(actor).filter(engagement__ref=engagement_ref).defer("picture"))
    if not found or not _may_see(actor, found[0]):
        return []
    return [PhotoCard(one.pk, one.at, one.officer.ref if one.officer else "") for one in found]


@query(Role.RESIDENT, *BANK)
def visit_photo(actor: Actor, photo: UUID) -> CleanFile:
    """One picture as JPEG. Refuses NOT_FOUND, alike for what is not the actor's to see and what is
    missing or erased."""
    row = _reached(actor).filter(pk=photo).first()
    if row is None or row.picture is None or not _may_see(actor, row):
        raise Refused(NOT_FOUND)
    return CleanFile(Kind.PICTURE, base64.b64decode(row.picture), row.digest)


def _reached(actor: Actor) -> QuerySet[VisitPhoto]:
    reached = engagements(actor)
    if actor.is_bank:
        reached = reached.filter(state__in=AS_AFTER_CLAIM)
    rows = VisitPhoto.objects.filter(engagement__in=reached.values("pk"), picture__isnull=False)
    return rows.select_related("officer", "engagement").order_by("at", "id")


def _may_see(actor: Actor, row: VisitPhoto) -> bool:
    """The applicant; of the bank whoever has the case or is on duty."""
    if not actor.is_bank:
        return True
    is_theirs = actor.person is not None and row.engagement.officer_id == actor.person
    return is_theirs or is_on_duty(actor, database_now())
