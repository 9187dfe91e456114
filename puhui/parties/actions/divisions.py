"""The county and its places: townships, units of their level, villages, natural villages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import connection

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import Invalid, Refused, Work, command
from puhui.parties.models import County, Division, Organisation, VillageBank
from puhui.parties.queries.places import division_card
from puhui.parties.rules import divisions as rules
from puhui.parties.rules.organisations import HOTLINE_PLACES, SIGNATURE, is_line
from puhui.parties.rules.pinyin import place_key
from puhui.parties.rules.registration import wrong
from puhui.parties.terms import DivisionCard, ImportReport, Refusals
from puhui.sheets.reading import read
from puhui.sheets.terms import Found, report

KIND = Division.Kind
COUNTY = ("county", "1")
CHANGEABLE = ("name", "short_name", "pinyin", "is_active", "closed_at")
LARGEST_FEN = (1_000_000, 100_000_000_000)


@command(Role.COUNTY_ADMIN)
def set_county(
    work: Work,
    name: str,
    short_name: str,
    hotline: str,
    *,
    sms_signature: str = "",
    largest_amount_fen: int = 5_000_000_000,
    five_one_three: str = "",
    by: Actor,
) -> None:
    """Say which county this is. `largest_amount_fen`: the most one request may ask for.

    Refuses (Invalid): name, hotline, sms_signature (at most 8 characters with its brackets),
    largest_amount_fen, five_one_three (content.md §0).
    """
    signature = sms_signature or f"【{short_name}普惠】"
    checks = (
        (1 <= len(name) <= 20 and 1 <= len(short_name) <= 4, wrong(Refusals.COUNTY_NAME)),
        (is_line(hotline, HOTLINE_PLACES), wrong(Refusals.HOTLINE_BAD)),
        (SIGNATURE.fullmatch(signature) is not None, wrong(Refusals.SIGNATURE_BAD)),
        (LARGEST_FEN[0] <= largest_amount_fen <= LARGEST_FEN[1], wrong(Refusals.LARGEST_BAD)),
        (len(five_one_three) <= 200, wrong(Refusals.FIVE_ONE_THREE)),
    )
    found = [error for is_right, error in checks if not is_right]
    if found:
        raise Invalid(found)
    County.objects.update_or_create(
        id=1,
        defaults={
            "name": name,
            "short_name": short_name,
            "hotline": hotline,
            "sms_signature": signature,
            "largest_amount_fen": largest_amount_fen,
            "five_one_three": five_one_three,
        },
    )
    work.record("county_set", COUNTY, name=name, largest_amount_fen=largest_amount_fen)


@command(Role.COUNTY_ADMIN)
def import_divisions(
    work: Work, townships: bytes, villages: bytes, *, dry_run: bool = False, by: Actor
) -> ImportReport:
    """Load townships (`code`, `name`) and villages (`code`, `name`, `streetCode`) of a county.

    CSV (UTF-8 or GBK) or xlsx. The same files again change nothing; a new name changes the name; a
    closed place that the files hold opens again; one that they no longer hold stays. With any error, or on a dry run, nothing is written. Errors name
    file, line, column and rule (contract.md `import-divisions`).
    """
    _one_at_a_time()
    found = Found("townships"), Found("villages")
    towns = rules.townships(read(townships, rules.TOWNSHIP_COLUMNS, found[0]), found[0])
    here = {division.code: division for division in Division.objects.all()}
    known = {town.code for town in towns} | {
        code for code, one in here.items() if one.parent_id is None
    }
    places = rules.villages(read(villages, rules.VILLAGE_COLUMNS, found[1]), known, found[1])
    fresh, changed = [], []
    for place in (*towns, *places):
        wanted = _division(place)
        if (held := here.get(place.code)) is None:
            fresh.append(wanted)
        elif _take_over(held, wanted):
            changed.append(held)
    told = report(len(towns) + len(places), len(fresh), len(changed), found, dry_run)
    if told.is_done:
        Division.objects.bulk_create(fresh, batch_size=1000)
        Division.objects.bulk_update(changed, CHANGEABLE, batch_size=1000)
        digest = hashlib.sha256(townships + b"\x00" + villages).hexdigest()
        work.record(
            "divisions_imported",
            COUNTY,
            rows=told.rows,
            created=told.created,
            changed=told.changed,
            sha256=digest,
        )
    return told


def _one_at_a_time() -> None:
    """Those who add places wait for each other; readers, and residents who point at a place, do not."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE parties_division IN SHARE ROW EXCLUSIVE MODE")


def _division(place: rules.Place) -> Division:
    return Division(
        code=place.code,
        name=place.name,
        short_name=place.short_name,
        kind=KIND.VILLAGE if place.parent else KIND.TOWNSHIP,
        parent_id=place.parent or None,
        township_code=place.parent or place.code,
        pinyin=place.pinyin,
    )


def _take_over(held: Division, wanted: Division) -> bool:
    """Bring `held` to what the file says; whether anything differed."""
    differs = False
    for name in CHANGEABLE:
        if getattr(held, name) != getattr(wanted, name):
            setattr(held, name, getattr(wanted, name))
            differs = True
    return differs


