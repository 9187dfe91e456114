"""Pictures of a visit: kept sealed beside the case, taken away again by mistake."""

from __future__ import annotations

import base64
from uuid import UUID

from puhui.files.terms import CleanFile, Kind
from puhui.files.terms import Refusals as FileRefusals
from puhui.kernel.actor import BANK, Actor
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.market.actions.visiting import record_arrival
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import Engagement, FinancingDemand, VisitPhoto
from puhui.market.reach import engagements, is_on_duty, lock_engagement
from puhui.market.telling import topics
from puhui.market.terms import Refusals

MOST = 6
MAY_BE_TAKEN = frozenset({"investigating", "investigated"})
MAY_BE_DROPPED = LIVE_ENGAGEMENT | {"signed", "disbursed"}


@command(*BANK)
def add_visit_photo(work: Work, engagement_ref: str, photo: CleanFile, *, by: Actor) -> UUID:
    """Keep a picture of the visit, cleaned by `files` before; its id. The same picture is kept once.

    For the officer in charge of the case or on duty, from the visit agreed until the decision; the
    applicant sees it. Who takes one has arrived. Refuses NOT_FOUND, STATE, CONTACT_NOT_YOURS, PHOTOS_MANY beyond six, and a
    file that is no picture. Source: content.md §3.1 ③ (到了，拍照).
    """
    if photo.kind is not Kind.PICTURE:
        raise Refused(FileRefusals.NOT_WANTED)
    demand, engagement = _held(engagement_ref, MAY_BE_TAKEN, work, by)
    kept = VisitPhoto.objects.filter(engagement=engagement)
    same = kept.filter(digest=photo.digest).first()
    if same is not None:
        return same.pk
    if kept.count() >= MOST:
        raise Refused(Refusals.PHOTOS_MANY)
    if engagement.state == "investigating" and engagement.arrived_at is None:
        record_arrival(engagement_ref, by=by)
    row = VisitPhoto(
        engagement=engagement,
        at=work.now,
        officer_id=by.person,
        digest=photo.digest,
        picture=base64.b64encode(photo.body).decode("ascii"),
    )
    row.save(force_insert=True)
    _record(work, demand, engagement, "engagement.add_photo")
    return row.pk


@command(*BANK)
def drop_visit_photo(work: Work, photo: UUID, *, by: Actor) -> None:
    """Take a picture away again, as long as the bank has the case. Refuses NOT_FOUND, STATE,
    CONTACT_NOT_YOURS."""
    found = VisitPhoto.objects.filter(pk=photo, engagement__in=engagements(by).values("pk"))
    ref = found.values_list("engagement__ref", flat=True).first()
    if ref is None:
        raise Refused(NOT_FOUND)
    demand, engagement = _held(ref, MAY_BE_DROPPED, work, by)
    if not VisitPhoto.objects.filter(pk=photo).delete()[0]:
        raise Refused(NOT_FOUND)
    _record(work, demand, engagement, "engagement.drop_photo")


def _held(
    ref: str, states: frozenset[str], work: Work, by: Actor
) -> tuple[FinancingDemand, Engagement]:
    demand, engagement = lock_engagement(by, ref)
    if engagement.state not in states:
        raise Refused(Refusals.STATE)
    if engagement.officer_id != by.person and not is_on_duty(by, work.now):
        raise Refused(Refusals.CONTACT_NOT_YOURS)
    return demand, engagement


def _record(work: Work, demand: FinancingDemand, engagement: Engagement, action: str) -> None:
    work.record(
        action,
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
    )
