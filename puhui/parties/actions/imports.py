"""Residents by the thousand: all of them or, with any error, none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from django.db import transaction

from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused, Work, command
from puhui.kernel.copying import copy_rows
from puhui.kernel.crypto import blind_index, cell_sealer, new_id
from puhui.parties.models import Division, Resident
from puhui.parties.rules.name_tokens import tokeniser
from puhui.parties.rules.references import resident_ref
from puhui.parties.rules.registration import Person, judged
from puhui.parties.terms import (
    PEOPLE_PER_PHONE,
    Channel,
    ImportReport,
    Refusals,
    Registration,
)
from puhui.sheets.reading import in_batches, read
from puhui.sheets.terms import Column, Found, Kind, Limits, report

COUNTY = ("county", "1")
AT_ONCE = 5_000
COLUMNS = (
    Column("name", "姓名", may_be_empty=True),
    Column(
        "identity_number",
        "身份证号",
        Kind.CODE,
        also=("身份证号码", "公民身份号码"),
        may_be_empty=True,
    ),
    Column("phone", "手机号", Kind.CODE, also=("手机", "电话"), may_be_empty=True),
    Column("village_code", "村编码", Kind.CODE, also=("村代码",), may_be_empty=True),
    Column("village_text", "村名", needed=False),
)
LIMITS = Limits(size=512 * 2**20, rows=2_000_000)
"""A whole county's residents come in one file."""
COPY = {
    "id": "uuid",
    "ref": "text",
    "name": "bytea",
    "name_tokens": "int8[]",
    "identity_number": "bytea",
    "identity_index": "bytea",
    "phone": "bytea",
    "phone_index": "bytea",
    "phone_seat": "int2",
    "village_id": "text",
    "village_text": "bytea",
    "registered_at": "timestamptz",
    "registered_via": "text",
}
"""The columns of a resident as they are copied."""
SEATS = range(1, PEOPLE_PER_PHONE + 1)


@dataclass(slots=True)
class _Candidate:
    """A right row and its blind indexes."""

    line: int
    person: Person = field(repr=False)
    home: Division
    identity_index: bytes
    phone_index: bytes


RowMaker = Callable[[_Candidate, int], tuple[object, ...]]


@command(Role.COUNTY_ADMIN)
def import_residents(
    work: Work,
    rows: Sequence[Registration] | bytes,
    *,
    dry_run: bool = False,
    at: datetime | None = None,
    by: Actor,
) -> ImportReport:
    """Register many residents: rows, or a table (CSV or xlsx) with `name`, `identity_number`, `phone`,
    `village_code` and, for a village not in the table, `village_text` (Chinese headings too).

    The rules are those of `register_resident`; whoever is registered already on the same phone is
    left alone. `at`: when they registered, for a migrating county's history (absent: now). One
    journal row per 5,000 with a keyed hash of them. With any error, or on a dry run, nothing is
    written; errors name line, column and rule. Refuses IMPORT_RACED.
    """
    found = Found("residents")
    numbered = _from_csv(rows, found) if isinstance(rows, bytes) else list(enumerate(rows, 1))
    candidates = _candidates(numbered, work.now, found)
    fresh = _seated(_unregistered(candidates, found), found)
    told = report(len(numbered), len(fresh), 0, [found], dry_run)
    if told.is_done:
        as_row = _row_maker(at or work.now)
        for batch in in_batches(fresh, AT_ONCE):
            _write(work, batch, as_row, at or work.now)
    return told


def _from_csv(content: bytes, found: Found) -> list[tuple[int, Registration]]:
    return [
        (
            row.line,
            Registration(
                row["name"],
                row["identity_number"],
                row["phone"],
                row["village_code"],
                row["village_text"],
            ),
        )
        for row in read(content, COLUMNS, found, LIMITS)
    ]


def _candidates(
    numbered: Sequence[tuple[int, Registration]], now: datetime, found: Found
) -> list[_Candidate]:
    """Rows whose every field is right and whose identity number stands in no other row."""
    homes = {division.code: division for division in Division.objects.filter(is_active=True)}
    today, seen, right = local_date(now), set[bytes](), []
    for line, form in numbered:
        person, errors = judged(form, today)
        home = homes.get(form.village_code.strip())
        for error in errors:
            found.tell(line, error)
        if home is None or (home.parent_id is None and not form.village_text.strip()):
            found.add(line, Refusals.VILLAGE_EMPTY)
        elif person is not None:
            identity_index = blind_index("identity_number", person.identity.full)
            if identity_index in seen:
                found.add(line, Refusals.IDENTITY_TWICE)
                continue
            seen.add(identity_index)
            phone_index = blind_index("phone", person.phone)
            right.append(_Candidate(line, person, home, identity_index, phone_index))
    return right


def _unregistered(candidates: list[_Candidate], found: Found) -> list[_Candidate]:
    """Candidates whose identity number is new; on another phone already, it is an error."""
    fresh = []
    for batch in in_batches(candidates, AT_ONCE):
        held = {
            bytes(identity): bytes(phone)
            for identity, phone in Resident.objects.filter(
                identity_index__in=[one.identity_index for one in batch]
            ).values_list("identity_index", "phone_index")
        }
        for one in batch:
            if one.identity_index not in held:
                fresh.append(one)
            elif held[one.identity_index] != one.phone_index:
                found.add(one.line, Refusals.IDENTITY_TAKEN)
    return fresh


def _seated(candidates: list[_Candidate], found: Found) -> list[tuple[_Candidate, int]]:
    """Each candidate with a place on the phone; a sixth is an error."""
    taken: dict[bytes, set[int]] = {}
    for batch in in_batches(candidates, AT_ONCE):
        held = Resident.objects.filter(phone_index__in=[one.phone_index for one in batch])
        for phone, held_seat in held.values_list("phone_index", "phone_seat"):
            taken.setdefault(bytes(phone), set()).add(held_seat)
    seated = []
    for one in candidates:
        held_seats = taken.setdefault(one.phone_index, set())
        seat = next((seat for seat in SEATS if seat not in held_seats), 0)
        if not seat:
            found.add(one.line, Refusals.PHONE_FULL)
        else:
            held_seats.add(seat)
            seated.append((one, seat))
    return seated


def _write(
    work: Work, batch: Sequence[tuple[_Candidate, int]], as_row: RowMaker, at: datetime
) -> None:
    try:
        with transaction.atomic():
            copy_rows("parties_resident", COPY, (as_row(one, seat) for one, seat in batch))
    except psycopg.IntegrityError as error:
        raise Refused(Refusals.IMPORT_RACED) from error
    digest = hashlib.sha256(b"".join(one.identity_index for one, _seat in batch)).hexdigest()
    work.record("residents_imported", COUNTY, rows=len(batch), sha256=digest, registered_at=at)


def _row_maker(at: datetime) -> RowMaker:
    """Makes a resident as COPY takes it; its blind indexes were made when it was judged."""
    name, identity_number = cell_sealer(Resident, "name"), cell_sealer(Resident, "identity_number")
    phone, village_text = cell_sealer(Resident, "phone"), cell_sealer(Resident, "village_text")
    tokens = tokeniser()

    def as_row(one: _Candidate, seat: int) -> tuple[object, ...]:
        pk, person = new_id(), one.person
        return (
            pk,
            resident_ref(),
            name(pk, person.name),
            tokens(person.name),
            identity_number(pk, person.identity.full),
            one.identity_index,
            phone(pk, person.phone),
            one.phone_index,
            seat,
            one.home.code,
            village_text(pk, "" if one.home.parent_id else person.village_text),
            at,
            Channel.IMPORT.value,
        )

    return as_row
