"""Organisations, outlets, village banks, natural villages and rosters from spreadsheets.

Each row goes through the same actions as a page, inside a savepoint: a dry run does everything and
takes it back, so what it shows is what the import does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import Refused, Work, command
from puhui.parties.actions.changing import (
    change_branch,
    change_organisation,
    close_branch,
    close_organisation,
    reopen_organisation,
)
from puhui.parties.actions.divisions import add_natural_villages, set_village_banks
from puhui.parties.actions.lookups import Organisations, Places
from puhui.parties.actions.organisations import add_branch, create_organisation
from puhui.parties.actions.rosters import set_roster
from puhui.parties.models import Branch, Organisation, RosterShift, VillageBank
from puhui.parties.rules import registers
from puhui.parties.terms import ImportReport, OrganisationForm, Shift
from puhui.sheets.reading import read
from puhui.sheets.terms import Column, Found, Row, report

COUNTY = ("county", "1")
TURN = ("staff__ref", "starts_at", "ends_at")


@dataclass(slots=True)
class _Tally:
    """What the rows did."""

    found: Found
    created: int = 0
    changed: int = 0
    closed: int = 0
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def is_new(self, row: Row, key: tuple[str, ...]) -> bool:
        """Whether no row before named the same thing; a second one is an error."""
        first = self.seen.setdefault(key, row.line)
        if first != row.line:
            self.found.add(row.line, registers.ROW_TWICE, first=first)
        return first == row.line


class _TakeBack(Exception):
    """Ends a savepoint whose changes must not stay."""


@contextmanager
def _savepoint(work: Work, keep: Callable[[], bool]) -> Iterator[None]:
    """What happens inside stays only if `keep` says so; journal and outbox with it."""
    entries, messages = len(work.entries), len(work.messages)
    try:
        with transaction.atomic():
            yield
            if not keep():
                raise _TakeBack
    except _TakeBack:
        del work.entries[entries:], work.messages[messages:]


def _imported(
    work: Work,
    content: bytes,
    columns: Sequence[Column],
    name: str,
    act: Callable[[Row, _Tally], None],
    *,
    dry_run: bool,
) -> ImportReport:
    """Read, do each row, keep all or none, journal once with the file's hash."""
    tally = _Tally(Found(name))
    rows = read(content, columns, tally.found)
    with _savepoint(work, lambda: not (tally.found.count or dry_run)):
        for row in rows:
            try:
                with transaction.atomic():
                    act(row, tally)
            except Refused as refused:
                _tell(tally.found, row.line, refused)
    return _told(work, name, content, tally, len(rows), dry_run=dry_run)


def _told(
    work: Work, name: str, content: bytes, tally: _Tally, rows: int, *, dry_run: bool
) -> ImportReport:
    told = report(rows, tally.created, tally.changed, [tally.found], dry_run, closed=tally.closed)
    if told.is_done and told.same < told.rows:
        work.record(
            f"{name}_imported",
            COUNTY,
            rows=told.rows,
            created=told.created,
            changed=told.changed,
            closed=told.closed,
            sha256=hashlib.sha256(content).hexdigest(),
        )
    return told


def _tell(found: Found, line: int, refused: Refused) -> None:
    for error in refused.errors:
        found.tell(line, error)
    if not refused.errors:
        found.add(line, refused.reason)


@command(Role.COUNTY_ADMIN)
def import_organisations(
    work: Work, content: bytes, *, dry_run: bool = False, by: Actor
) -> ImportReport:
    """Take a list of organisations: new ones are added, known ones (by 编号, else 名称) brought to
    what the row says, those marked 停用 closed. Whoever the list does not name stays.

    With any error, or on a dry run, nothing is written; errors name line, column and rule.
    """
    places, held = Places.load(), {}
    for row in Organisation.objects.all():
        held[row.ref] = held[row.name] = row

    def act(row: Row, tally: _Tally) -> None:
        known = held.get(row["ref"].upper()) if row["ref"] else held.get(row["name"])
        if not tally.is_new(row, (known.ref if known else row["name"],)):
            return
        township = row["township"] and places.township(row["township"], row.line, tally.found)
        if row["township"] and not township:
            return
        _take_organisation(row, known, township, tally, by)

    return _imported(work, content, registers.ORGANISATIONS, "organisations", act, dry_run=dry_run)


