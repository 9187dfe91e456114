"""What the county changes and ends: organisations, outlets, people, places. Nothing is deleted."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import NOT_FOUND, FieldError, Invalid, Refused, Work, command
from puhui.parties.actions.organisations import fill_branch, fill_organisation, refuse
from puhui.parties.models import Branch, Division, Duty, Organisation, RosterShift, Staff
from puhui.parties.rules import divisions, names
from puhui.parties.rules.divisions import short_name as short_of
from puhui.parties.rules.pinyin import place_key
from puhui.parties.rules.registration import judged_phone, wrong
from puhui.parties.terms import OrganisationForm, Refusals

KIND = Division.Kind


@command(Role.COUNTY_ADMIN)
def change_organisation(work: Work, ref: str, form: OrganisationForm, *, by: Actor) -> bool:
    """Bring an organisation to `form`; its kind and reference stay. Whether anything differed.

    Refuses NOT_FOUND; (Invalid) every bad field; ORGANISATION_TAKEN for another's name.
    """
    row = Organisation.objects.select_for_update().filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    before = _facts(row)
    typed = (form.name, form.sms_name, form.type_name, form.duty_phone, form.township_code)
    refuse(fill_organisation(row, *typed))
    row.has_interface, row.position = form.has_interface, form.position
    changed = sorted(name for name, value in _facts(row).items() if before[name] != value)
    if not changed:
        return False
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(Refusals.ORGANISATION_TAKEN) from error
    work.record("organisation_changed", ("organisation", row.ref), fields=changed)
    return True


FIELDS = ("name", "sms_name", "type_name", "duty_phone", "township_id", "has_interface", "position")


def _facts(row: Organisation) -> dict[str, object]:
    return {name: getattr(row, name) for name in FIELDS}


@command(Role.COUNTY_ADMIN)
def close_organisation(work: Work, ref: str, *, by: Actor) -> None:
    """End an organisation: none of its people may act from now on.

    Refuses NOT_FOUND, ORGANISATION_CLOSED, STAFF_REMAIN while anybody still serves there.
    """
    row = Organisation.objects.select_for_update().filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    if not row.is_active:
        raise Refused(Refusals.ORGANISATION_CLOSED)
    serving = Staff.objects.filter(organisation=row, is_active=True).count()
    if serving:
        raise Refused(Refusals.STAFF_REMAIN, n=serving)
    row.is_active, row.closed_at = False, work.now
    row.save(update_fields=["is_active", "closed_at"])
    work.record("organisation_closed", ("organisation", row.ref))


@command(Role.COUNTY_ADMIN)
def reopen_organisation(work: Work, ref: str, *, by: Actor) -> None:
    """Undo a closing. Refuses NOT_FOUND; of an open one nothing changes."""
    row = Organisation.objects.select_for_update().filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    if row.is_active:
        return
    row.is_active, row.closed_at = True, None
    row.save(update_fields=["is_active", "closed_at"])
    work.record("organisation_reopened", ("organisation", row.ref))


@command(Role.BANK_ADMIN, Role.COUNTY_ADMIN)
def change_branch(
    work: Work,
    branch: UUID,
    name: str,
    township_code: str,
    *,
    address: str = "",
    phone: str = "",
    opening_hours: str = "",
    by: Actor,
) -> bool:
    """Bring an outlet to what was typed; a closed one opens again. Whether anything differed.

    A bank's administrator changes only its own (M021).

    Refuses NOT_FOUND, (Invalid) name, area, duty_phone, address; BRANCH_TAKEN.
    """
    row = _branch(branch, by)
    before = (row.name, row.township_id, row.address, row.phone, row.opening_hours, row.closed_at)
    refuse(fill_branch(row, name, township_code, address, phone, opening_hours))
    after = (row.name, row.township_id, row.address, row.phone, row.opening_hours, None)
    if before == after:
        return False
    row.closed_at = None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(Refusals.BRANCH_TAKEN) from error
    work.record("branch_changed", ("organisation", row.organisation.ref), branch=row.id)
    return True


@command(Role.BANK_ADMIN, Role.COUNTY_ADMIN)
def close_branch(work: Work, branch: UUID, *, by: Actor) -> bool:
    """End an outlet, a bank's administrator only its own; again changes nothing. Refuses NOT_FOUND."""
    row = _branch(branch, by)
    if row.closed_at is not None:
        return False
    row.closed_at = work.now
    row.save(update_fields=["closed_at"])
    work.record("branch_closed", ("organisation", row.organisation.ref), branch=row.id)
    return True


