"""Builds a county into the database of DATABASE_URL, through the real actions; run as a program.

It reads a plan as JSON from its first argument and prints what a caller needs as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any


@dataclass
class Plan:
    """How many banks, demands; which rules differ; `claim`: every demand is claimed by one bank."""

    banks: int = 3
    demands: int = 0
    rules: dict[str, Any] = field(default_factory=dict)
    claim: bool = False
    products: int = 0
    townships: int = 0
    """So many more, each with a village and a deputy; the demands come from them in turn."""
    person: list[str] | None = None
    """Name, identity number, phone and story of the first demand's applicant."""


@dataclass
class Bank:
    """A bank's system: its key, and the officer that it names."""

    ref: str
    key: str
    officer: str
    token: str = ""
    """Of the officer's session at the desk."""

    @property
    def headers(self) -> dict[str, str]:
        return {"X-API-Key": self.key, "X-Officer": self.officer}


@dataclass
class Demand:
    """A published demand and its applicant's token."""

    ref: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class County:
    """What was built; `admin` is a token of the county's administrator."""

    banks: list[Bank]
    demands: list[Demand]
    admin: str = ""
    deputy: str = ""
    supervisor: str = ""
    deputies: list[str] = field(default_factory=list)
    """Of the further townships, in their order."""

    @classmethod
    def read(cls, text: str) -> County:
        told = json.loads(text)
        banks, demands = told["banks"], told["demands"]
        tokens = {name: told[name] for name in ("admin", "deputy", "supervisor")}
        found = cls([Bank(**one) for one in banks], [Demand(**one) for one in demands], **tokens)
        found.deputies = told["deputies"]
        return found


def build(plan: Plan) -> County:
    from puhui.access import actions as access
    from puhui.kernel.actor import SYSTEM, Via
    from puhui.market import actions as market
    from tests import world

    county = world.build(0)
    if plan.rules:
        market.set_clock_rules(plan.rules, by=SYSTEM)
    banks = [_bank(number) for number in range(1, plan.banks + 1)]
    _shelf(plan.products, [one.ref for one in banks])
    villages, deputies = _townships(plan.townships)
    demands = [_demand(county, villages[0], plan.person)] if plan.person else []
    places = [villages[number % len(villages)] for number in range(plan.demands)]
    with ThreadPoolExecutor(4) as pool:
        demands += list(pool.map(lambda village: _demand(county, village), places))
    if plan.claim:
        _claim_all(demands)
    tokens = {
        name: access.open_persona_session("staff", one.ref, via=Via.REST, by=SYSTEM).token
        for name, one in vars(county).items()
        if name in ("admin", "deputy", "supervisor")
    }
    return County(banks, demands, deputies=deputies, **tokens)


def _townships(count: int) -> tuple[list[str], list[str]]:
    """Codes of the villages that demands come from, and tokens of the deputies."""
    from puhui.access import actions as access
    from puhui.kernel.actor import SYSTEM, Role, Via
    from puhui.parties import actions as parties
    from tests import world

    if not count:
        return [world.VILLAGE], []
    codes = [f"9905251{number:02d}" for number in range(1, count + 1)]
    towns = [f"{code},比试{number}镇,990525" for number, code in enumerate(codes, 1)]
    villages = [f"{code}201,比试{number}村村委会,{code}" for number, code in enumerate(codes, 1)]
    lines = ["code,name,areaCode", *towns], ["code,name,streetCode", *villages]
    parties.import_divisions(*("\n".join(one).encode() for one in lines), by=SYSTEM)
    tokens = []
    for number, code in enumerate(codes, 1):
        office = parties.create_organisation(f"比试{number}镇政府", "township", by=SYSTEM)
        deputy = world.staff(office.ref, "陈镇长", Role.TOWNSHIP_ADMIN, area=code)
        opened = access.open_persona_session("staff", deputy.ref, via=Via.REST, by=SYSTEM)
        tokens.append(opened.token)
    return [f"{code}201" for code in codes], tokens


def _shelf(count: int, banks: list[str]) -> None:
    from puhui.catalogue import actions as catalogue
    from puhui.demo import supermarket, tables
    from puhui.kernel.actor import SYSTEM

    if count:
        more = supermarket.extra_products(count + len(tables.products()), banks)
        catalogue.put_products(more, by=SYSTEM)


def _bank(number: int) -> Bank:
    from puhui.access import actions as access
    from puhui.kernel.actor import SYSTEM, Role
    from puhui.kernel.command import database_now
    from puhui.parties import actions as parties
    from puhui.parties.terms import Shift
    from tests import world

    ref = f"N{number:03d}"
    parties.create_organisation(
        f"比试{number}号银行",
        "bank",
        ref=ref,
        sms_name=f"比{number}行",
        duty_phone="0000-1101",
        position=number,
        by=SYSTEM,
    )
    officer = world.staff(ref, "周经理", Role.LOAN_OFFICER)
    now = database_now()
    shift = Shift(officer.ref, now - timedelta(hours=1), now + timedelta(days=3))
    parties.set_roster(ref, [shift], by=SYSTEM)
    opened = access.open_persona_session("staff", officer.ref, by=SYSTEM)
    key = access.create_api_key(ref, by=SYSTEM).key
    return Bank(ref, key, officer.ref, opened.token)


def _demand(county: Any, village: str, person: list[str] | None = None) -> Demand:
    from django.db import connection

    from puhui.access import actions as access
    from puhui.kernel.actor import SYSTEM, Via
    from tests import world

    try:
        applicant = _planted(*person[:3]) if person else world.resident(village)
        changes = {"story": person[3]} if person else {}
        ref = world.publish(county, applicant, **changes).ref
        opened = access.open_persona_session("resident", applicant.ref, via=Via.REST, by=SYSTEM)
        return Demand(ref, opened.token)
    finally:
        connection.close()


def _planted(name: str, number: str, phone: str) -> Any:
    from puhui.kernel.actor import SYSTEM, Actor, Role
    from puhui.kernel.crypto import blind_index
    from puhui.parties import actions as parties
    from puhui.parties.terms import Registration
    from tests import world

    who = Registration(name, number, phone, world.VILLAGE)
    person = parties.register_resident(who, via="page", by=SYSTEM)
    index = blind_index("phone", phone)
    return Actor(Role.RESIDENT, ref=person.ref, person=person.id, phone_index=index)


def _claim_all(demands: list[Demand]) -> None:
    """Every demand goes to the first bank, as its officer would claim it."""
    from puhui.kernel.actor import SYSTEM, Actor, Role, Via
    from puhui.market import actions as market
    from puhui.parties import queries as parties

    bank = parties.organisation(SYSTEM, "N001")
    staff = parties.officers_on_duty(SYSTEM, bank.id, _now())[0]
    officer = Actor(
        Role.LOAN_OFFICER,
        ref=staff.ref,
        person=staff.id,
        organisation=bank.id,
        organisation_ref=bank.ref,
        via=Via.REST,
    )
    for demand in demands:
        market.claim(demand.ref, by=officer)


def _now() -> Any:
    from puhui.kernel.command import database_now

    return database_now()


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puhui.config.settings")
    django.setup()
    from puhui.program.database import close_pool

    try:
        print(json.dumps(asdict(build(Plan(**json.loads(sys.argv[1]))))))
    finally:
        close_pool()


if __name__ == "__main__":
    main()
