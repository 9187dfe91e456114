"""Residents: registered once, by their identity number; up to five on one phone."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from puhui.kernel.actor import COUNTY, STAFF, SYSTEM, Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, Work, command
from puhui.kernel.crypto import blind_index, new_id
from puhui.parties.actions.households import leave_for_good
from puhui.parties.models import Agency, Division, Resident, Staff
from puhui.parties.queries.residents import applicant_card, residents_in_full
from puhui.parties.rules.references import resident_ref
from puhui.parties.rules.registration import Person, judged, judged_phone, wrong
from puhui.parties.terms import PEOPLE_PER_PHONE, Applicant, Channel, Refusals, Registration

ERASED, ERASED_NAME = "erased:", "已注销"
SEAT_TAKEN = "phone_five_people"
VILLAGES = (Division.Kind.VILLAGE, Division.Kind.NATURAL_VILLAGE)


@command(Role.RESIDENT, Role.VILLAGE_COMMISSIONER, *COUNTY)
def register_resident(work: Work, registration: Registration, *, via: str, by: Actor) -> Applicant:
    """Register a resident, or find the one already registered with this identity number and phone.

    `via`: a Channel. A resident registers on the phone of the session; a village commissioner only
    people of that village. Nobody of the staff registers somebody on their own phone or on that of
    another of the staff (content.md §1.11). The identity number is checked by its last place, the
    person must be 18.

    Refuses (Invalid) every wrong field: name, identity_number, phone, village; PHONE_NOT_YOURS,
    PHONE_OF_HELPER, PHONE_OF_STAFF,
    VILLAGE_NOT_YOURS; IDENTITY_TAKEN on another phone; PHONE_FULL for a sixth.
    """
    person, found = judged(registration, local_date(work.now))
    home = home_of(registration.village_code, registration.village_text)
    if home is None:
        found.append(wrong(Refusals.VILLAGE_EMPTY))
    if person is None or home is None:
        raise Invalid(found)
    _refuse_strange_phone(by, person.phone)
    _refuse_strange_village(by, home)
    held = _registered(person)
    if held is not None:
        return held
    resident = _seated(_resident(work, person, home, Channel(via)), person)
    if resident is None:
        return _registered(person) or _impossible()
    work.record("resident_registered", ("resident", resident.ref), via=resident.registered_via)
    return applicant_card(residents_in_full().get(id=resident.id))


def home_of(code: str, text: str) -> Division | None:
    """Where somebody lives: a village, or the township of a village that `text` names."""
    division = Division.objects.filter(code=code.strip(), is_active=True).first()
    if division is None or division.kind in VILLAGES:
        return division
    return division if text.strip() else None


def _refuse_strange_phone(by: Actor, phone: str) -> None:
    index = blind_index("phone", phone)
    if by.role is Role.RESIDENT and by.phone_index != index:
        raise Refused(Refusals.PHONE_NOT_YOURS)
    if by.role not in STAFF:
        return
    holders = Staff.objects.filter(phone_index=index).values_list("id", "is_active")
    if by.person in {one for one, _ in holders}:
        raise Refused(Refusals.PHONE_OF_HELPER)
    if any(is_active for _, is_active in holders):
        raise Refused(Refusals.PHONE_OF_STAFF)


def _refuse_strange_village(by: Actor, home: Division) -> None:
    if by.role is Role.VILLAGE_COMMISSIONER and not by.areas & {home.code, home.parent_id or ""}:
        raise Refused(Refusals.VILLAGE_NOT_YOURS)


def _registered(person: Person) -> Applicant | None:
    """Whoever holds this identity number, if on the same phone; on another phone it is refused."""
    index = blind_index("identity_number", person.identity.full)
    held = residents_in_full().filter(identity_index=index).first()
    if held is None:
        return None
    if bytes(held.phone_index) != blind_index("phone", person.phone):
        raise Refused(Refusals.IDENTITY_TAKEN)
    return applicant_card(held)


def _resident(work: Work, person: Person, home: Division, channel: Channel) -> Resident:
    return Resident(
        id=new_id(),
        ref=resident_ref(),
        name=person.name,
        identity_number=person.identity.full,
        phone=person.phone,
        village=home,
        village_text="" if home.kind in VILLAGES else person.village_text,
        registered_at=work.now,
        registered_via=channel.value,
    )


def _seated(resident: Resident, person: Person) -> Resident | None:
    """Insert in the first free of the phone's five places; None when a rival registered the same
    identity number meanwhile. The constraints decide, the look at free places only saves tries."""
    index = blind_index("phone", person.phone)
    taken = set(Resident.objects.filter(phone_index=index).values_list("phone_seat", flat=True))
    for seat in range(1, PEOPLE_PER_PHONE + 1):
        if seat in taken:
            continue
        resident.phone_seat = seat
        try:
            with transaction.atomic():
                resident.save(force_insert=True)
            return resident
        except IntegrityError as error:
            if _constraint(error) != SEAT_TAKEN:
                return None
    if Resident.objects.filter(identity_index=resident.identity_index).exists():
        return None
    raise Refused(Refusals.PHONE_FULL)


def _constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", ""))


def _impossible() -> Applicant:
    raise RuntimeError("an identity number was taken and then was not")


@command(Role.RESIDENT)
def change_village(
    work: Work, village_code: str, village_text: str = "", *, by: Actor
) -> Applicant:
    """The signed-in resident has moved. Refuses NOT_FOUND, VILLAGE_EMPTY."""
    home = home_of(village_code, village_text)
    if home is None or len(village_text) > 30:
        raise Invalid([wrong(Refusals.VILLAGE_EMPTY)])
    resident = _held(by, "")
    resident.village = home
    resident.village_text = "" if home.kind in VILLAGES else village_text.strip()
    resident.save(update_fields=["village", "village_text"])
    work.record("village_changed", ("resident", resident.ref))
    return applicant_card(residents_in_full().get(id=resident.id))


@command(Role.COUNTY_ADMIN, Role.COUNTY_SUPERVISOR)
def change_phone(work: Work, resident_ref: str, phone: str, *, by: Actor) -> None:
    """Move a resident to another phone, after the county has made sure who asks.

    Sessions of the old phone end with it. Refuses NOT_FOUND, (Invalid) phone, PHONE_FULL.
    """
    number, misdialled = judged_phone(phone)
    if misdialled is not None:
        raise Invalid([misdialled])
    resident = _held(by, resident_ref)
    index = blind_index("phone", number)
    if bytes(resident.phone_index) == index:
        return
    resident.phone = number
    taken = set(Resident.objects.filter(phone_index=index).values_list("phone_seat", flat=True))
    for seat in (one for one in range(1, PEOPLE_PER_PHONE + 1) if one not in taken):
        resident.phone_seat = seat
        try:
            with transaction.atomic():
                resident.save(update_fields=["phone", "phone_index", "phone_seat"])
        except IntegrityError:
            continue
        work.record("phone_changed", ("resident", resident.ref))
        return
    raise Refused(Refusals.PHONE_FULL)


@command(Role.SYSTEM)
def erase_resident(work: Work, resident: UUID, *, by: Actor = SYSTEM) -> bool:
    """Take everything that names a person out of their row; the reference stays for the facts that
    must be kept (个人信息保护法 第47条). The identity number and the place on the phone are free again.
    Returns whether nobody else shared the phone.
    """
    row = Resident.objects.select_for_update().get(id=resident)
    others = Resident.objects.filter(phone_index=row.phone_index).exclude(id=row.id)
    is_alone = not others.exists()
    row.name, row.village_text = ERASED_NAME, ""
    row.identity_number = row.phone = f"{ERASED}{row.id}"
    row.phone_seat, row.erased_at = 1, work.now
    row.save()
    Agency.objects.filter(agent=row, revoked_at=None).update(revoked_at=work.now)
    leave_for_good(work, row.id)
    work.record("resident_erased", ("resident", row.ref))
    return is_alone


@command(Role.RESIDENT, Role.COUNTY_ADMIN, Role.COUNTY_SUPERVISOR)
def freeze_requests(work: Work, resident_ref: str, *, by: Actor) -> None:
    """After "not me": nothing more may be asked for in this name until the county has looked
    (content.md §1.11). A resident freezes only their own. Refuses NOT_FOUND."""
    resident = _held(by, resident_ref)
    if resident.requests_frozen_at is None:
        resident.requests_frozen_at = work.now
        resident.save(update_fields=["requests_frozen_at"])
        work.record("requests_frozen", ("resident", resident.ref))


def _held(by: Actor, ref: str) -> Resident:
    """The resident's row, held until the end; for a resident only the own one."""
    rows = Resident.objects.select_for_update()
    if by.role is Role.RESIDENT:
        rows = rows.filter(id=by.person) if by.person else rows.none()
    if ref or by.role is not Role.RESIDENT:
        rows = rows.filter(ref=ref)
    resident = rows.first()
    if resident is None:
        raise Refused(NOT_FOUND)
    return resident
