"""Households from a village's list: tried first, then all of it or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from uuid import UUID

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import Work, command
from puhui.kernel.crypto import blind_index
from puhui.parties.actions.households import MOST_MEMBERS, founded, let_in
from puhui.parties.identifiers import IdentifierError, identity_number
from puhui.parties.models import HouseholdMember, Resident
from puhui.parties.rules import registers
from puhui.parties.subject_terms import SubjectRefusals
from puhui.parties.terms import Channel, ImportReport, Refusals
from puhui.sheets.reading import read
from puhui.sheets.terms import Found, Row, report

COUNTY = ("county", "1")


@dataclass(slots=True)
class _Group:
    """The rows of one household."""

    heads: list[Resident] = field(default_factory=list, repr=False)
    others: list[Resident] = field(default_factory=list, repr=False)
    lines: list[int] = field(default_factory=list)


@command(Role.COUNTY_ADMIN, Role.VILLAGE_COMMISSIONER)
def import_households(
    work: Work, content: bytes, *, dry_run: bool = False, by: Actor
) -> ImportReport:
    """Households from a table (CSV or xlsx): which household, identity number, whether head.

    Every person must be registered; a village commissioner enters people of that village alone.
    A household whose people are together already is left as it is. With any error, or on a dry run,
    nothing is written; errors name line, column and rule, never the number. One journal row per file.
    """
    found = Found("households")
    rows = read(content, registers.HOUSEHOLDS, found)
    groups = _groups(rows, by, found)
    housed = _housed(groups)
    fresh = [one for one in groups.values() if _is_fresh(one, housed, found)]
    told = report(len(rows), len(fresh), 0, [found], dry_run)
    if not told.is_done:
        return told
    for one in fresh:
        household = founded(work, one.heads[0], via=str(Channel.IMPORT))
        for member in one.others:
            let_in(work, household, member)
    if fresh:
        digest = hashlib.sha256(content).hexdigest()
        work.record(
            "households_imported", COUNTY, rows=len(rows), created=len(fresh), sha256=digest
        )
    return told


def _groups(rows: list[Row], by: Actor, found: Found) -> dict[str, _Group]:
    people = _people(rows)
    groups: dict[str, _Group] = {}
    seen: set[str] = set()
    for row in rows:
        group = groups.setdefault(row["household"], _Group())
        group.lines.append(row.line)
        person = people.get(_number(row))
        if person is None:
            found.add(row.line, SubjectRefusals.MEMBER_UNKNOWN)
        elif person.ref in seen:
            found.add(row.line, Refusals.IDENTITY_TWICE)
        elif by.role is Role.VILLAGE_COMMISSIONER and person.village_id not in by.areas:
            found.add(row.line, Refusals.VILLAGE_NOT_YOURS)
        else:
            seen.add(person.ref)
            (group.heads if row["head"] else group.others).append(person)
    return groups


def _number(row: Row) -> str:
    try:
        return identity_number(row["identity_number"]).full
    except IdentifierError:
        return ""


def _people(rows: list[Row]) -> dict[str, Resident]:
    """The registered people of the table by their number: one statement."""
    numbers = {number for row in rows if (number := _number(row))}
    by_index = {blind_index("identity_number", one): one for one in numbers}
    held = Resident.objects.filter(identity_index__in=list(by_index))
    return {by_index[bytes(one.identity_index)]: one for one in held}


def _housed(groups: dict[str, _Group]) -> dict[UUID, UUID]:
    """Who of the table is in which household, or waits for one: one statement."""
    people = [one.pk for group in groups.values() for one in (*group.heads, *group.others)]
    rows = HouseholdMember.objects.filter(resident_id__in=people, left_at=None)
    return dict(rows.values_list("resident_id", "household_id"))


def _is_fresh(group: _Group, housed: dict[UUID, UUID], found: Found) -> bool:
    """Whether the household is to be founded; what is wrong with it is told at its rows."""
    line, people = group.lines[0], [*group.heads, *group.others]
    if len(people) != len(group.lines):
        return False
    if len(group.heads) != 1:
        found.add(line, SubjectRefusals.HEAD_COUNT)
        return False
    if len(people) > MOST_MEMBERS:
        found.add(line, SubjectRefusals.HOUSEHOLD_FULL)
        return False
    homes = [housed.get(one.pk) for one in people]
    if not any(homes):
        return True
    if None in homes or len(set(homes)) > 1:
        found.add(line, SubjectRefusals.MEMBER_ELSEWHERE)
    return False
