"""Building the demo county: all of it, or nothing."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from itertools import chain

from django.db import transaction

from puhui.catalogue import actions as catalogue
from puhui.consent import actions as consents
from puhui.demo import asides, overseeing, people, places, supermarket, tables
from puhui.demo.crowd import Crowd
from puhui.demo.firms import founded, settle_households
from puhui.demo.ledger import Ledger
from puhui.demo.neighbours import neighbours
from puhui.demo.offices import COME_LATER, play_offices
from puhui.demo.outlets import write_directory
from puhui.demo.past import past_demands, registered_at
from puhui.demo.personas import LATE_PHONE, LI_PHONE, SON_PHONE
from puhui.demo.requests import Request, shipped
from puhui.demo.sizes import SIZES, Meter, Progress, Size
from puhui.demo.staffing import PAST_DAYS, Desks, commissioners, staff_all, staff_areas, staff_banks
from puhui.demo.story import Story
from puhui.demo.supermarket import extra_products, put_institutions
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.clock import local, local_date
from puhui.kernel.command import database_now, history, moment
from puhui.kernel.crypto import blind_index
from puhui.kernel.models import Installation
from puhui.market import actions as market
from puhui.parties import actions as parties
from puhui.parties import queries
from puhui.parties.terms import (
    Applicant,
    DivisionCard,
    ImportReport,
    Registration,
    RollEntry,
)

SEED = 371525
COUNTY, HOTLINE, SIGNATURE = "冠县", "0000-1100", "【冠县普惠】"
UNIT = "经济开发区"
NATURAL_VILLAGES = 760
NATURAL_ENDINGS = ("东头", "西头", "南头", "北头", "河沿", "新庄", "后街", "前街")
SHARED_HOME, LATE_HOME = "兰沃乡", "桑阿镇"
REGISTERED_BEFORE = timedelta(days=330)
FAMOUS = 4
ROLL_AT_ONCE, PEOPLE_AT_ONCE, CASES_AT_ONCE = 50_000, 30_000, 2_000
PLACES, STAFFING, ACTORS, STORY, PAST = 500, 500, 500, 20, 30
"""What these steps weigh in the progress bar, in rows."""


def run(scale: str = "small", progress: Progress = lambda _done, _all, _what: None) -> None:
    """Build the demo in one transaction: whole, or, whatever interrupts it, not at all.

    `progress(done, all, what)` is called as it goes, counting rows.
    """
    if scale not in SIZES:
        raise SystemExit(f"no demo of scale {scale}; there is: {', '.join(SIZES)}")
    size, requests = SIZES[scale], shipped()
    meter = Meter(progress, _weight(size, requests))
    with transaction.atomic():
        now = database_now()
        Installation.objects.create(kind=Installation.Kind.DEMO, county_name=COUNTY, created_at=now)
        rng = random.Random(SEED)
        with history(now - timedelta(days=PAST_DAYS), by=SYSTEM):
            desks, applicants = _settle(rng, size, now, meter)
        _open_all_day(now)
        _fill_places(desks, applicants, now)
        asides.play(_play(rng, desks, applicants, now, meter), desks, now)
        overseeing.fill(random.Random(SEED + 14), desks, now)
        play_offices(desks)


def _fill_places(desks: Desks, applicants: Applicants, now: datetime) -> None:
    """The eight places, with dice of their own: they change nothing in the stories."""
    homes = _homes(queries.townships(SYSTEM))
    li, home = applicants.famous["li"], homes[SHARED_HOME][0]
    deputy = desks.deputies[home.township_code][0]
    places.fill(random.Random(SEED + 8), homes, li, deputy, now, SHARED_HOME)
    phones = [one for many in applicants.phones.values() for one in many]
    supermarket.put_views(phones, local_date(now))


def _weight(size: Size, requests: list[Request]) -> int:
    fixed = PLACES + STAFFING + ACTORS + STORY * len(requests)
    fixed += size.specialists + PAST * size.past_demands
    return fixed + size.people + max(0, size.registered - size.actors - FAMOUS - COME_LATER)


def _settle(
    rng: random.Random, size: Size, now: datetime, meter: Meter
) -> tuple[Desks, Applicants]:
    """Places, banks, staff, products, people."""
    townships = _places()
    meter.add(PLACES, "区划")
    desks = staff_all(rng, townships, now)
    homes = _homes(townships)
    commissioners(rng, _helped(homes), homes[SHARED_HOME][2].code)
    meter.add(STAFFING, "机构和人员")
    if size.is_fully_staffed:
        staff_banks(rng)
    staff_areas(random.Random(SEED + 46), townships, _looked_after(homes, size), size)
    meter.add(size.specialists, "村金融专员")
    consents.put_text(by=SYSTEM)
    catalogue.put_products(tables.products(), by=SYSTEM)
    write_directory()
    _village_banks(rng, homes)
    applicants, actors = _residents(rng, homes, size.actors)
    meter.add(ACTORS, "群众")
    _fill(_crowd(size, actors, townships, now), actors, size, meter)
    if not size.past_demands:
        past = list(neighbours(actors[FAMOUS:], now, SEED + 77))
        _expect(market.import_history(past, by=SYSTEM))
    if size.has_whole_shelf:  # after the past, whose consents name the banks of that time
        put_institutions()
        catalogue.put_products(extra_products(), by=SYSTEM)
    return desks, applicants


def _crowd(
    size: Size, actors: list[Registration], townships: list[DivisionCard], now: datetime
) -> Crowd:
    """Everybody whom the stories do not name."""
    year = local_date(now).year
    eligible = sum(18 <= year - int(one.identity_number[6:10]) <= 65 for one in actors)
    others = size.others - (len(actors) - eligible)
    children, elderly = others * 43 // 100, others * 30 // 100
    villages = [v.code for t in townships for v in queries.villages(SYSTEM, t.code)]
    return Crowd(
        year=year,
        eligible=size.eligible - eligible,
        children=children,
        elderly=elderly,
        away=others - children - elderly,
        villages=villages,
    )


def _fill(crowd: Crowd, actors: list[Registration], size: Size, meter: Meter) -> None:
    """The county's roll and its register, as a county would load them."""
    known = [RollEntry(one.identity_number, one.village_code, True) for one in actors]
    for entries in meter.over(chain(known, crowd.roll()), ROLL_AT_ONCE, "人口底册"):
        _expect(parties.import_population(entries, by=SYSTEM))
    left = max(0, size.registered - len(actors) - COME_LATER)
    batches = meter.over(crowd.registered(left), PEOPLE_AT_ONCE, "注册群众")
    for turn, rows in enumerate(batches):
        _expect(parties.import_residents(rows, at=registered_at(turn), by=SYSTEM))
    if size.past_demands:
        ledger = Ledger(size.past_demands)
        cases = past_demands(ledger, crowd, left, PEOPLE_AT_ONCE)
        for some in meter.over(cases, CASES_AT_ONCE, "两年的需求", PAST):
            _expect(market.import_history(some, by=SYSTEM))


