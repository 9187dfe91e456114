"""Who works in the demo county: banks with officers and rosters, deputies, commissioners, the county."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from puhui.demo import people, tables
from puhui.demo.outlets import open_branches
from puhui.demo.sizes import Size
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import moment
from puhui.parties import actions as parties
from puhui.parties import queries
from puhui.parties.terms import DivisionCard, DutyForm, Shift, StaffCard, StaffLine

PAST_DAYS, COMING_DAYS = 40, 30
OPENS, CHANGES, CLOSES = time(7, 30), time(14, 30), time(21, 30)
OFFICERS = {"B01": 6, "B03": 4}
FEWEST_OFFICERS = 3
FAMOUS = {"B01": ("2037", "周文静"), "B06": ("2601", "马立东")}
"""Officers whom visitors meet (personas), by bank."""
PLAYED = frozenset({*FAMOUS, "B03"})
"""Banks that visitors play: the live mode leaves them alone."""


@dataclass(slots=True)
class Desks:
    """Everybody who acts in the demo, as actors."""

    officers: dict[str, list[Actor]] = field(default_factory=dict)
    heads: dict[str, Actor] = field(default_factory=dict)
    deputies: dict[str, list[Actor]] = field(default_factory=dict)
    supervisor: Actor = SYSTEM
    administrator: Actor = SYSTEM


SPECIALIST = "4101"
"""Whom visitors meet of the village specialists (personas)."""


class Numbers:
    """Staff phones, one after the other."""

    def __init__(self) -> None:
        self.given = 0

    def phone(self) -> str:
        self.given += 1
        return people.phone(self.given, people.STAFF_PHONE_PREFIX)


def staff_all(rng: random.Random, townships: list[DivisionCard], now: datetime) -> Desks:
    """Banks, township governments, the county's centre, and everybody in them."""
    desks, numbers = Desks(), Numbers()
    for bank in tables.banks():
        _bank(desks, bank, rng, numbers, townships, now)
    for township in townships:
        _township(desks, township, rng, numbers)
    _county(desks, rng, numbers, now)
    return desks


def _bank(
    desks: Desks,
    bank: tables.DemoBank,
    rng: random.Random,
    numbers: Numbers,
    townships: list[DivisionCard],
    now: datetime,
) -> None:
    parties.create_organisation(
        bank.name,
        "bank",
        ref=bank.ref,
        sms_name=bank.sms_name,
        type_name=bank.type_name,
        duty_phone=bank.duty_phone,
        has_interface=bank.has_interface,
        position=bank.position,
        by=SYSTEM,
    )
    open_branches(bank, townships)
    base = 2000 + bank.position * 100
    famous = FAMOUS.get(bank.ref)
    cards = []
    for number in range(OFFICERS.get(bank.ref, FEWEST_OFFICERS)):
        ref, name = (
            famous if famous and number == 0 else (str(base + 11 + number), people.name(rng))
        )
        cards.append(_person(bank.ref, name, numbers, Role.LOAN_OFFICER, ref=ref))
    head = _person(bank.ref, people.name(rng), numbers, Role.BANK_ADMIN, ref=str(base + 99))
    desks.officers[bank.ref] = [actor_of(card, bank.ref) for card in cards]
    desks.heads[bank.ref] = actor_of(head, bank.ref)
    shifts = list(_shifts([card.ref for card in cards], bank.has_night_duty, now))
    parties.set_roster(bank.ref, shifts, by=SYSTEM)


def _shifts(refs: list[str], has_night_duty: bool, now: datetime) -> Iterable[Shift]:
    """Two officers a shift, changing each day; the first officer takes every day shift."""
    first = local_date(now) - timedelta(days=PAST_DAYS)
    for step in range(PAST_DAYS + COMING_DAYS):
        day = first + timedelta(days=step)
        opens, changes, closes = (at_local(day, one) for one in (OPENS, CHANGES, CLOSES))
        other = refs[1 + step % (len(refs) - 1)]
        yield Shift(refs[0], opens, closes)
        yield Shift(other, opens, changes)
        yield Shift(refs[-1] if other != refs[-1] else refs[1], changes, closes)
        if has_night_duty or refs[0] == "2601":
            yield Shift(refs[0], closes, at_local(day + timedelta(days=1), OPENS))


def _township(desks: Desks, township: DivisionCard, rng: random.Random, numbers: Numbers) -> None:
    ref = f"T{township.code[-3:]}"
    parties.create_organisation(
        f"{township.name}政府" if township.kind == "township" else f"{township.name}管委会",
        "township",
        ref=ref,
        township_code=township.code,
        by=SYSTEM,
    )
    is_famous = township.short_name.startswith("兰沃")
    first = _deputy(
        ref,
        "陈学军" if is_famous else people.name(rng),
        numbers,
        township.code,
        number="3101" if is_famous else f"32{township.code[-3:]}",
        seconded="B01" if is_famous else rng.choice(("B02", "B03", "B05", "B11")),
    )
    desks.deputies[township.code] = [actor_of(first, ref, township.code)]
    if is_famous:
        second = _deputy(
            ref, people.name(rng), numbers, township.code, number="3102", seconded="B03"
        )
        desks.deputies[township.code].append(actor_of(second, ref, township.code))


