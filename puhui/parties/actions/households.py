"""Households: founded by a head, joined with the head's yes, left when one likes (一户一档)."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.kernel.crypto import new_id
from puhui.parties.models import Household, HouseholdMember, Resident
from puhui.parties.subject_terms import SubjectRefusals

MOST_MEMBERS = 20


@command(Role.RESIDENT)
def found_household(work: Work, members: tuple[str, ...] = (), *, by: Actor) -> str:
    """The signed-in resident founds a household as its head; its number.

    `members`: references of others on the same phone, who come in at once. Refuses NOT_FOUND for
    somebody who is not on this phone, HOUSEHOLD_TAKEN where one of them is in another household.
    """
    head = _person(by)
    others = _on_phone(by, members)
    household = founded(work, head, via=str(by.via))
    for one in others:
        let_in(work, household, one)
    return household.number


def founded(work: Work, head: Resident, *, via: str) -> Household:
    """A new household with its head in it."""
    household = Household.objects.create(
        id=new_id(),
        number=_next_number(head.village_id),
        village_id=head.village_id,
        head=head,
        founded_at=work.now,
        founded_via=via,
    )
    work.record("household_founded", ("household", household.number), head=head.ref, via=via)
    let_in(work, household, head)
    return household


def let_in(work: Work, household: Household, one: Resident) -> None:
    """One person comes in; the constraint decides who is in two."""
    try:
        with transaction.atomic():
            HouseholdMember.objects.create(
                id=new_id(),
                household=household,
                resident=one,
                asked_at=work.now,
                joined_at=work.now,
            )
    except IntegrityError:
        raise Refused(SubjectRefusals.HOUSEHOLD_TAKEN) from None
    work.record("household_joined", ("household", household.number), resident=one.ref)


def _next_number(village: str) -> str:
    """H, the village's code and four digits; founders of one village queue here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 518))", [village])
    count = Household.objects.filter(village_id=village).count()
    return f"H{village}{count + 1:04d}"


@command(Role.RESIDENT)
def add_from_phone(work: Work, member: str, *, by: Actor) -> None:
    """The head takes in somebody registered on the same phone. Refuses NOT_FOUND, HOUSEHOLD_TAKEN,
    HOUSEHOLD_FULL."""
    household = _headed(by)
    (one,) = _on_phone(by, (member,))
    _has_room(household)
    let_in(work, household, one)


@command(Role.RESIDENT)
def ask_to_join(work: Work, number: str, *, by: Actor) -> None:
    """Ask a household, by its number, to be let in; its head says yes or no.

    Refuses HOUSEHOLD_UNKNOWN, HOUSEHOLD_TAKEN while one is in a household or waits for one.
    """
    person = _person(by)
    typed = "".join(number.split()).upper()
    household = Household.objects.filter(number=typed, ended_at=None).first()
    if household is None:
        raise Refused(SubjectRefusals.HOUSEHOLD_UNKNOWN)
    try:
        with transaction.atomic():
            HouseholdMember.objects.create(
                id=new_id(), household=household, resident=person, asked_at=work.now
            )
    except IntegrityError:
        raise Refused(SubjectRefusals.HOUSEHOLD_TAKEN) from None
    work.record("household_asked", ("household", household.number), resident=person.ref)


@command(Role.RESIDENT)
def answer_asking(work: Work, member: str, is_wanted: bool, *, by: Actor) -> None:
    """The head lets in or turns away somebody who asked. Refuses NOT_FOUND, HOUSEHOLD_FULL."""
    household = _headed(by)
    row = _members(household).filter(resident__ref=member, joined_at=None).first()
    if row is None:
        raise Refused(NOT_FOUND)
    if is_wanted:
        _has_room(household)
        row.joined_at = work.now
    else:
        row.left_at = work.now
    row.save(update_fields=["joined_at", "left_at"])
    action = "household_joined" if is_wanted else "household_turned_away"
    work.record(action, ("household", household.number), resident=member)


@command(Role.RESIDENT)
def leave_household(work: Work, *, by: Actor) -> None:
    """Leave one's household, or ask no more. A head of others hands over first (HEAD_STAYS); the
    last one's leaving ends the household. Refuses NOT_FOUND."""
    person = _person(by)
    row = (
        HouseholdMember.objects.select_for_update(of=("self",))
        .select_related("household", "resident")
        .filter(resident=person, left_at=None)
        .first()
    )
    if row is None:
        raise Refused(NOT_FOUND)
    household = Household.objects.select_for_update().get(pk=row.household_id)
    if household.head_id == by.person:
        if _members(household).exclude(pk=row.pk).filter(joined_at__isnull=False).exists():
            raise Refused(SubjectRefusals.HEAD_STAYS)
        _members(household).update(left_at=work.now)
        household.ended_at = work.now
        household.save(update_fields=["ended_at"])
    row.left_at = work.now
    row.save(update_fields=["left_at"])
    work.record("household_left", ("household", household.number), resident=row.resident.ref)


def leave_for_good(work: Work, resident: UUID) -> None:
    """A person who is forgotten leaves; of a head's household the longest member becomes the head."""
    row = HouseholdMember.objects.filter(resident_id=resident, left_at=None).first()
    if row is None:
        return
    household = Household.objects.select_for_update().get(pk=row.household_id)
    row.left_at = work.now
    row.save(update_fields=["left_at"])
    if household.head_id != resident:
        return
    heir = _members(household).filter(joined_at__isnull=False).order_by("joined_at", "pk").first()
    if heir is None:
        _members(household).update(left_at=work.now)
        household.ended_at = work.now
    else:
        household.head_id = heir.resident_id
    household.save(update_fields=["ended_at", "head"])


@command(Role.RESIDENT)
def hand_over_head(work: Work, member: str, *, by: Actor) -> None:
    """The head makes another member the head. Refuses NOT_FOUND."""
    household = _headed(by)
    row = _members(household).filter(resident__ref=member, joined_at__isnull=False).first()
    if row is None:
        raise Refused(NOT_FOUND)
    household.head_id = row.resident_id
    household.save(update_fields=["head"])
    work.record("household_head", ("household", household.number), head=member)


def _person(by: Actor) -> Resident:
    row = Resident.objects.filter(id=by.person).first() if by.person else None
    if row is None:
        raise Refused(NOT_FOUND)
    return row


def _on_phone(by: Actor, refs: tuple[str, ...]) -> list[Resident]:
    """People of the session's phone other than oneself. Refuses NOT_FOUND for anybody else."""
    wanted = set(refs)
    if not wanted:
        return []
    if by.phone_index is None or by.person is None:
        raise Refused(NOT_FOUND)
    rows = Resident.objects.filter(phone_index=by.phone_index, ref__in=wanted)
    found = list(rows.exclude(id=by.person))
    if len(found) != len(wanted):
        raise Refused(NOT_FOUND)
    return found


def _headed(by: Actor) -> Household:
    row = Household.objects.select_for_update().filter(head_id=by.person, ended_at=None).first()
    if row is None or by.person is None:
        raise Refused(NOT_FOUND)
    return row


def _members(household: Household) -> QuerySet[HouseholdMember]:
    return HouseholdMember.objects.filter(household=household, left_at=None)


def _has_room(household: Household) -> None:
    if _members(household).filter(joined_at__isnull=False).count() >= MOST_MEMBERS:
        raise Refused(SubjectRefusals.HOUSEHOLD_FULL)
