"""Requests in somebody's name are possible again: in person, before two of the staff (content.md §1.11)."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from puhui.kernel.actor import COUNTY, Actor, Role
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, Work, command
from puhui.kernel.crypto import blind_index, new_id
from puhui.parties.identifiers import IdentifierError, identity_number
from puhui.parties.models import Resident, UnfreezeRequest
from puhui.parties.rules.registration import wrong
from puhui.parties.terms import Refusals


@command(Role.TOWNSHIP_ADMIN, *COUNTY)
def ask_unfreeze(work: Work, typed: str, *, in_person: bool, by: Actor) -> None:
    """A frozen person stands here with their identity card; a second of the staff is to look too.

    `typed`: the whole number on the card. Refuses (Invalid) identity_number where nobody frozen
    has it, NOT_IN_PERSON, UNFREEZE_WAITS where it was asked already.
    """
    if not in_person:
        raise Invalid([wrong(Refusals.NOT_IN_PERSON)])
    assert by.person is not None
    resident = _frozen(typed)
    try:
        with transaction.atomic():
            UnfreezeRequest.objects.create(
                id=new_id(), resident=resident, asked_by_id=by.person, asked_at=work.now
            )
    except IntegrityError:
        raise Refused(Refusals.UNFREEZE_WAITS) from None
    work.record("unfreeze_asked", ("resident", resident.ref))


def _frozen(typed: str) -> Resident:
    try:
        number = identity_number(typed).full
    except IdentifierError:
        raise Invalid([wrong(Refusals.NOBODY_FROZEN)]) from None
    index = blind_index("identity_number", number)
    rows = Resident.objects.select_for_update().filter(identity_index=index)
    found = rows.filter(requests_frozen_at__isnull=False).first()
    if found is None:
        raise Invalid([wrong(Refusals.NOBODY_FROZEN)])
    return found


@command(Role.TOWNSHIP_ADMIN, *COUNTY)
def confirm_unfreeze(work: Work, request: UUID, *, is_granted: bool = True, by: Actor) -> None:
    """The second person's word. Refuses NOT_FOUND, SECOND_PERSON where it is the first one."""
    rows = UnfreezeRequest.objects.select_for_update(of=("self",)).select_related("resident")
    if by.role is Role.TOWNSHIP_ADMIN:
        rows = rows.filter(asked_by__organisation=by.organisation)
    row = rows.filter(pk=request, settled_at__isnull=True).first()
    if row is None:
        raise Refused(NOT_FOUND)
    if row.asked_by_id == by.person and is_granted:
        raise Refused(Refusals.SECOND_PERSON)
    row.settled_by_id, row.settled_at, row.is_granted = by.person, work.now, is_granted
    row.save()
    if is_granted:
        Resident.objects.filter(pk=row.resident_id).update(requests_frozen_at=None)
    subject = ("resident", row.resident.ref)
    work.record("requests_unfrozen" if is_granted else "unfreeze_declined", subject)
