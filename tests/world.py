"""A small county for tests, built through the real actions: three banks, two townships, staff."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from puhui.consent import actions as consents
from puhui.kernel.actor import SYSTEM, Actor, Role, Via
from puhui.kernel.command import database_now
from puhui.kernel.crypto import blind_index
from puhui.kernel.models import Installation
from puhui.market import actions as market
from puhui.market.terms import DemandForm, ProposalForm, ReturnForm
from puhui.parties import actions as parties
from puhui.parties.terms import Applicant, DutyForm, Registration, Shift
from tests import again

TOWNSHIPS = b"code,name,areaCode,provinceCode,cityCode\n990525001,\xe6\xb2\xb3\xe6\xb9\xbe\xe9\x95\x87,990525,99,9905\n990525002,\xe5\xb1\xb1\xe5\x89\x8d\xe4\xb9\xa1,990525,99,9905\n"
VILLAGES = (
    "code,name,streetCode,provinceCode,cityCode,areaCode\n"
    "990525001201,东湾村村委会,990525001,99,9905,990525\n"
    "990525001202,西湾村村委会,990525001,99,9905,990525\n"
    "990525002201,前山村村委会,990525002,99,9905,990525\n"
).encode()
TOWNSHIP, OTHER_TOWNSHIP = "990525001", "990525002"
VILLAGE, OTHER_VILLAGE = "990525001201", "990525002201"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

_numbers = itertools.count(1)


def identity_number(serial: int, birth: str = "19750315") -> str:
    """A well-formed identity number of a division that does not exist."""
    first = f"990525{birth}{serial % 1000:03d}"
    return first + "10X98765432"[sum(int(a) * b for a, b in zip(first, WEIGHTS, strict=True)) % 11]


@dataclass
class Bank:
    """A bank of the test county with a duty officer, a head and their actors."""

    ref: str
    officer: Actor
    head: Actor
    id: Any = None


@dataclass
class World:
    """Everything a test of the main job needs to start."""

    banks: list[Bank] = field(default_factory=list)
    deputy: Actor = SYSTEM
    other_deputy: Actor = SYSTEM
    supervisor: Actor = SYSTEM
    admin: Actor = SYSTEM
    applicant: Actor = SYSTEM

    @property
    def bank(self) -> Bank:
        return self.banks[0]


def build(banks: int = 3, *, demo: bool = True) -> World:
    """The county. Rules: round-the-clock duty, plenty of uncalled claims per officer."""
    kept = again.once((banks, demo), lambda: _build(banks, demo=demo))
    return replace(kept, banks=[replace(bank) for bank in kept.banks])


def _build(banks: int, *, demo: bool) -> World:
    Installation.objects.create(
        kind="demo" if demo else "county", county_name="河山县", created_at=database_now()
    )
    parties.set_county("河山县", "河山", "0000-1100", by=SYSTEM)
    parties.import_divisions(TOWNSHIPS, VILLAGES, by=SYSTEM)
    consents.put_text(by=SYSTEM)
    market.set_clock_rules(
        {"duty_opens": "00:00", "duty_closes": "00:00", "uncalled_per_officer": 10_000}, by=SYSTEM
    )
    world = World(banks=[_bank(number) for number in range(1, banks + 1)])
    parties.create_organisation("河湾镇政府", "township", ref="T01", by=SYSTEM)
    parties.create_organisation("山前乡政府", "township", ref="T02", by=SYSTEM)
    parties.create_organisation("县金融运行监测中心", "county", ref="C01", by=SYSTEM)
    world.deputy = staff("T01", "陈镇长", Role.TOWNSHIP_ADMIN, area=TOWNSHIP)
    world.other_deputy = staff("T02", "杨乡长", Role.TOWNSHIP_ADMIN, area=OTHER_TOWNSHIP)
    world.supervisor = staff("C01", "刘监测", Role.COUNTY_SUPERVISOR)
    world.admin = staff("C01", "郭管理", Role.COUNTY_ADMIN)
    world.applicant = resident()
    return world


def _bank(number: int) -> Bank:
    names = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸"
    row = parties.create_organisation(
        f"试验{names[number - 1]}号银行",
        "bank",
        ref=f"B{number:02d}",
        sms_name=f"试{names[number - 1]}行",
        duty_phone="0000-1101",
        position=number,
        by=SYSTEM,
    )
    officer = staff(row.ref, "周经理", Role.LOAN_OFFICER)
    head = staff(row.ref, "马行长", Role.BANK_ADMIN)
    now = database_now()
    span = (now - timedelta(hours=1), now + timedelta(days=3))
    parties.set_roster(row.ref, [Shift(officer.ref, *span), Shift(head.ref, *span)], by=SYSTEM)
    return Bank(row.ref, officer, head, row.id)


def staff(organisation: str, name: str, role: Role, area: str = "", seconded: str = "") -> Actor:
    """Add a member of staff with one duty and return their actor."""
    number = next(_numbers)
    card = parties.create_staff(
        organisation,
        name,
        f"1990000{number:04d}",
        duties=[DutyForm(str(role), area, seconded)],
        by=SYSTEM,
    )
    bank = None
    if seconded:
        bank = next(b.id for b in parties_queries().banks(SYSTEM) if b.ref == seconded)
    return Actor(
        role,
        ref=card.ref,
        person=card.id,
        organisation=card.organisation,
        organisation_ref=organisation,
        areas=frozenset({area}) if area else frozenset(),
        seconded_from=bank,
        duty=card.duty,
        via=Via.PAGE,
    )


def parties_queries() -> Any:
    from puhui.parties import queries

    return queries


def resident(village: str = VILLAGE, *, name: str = "李为民", phone: str = "") -> Actor:
    """Register a resident and return their actor."""
    person = registered(village, name=name, phone=phone)
    return Actor(
        Role.RESIDENT,
        ref=person.ref,
        person=person.id,
        via=Via.PAGE,
        phone_index=blind_index("phone", person.phone),
    )


def registered(village: str = VILLAGE, *, name: str = "李为民", phone: str = "") -> Applicant:
    number = next(_numbers)
    return parties.register_resident(
        Registration(
            name,
            identity_number(number, f"1975{number // 1000 % 12 + 1:02d}15"),
            phone or f"1980{number:07d}",
            village,
        ),
        via="page",
        by=SYSTEM,
    )


FORM = DemandForm(
    amount_fen=10_000_000,
    purpose="livestock",
    term="months_6",
    repayment_wish="once",
    call_wish="now",
    securities=("none",),
    scale=120,
    scale_unit="只",
    story="想买 120 只羊羔，明年五月出栏。",
)
PLAN = ProposalForm(
    amount_fen=10_000_000,
    rate_ppm=47_500,
    months=6,
    method="interest_with_principal",
    security_words="夫妻两人签字",
    trips_words="银行来家 1 趟，去乡里网点 1 趟",
    answer_working_days=2,
)


def publish(world: World, applicant: Actor | None = None, **changes: Any) -> market.Published:
    """Publish a usual demand."""
    by = applicant or resident()
    return market.publish(replace(FORM, **changes), consent_given=True, another=True, by=by)


def returned(now_on: Any) -> ReturnForm:
    return ReturnForm(10_000_000, 47_500, str(now_on + timedelta(days=180)), str(now_on))
