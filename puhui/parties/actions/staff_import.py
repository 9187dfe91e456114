"""Staff by the thousand: all of them or, with any error, none; the same list again changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import Work, command
from puhui.kernel.crypto import blind_index
from puhui.parties.actions.lookups import Organisations, Places
from puhui.parties.actions.organisations import next_staff_number
from puhui.parties.models import Duty, Organisation, RosterShift, Staff
from puhui.parties.rules import names, registers
from puhui.parties.rules import organisations as rules
from puhui.parties.rules.registration import judged_phone
from puhui.parties.terms import ImportReport, Refusals, StaffLine
from puhui.sheets.reading import read
from puhui.sheets.terms import Found, report

COUNTY = ("county", "1")
Key = tuple[str, ...]


@dataclass(slots=True)
class _Row:
    """A right row: who, where, as what."""

    line: int
    ref: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    phone_index: bytes = field(repr=False)
    organisation: Organisation
    role: str
    area: str
    bank: Organisation | None
    leaves: bool

    @property
    def duty(self) -> tuple[str, str]:
        return self.role, self.area


@dataclass(slots=True)
class _Plan:
    """What a list will do, before it does any of it."""

    fresh: list[Staff] = field(default_factory=list)
    altered: dict[str, Staff] = field(default_factory=dict)
    given: list[Duty] = field(default_factory=list)
    seconded: list[Duty] = field(default_factory=list)
    ended: list[Duty] = field(default_factory=list)
    left: list[Staff] = field(default_factory=list)
    created: int = 0
    changed: int = 0


@command(Role.COUNTY_ADMIN)
def import_staff(
    work: Work,
    rows: Sequence[StaffLine] | bytes,
    *,
    dry_run: bool = False,
    at: datetime | None = None,
    by: Actor,
) -> ImportReport:
    """Take a list of staff with duties and areas (M018): rows, or a table (xlsx, CSV) of the form
    `staff_template`. One row is one duty; a person may have several rows.

    A person is known by `ref`, else by organisation and phone: whoever is known gets the name, the
    phone and the duties that the list adds, and of a duty that they have the bank that the row names
    (an empty cell takes none away); a row that leaves ends its duty and, with the last one, the
    service (`closed_refs`), but never the asker's own. Whoever the list does not name stays. `at`: since when they serve
    (absent: now). With any error, or on a dry run, nothing is written; errors name line, column and
    rule. One statement per table, whatever the length; each person is journalled with the list's
    hash.
    """
    found = Found("staff")
    numbered = _from_table(rows, found) if isinstance(rows, bytes) else list(enumerate(rows, 1))
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE parties_staff IN SHARE ROW EXCLUSIVE MODE")
    right = _judged(numbered, found)
    plan = _planned(work, right, at or work.now, found)
    told = report(
        len(numbered),
        plan.created,
        plan.changed,
        [found],
        dry_run,
        closed=len(plan.ended),
        closed_refs=[one.ref for one in plan.left],
    )
    if told.is_done and told.same < told.rows:
        _write(work, plan, _digest(rows))
    return told


def _from_table(content: bytes, found: Found) -> list[tuple[int, StaffLine]]:
    return [
        (
            row.line,
            StaffLine(
                row["name"],
                row["phone"],
                row["organisation"],
                row["role"],
                row["ref"],
                row["township"],
                row["village"],
                row["seconded_from"],
                row["state"] == registers.OFF,
            ),
        )
        for row in read(content, registers.STAFF, found)
    ]


def _digest(rows: Sequence[StaffLine] | bytes) -> str:
    """Of a file its own; of rows the hash of who serves where as what, without their names."""
    if isinstance(rows, bytes):
        return hashlib.sha256(rows).hexdigest()
    told = (f"{r.organisation}|{r.role}|{r.township}|{r.village}|{r.ref}" for r in rows)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _judged(numbered: Sequence[tuple[int, StaffLine]], found: Found) -> list[_Row]:
    places, organisations = Places.load(), Organisations.load()
    right = (_row(line, form, places, organisations, found) for line, form in numbered)
    return [one for one in right if one is not None]


def _row(
    line: int, form: StaffLine, places: Places, organisations: Organisations, found: Found
) -> _Row | None:
    """A right row; None with every error of it told."""
    before, name, ref = found.count, names.tidy(form.name), form.ref.strip().upper()
    phone, misdialled = judged_phone(form.phone)
    if misdialled is not None:
        found.tell(line, misdialled)
    if not names.is_name(name):
        found.add(line, Refusals.STAFF_NAME)
    if ref and not rules.STAFF_REF.fullmatch(ref):
        found.add(line, Refusals.STAFF_REF, "ref")
    organisation, bank = organisations.get(form.organisation), None
    if organisation is None:
        found.add(line, registers.ORGANISATION_UNKNOWN)
    elif rules.role_of(form.role, organisation.kind) is None:
        found.add(line, Refusals.ROLE_BAD)
    if form.seconded_from:
        bank = organisations.get(form.seconded_from)
        if bank is None or bank.kind != "bank":
            found.add(line, registers.BANK_UNKNOWN, "seconded_from")
        elif form.role not in rules.MAY_COME_FROM_A_BANK:
            found.add(line, Refusals.NO_BANKER_HERE)
    area = _area(line, form, places, found)
    if found.count > before or organisation is None:
        return None
    index = blind_index("phone", phone)
    return _Row(line, ref, name, phone, index, organisation, form.role, area, bank, form.leaves)


def _area(line: int, form: StaffLine, places: Places, found: Found) -> str:
    """The code of the duty's township or village; empty for a duty without one."""
    if form.role == Role.TOWNSHIP_ADMIN:
        if form.township:
            return places.township(form.township, line, found)
        found.add(line, registers.TOWNSHIP_NEEDED)
    if form.role == Role.VILLAGE_COMMISSIONER:
        if form.village and not form.township and form.village.strip() in places.by_code:
            return form.village.strip()
        if not form.township:
            found.add(line, registers.TOWNSHIP_NEEDED)
        if not form.village:
            found.add(line, registers.VILLAGE_NEEDED)
        if form.township and form.village:
            township = places.township(form.township, line, found)
            if township:
                return places.village(township, form.village, line, found, is_natural_taken=True)
    return ""