@command(Role.COUNTY_ADMIN)
def add_unit(work: Work, name: str, code: str = "", *, by: Actor) -> DivisionCard:
    """Add a township-level unit that the tables lack, such as a development zone (content.md §4.6).

    Without `code` the next free one is taken (371525U01). The same name again gives the same unit.
    Refuses DIVISION_NAME, DIVISION_CODE, DIVISION_TAKEN, DIVISIONS_MISSING.
    """
    name, code = name.strip(), code.strip().upper()
    if not rules.is_name(name):
        raise Refused(Refusals.DIVISION_NAME)
    if code and not rules.UNIT_CODE.fullmatch(code):
        raise Refused(Refusals.DIVISION_CODE)
    _one_at_a_time()
    first = Division.objects.filter(kind=KIND.TOWNSHIP).order_by("code").first()
    if first is None:
        raise Refused(Refusals.DIVISIONS_MISSING)
    units = {unit.code: unit for unit in Division.objects.filter(kind=KIND.UNIT)}
    held = (
        units.get(code) if code else next((one for one in units.values() if one.name == name), None)
    )
    if held is not None:
        if held.name != name:
            raise Refused(Refusals.DIVISION_TAKEN)
        return division_card(held)
    numbered = (f"{first.code[:6]}U{number:02d}" for number in range(1, 100))
    code = code or next(one for one in numbered if one not in units)
    unit = Division.objects.create(
        code=code,
        name=name,
        short_name=name,
        kind=KIND.UNIT,
        township_code=code,
        pinyin=place_key(name),
    )
    work.record("unit_added", ("division", code))
    return division_card(unit)


@command(Role.COUNTY_ADMIN)
def add_natural_village(work: Work, parent_code: str, name: str, *, by: Actor) -> DivisionCard:
    """Add a natural village beneath an administrative one; the same name again gives the same.

    Refuses (Invalid) a parent that is not a village, a bad name.
    """
    found, made = _natural_villages([(parent_code, name)])
    if found.errors:
        raise Invalid([wrong(_REASONS[one.code]) for one in found.errors])
    if made:
        work.record("natural_village_added", ("division", made[0].code))
        return division_card(made[0])
    return division_card(
        Division.objects.get(
            kind=KIND.NATURAL_VILLAGE, parent_id=parent_code.strip(), name=name.strip()
        )
    )


@command(Role.COUNTY_ADMIN)
def add_natural_villages(
    work: Work, rows: Sequence[tuple[str, str]], *, dry_run: bool = False, by: Actor
) -> ImportReport:
    """Add many: (code of the village, name of the natural village). Errors name the row from 1."""
    found, made = _natural_villages(rows, dry_run=dry_run)
    told = report(len(rows), len(made), 0, [found], dry_run)
    if told.is_done and made:
        work.record("natural_villages_added", COUNTY, rows=told.rows, created=told.created)
    return told


_REASONS = {one.code: one for one in (Refusals.PARENT_BAD, Refusals.DIVISION_NAME)}


def _natural_villages(
    rows: Sequence[tuple[str, str]], *, dry_run: bool = False
) -> tuple[Found, list[Division]]:
    """What is wrong with the rows, and the villages made (all of them or, with an error, none)."""
    _one_at_a_time()
    found = Found("natural_villages")
    codes = {parent.strip() for parent, _name in rows}
    parents = {one.code: one for one in Division.objects.filter(code__in=codes, kind=KIND.VILLAGE)}
    held: dict[str, set[str]] = {code: set() for code in parents}
    for code, parent, name in Division.objects.filter(
        kind=KIND.NATURAL_VILLAGE, parent__in=list(parents)
    ).values_list("code", "parent_id", "name"):
        held[str(parent)] |= {code, name}
    made: list[Division] = []
    for line, (parent_code, typed) in enumerate(rows, 1):
        parent_row, name = parents.get(parent_code.strip()), typed.strip()
        if parent_row is None:
            found.add(line, Refusals.PARENT_BAD)
        elif not rules.is_name(name):
            found.add(line, Refusals.DIVISION_NAME)
        elif name not in held[parent_row.code]:
            made.append(_natural_village(parent_row, name, held[parent_row.code]))
    if not (found.count or dry_run):
        Division.objects.bulk_create(made, batch_size=1000)
    return found, made


def _natural_village(parent: Division, name: str, held: set[str]) -> Division:
    numbered = (f"{parent.code}N{number:03d}" for number in range(1, 1000))
    code = next(one for one in numbered if one not in held)
    held |= {code, name}
    return Division(
        code=code,
        name=name,
        short_name=name,
        kind=KIND.NATURAL_VILLAGE,
        parent=parent,
        township_code=parent.township_code,
        pinyin=place_key(name),
    )


@command(Role.COUNTY_ADMIN)
def set_village_banks(work: Work, rows: Sequence[tuple[str, str]], *, by: Actor) -> int:
    """Name the banks responsible for villages (包村银行): (village code, organisation reference).

    All or none; one journal row. Returns how many. Refuses DIVISION_UNKNOWN, BANK_UNKNOWN,
    VILLAGE_TWICE with the places, counted from 1, of the two rows that name one village.
    """
    first: dict[str, int] = {}
    for row, (village, _bank) in enumerate(rows, 1):
        if first.setdefault(village, row) != row:
            raise Refused(Refusals.VILLAGE_TWICE, first=first[village], row=row)
    villages = set(
        Division.objects.filter(
            code__in={village for village, _bank in rows}, kind=KIND.VILLAGE
        ).values_list("code", flat=True)
    )
    banks = dict(
        Organisation.objects.filter(kind=Organisation.Kind.BANK, is_active=True).values_list(
            "ref", "id"
        )
    )
    if any(village not in villages for village, _bank in rows):
        raise Refused(Refusals.DIVISION_UNKNOWN)
    if any(bank not in banks for _village, bank in rows):
        raise Refused(Refusals.BANK_UNKNOWN)
    VillageBank.objects.bulk_create(
        [VillageBank(village_id=village, organisation_id=banks[bank]) for village, bank in rows],
        update_conflicts=True,
        unique_fields=["village"],
        update_fields=["organisation"],
    )
    work.record("village_banks_set", COUNTY, rows=len(rows), banks=sorted({b for _v, b in rows}))
    return len(rows)