def _deputy(
    ref: str, name: str, numbers: Numbers, area: str, *, number: str, seconded: str
) -> StaffCard:
    return parties.create_staff(
        ref,
        name,
        numbers.phone(),
        ref=number,
        duties=[DutyForm(str(Role.TOWNSHIP_ADMIN), area, seconded)],
        by=SYSTEM,
    )


def commissioners(rng: random.Random, villages: list[DivisionCard], famous: str) -> None:
    """A finance commissioner for each of these villages, of the township's government; visitors
    meet the one of the village `famous`."""
    numbers = Numbers()
    numbers.given = 500
    for village in villages:
        parties.create_staff(
            f"T{village.township_code[-3:]}",
            people.name(rng),
            numbers.phone(),
            ref=SPECIALIST if village.code == famous else "",
            duties=[DutyForm(str(Role.VILLAGE_COMMISSIONER), village.code)],
            by=SYSTEM,
        )


def staff_banks(rng: random.Random) -> None:
    """Every officer whom the banks of a whole county employ (content.md §4.1)."""
    numbers = Numbers()
    numbers.given = 3000
    for bank in tables.banks():
        for number in range(OFFICERS.get(bank.ref, FEWEST_OFFICERS), bank.officers):
            ref = str(20_000 + bank.position * 1_000 + number)
            _person(bank.ref, people.name(rng), numbers, Role.LOAN_OFFICER, ref=ref)


def staff_areas(
    rng: random.Random, townships: list[DivisionCard], villages: list[DivisionCard], size: Size
) -> None:
    """Deputies in every township and specialists in these villages, as a county would load its
    list: up to the size's numbers, whoever is served least first (M018)."""
    numbers = Numbers()
    numbers.given = 4000
    lines = []
    for number in range(size.deputies - len(townships) - 1):
        town = townships[number % len(townships)]
        lender = rng.choice(("B01", "B02", "B03", "B05", "B11"))
        duty = (f"T{town.code[-3:]}", str(Role.TOWNSHIP_ADMIN), str(33_000 + number), town.code)
        lines.append(StaffLine(people.name(rng), numbers.phone(), *duty, seconded_from=lender))
    served = _specialists(villages)
    for number in range(size.specialists - sum(served.values())):
        village = min(villages, key=lambda one: served[one.code])
        served[village.code] += 1
        town_ref, role = f"T{village.township_code[-3:]}", str(Role.VILLAGE_COMMISSIONER)
        duty = (town_ref, role, str(40_000 + number), village.township_code)
        lines.append(StaffLine(people.name(rng), numbers.phone(), *duty, village=village.code))
    report = parties.import_staff(lines, at=moment(), by=SYSTEM)
    if not report.is_done:
        raise RuntimeError(f"invented staff are refused: {report.errors[:3]}")


def _specialists(villages: list[DivisionCard]) -> dict[str, int]:
    """How many specialists each village has by now."""
    now = moment()
    held = queries.duty_holders(SYSTEM, Role.VILLAGE_COMMISSIONER, now=now)
    served = {one.code: 0 for one in villages}
    for card in held:
        served[card.area_code] = served.get(card.area_code, 0) + 1
    return served


def _county(desks: Desks, rng: random.Random, numbers: Numbers, now: datetime) -> None:
    parties.create_organisation("县金融运行监测中心", "county", ref="C01", by=SYSTEM)
    card = _person("C01", "刘海燕", numbers, Role.COUNTY_SUPERVISOR, ref="5001")
    _person("C01", people.name(rng), numbers, Role.COUNTY_SUPERVISOR, ref="5002")
    admin = _person("C01", people.name(rng), numbers, Role.COUNTY_ADMIN, ref="5009")
    _person("C01", people.name(rng), numbers, Role.AUDITOR, ref="5090")
    desks.supervisor = actor_of(card, "C01")
    desks.administrator = actor_of(admin, "C01")
    parties.set_roster("C01", list(_shifts(["5001", "5002"], True, now)), by=SYSTEM)


def _person(organisation: str, name: str, numbers: Numbers, role: Role, *, ref: str) -> StaffCard:
    return parties.create_staff(
        organisation, name, numbers.phone(), ref=ref, duties=[DutyForm(str(role))], by=SYSTEM
    )


def actor_of(card: StaffCard, organisation: str, area: str = "") -> Actor:
    """The actor that a member of staff is when signed in."""
    bank = None
    if card.seconded_from_ref:
        bank = queries.bank(SYSTEM, card.seconded_from_ref).id
    return Actor(
        Role(card.role),
        ref=card.ref,
        person=card.id,
        organisation=card.organisation,
        organisation_ref=organisation,
        areas=frozenset({area}) if area else frozenset(),
        seconded_from=bank,
        duty=card.duty,
    )
