"""The county's registers as its administrator sees them: organisations, people, places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from puhui.kernel import journal
from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.crypto import decrypt_cell
from puhui.kernel.prepared import Prepared
from puhui.parties.models import (
    Branch,
    Division,
    Duty,
    Organisation,
    RosterShift,
    Staff,
    VillageBank,
)
from puhui.parties.rules.names import mask_name
from puhui.parties.rules.pinyin import person_key

LOOKERS = (*COUNTY, Role.AUDITOR)
KIND = Division.Kind
REGISTERS = ("organisation", "staff", "division", "county")


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation with how many serve there and how many outlets it has."""

    ref: str
    kind: str
    name: str
    sms_name: str
    type_name: str
    duty_phone: str
    township_code: str
    township: str
    has_interface: bool
    position: int
    is_active: bool
    closed_at: datetime | None
    staff: int
    branches: int


@dataclass(frozen=True, slots=True)
class BranchRow:
    """An outlet of a bank."""

    id: UUID
    organisation_ref: str
    organisation: str
    name: str
    township_code: str
    township: str
    address: str
    phone: str
    opening_hours: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty somebody has or had."""

    id: UUID
    role: str
    area_code: str
    area: str
    seconded_from: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff with the duties that have not ended. For the county's administrator."""

    id: UUID
    ref: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    organisation_ref: str
    organisation: str
    is_active: bool
    left_at: datetime | None
    duties: tuple[DutyRow, ...]

    @property
    def name_masked(self) -> str:
        return mask_name(self.name)


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """`words`: number, name, its pinyin or initials, organisation or area. `sort`: ref, name,
    organisation. `state`: on, off or empty for both."""

    words: str = ""
    role: str = ""
    organisation: str = ""
    township: str = ""
    state: str = "on"
    sort: str = "ref"


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place with what hangs on it; `beneath` in order of pinyin."""

    code: str
    name: str
    short_name: str
    kind: str
    pinyin: str
    is_active: bool
    specialists: int
    bank: str
    beneath: tuple[PlaceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Remembered:
    """One entry of a record's history, by references."""

    at: datetime
    action: str
    by_ref: str
    facts: dict[str, object]


@query(*LOOKERS)
def organisation_rows(actor: Actor, kind: str = "", words: str = "") -> list[OrganisationRow]:
    """Every organisation, the closed ones last, by kind, the county's order, reference."""
    rows = Organisation.objects.select_related("township").annotate(
        serving=Count("staff", filter=Q(staff__is_active=True), distinct=True),
        outlets=Count("branches", filter=Q(branches__closed_at__isnull=True), distinct=True),
    )
    rows = rows.filter(kind=kind) if kind else rows
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(ref__iexact=words) | Q(sms_name=words))
    return [_organisation(row) for row in rows.order_by("-is_active", "kind", "position", "ref")]


def _organisation(row: Organisation) -> OrganisationRow:
    return OrganisationRow(
        ref=row.ref,
        kind=row.kind,
        name=row.name,
        sms_name=row.sms_name,
        type_name=row.type_name,
        duty_phone=row.duty_phone,
        township_code=row.township_id or "",
        township=row.township.name if row.township else "",
        has_interface=row.has_interface,
        position=row.position,
        is_active=row.is_active,
        closed_at=row.closed_at,
        staff=row.serving,  # type: ignore[attr-defined]
        branches=row.outlets,  # type: ignore[attr-defined]
    )


@query(*LOOKERS)
def organisation_row(actor: Actor, ref: str) -> OrganisationRow:
    """One organisation, a closed one too. Refuses NOT_FOUND."""
    found = [one for one in organisation_rows(actor, words=ref) if one.ref == ref]
    if not found:
        raise Refused(NOT_FOUND)
    return found[0]


@query(*LOOKERS)
def branch_rows(actor: Actor, organisation_ref: str = "") -> list[BranchRow]:
    """Outlets of all banks or of one, open ones first, by bank and name."""
    rows = Branch.objects.select_related("organisation", "township")
    if organisation_ref:
        rows = rows.filter(organisation__ref=organisation_ref)
    return [
        BranchRow(
            row.id,
            row.organisation.ref,
            row.organisation.name,
            row.name,
            row.township_id,
            row.township.name,
            row.address,
            row.phone,
            row.opening_hours,
            row.closed_at,
        )
        for row in rows.order_by("organisation__position", "closed_at", "township__pinyin", "name")
    ]


@query(*LOOKERS)
def staff_rows(actor: Actor, wanted: StaffFilter) -> list[StaffRow]:
    """Members of staff by a filter, with their duties; two statements. A search by name reads the
    names of whoever the other conditions leave: a county's staff, never its residents."""
    rows = _staff(wanted)
    duties = _duties(rows.values("id"))
    found: Iterable[StaffRow] = [_staff_row(row, duties.get(row.id, ())) for row in rows]
    if wanted.words:
        found = [one for one in found if _matches(one, wanted.words.strip().lower())]
    if wanted.sort == "name":
        found = sorted(found, key=lambda one: (person_key(one.name), one.ref))
    return list(found)


def _staff(wanted: StaffFilter) -> QuerySet[Staff]:
    rows = Staff.objects.select_related("organisation")
    if wanted.state in ("on", "off"):
        rows = rows.filter(is_active=wanted.state == "on")
    if wanted.organisation:
        rows = rows.filter(organisation__ref=wanted.organisation)
    if wanted.role or wanted.township:
        held = Duty.objects.filter(ends_at__isnull=True)
        held = held.filter(role=wanted.role) if wanted.role else held
        held = held.filter(area__township_code=wanted.township) if wanted.township else held
        rows = rows.filter(id__in=held.values("staff"))
    order = ("organisation__name", "ref") if wanted.sort == "organisation" else ("ref",)
    return rows.order_by(*order)


