"""Staff, their duties, and who is on duty now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from puhui.kernel.actor import BANK, COUNTY, SIGNED_IN, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.crypto import decrypt_cell
from puhui.kernel.prepared import Prepared
from puhui.parties.models import Duty, Resident, RosterShift, Staff
from puhui.parties.rules.names import mask_name, surname
from puhui.parties.terms import StaffCard, StaffPhone

__all__ = [
    "commissioner_of",
    "duty_holders",
    "officers_on_duty",
    "staff_card",
    "staff_card_of",
]


@query(*SIGNED_IN)
def staff_card(actor: Actor, ref: str) -> StaffCard:
    """A member of staff by number, in the first of the duties held now. Refuses NOT_FOUND."""
    duty = _first_duty.first(ref)
    if duty is None:
        raise Refused(NOT_FOUND)
    return staff_card_of(duty.staff, duty)


@query(Role.SYSTEM)
def duty(actor: Actor, duty: UUID) -> StaffCard | None:
    """Who holds a duty, if it is live."""
    row = _live(Now()).filter(id=duty).first()
    return None if row is None else staff_card_of(row.staff, row)


@query(Role.SYSTEM)
def serving_duties(actor: Actor, staff_ref: str) -> list[UUID]:
    """Duties that somebody holds now."""
    return list(_live(Now()).filter(staff__ref=staff_ref).values_list("id", flat=True))


@query(Role.SYSTEM)
def is_phone_of_staff(actor: Actor, phone_index: bytes) -> bool:
    """Whether somebody of the staff, in any duty, has this phone (its blind index)."""
    return Staff.objects.filter(phone_index=phone_index).exists()


@query(*BANK, *COUNTY)
def officers_on_duty(actor: Actor, organisation_id: UUID, now: datetime) -> list[StaffCard]:
    """Whoever the roster of an organisation names for `now`, each once, by number; a bank's people
    see only their own (content.md K3)."""
    if actor.is_bank and organisation_id != actor.organisation:
        return []
    return _cards(_on_duty_of(organisation_id, now))


@query(*COUNTY)
def officers_on_duty_everywhere(actor: Actor, now: datetime) -> list[StaffCard]:
    """Whoever the rosters of all banks name for `now`, each once, by number."""
    return _cards(_on_duty_at_banks(now))


@query(Role.SYSTEM)
def phones_on_duty_everywhere(actor: Actor, now: datetime) -> list[StaffPhone]:
    """Whoever the rosters of all banks name for `now`, by number, to be told something."""
    return [
        StaffPhone(key, decrypt_cell(Staff, "phone", key, sealed))
        for key, sealed in _phones_at_banks(now)
    ]


@query(Role.TOWNSHIP_ADMIN, *COUNTY)
def duty_holders(
    actor: Actor,
    role: str,
    *,
    township_code: str | None = None,
    organisation_id: UUID | None = None,
    now: datetime,
) -> list[StaffCard]:
    """Everybody who holds `role` at `now`, in a township or of an organisation if named, by number."""
    if township_code is None and organisation_id is None:
        return _cards(_holders(str(role), now))
    duties = _live(now).filter(role=role)
    if township_code is not None:
        duties = duties.filter(area__township_code=township_code)
    if organisation_id is not None:
        duties = duties.filter(staff__organisation=organisation_id)
    return _cards(_each_once(duties))


@query(*COUNTY)
def case_owner(
    actor: Actor, township_code: str, now: datetime, *, rivals: Collection[str] = ()
) -> StaffCard | None:
    """Who looks after a case that has come to a standstill: a deputy of the township, else the
    county's supervisor on duty, else any of the county's supervisors (content.md W5, §3.2).

    Never a deputy who comes from one of the `rivals`, banks at work on it (domain.md ruling 11).
    """
    on_roster = Exists(
        RosterShift.objects.filter(staff=OuterRef("staff"), starts_at__lte=now, ends_at__gt=now)
    )
    deputy = Q(role=Role.TOWNSHIP_ADMIN, area=township_code)
    duty = (
        _live(now)
        .filter(deputy | Q(role=Role.COUNTY_SUPERVISOR))
        .exclude(seconded_from__ref__in=list(rivals))
        .annotate(is_on_roster=on_roster)
        .order_by("-role", "-is_on_roster", "starts_at", "id")  # township_admin before finance_…
        .first()
    )
    return None if duty is None else staff_card_of(duty.staff, duty)


@query(Role.SYSTEM)
def officers_of_banks(actor: Actor) -> dict[tuple[str, str], UUID]:
    """Everybody who is or was at a bank, by the references of bank and person. One statement."""
    rows = Staff.objects.filter(organisation__kind="bank").values_list(
        "organisation__ref", "ref", "id"
    )
    return {(bank, ref): found for bank, ref, found in rows}


@query(*SIGNED_IN)
def commissioner_of(actor: Actor, village_code: str) -> StaffCard | None:
    """The finance commissioner of a village, or of the village that a natural village belongs to."""
    duty = _commissioner_of.first(village_code)
    return None if duty is None else staff_card_of(duty.staff, duty)


@query(Role.RESIDENT)
def own_commissioner(actor: Actor) -> StaffCard | None:
    """The finance commissioner of the signed-in resident's village; None while nobody on the phone is
    picked. One statement."""
    duty = _commissioner_near.first(actor.person) if actor.person else None
    return None if duty is None else staff_card_of(duty.staff, duty)


def _live(now: datetime | Now) -> QuerySet[Duty]:
    """Duties held at `now` by active people of active organisations."""
    return Duty.objects.select_related("staff__organisation", "seconded_from").filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        starts_at__lte=now,
        staff__is_active=True,
        staff__organisation__is_active=True,
    )


def _on_duty(now: datetime) -> QuerySet[Duty]:
    turns = RosterShift.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return _live(now).filter(staff__in=turns.values("staff"))


def _each_once(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    """One duty of each person, by number: the first of theirs by name."""
    return duties.order_by("staff__ref", "role", "id").distinct("staff__ref")


@Prepared
def _first_duty(staff: str) -> QuerySet[Duty]:
    return _live(Now()).filter(staff__ref=staff).order_by("starts_at", "id")[:1]


@Prepared
def _on_duty_of(organisation: UUID, now: datetime) -> QuerySet[Duty]:
    return _each_once(_on_duty(now).filter(staff__organisation=organisation))


@Prepared
def _on_duty_at_banks(now: datetime) -> QuerySet[Duty]:
    return _each_once(_on_duty(now).filter(staff__organisation__kind="bank"))


@Prepared
def _phones_at_banks(now: datetime) -> QuerySet[Any, tuple[UUID, Any]]:
    duties = _on_duty(now).filter(staff__organisation__kind="bank")
    people = Staff.objects.filter(pk__in=duties.values("staff")).order_by("ref")
    return people.values_list("id", "phone")


@Prepared
def _holders(role: str, now: datetime) -> QuerySet[Duty]:
    return _each_once(_live(now).filter(role=role))


@Prepared
def _commissioner_of(village: str) -> QuerySet[Duty]:
    return _looking_after(Q(area=village) | Q(area__children=village))


@Prepared
def _commissioner_near(resident: UUID) -> QuerySet[Duty]:
    village = Resident.objects.filter(pk=resident).values("village")
    return _looking_after(Q(area__in=village) | Q(area__children__in=village))


def _looking_after(place: Q) -> QuerySet[Duty]:
    rows = _live(Now()).filter(place, role=Role.VILLAGE_COMMISSIONER)
    return rows.order_by("starts_at", "id")[:1]


def _cards(duties: Iterable[Duty]) -> list[StaffCard]:
    return [staff_card_of(duty.staff, duty) for duty in duties]


def staff_card_of(staff: Staff, duty: Duty | None) -> StaffCard:
    """A member of staff in a duty, whose `seconded_from` is loaded."""
    bank = duty.seconded_from if duty else None
    return StaffCard(
        id=staff.id,
        ref=staff.ref,
        name_masked=mask_name(staff.name),
        phone=staff.phone,
        organisation_ref=staff.organisation.ref,
        role=duty.role if duty else "",
        surname=surname(staff.name),
        organisation=staff.organisation_id,
        duty=duty.id if duty else None,
        area_code=(duty.area_id or "") if duty else "",
        seconded_from_ref=bank.ref if bank else "",
    )