def _planned(work: Work, rows: list[_Row], since: datetime, found: Found) -> _Plan:
    """Row by row against whoever serves now and whoever the list has already brought."""
    plan = _Plan()
    known = _Known.load(rows)
    for row in rows:
        person = known.person(row)
        if person is None and row.leaves:
            found.add(row.line, registers.NOT_SERVING)
        elif person is None:
            _add(plan, known, row, since)
        elif not person.is_active:
            found.add(row.line, registers.HAS_LEFT)
        elif person.organisation_id != row.organisation.id:
            found.add(row.line, registers.MOVED)
        elif row.leaves and person.id == work.by.person:
            found.add(row.line, Refusals.OWN_SERVICE, "state")
        elif row.leaves:
            _leave(plan, known, row, person, work.now, found)
        else:
            _update(plan, known, row, person, since, found)
    plan.left = [
        person
        for person in {one.staff.ref: one.staff for one in plan.ended}.values()
        if not known.duties.get(person.ref)
    ]
    return plan


@dataclass(slots=True)
class _Known:
    """Whoever the county knows already, and their duties that have not ended."""

    by_ref: dict[str, Staff]
    by_phone: dict[tuple[object, bytes], Staff]
    duties: dict[str, dict[tuple[str, str], Duty]]
    lines: dict[str, int]
    next_number: int

    @classmethod
    def load(cls, rows: list[_Row]) -> _Known:
        indexes = [row.phone_index for row in rows]
        refs = [row.ref for row in rows if row.ref]
        people = list(Staff.objects.filter(ref__in=refs))
        serving = list(Staff.objects.filter(phone_index__in=indexes, is_active=True))
        staff = {one.id: one for one in (*people, *serving)}
        held: dict[str, dict[tuple[str, str], Duty]] = {}
        for duty in Duty.objects.filter(staff__in=list(staff), ends_at__isnull=True):
            duty.staff = staff[duty.staff_id]
            held.setdefault(duty.staff.ref, {})[duty.role, duty.area_id or ""] = duty
        return cls(
            {one.ref: one for one in staff.values()},
            {(one.organisation_id, bytes(one.phone_index)): one for one in serving},
            held,
            {},
            next_staff_number(),
        )

    def person(self, row: _Row) -> Staff | None:
        if row.ref:
            return self.by_ref.get(row.ref)
        return self.by_phone.get((row.organisation.id, row.phone_index))

    def number(self, row: _Row) -> str:
        if row.ref:
            return row.ref
        while str(self.next_number) in self.by_ref:
            self.next_number += 1
        self.next_number += 1
        return str(self.next_number - 1)


