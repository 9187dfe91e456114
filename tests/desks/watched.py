"""Cases in the states that township and county look at, made through the real actions."""

from __future__ import annotations

from dataclasses import dataclass

from puhui.kernel.actor import Actor
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