def _expect(report: ImportReport) -> None:
    if not report.is_done:
        raise RuntimeError(f"invented rows are refused: {report.errors[:3]}")


def _places() -> list[DivisionCard]:
    """The county, its real divisions, the development zone by hand, natural villages beneath."""
    parties.set_county(COUNTY, COUNTY, HOTLINE, sms_signature=SIGNATURE, by=SYSTEM)
    report = parties.import_divisions(
        tables.content(tables.TOWNSHIPS), tables.content(tables.VILLAGES), by=SYSTEM
    )
    if not report.is_done:
        raise RuntimeError("the shipped divisions do not load")
    parties.add_unit(UNIT, by=SYSTEM)
    townships = queries.townships(SYSTEM)
    villages = [v for t in townships for v in queries.villages(SYSTEM, t.code)]
    rows = [
        (village.code, f"{village.short_name.removesuffix('村')}{NATURAL_ENDINGS[turn]}")
        for turn in range(len(NATURAL_ENDINGS))
        for village in villages
    ]
    parties.add_natural_villages(rows[:NATURAL_VILLAGES], by=SYSTEM)
    return townships


def _open_all_day(now: datetime) -> None:
    """A demo begun at night can be played at once: duty hours of that day run to midnight."""
    if time(7, 30) <= local(now).time() < time(20, 30):
        return
    for day in (local_date(now) - timedelta(days=1), local_date(now)):
        market.set_duty_day(day, time(0, 0), time(23, 59), by=SYSTEM)


