"""Who is on duty when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import FieldError, Invalid, Work, command
from puhui.parties.actions.organisations import own_organisation
from puhui.parties.models import Duty, Organisation, RosterShift, Staff
from puhui.parties.rules.registration import wrong
from puhui.parties.rules.rosters import Turn, is_span, is_turn, merged, outside
from puhui.parties.terms import Refusals, Shift


@command(Role.BANK_ADMIN, Role.COUNTY_ADMIN, Role.COUNTY_SUPERVISOR)
def set_roster(
    work: Work,
    organisation_ref: str,
    shifts: Sequence[Shift],
    *,
    span: tuple[datetime, datetime] | None = None,
    by: Actor,
) -> int:
    """Plan who is on duty; returns how many turns stand within the span (content.md K3).

    What was planned within `span` (absent: from the first start to the last end) is replaced, what
    lies before and after stays. Turns of one person that overlap or touch become one. A bank's
    administrator plans only that bank. Refuses NOT_FOUND; (Invalid) `shifts.<n>.staff`,
    `shifts.<n>.ends_at`, `shifts`.
    """
    organisation = own_organisation(by, organisation_ref)
    people = _people(organisation)
    found = [error for place, shift in enumerate(shifts) for error in _wrong(place, shift, people)]
    if (span is None and not shifts) or (span is not None and not is_span(*span)):
        found.append(wrong(Refusals.SHIFTS_EMPTY))
    if found:
        raise Invalid(found)
    starts = [shift.starts_at for shift in shifts] + ([span[0]] if span else [])
    ends = [shift.ends_at for shift in shifts] + ([span[1]] if span else [])
    turns = merged(Turn(people[one.staff_ref], one.starts_at, one.ends_at) for one in shifts)
    _replace(organisation, turns, min(starts), max(ends))
    work.record(
        "roster_set",
        ("organisation", organisation.ref),
        turns=len(turns),
        begins=min(starts),
        ends=max(ends),
    )
    return len(turns)


def _people(organisation: Organisation) -> dict[str, UUID]:
    """Staff with a duty that has not ended, by number. Their organisation's row is held meanwhile,
    so that two rosters are set one after the other."""
    Organisation.objects.select_for_update().get(id=organisation.id)
    duty = Duty.objects.filter(staff=OuterRef("pk"), ends_at__isnull=True)
    staff = Staff.objects.filter(Exists(duty), organisation=organisation, is_active=True)
    return dict(staff.values_list("ref", "id"))


def _wrong(place: int, shift: Shift, people: dict[str, UUID]) -> list[FieldError]:
    found = []
    if shift.staff_ref not in people:
        found.append(wrong(Refusals.SHIFT_STAFF))
    if not is_turn(shift.starts_at, shift.ends_at):
        found.append(wrong(Refusals.SHIFT_TIMES))
    return [FieldError(f"shifts.{place}.{one.field}", one.code, one.sentence) for one in found]


def _replace(
    organisation: Organisation, turns: list[Turn], begins: datetime, ends: datetime
) -> None:
    touched = RosterShift.objects.filter(
        organisation=organisation, starts_at__lt=ends, ends_at__gt=begins
    )
    kept = [
        part
        for row in touched
        for part in outside(Turn(row.staff_id, row.starts_at, row.ends_at), begins, ends)
    ]
    touched.delete()
    RosterShift.objects.bulk_create(
        RosterShift(
            organisation=organisation,
            staff_id=turn.staff,
            starts_at=turn.starts_at,
            ends_at=turn.ends_at,
        )
        for turn in merged((*kept, *turns))
    )
