"""Cases in the states that township and county look at, made through the real actions."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client

from puhui.access import actions as access
from puhui.desks.shared.gate import SESSION_COOKIE
from puhui.kernel.actor import Actor
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions
from tests import world
from tests.market.ageing import age


@dataclass(frozen=True)
class Case:
    ref: str
    engagement: str
    applicant: Actor


def published(county: world.World, village: str = world.VILLAGE) -> Case:
    applicant = world.resident(village)
    return Case(world.publish(county, applicant).ref, "", applicant)


def claimed(county: world.World, bank: int = 0, village: str = world.VILLAGE) -> Case:
    case = published(county, village)
    taken = actions.claim(case.ref, by=county.banks[bank].officer)
    return Case(case.ref, taken.engagement_ref, case.applicant)


def called(
    county: world.World, bank: int = 0, village: str = world.VILLAGE, *, seconds: int = 200
) -> Case:
    case = claimed(county, bank, village)
    officer = county.banks[bank].officer
    call = actions.start_call(case.engagement, by=officer)
    actions.record_callback(
        case.engagement, call.ref, "connected", duration_seconds=seconds, by=officer
    )
    return case


def funded(county: world.World) -> Case:
    """All the way to the money, at the first bank."""
    case, officer = called(county), county.bank.officer
    now = database_now()
    actions.submit_plan(case.engagement, world.PLAN, by=officer)
    actions.keep_plan(case.engagement, by=case.applicant)
    actions.start_investigation(case.engagement, now + timedelta(days=1), by=officer)
    actions.report_investigation(case.engagement, by=officer)
    actions.submit_offer(case.engagement, world.PLAN, by=officer)
    actions.accept_offer(case.engagement, by=case.applicant)
    actions.record_signing(case.engagement, by=officer)
    actions.record_disbursement(case.engagement, world.returned(local_date(now)), by=officer)
    return case


def overdue(county: world.World, bank: int = 0, seconds: int = 601) -> Case:
    """Claimed, never called, past the supervision limit, and swept."""
    case = claimed(county, bank)
    age(case.ref, seconds)
    sweep()
    return case


def unclaimed(county: world.World, village: str = world.VILLAGE, seconds: int = 601) -> Case:
    case = published(county, village)
    age(case.ref, seconds)
    sweep()
    return case


def refused(county: world.World, bank: int, ref: str, code: str = "R07", words: str = "") -> None:
    officer = county.banks[bank].officer
    taken = actions.claim(ref, by=officer)
    actions.refuse(taken.engagement_ref, code, words=words, by=officer)


def sweep() -> None:
    while actions.breach_due(by=world.SYSTEM):
        pass


def browser(actor: Actor) -> Client:
    """A browser in which this member of staff is signed in."""
    opened = access.open_persona_session("staff", actor.ref, by=world.SYSTEM)
    client = Client()
    client.cookies[SESSION_COOKIE] = opened.token
    return client


def read(answer: Any) -> str:
    """The page as text without markup and blanks, as a reader sees it."""
    body = re.sub(r"<(script|style).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]*>", "", body)))


def form_number(client: Client, address: str) -> str:
    """The number of the form as it is shown now."""
    found = re.search(r'name="form_number" value="(\w+)"', client.get(address).content.decode())
    assert found, address
    return found[1]
