"""Residents: oneself, the people of one's phone, and look-ups for the contexts above.

Contexts above ask as SYSTEM, after their own rules have shown that the asker may know.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.crypto import blind_index
from puhui.kernel.prepared import Prepared
from puhui.parties.identifiers import identity_number
from puhui.parties.models import Division, Resident
from puhui.parties.rules.names import mask_name
from puhui.parties.terms import Applicant, PersonOnPhone, Registered


@query(Role.RESIDENT)
def applicant(actor: Actor) -> Applicant:
    """The signed-in resident. Refuses NOT_FOUND while nobody on the phone is picked."""
    if actor.person is None:
        raise Refused(NOT_FOUND)
    return _one(_by_id(actor.person))


@query(Role.SYSTEM)
def applicant_by_id(actor: Actor, resident: UUID) -> Applicant:
    """A resident, for the context that holds the reference. Refuses NOT_FOUND."""
    return _one(_by_id(resident))


@query(Role.SYSTEM)
def applicant_by_ref(actor: Actor, ref: str) -> Applicant:
    """A resident by public reference. Refuses NOT_FOUND."""
    return _one(_by_ref(ref))


@query(Role.SYSTEM)
def applicants(actor: Actor, residents: Collection[UUID]) -> dict[UUID, Applicant]:
    """Many residents by one statement."""
    rows = residents_in_full().filter(id__in=list(residents))
    return {row.id: applicant_card(row) for row in rows}


@query(Role.SYSTEM)
def registered(actor: Actor, identity_numbers: Collection[str]) -> dict[str, Registered]:
    """Who of these identity numbers, each in its one spelling, is registered. One statement."""
    by_index = {blind_index("identity_number", one): one for one in identity_numbers}
    rows = Resident.objects.filter(identity_index__in=list(by_index)).values_list(
        "identity_index", "id", "village_id", "village__township_code", "registered_at"
    )
    return {
        by_index[bytes(index)]: Registered(found, village, township, at)
        for index, found, village, township, at in rows
    }


@query(Role.RESIDENT)
def people_on_phone(actor: Actor) -> list[PersonOnPhone]:
    """Everybody who shares the phone of the session, by seat; names masked (content.md §1.11)."""
    if actor.phone_index is None:
        return []
    return people_with_index(actor.phone_index)


@query(Role.SYSTEM)
def residents_on_number(actor: Actor, phone_index: bytes) -> list[Applicant]:
    """Everybody registered on a phone, given by its blind index, by seat."""
    rows = residents_in_full().filter(phone_index=phone_index).order_by("phone_seat")
    return [applicant_card(row) for row in rows]


@query(Role.SYSTEM)
def person_by_last_four(actor: Actor, ref: str, phone_index: bytes, last_four: str) -> UUID | None:
    """The person of that reference on that phone, if the identity number ends so."""
    row = Resident.objects.filter(ref=ref, phone_index=phone_index).first()
    ending = row.identity_number[-4:] if row else "****"
    is_right = hmac.compare_digest(ending.encode(), last_four.encode())
    return row.id if row is not None and is_right else None


def people_with_index(phone_index: bytes) -> list[PersonOnPhone]:
    rows = Resident.objects.filter(phone_index=phone_index).order_by("phone_seat")
    return [PersonOnPhone(row.phone_seat, row.ref, mask_name(row.name)) for row in rows]


def residents_in_full() -> QuerySet[Resident]:
    """Residents with all that `applicant_card` reads, by one statement."""
    township = Division.objects.filter(code=OuterRef("village__township_code"))
    return Resident.objects.select_related("village").annotate(
        township_name=Subquery(township.values("short_name")[:1])
    )


def applicant_card(row: Resident) -> Applicant:
    """`row` comes from `residents_in_full`."""
    return Applicant(
        id=row.id,
        ref=row.ref,
        name=row.name,
        name_masked=mask_name(row.name),
        phone="" if row.erased_at else row.phone,
        village_code=row.village_id,
        village_name=row.village_text or row.village.short_name,
        township_code=row.village.township_code,
        township_name=str(getattr(row, "township_name", "") or ""),
        born_on=date.min if row.erased_at else identity_number(row.identity_number).born_on,
        is_frozen=row.requests_frozen_at is not None,
    )


@Prepared
def _by_id(resident: UUID) -> QuerySet[Resident]:
    return residents_in_full().filter(id=resident)


@Prepared
def _by_ref(ref: str) -> QuerySet[Resident]:
    return residents_in_full().filter(ref=ref)


def _one(rows: Sequence[Resident]) -> Applicant:
    if not rows:
        raise Refused(NOT_FOUND)
    return applicant_card(rows[0])
