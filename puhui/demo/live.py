"""The live mode: invented residents ask and invented banks act, each by its temper, while one watches.

The banks of the three officers whom visitors play (personas) are left to them. What visitors publish is
served like anything else. Everything goes through the real actions, now.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from puhui.demo import people, tables
from puhui.demo.build import actor_of
from puhui.demo.requests import Course, Request, fen, proposal, shipped
from puhui.demo.sizes import SIZES
from puhui.demo.staffing import PLAYED
from puhui.demo.staffing import actor_of as staff_actor
from puhui.kernel.actor import SYSTEM, Actor
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused, database_now
from puhui.kernel.crypto import blind_index
from puhui.market import actions, queries
from puhui.market.queries import EngagementView
from puhui.market.terms import DemandForm, ReturnForm
from puhui.parties import queries as parties

TURN_SECONDS = 2.0
PUBLISH_EACH = timedelta(seconds=25)
STEP_AFTER = timedelta(seconds=40)
"""How long a bank takes for a step after the call, so that a case can be watched to its end."""
WORKED = ("claimed", "called_back", "kept", "investigating", "investigated", "accepted", "signed")


@dataclass(slots=True)
class Live:
    """One run of the live mode. `pace` shortens waits: 0 makes every step due at once."""

    rng: random.Random
    pace: float = 1.0
    published_at: datetime | None = None
    judged: set[tuple[str, str]] = field(default_factory=set)
    mine: dict[str, tuple[Actor, Request]] = field(default_factory=dict)

    def turn(self) -> int:
        """One round of everybody; how many steps were made."""
        now, made = database_now(), 0
        if self.published_at is None or now - self.published_at >= PUBLISH_EACH * self.pace:
            made += self._try(lambda: self._publish(now))
        for bank in tables.banks():
            if bank.ref not in PLAYED:
                made += self._bank(bank, now)
        for ref, (applicant, _request) in list(self.mine.items()):
            made += self._applicant(ref, applicant)
        return made

    def _try(self, act: Callable[[], object]) -> int:
        """A refusal is part of life: somebody was faster."""
        try:
            act()
        except Refused:
            return 0
        return 1

    def _publish(self, now: datetime) -> None:
        self.published_at = now
        phone = people.phone(100 + self.rng.randrange(SIZES["small"].actors))
        (person,) = parties.residents_on_number(SYSTEM, blind_index("phone", phone))
        request = self.rng.choice([one for one in shipped() if not one.bank])
        form = DemandForm(
            amount_fen=fen(request.wan),
            purpose=request.purpose,
            purpose_words=request.other_words,
            scale=request.scale,
            scale_unit=request.unit,
            story=request.story,
            term=request.term,
            repayment_wish=request.wish,
            securities=request.securities,
            call_wish="now",
        )
        applicant = actor_of(person)
        sent = actions.publish(form, consent_given=True, by=applicant)
        self.mine[sent.ref] = (applicant, request)

    # -- banks -------------------------------------------------------------------------------------

    def _bank(self, bank: tables.DemoBank, now: datetime) -> int:
        card = parties.bank(SYSTEM, bank.ref)
        on_duty = parties.officers_on_duty(SYSTEM, card.id, now)
        if not on_duty:
            return 0
        officer, made = staff_actor(on_duty[0], bank.ref), 0
        for demand in queries.open_demands(officer, limit=5):
            if (bank.ref, demand.ref) in self.judged:
                continue
            self.judged.add((bank.ref, demand.ref))
            if self.rng.randrange(100) < bank.claim_percent:
                made += self._try(lambda ref=demand.ref: actions.claim(ref, by=officer))  # type: ignore[misc]
        for one in queries.bank_engagements(officer, states=WORKED, limit=20):
            if now - one.state_since >= self._wait(bank, one):
                made += self._try(lambda e=one: self._step(officer, e))  # type: ignore[misc]
        return made

    def _wait(self, bank: tables.DemoBank, one: EngagementView) -> timedelta:
        if one.state == "claimed":
            return timedelta(seconds=bank.callback_seconds) * self.pace
        return STEP_AFTER * self.pace

    def _step(self, officer: Actor, one: EngagementView) -> None:
        _applicant, request = self.mine.get(one.demand_ref, (None, None))
        course = Course(one.bank_ref, "", rate_ppm=self.rng.randrange(34_000, 52_000, 500))
        wan = request.wan if request else "5"
        if one.state == "claimed":
            call = actions.start_call(one.ref, by=officer)
            seconds = self.rng.randint(60, 240)
            actions.record_callback(
                one.ref, call.ref, "connected", duration_seconds=seconds, by=officer
            )
        elif one.state == "called_back":
            actions.submit_plan(one.ref, proposal(course, wan, is_offer=False), by=officer)
        elif one.state == "kept":
            visit_at = database_now() + timedelta(hours=20)
            actions.start_investigation(one.ref, visit_at, by=officer)
        elif one.state == "investigating":
            actions.report_investigation(one.ref, by=officer)
        elif one.state == "investigated" and one.plan is not None:
            kept = Course(one.bank_ref, "", rate_ppm=one.plan.rate_ppm, months=one.plan.months)
            actions.submit_offer(one.ref, proposal(kept, wan, is_offer=True), by=officer)
        elif one.state == "accepted":
            actions.record_signing(one.ref, by=officer)
        elif one.state == "signed" and one.offer is not None:
            actions.record_disbursement(one.ref, self._return(one), by=officer)

    def _return(self, one: EngagementView) -> ReturnForm:
        assert one.offer
        today = local_date(database_now())
        due_on = today + timedelta(days=30 * one.offer.months)
        return ReturnForm(one.offer.amount_fen, one.offer.rate_ppm, str(due_on), str(today))

    # -- residents ---------------------------------------------------------------------------------

    def _applicant(self, ref: str, applicant: Actor) -> int:
        """Answer what is asked, keep a plan, accept an offer; forget the case at its end."""
        seen, made = queries.my_demand(applicant, ref), 0
        if seen.ended_at and not seen.questions:
            del self.mine[ref]
            return 0
        for question in seen.questions:
            if question.kind in ("called", "visited", "money"):
                made += self._try(
                    lambda q=question: actions.confirm_report(  # type: ignore[misc]
                        ref, q.kind, "yes", engagement_ref=q.engagement_ref, by=applicant
                    )
                )
        states = {one.state: one.ref for one in seen.engagements}
        if "planned" in states and "kept" not in states:
            made += self._try(lambda: actions.keep_plan(states["planned"], by=applicant))
        if "offered" in states and "accepted" not in states:
            made += self._try(lambda: actions.accept_offer(states["offered"], by=applicant))
        return made


def run(should_stop: Callable[[], bool] = lambda: False) -> None:
    """Play until told to stop."""
    live = Live(random.Random())
    while not should_stop():
        live.turn()
        time.sleep(TURN_SECONDS)
