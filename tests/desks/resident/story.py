"""A demand brought to any point of its life through the real actions, and its applicant's browser."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.test import Client

from puhui.access import actions as access
from puhui.desks.shared.gate import SESSION_COOKIE
from puhui.kernel.actor import SYSTEM, Actor
from puhui.kernel.command import database_now
from puhui.market import actions as market
from tests import world
from tests.desks.resident import steps

PLANS = (
    world.PLAN,
    replace(
        world.PLAN,
        amount_fen=8_000_000,
        rate_ppm=42_000,
        months=12,
        method="equal_instalment",
        answer_working_days=3,
    ),
    replace(
        world.PLAN,
        rate_ppm=36_000,
        months=12,
        method="interest_only_bullet",
        fees=(("担保费", 50_000),),
        answer_working_days=7,
    ),
)
"""The three plans of content.md §1.7."""


@dataclass
class Story:
    """One demand, its applicant signed in, the engagements in the order of the banks."""

    county: world.World
    ref: str
    applicant: Actor
    client: Client
    engagements: list[str] = field(default_factory=list)

    def page(self, tail: str = "") -> str:
        answer = self.client.get(f"/my/{self.ref}/{tail}")
        assert answer.status_code == 200, answer.status_code
        return steps.joined(answer.content.decode())

    def claimed(self) -> Story:
        for bank in self.county.banks:
            self.engagements.append(market.claim(self.ref, by=bank.officer).engagement_ref)
        return self

    def called(self) -> Story:
        for engagement, bank in zip(self.engagements, self.county.banks, strict=True):
            call = market.start_call(engagement, by=bank.officer)
            market.record_callback(
                engagement, call.ref, "connected", duration_seconds=90, by=bank.officer
            )
            market.confirm_report(
                self.ref, "called", "yes", engagement_ref=engagement, by=self.applicant
            )
        return self

    def planned(self) -> Story:
        for engagement, bank, plan in zip(self.engagements, self.county.banks, PLANS, strict=False):
            market.submit_plan(engagement, plan, by=bank.officer)
        return self

    def visited(self, *numbers: int) -> Story:
        for number in numbers:
            engagement, officer = self.engagements[number], self.county.banks[number].officer
            market.keep_plan(engagement, by=self.applicant)
            market.start_investigation(engagement, database_now() + timedelta(hours=1), by=officer)
            market.report_investigation(engagement, by=officer)
            market.confirm_report(
                self.ref, "visited", "yes", engagement_ref=engagement, by=self.applicant
            )
        return self


def begin(banks: int = 3, **changes: object) -> Story:
    """A published demand and its applicant's browser."""
    county = world.build(banks)
    sent = world.publish(county, county.applicant, **changes)
    return Story(county, sent.ref, county.applicant, browser(county.applicant))


def browser(person: Actor) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    opened = access.open_persona_session("resident", person.ref, by=SYSTEM)
    client.cookies[SESSION_COOKIE] = opened.token
    return client