def _add(plan: _Plan, known: _Known, row: _Row, since: datetime) -> None:
    person = Staff(ref=known.number(row), organisation=row.organisation)
    person.name, person.phone = row.name, row.phone
    plan.fresh.append(person)
    known.by_ref[person.ref] = person
    known.by_phone[row.organisation.id, row.phone_index] = person
    known.lines[person.ref] = row.line
    _give(plan, known, row, person, since)
    plan.created += 1


def _update(
    plan: _Plan, known: _Known, row: _Row, person: Staff, since: datetime, found: Found
) -> None:
    first = known.lines.setdefault(person.ref, row.line)
    differs = person.name != row.name or person.phone != row.phone
    if differs and first != row.line:
        found.add(row.line, registers.PERSON_DIFFERS, first=first)
        return
    if differs:
        person.name, person.phone = row.name, row.phone
        plan.altered[person.ref] = person
    duty = known.duties.get(person.ref, {}).get(row.duty)
    is_seconded = duty is not None and _second(plan, row, duty, first, found)
    if duty is None:
        _give(plan, known, row, person, since)
    if duty is None and person._state.adding:
        plan.created += 1
    elif differs or duty is None or is_seconded:
        plan.changed += 1


def _second(plan: _Plan, row: _Row, duty: Duty, first: int, found: Found) -> bool:
    """The bank that a deputy comes from decides what the deputy may see (domain.md ruling 11)."""
    if row.bank is None or duty.seconded_from_id == row.bank.id:
        return False
    if duty._state.adding or duty in plan.seconded:
        found.add(row.line, registers.ROW_TWICE, "seconded_from", first=first)
        return False
    duty.seconded_from = row.bank
    plan.seconded.append(duty)
    return True


def _give(plan: _Plan, known: _Known, row: _Row, person: Staff, since: datetime) -> None:
    duty = Duty(
        staff=person,
        role=row.role,
        area_id=row.area or None,
        seconded_from=row.bank,
        starts_at=since,
    )
    plan.given.append(duty)
    known.duties.setdefault(person.ref, {})[row.duty] = duty


def _leave(
    plan: _Plan, known: _Known, row: _Row, person: Staff, now: datetime, found: Found
) -> None:
    duty = known.duties.get(person.ref, {}).pop(row.duty, None)
    if duty is None or duty._state.adding:
        found.add(row.line, registers.NOT_SERVING)
        return
    duty.ends_at = now
    plan.ended.append(duty)


def _write(work: Work, plan: _Plan, digest: str) -> None:
    Staff.objects.bulk_create(plan.fresh, batch_size=1000)
    for person in plan.altered.values():
        person.save()
        work.record("staff_changed", ("staff", person.ref), sha256=digest)
    Duty.objects.bulk_create(plan.given, batch_size=1000)
    Duty.objects.bulk_update(plan.seconded, ["seconded_from"], batch_size=1000)
    Duty.objects.filter(id__in=[one.id for one in plan.ended]).update(ends_at=work.now)
    leaving = [one.id for one in plan.left]
    Staff.objects.filter(id__in=leaving).update(is_active=False, left_at=work.now)
    RosterShift.objects.filter(staff__in=leaving, starts_at__gt=work.now).delete()
    RosterShift.objects.filter(staff__in=leaving, ends_at__gt=work.now).update(ends_at=work.now)
    for duty in plan.given:
        work.record(
            "duty_given",
            ("staff", duty.staff.ref),
            duty=duty.id,
            role=duty.role,
            area=duty.area_id or "",
            seconded_from=duty.seconded_from.ref if duty.seconded_from else "",
        )
    for duty in plan.seconded:
        bank = duty.seconded_from.ref if duty.seconded_from else ""
        work.record("duty_seconded", ("staff", duty.staff.ref), duty=duty.id, seconded_from=bank)
    for duty in plan.ended:
        work.record("duty_ended", ("staff", duty.staff.ref), role=duty.role, duty=duty.id)
    for person in plan.left:
        work.record("staff_left", ("staff", person.ref))
    work.record(
        "staff_imported",
        COUNTY,
        people=len(plan.fresh),
        duties=len(plan.given),
        ended=len(plan.ended),
        left=len(plan.left),
        sha256=digest,
    )