def _branch(branch: UUID, by: Actor) -> Branch:
    rows = Branch.objects.select_for_update(of=("self",)).select_related("organisation")
    if by.role is Role.BANK_ADMIN:
        rows = rows.filter(organisation__ref=by.organisation_ref)
    row = rows.filter(id=branch).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return row


@command(Role.COUNTY_ADMIN)
def change_staff(work: Work, ref: str, name: str, phone: str, *, by: Actor) -> bool:
    """Correct somebody's name or phone. Whether anything differed.

    Refuses NOT_FOUND; (Invalid) name, phone. The journal says which changed, not what to.
    """
    row = serving(ref)
    number, misdialled = judged_phone(phone)
    name = names.tidy(name)
    found: list[FieldError] = [misdialled] if misdialled is not None else []
    if not names.is_name(name):
        found.append(wrong(Refusals.STAFF_NAME))
    if found:
        raise Invalid(found)
    pairs = (("name", name), ("phone", number))
    changed = [field for field, value in pairs if getattr(row, field) != value]
    if not changed:
        return False
    row.name, row.phone = name, number
    row.save()
    work.record("staff_changed", ("staff", row.ref), fields=changed)
    return True


@command(Role.COUNTY_ADMIN)
def end_service(work: Work, ref: str, *, by: Actor) -> list[UUID]:
    """Somebody leaves: every duty ends now and the turns still to come go. The duties ended.

    Callers above close the accounts and hand the cases on in the same transaction
    (`market.actions.let_staff_go`). Refuses NOT_FOUND, OWN_SERVICE.
    """
    row = serving(ref)
    if row.id == by.person:
        raise Refused(Refusals.OWN_SERVICE)
    duties = list(Duty.objects.filter(staff=row, ends_at__isnull=True).values_list("id", flat=True))
    Duty.objects.filter(id__in=duties).update(ends_at=work.now)
    RosterShift.objects.filter(staff=row, starts_at__gt=work.now).delete()
    RosterShift.objects.filter(staff=row, ends_at__gt=work.now).update(ends_at=work.now)
    row.is_active, row.left_at = False, work.now
    row.save(update_fields=["is_active", "left_at"])
    work.record("staff_left", ("staff", row.ref), duties=len(duties))
    return duties


def serving(ref: str) -> Staff:
    """Somebody who still serves, the row held; refuses NOT_FOUND."""
    row = Staff.objects.select_for_update().filter(ref=ref, is_active=True).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return row


@command(Role.COUNTY_ADMIN)
def rename_division(work: Work, code: str, name: str, *, by: Actor) -> bool:
    """Give a place another name; its code and everything in it stay. Whether it differed.

    Refuses NOT_FOUND, (Invalid) name, DIVISION_NAME_TAKEN for a name that a sibling has.
    """
    row = _place(code)
    name = name.strip()
    if not divisions.is_name(name):
        raise Invalid([wrong(Refusals.DIVISION_NAME)])
    if row.name == name:
        return False
    siblings = Division.objects.filter(kind=row.kind, parent=row.parent, name=name, is_active=True)
    if siblings.exists():
        raise Invalid([wrong(Refusals.DIVISION_NAME_TAKEN)])
    row.name, row.short_name = name, short_of(name)
    row.pinyin = place_key(row.short_name)
    row.save(update_fields=["name", "short_name", "pinyin"])
    work.record("division_renamed", ("division", row.code))
    return True


@command(Role.COUNTY_ADMIN)
def close_division(work: Work, code: str, *, by: Actor) -> None:
    """A place is no more (merged, dissolved): nobody picks it from now on, what it has stays.

    Refuses NOT_FOUND, DIVISION_CLOSED, PLACES_REMAIN beneath it, DUTIES_REMAIN bound to it.
    """
    row = _place(code)
    if not row.is_active:
        raise Refused(Refusals.DIVISION_CLOSED)
    beneath = Division.objects.filter(parent=row, is_active=True).count()
    if beneath:
        raise Refused(Refusals.PLACES_REMAIN, n=beneath)
    bound = Duty.objects.filter(area=row, ends_at__isnull=True).count()
    if bound:
        raise Refused(Refusals.DUTIES_REMAIN, n=bound)
    row.is_active, row.closed_at = False, work.now
    row.save(update_fields=["is_active", "closed_at"])
    work.record("division_closed", ("division", row.code))


@command(Role.COUNTY_ADMIN)
def reopen_division(work: Work, code: str, *, by: Actor) -> None:
    """Undo a closing. Refuses NOT_FOUND; of an open place nothing changes."""
    row = _place(code)
    if row.is_active:
        return
    row.is_active, row.closed_at = True, None
    row.save(update_fields=["is_active", "closed_at"])
    work.record("division_reopened", ("division", row.code))


def _place(code: str) -> Division:
    row = Division.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return row