def _take_organisation(
    row: Row, known: Organisation | None, township: str, tally: _Tally, by: Actor
) -> None:
    form = OrganisationForm(
        row["name"],
        row["sms_name"] or (known.sms_name if known else ""),
        row["type_name"],
        row["duty_phone"],
        township,
        known.has_interface if known else False,
        known.position if known else 0,
    )
    if known is None:
        if row["state"] == registers.OFF:
            tally.found.add(row.line, registers.ORGANISATION_UNKNOWN, "ref")
            return
        create_organisation(
            form.name,
            row["kind"],
            ref=row["ref"],
            sms_name=form.sms_name,
            type_name=form.type_name,
            duty_phone=form.duty_phone,
            township_code=form.township_code,
            by=by,
        )
        tally.created += 1
        return
    if known.kind != row["kind"]:
        tally.found.add(row.line, registers.KIND_CHANGED)
        return
    if row["state"] == registers.OFF:
        if known.is_active:
            close_organisation(known.ref, by=by)
            tally.closed += 1
        return
    differs = change_organisation(known.ref, form, by=by)
    if not known.is_active:
        reopen_organisation(known.ref, by=by)
    tally.changed += differs or not known.is_active


@command(Role.COUNTY_ADMIN)
def import_branches(
    work: Work, content: bytes, *, dry_run: bool = False, by: Actor
) -> ImportReport:
    """Take a list of banks' outlets, known by bank and name; those marked 停用 are closed.

    With any error, or on a dry run, nothing is written; errors name line, column and rule.
    """
    places, banks = Places.load(), Organisations.load("bank")
    held = {(one.organisation_id, one.name): one for one in Branch.objects.all()}

    def act(row: Row, tally: _Tally) -> None:
        bank = banks.get(row["organisation"])
        township = places.township(row["township"], row.line, tally.found)
        if bank is None:
            tally.found.add(row.line, registers.BANK_UNKNOWN)
        elif township and tally.is_new(row, (bank.ref, row["name"])):
            _take_branch(row, bank, township, held.get((bank.id, row["name"])), tally, by)

    return _imported(work, content, registers.BRANCHES, "branches", act, dry_run=dry_run)


def _take_branch(
    row: Row, bank: Organisation, township: str, known: Branch | None, tally: _Tally, by: Actor
) -> None:
    more = {name: row[name] for name in ("address", "phone", "opening_hours")}
    if known is None and row["state"] == registers.OFF:
        tally.found.add(row.line, registers.ORGANISATION_UNKNOWN, "name")
    elif known is None:
        add_branch(bank.ref, row["name"], township, by=by, **more)
        tally.created += 1
    elif row["state"] == registers.OFF:
        tally.closed += close_branch(known.id, by=by)
    else:
        tally.changed += change_branch(known.id, row["name"], township, by=by, **more)


@command(Role.COUNTY_ADMIN)
def import_village_banks(
    work: Work, content: bytes, *, dry_run: bool = False, by: Actor
) -> ImportReport:
    """Take the list of which bank is responsible for which village (包村银行).

    With any error, or on a dry run, nothing is written; errors name line, column and rule.
    """
    places, banks = Places.load(), Organisations.load("bank")
    held = dict(VillageBank.objects.values_list("village_id", "organisation__ref"))
    wanted: list[tuple[str, str]] = []

    def act(row: Row, tally: _Tally) -> None:
        bank = banks.get(row["organisation"])
        if bank is None:
            tally.found.add(row.line, registers.BANK_UNKNOWN)
        township = places.township(row["township"], row.line, tally.found)
        village = township and places.village(
            township, row["village"], row.line, tally.found, is_natural_taken=False
        )
        if bank is None or not village or not tally.is_new(row, (village,)):
            return
        if held.get(village) != bank.ref:
            wanted.append((village, bank.ref))
            tally.created += village not in held
            tally.changed += village in held

    told = _imported(work, content, registers.VILLAGE_BANKS, "village_banks", act, dry_run=dry_run)
    if told.is_done and wanted:
        set_village_banks(wanted, by=by)
    return told


