"""Organisations, their outlets, their people, and what these may act as."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import NOT_FOUND, FieldError, Invalid, Refused, Work, command
from puhui.parties.models import Branch, Division, Duty, Organisation, Staff
from puhui.parties.queries.places import organisation_card
from puhui.parties.queries.staff import staff_card_of
from puhui.parties.rules import names
from puhui.parties.rules import organisations as rules
from puhui.parties.rules.registration import judged_phone, wrong
from puhui.parties.terms import DutyForm, OrganisationCard, Refusals, StaffCard

FIRST_STAFF_NUMBER = 2001
TRIES = 20


@command(Role.COUNTY_ADMIN)
def create_organisation(
    work: Work,
    name: str,
    kind: str,
    *,
    ref: str = "",
    sms_name: str = "",
    type_name: str = "",
    duty_phone: str = "",
    township_code: str = "",
    has_interface: bool = False,
    position: int = 0,
    by: Actor,
) -> OrganisationCard:
    """Add a bank, township, county office or village organisation.

    `ref`: public reference, made when empty (B01). `sms_name`: at most 6 characters, needed of a
    bank with a longer name. Refuses (Invalid) every bad field; ORGANISATION_TAKEN.
    """
    ref = ref.strip().upper()
    row = Organisation(kind=kind, has_interface=has_interface, position=position)
    found = fill_organisation(row, name, sms_name, type_name, duty_phone, township_code)
    if ref and not rules.ORGANISATION_REF.fullmatch(ref):
        found.append(wrong(Refusals.ORGANISATION_REF))
    refuse(found)
    _save_organisation(row, ref)
    work.record("organisation_created", ("organisation", row.ref), kind=kind)
    return organisation_card(row)


def fill_organisation(
    row: Organisation,
    name: str,
    sms_name: str,
    type_name: str,
    duty_phone: str,
    township_code: str,
) -> list[FieldError]:
    """Put what was typed into the row; every field of it that is wrong."""
    name, kind = name.strip(), row.kind
    short = sms_name.strip() or (name if kind != "bank" else name[: rules.SMS_NAME_PLACES + 1])
    township = Division.objects.filter(code=township_code, parent=None).first()
    checks = (
        (kind in rules.KINDS, Refusals.ORGANISATION_KIND),
        (rules.is_organisation_name(name), Refusals.ORGANISATION_NAME),
        (kind != "bank" or len(short) <= rules.SMS_NAME_PLACES, Refusals.SMS_NAME),
        (not duty_phone or rules.is_line(duty_phone, rules.PHONE_PLACES), Refusals.DUTY_PHONE),
        (township or not township_code, Refusals.DIVISION_UNKNOWN),
        (len(type_name) <= 40, Refusals.TYPE_NAME),
    )
    row.name, row.sms_name = name, short[: rules.SMS_NAME_PLACES]
    row.type_name, row.duty_phone, row.township = type_name.strip(), duty_phone, township
    return [wrong(reason) for is_right, reason in checks if not is_right]


def _save_organisation(row: Organisation, ref: str) -> None:
    """Insert with `ref` or the next free one of its kind; a name or reference in use is refused."""
    for _try in range(TRIES):
        row.ref = ref or _next_organisation_ref(row.kind)
        try:
            with transaction.atomic():
                return row.save(force_insert=True)
        except IntegrityError as error:
            if ref or Organisation.objects.filter(name=row.name).exists():
                raise Refused(Refusals.ORGANISATION_TAKEN) from error
    raise Refused(Refusals.ORGANISATION_TAKEN)


def _next_organisation_ref(kind: str) -> str:
    letter = rules.REF_LETTERS[kind]
    numbered = Organisation.objects.filter(ref__regex=f"^{letter}[0-9]{{1,6}}$")
    last = numbered.aggregate(last=Max(Cast(Substr("ref", 2), IntegerField())))["last"] or 0
    return f"{letter}{last + 1:02d}"


@command(Role.COUNTY_ADMIN, Role.BANK_ADMIN)
def add_branch(
    work: Work,
    organisation_ref: str,
    name: str,
    township_code: str,
    *,
    address: str = "",
    phone: str = "",
    opening_hours: str = "",
    by: Actor,
) -> UUID:
    """Add an outlet of a bank; a bank's administrator adds only its own.

    Refuses NOT_FOUND, (Invalid) name, area, duty_phone; BRANCH_TAKEN.
    """
    bank = own_organisation(by, organisation_ref)
    branch = Branch(organisation=bank)
    refuse(fill_branch(branch, name, township_code, address, phone, opening_hours))
    try:
        with transaction.atomic():
            branch.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(Refusals.BRANCH_TAKEN) from error
    work.record("branch_added", ("organisation", bank.ref), branch=branch.id)
    return branch.id


def fill_branch(
    row: Branch, name: str, township_code: str, address: str, phone: str, opening_hours: str
) -> list[FieldError]:
    """Put what was typed into the row; every field of it that is wrong."""
    township = Division.objects.filter(code=township_code, parent=None).first()
    checks = (
        (rules.is_organisation_name(name.strip()), Refusals.BRANCH_NAME),
        (township, Refusals.DIVISION_UNKNOWN),
        (not phone or rules.is_line(phone, rules.PHONE_PLACES), Refusals.DUTY_PHONE),
        (len(address) <= 100 and len(opening_hours) <= 100, Refusals.BRANCH_WORDS),
    )
    if township is not None:
        row.township = township
    row.name, row.address, row.phone = name.strip(), address.strip(), phone
    row.opening_hours = opening_hours.strip()
    return [wrong(reason) for is_right, reason in checks if not is_right]


@command(Role.COUNTY_ADMIN)
def create_staff(
    work: Work,
    organisation_ref: str,
    name: str,
    phone: str,
    *,
    ref: str = "",
    duties: Sequence[DutyForm] = (),
    by: Actor,
) -> StaffCard:
    """Add a member of staff with their duties. `ref`: the staff number, made when empty (2001).

    One person who acts for two organisations is two members of staff (domain.md ruling 11).
    Refuses (Invalid) name, phone, ref, role, area; ORGANISATION_UNKNOWN, STAFF_TAKEN.
    """
    organisation = Organisation.objects.filter(ref=organisation_ref, is_active=True).first()
    name, ref = names.tidy(name), ref.strip().upper()
    number, misdialled = judged_phone(phone)
    found = [one for one in (misdialled,) if one is not None]
    if not names.is_name(name):
        found.append(wrong(Refusals.STAFF_NAME))
    if ref and not rules.STAFF_REF.fullmatch(ref):
        found.append(wrong(Refusals.STAFF_REF))
    if organisation is None:
        raise Invalid([*found, wrong(Refusals.ORGANISATION_UNKNOWN)])
    refuse(found)
    staff = Staff(organisation=organisation, name=name, phone=number)
    _save_staff(staff, ref)
    work.record("staff_created", ("staff", staff.ref), organisation=organisation.ref)
    given = [_give(work, staff, form) for form in duties]
    return staff_card_of(staff, given[0] if given else None)


@command(Role.SYSTEM)
def create_administrator(work: Work, organisation_ref: str, name: str, *, by: Actor) -> StaffCard:
    """The first of a county's people, who adds the others: no phone is known yet."""
    organisation = Organisation.objects.get(ref=organisation_ref, kind="county")
    staff = Staff(organisation=organisation, name=name, phone="")
    _save_staff(staff, "")
    work.record("staff_created", ("staff", staff.ref), organisation=organisation.ref)
    return staff_card_of(staff, _give(work, staff, DutyForm(Role.COUNTY_ADMIN)))