def _homes(townships: list[DivisionCard]) -> dict[str, list[DivisionCard]]:
    """Villages of each township-level unit by its name; the zone borrows its neighbour's."""
    homes = {
        one.name: [v for v in queries.villages(SYSTEM, one.code) if v.kind == "village"]
        for one in townships
    }
    return {name: villages for name, villages in homes.items() if villages}


def _looked_after(homes: dict[str, list[DivisionCard]], size: Size) -> list[DivisionCard]:
    """Villages that get their specialist; a small county shows some that still have none."""
    villages = [one for name in homes for one in homes[name]]
    if size.is_fully_staffed:
        return villages
    empty = {one.code for one in (*homes[SHARED_HOME][:2], *villages[29::37])}
    return [one for one in villages if one.code not in empty]


def _helped(homes: dict[str, list[DivisionCard]]) -> list[DivisionCard]:
    """Villages with a finance commissioner: in the deputy's township all but two, else three."""
    return [
        village
        for name, villages in homes.items()
        for village in (villages[2:] if name == SHARED_HOME else villages[:3])
    ]


def _village_banks(rng: random.Random, homes: dict[str, list[DivisionCard]]) -> None:
    rows = []
    for villages in homes.values():
        bank = rng.choice(("B01", "B01", "B03", "B02"))
        rows += [(village.code, bank) for village in villages]
    parties.set_village_banks(rows, by=SYSTEM)


class Applicants:
    """Who may ask, by township; each is handed out once."""

    def __init__(self, phones: dict[str, list[str]], famous: dict[str, Actor]) -> None:
        self.phones, self.famous = phones, famous

    def take(self, request: Request) -> Actor:
        if request.person:
            return self.famous[request.person]
        return _actor_on(self.phones[request.township].pop())


def _residents(
    rng: random.Random, homes: dict[str, list[DivisionCard]], count: int
) -> tuple[Applicants, list[Registration]]:
    """Who plays the stories: the famous one by one, all others as a county would load them."""
    home = homes[SHARED_HOME][0].code
    forms = {
        "li": Registration("李建民", people.identity_number(1, "19781016"), LI_PHONE, home),
        "son": Registration("李志强", people.identity_number(2, "19820409"), SON_PHONE, home),
        "feng": Registration(
            "冯玉梅", people.identity_number(4, "19790823"), LATE_PHONE, homes[LATE_HOME][0].code
        ),
        "granny": Registration("李桂兰", people.identity_number(3, "19580212"), SON_PHONE, home),
    }
    famous = {key: _register(form) for key, form in forms.items()}
    names = [*homes, UNIT]
    zone = next(t.code for t in queries.townships(SYSTEM) if t.name == UNIT)
    crowd = list(people.residents(rng, 100, count))
    rows = []
    for place, person in enumerate(crowd):
        where = names[place % len(names)]
        code = zone if where == UNIT else rng.choice(homes[where]).code
        text = "开发区小区" if where == UNIT else ""
        rows.append(Registration(person.name, person.identity_number, person.phone, code, text))
    _expect(parties.import_residents(rows, at=moment() - REGISTERED_BEFORE, by=SYSTEM))
    phones: dict[str, list[str]] = {name: [] for name in names}
    for place, row in enumerate(rows):
        phones[names[place % len(names)]].append(row.phone)
    return Applicants(phones, famous), [*forms.values(), *rows]


def _register(form: Registration) -> Actor:
    return actor_of(parties.register_resident(form, via="page", by=SYSTEM))


def _actor_on(phone: str) -> Actor:
    (person,) = queries.residents_on_number(SYSTEM, blind_index("phone", phone))
    return actor_of(person)


def actor_of(person: Applicant) -> Actor:
    """The actor that a resident is when signed in."""
    return Actor(
        Role.RESIDENT,
        ref=person.ref,
        person=person.id,
        phone_index=blind_index("phone", person.phone),
    )


def _play(
    rng: random.Random, desks: Desks, applicants: Applicants, now: datetime, meter: Meter
) -> dict[int, Story]:
    """Every request from its publication to now; by number."""
    founded_at = now - timedelta(days=PAST_DAYS - 1)
    stories = {}
    for request in shipped():
        applicant = applicants.take(request)
        firm = founded(request.firm, applicant, founded_at) if request.firm else ""
        story = Story(request, applicant, desks, rng, now, firm)
        story.play()
        stories[request.number] = story
        meter.add(STORY, "需求")
    with history(founded_at, by=SYSTEM):
        settle_households(applicants.famous)
    return stories
