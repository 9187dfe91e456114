"""Cases of the first bank, walked by the real actions to where a test needs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from puhui.kernel.actor import Actor
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions
from tests import world

STEPS = (
    *("claimed", "called_back", "planned", "kept", "investigating", "investigated"),
    *("offered", "accepted", "signed", "disbursed"),
)


@dataclass(frozen=True)
class Walked:
    ref: str
    engagement: str
    code: str
    applicant: Actor


def walk(county: world.World, to: str, *, bank: int = 0, **wish: object) -> Walked:
    """One engagement of a bank in the state `to`."""
    by = county.banks[bank].officer
    who = world.resident(name="赵大勇", phone="")
    sent = world.publish(county, who, **wish)
    taken = actions.claim(sent.ref, by=by)
    one = taken.engagement_ref
    for step in STEPS[1 : STEPS.index(to) + 1]:
        take_step(step, one, sent.ref, who, by)
    return Walked(sent.ref, one, taken.contact_code, who)


def take_step(to: str, one: str, ref: str, who: Actor, by: Actor) -> None:
    if to == "called_back":
        call = actions.start_call(one, by=by)
        actions.record_callback(one, call.ref, "connected", duration_seconds=200, by=by)
    elif to == "planned":
        actions.submit_plan(one, world.PLAN, by=by)
    elif to == "kept":
        actions.keep_plan(one, by=who)
    elif to == "investigating":
        actions.start_investigation(one, database_now() + timedelta(hours=20), by=by)
    elif to == "investigated":
        actions.report_investigation(one, by=by)
    elif to == "offered":
        actions.submit_offer(one, world.PLAN, by=by)
    elif to == "accepted":
        actions.accept_offer(one, by=who)
    elif to == "signed":
        actions.record_signing(one, by=by)
    elif to == "disbursed":
        actions.record_disbursement(one, world.returned(local_date(database_now())), by=by)