def _save_staff(staff: Staff, ref: str) -> None:
    for _try in range(TRIES):
        staff.ref = ref or str(next_staff_number())
        try:
            with transaction.atomic():
                return staff.save(force_insert=True)
        except IntegrityError as error:
            if ref:
                raise Refused(Refusals.STAFF_TAKEN) from error
    raise Refused(Refusals.STAFF_TAKEN)


def next_staff_number() -> int:
    """The number after the largest one given so far."""
    numbered = Staff.objects.filter(ref__regex="^[0-9]{4,8}$")
    last = numbered.aggregate(last=Max(Cast("ref", IntegerField())))["last"]
    return FIRST_STAFF_NUMBER if last is None else int(last) + 1


@command(Role.COUNTY_ADMIN)
def give_duty(
    work: Work,
    staff_ref: str,
    role: str,
    *,
    area_code: str = "",
    seconded_from_ref: str = "",
    by: Actor,
) -> UUID:
    """Let a member of staff act as `role` from now on; returns the duty.

    A township's or village's duty names its area; a deputy from a bank names that bank, whose
    business the deputy then may not see (domain.md ruling 11); a duty of the county's is nobody's
    who comes from a bank. Refuses (Invalid) role, area, organisation, seconded_from; STAFF_UNKNOWN,
    DUTY_TAKEN.
    """
    staff = (
        Staff.objects.select_related("organisation").filter(ref=staff_ref, is_active=True).first()
    )
    if staff is None:
        raise Refused(Refusals.STAFF_UNKNOWN)
    return _give(work, staff, DutyForm(role, area_code, seconded_from_ref)).id