def _matches(one: StaffRow, words: str) -> bool:
    where = (duty.area for duty in one.duties)
    plain = (one.ref.lower(), one.name, one.organisation, one.organisation_ref.lower(), *where)
    if any(words in text for text in plain):
        return True
    return words.isascii() and any(part.startswith(words) for part in person_key(one.name).split())


def _duties(staff: QuerySet[Staff, Any]) -> dict[UUID, tuple[DutyRow, ...]]:
    rows = Duty.objects.select_related("area", "area__parent", "seconded_from").filter(
        staff__in=staff, ends_at__isnull=True
    )
    found: dict[UUID, tuple[DutyRow, ...]] = {}
    for row in rows.order_by("starts_at", "id"):
        found[row.staff_id] = (*found.get(row.staff_id, ()), _duty(row))
    return found


def _duty(row: Duty) -> DutyRow:
    area, bank = row.area, row.seconded_from
    above = f"{area.parent.short_name} · " if area and area.parent else ""
    return DutyRow(
        row.id,
        row.role,
        row.area_id or "",
        f"{above}{area.short_name}" if area else "",
        bank.name if bank else "",
        row.starts_at,
        row.ends_at,
    )


def _staff_row(row: Staff, duties: tuple[DutyRow, ...]) -> StaffRow:
    return StaffRow(
        row.id,
        row.ref,
        row.name,
        row.phone,
        row.organisation.ref,
        row.organisation.name,
        row.is_active,
        row.left_at,
        duties,
    )


@query(*LOOKERS)
def staff_record(actor: Actor, ref: str) -> StaffRow:
    """One member of staff with every duty, the ended ones too. Refuses NOT_FOUND."""
    row = Staff.objects.select_related("organisation").filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    duties = Duty.objects.select_related("area", "area__parent", "seconded_from").filter(staff=row)
    return _staff_row(row, tuple(_duty(one) for one in duties.order_by("-starts_at", "id")))


@query(*LOOKERS)
def area_tree(actor: Actor) -> list[PlaceRow]:
    """Every place of the county, the closed ones too, in its tree (M020): three statements,
    whatever its size. `specialists` counts those bound to the place itself."""
    held = dict(
        Duty.objects.filter(
            role=Role.VILLAGE_COMMISSIONER, ends_at__isnull=True, staff__is_active=True
        )
        .values("area")
        .annotate(n=Count("staff", distinct=True))
        .values_list("area", "n")
    )
    banks = dict(VillageBank.objects.values_list("village_id", "organisation__name"))
    beneath: dict[str, list[Division]] = {}
    for row in Division.objects.order_by("pinyin", "code"):
        beneath.setdefault(row.parent_id or "", []).append(row)

    def place(row: Division) -> PlaceRow:
        return PlaceRow(
            row.code,
            row.name,
            row.short_name,
            row.kind,
            row.pinyin,
            row.is_active,
            held.get(row.code, 0),
            banks.get(row.code, ""),
            tuple(place(one) for one in beneath.get(row.code, ())),
        )

    return [place(row) for row in beneath.get("", ())]


@query(*LOOKERS)
def place_found(actor: Actor, code: str) -> PlaceRow:
    """One place with what lies beneath it. Refuses NOT_FOUND."""
    for one in _all(area_tree(actor)):
        if one.code == code:
            return one
    raise Refused(NOT_FOUND)


def _all(places: Iterable[PlaceRow]) -> Iterator[PlaceRow]:
    for one in places:
        yield one
        yield from _all(one.beneath)


@query(*LOOKERS)
def history_of(actor: Actor, kind: str, ref: str) -> list[Remembered]:
    """What was done to a record (organisation, staff, division, county), newest first, from the
    journal: references only. Refuses NOT_FOUND for another kind."""
    if kind not in REGISTERS:
        raise Refused(NOT_FOUND)
    return [
        Remembered(one.at, one.action, one.by["ref"], dict(one.facts))
        for one in reversed(journal.timeline([(kind, ref)]))
    ]


@query(*LOOKERS)
def roster_turns(
    actor: Actor, begins: datetime, ends: datetime, organisation_ref: str = ""
) -> list[tuple[str, str, str, str, datetime, datetime]]:
    """Turns of duty that touch a span: organisation's reference and name, staff number, masked
    name, start, end; by organisation and time."""
    found = _turns_of(begins, ends, organisation_ref) if organisation_ref else _turns(begins, ends)
    return [
        (ref, name, staff, mask_name(decrypt_cell(Staff, "name", key, sealed)), starts, until)
        for ref, name, staff, key, sealed, starts, until in found
    ]


def _within(begins: datetime, ends: datetime) -> QuerySet[Any, Any]:
    rows = RosterShift.objects.filter(starts_at__lt=ends, ends_at__gt=begins)
    ordered = rows.order_by(
        "organisation__position", "organisation__ref", "starts_at", "staff__ref"
    )
    return ordered.values_list(
        *("organisation__ref", "organisation__name", "staff__ref", "staff_id", "staff__name"),
        *("starts_at", "ends_at"),
    )


@Prepared
def _turns(begins: datetime, ends: datetime) -> QuerySet[Any, Any]:
    return _within(begins, ends)


@Prepared
def _turns_of(begins: datetime, ends: datetime, organisation: str) -> QuerySet[Any, Any]:
    return _within(begins, ends).filter(organisation__ref=organisation)