@command(Role.COUNTY_ADMIN)
def import_natural_villages(
    work: Work, content: bytes, *, dry_run: bool = False, by: Actor
) -> ImportReport:
    """Take a list of natural villages beneath administrative ones; a known one is left alone.

    With any error, or on a dry run, nothing is written; errors name line, column and rule.
    """
    tally = _Tally(Found("natural_villages"))
    rows = read(content, registers.NATURAL_VILLAGES, tally.found)
    places, wanted = Places.load(), []
    for row in rows:
        township = places.township(row["township"], row.line, tally.found)
        village = township and places.village(
            township, row["village"], row.line, tally.found, is_natural_taken=False
        )
        if village:
            wanted.append((row.line, village, row["name"]))
    told = add_natural_villages(
        [(village, name) for _line, village, name in wanted],
        dry_run=dry_run or bool(tally.found.count),
        by=by,
    )
    for error in told.errors:
        tally.found.add(wanted[error.line - 1][0], registers.NAME_BAD, "name")
    tally.created = told.created
    return _told(work, "natural_villages", content, tally, len(rows), dry_run=dry_run)


@command(Role.COUNTY_ADMIN)
def import_rosters(work: Work, content: bytes, *, dry_run: bool = False, by: Actor) -> ImportReport:
    """Take turns of duty of any number of organisations. Of each organisation that the file names,
    what was planned between its first start and its last end is replaced, the rest stays.

    With any error, or on a dry run, nothing is written; errors name line, column and rule.
    """
    tally = _Tally(Found("rosters"))
    rows, organisations = read(content, registers.ROSTERS, tally.found), Organisations.load()
    by_organisation: dict[str, list[tuple[int, Shift]]] = {}
    for row in rows:
        organisation = organisations.get(row["organisation"])
        if organisation is None:
            tally.found.add(row.line, registers.ORGANISATION_UNKNOWN)
            continue
        turn = Shift(row["staff"].upper(), row["starts_at"], row["ends_at"])
        by_organisation.setdefault(organisation.ref, []).append((row.line, turn))
    with _savepoint(work, lambda: not (tally.found.count or dry_run)):
        for ref, lines in by_organisation.items():
            _take_roster(work, ref, lines, tally, by)
    return _told(work, "rosters", content, tally, len(rows), dry_run=dry_run)


def _take_roster(
    work: Work, ref: str, lines: list[tuple[int, Shift]], tally: _Tally, by: Actor
) -> None:
    """Replace an organisation's turns unless they stand so already; a wrong turn names its line."""
    shifts = [shift for _line, shift in lines]
    span = min(one.starts_at for one in shifts), max(one.ends_at for one in shifts)
    planned = RosterShift.objects.filter(
        organisation__ref=ref, starts_at__lt=span[1], ends_at__gt=span[0]
    )
    held = set(planned.values_list(*TURN))
    if held == {(one.staff_ref, one.starts_at, one.ends_at) for one in shifts}:
        return
    wanted = {(one.staff_ref, one.starts_at, one.ends_at) for one in shifts}
    with _savepoint(work, lambda: set(planned.values_list(*TURN)) != held):
        try:
            with transaction.atomic():
                set_roster(ref, shifts, by=by)
        except Refused as refused:
            _tell_turns(refused, lines, tally.found)
            return
        now_held = set(planned.values_list(*TURN))
    if now_held != held:
        tally.created += len(wanted - held)
        tally.closed += len(held - now_held)


def _tell_turns(refused: Refused, lines: list[tuple[int, Shift]], found: Found) -> None:
    for error in refused.errors:
        _shifts, _, place = error.field.partition(".")
        number, _, column = place.partition(".")
        line = lines[int(number)][0] if number.isdigit() else lines[0][0]
        found.add(line, registers.TURN_BAD, column or "staff", rule=error.sentence)