def _give(work: Work, staff: Staff, form: DutyForm) -> Duty:
    role = rules.role_of(form.role, staff.organisation.kind)
    if role is None:
        raise Invalid([wrong(Refusals.ROLE_BAD)])
    kinds = rules.AREA_KINDS.get(role, ())
    area = Division.objects.filter(code=form.area_code, kind__in=kinds).first() if kinds else None
    bank = Organisation.objects.filter(ref=form.seconded_from_ref, kind="bank").first()
    checks = (
        (area is not None or not kinds, Refusals.AREA_MISSING),
        (bank is not None or not form.seconded_from_ref, Refusals.BANK_UNKNOWN),
        (not form.seconded_from_ref or role in rules.MAY_COME_FROM_A_BANK, Refusals.NO_BANKER_HERE),
    )
    refuse([wrong(reason) for is_right, reason in checks if not is_right])
    duty = Duty(staff=staff, role=role, area=area, seconded_from=bank, starts_at=work.now)
    try:
        with transaction.atomic():
            duty.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(Refusals.DUTY_TAKEN) from error
    work.record(
        "duty_given",
        ("staff", staff.ref),
        duty=duty.id,
        role=str(role),
        area=area.code if area else "",
        seconded_from=bank.ref if bank else "",
    )
    return duty


@command(Role.COUNTY_ADMIN)
def end_duty(work: Work, duty: UUID, *, by: Actor) -> None:
    """End a duty now; whoever is signed in under it is so no longer. Refuses NOT_FOUND, DUTY_ENDED,
    OWN_SERVICE for the duty that the asker acts in: nobody locks the county out by mistake."""
    row = Duty.objects.select_related("staff").filter(id=duty).first()
    if row is None:
        raise Refused(NOT_FOUND)
    if row.id == by.duty:
        raise Refused(Refusals.OWN_SERVICE)
    if Duty.objects.filter(id=duty, ends_at__isnull=True).update(ends_at=work.now) != 1:
        raise Refused(Refusals.DUTY_ENDED)
    work.record("duty_ended", ("staff", row.staff.ref), duty=row.id, role=row.role)


def own_organisation(by: Actor, ref: str) -> Organisation:
    """The organisation if it is the actor's own or the actor is of the county; else NOT_FOUND."""
    row = Organisation.objects.filter(ref=ref, is_active=True).first()
    if row is None or (by.is_bank and row.id != by.organisation):
        raise Refused(NOT_FOUND)
    return row


def refuse(found: list[FieldError]) -> None:
    if found:
        raise Invalid(found)
