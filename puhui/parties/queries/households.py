"""The asker's own household; nobody else's, and nobody's requests."""

from __future__ import annotations

from puhui.kernel.actor import Actor, Role, query
from puhui.parties.models import Division, HouseholdMember, Resident
from puhui.parties.rules.names import mask_name
from puhui.parties.subject_terms import HouseholdCard, KinContact, MemberCard


@query(Role.RESIDENT)
def my_household(actor: Actor) -> HouseholdCard | None:
    """The household that the signed-in resident is in, or asks to join; None without one.

    Members are masked. Who waits, and who else is on the phone, is the head's to see alone.
    """
    own = _own(actor)
    if own is None:
        return None
    household = own.household
    township = Division.objects.get(code=household.village.township_code)
    is_head = household.head_id == actor.person and own.joined_at is not None
    rows = [] if own.joined_at is None else _rows(own)
    cards = [_card(row.resident, row, actor, household.head_id == row.resident_id) for row in rows]
    return HouseholdCard(
        number=household.number,
        village=household.village.short_name,
        township=township.short_name,
        is_head=is_head,
        is_waiting=own.joined_at is None,
        members=tuple(one for one in cards if one.joined_at is not None),
        asking=tuple(one for one in cards if one.joined_at is None) if is_head else (),
        nearby=nearby(actor) if is_head else (),
    )


@query(Role.RESIDENT)
def people_nearby(actor: Actor) -> tuple[MemberCard, ...]:
    """Others registered on the session's phone who are in no household: one may found one with them."""
    return nearby(actor)


def nearby(actor: Actor) -> tuple[MemberCard, ...]:
    if actor.phone_index is None or actor.person is None:
        return ()
    housed = HouseholdMember.objects.filter(left_at=None).values("resident_id")
    rows = Resident.objects.filter(phone_index=actor.phone_index).exclude(id=actor.person)
    found = rows.exclude(id__in=housed).order_by("phone_seat")
    return tuple(_card(one, None, actor, False) for one in found)


@query(Role.RESIDENT)
def kin(actor: Actor) -> list[KinContact]:
    """Others of the asker's household, who may be named to take a call; nobody before joining."""
    own = _own(actor)
    if own is None or own.joined_at is None:
        return []
    people = [row.resident for row in _rows(own) if row.joined_at is not None]
    return [
        KinContact(one.ref, one.name, mask_name(one.name), one.phone)
        for one in people
        if one.id != actor.person
    ]


def _own(actor: Actor) -> HouseholdMember | None:
    if actor.person is None:
        return None
    rows = HouseholdMember.objects.filter(resident_id=actor.person, left_at=None)
    return rows.select_related("household__village").first()


def _rows(own: HouseholdMember) -> list[HouseholdMember]:
    rows = HouseholdMember.objects.filter(household_id=own.household_id, left_at=None)
    return list(rows.select_related("resident").order_by("asked_at", "id"))


def _card(one: Resident, row: HouseholdMember | None, actor: Actor, is_head: bool) -> MemberCard:
    return MemberCard(
        ref=one.ref,
        name_masked=mask_name(one.name),
        phone_tail=one.phone[-4:] if row is not None and row.joined_at is not None else "",
        is_head=is_head,
        is_self=one.id == actor.person,
        joined_at=row.joined_at if row else None,
    )
