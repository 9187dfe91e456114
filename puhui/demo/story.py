"""Playing a request as it happened: each step through the real action, at its own past time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from puhui.demo.requests import Course, Request, fen, proposal
from puhui.demo.staffing import Desks
from puhui.kernel.actor import SYSTEM, Actor
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import history, moment
from puhui.market import actions, queries
from puhui.market.terms import DemandForm, ReturnForm

STEPS = (
    "claimed",
    "called_back",
    "planned",
    "kept",
    "investigating",
    "investigated",
    "offered",
    "accepted",
    "signed",
    "disbursed",
    "settled",
)
SHORT = {
    "released": "called_back",
    "refused": "called_back",
    "cancelled": "called_back",
    "missing": "kept",
    "not_selected": "planned",
    "lapsed": "offered",
    "unreached": "claimed",
}
"""Courses that leave the straight road, and the step after which they do."""
TEN, THREE = time(10, 0), time(15, 0)


@dataclass(slots=True)
class Story:
    """One request being played."""

    request: Request
    applicant: Actor
    desks: Desks
    rng: random.Random
    now: datetime
    enterprise: str = ""
    """Reference of the enterprise that asks; empty: the applicant."""
    ref: str = ""
    starts_at: datetime | None = None
    steps: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    reached: dict[str, str] = field(default_factory=dict)

    def play(self) -> str:
        """Publish, then every step in the order of time; returns the demand's reference."""
        published_at = self._published_at()
        with history(published_at, by=SYSTEM):
            sent = actions.publish(
                self._form(), consent_given=True, another=True, by=self.applicant
            )
        self.ref, self.starts_at = sent.ref, sent.clock_start_at
        for place, course in enumerate(self.request.courses):
            self._plan(course, published_at, place)
        if self.request.withdrawn:
            self._step(published_at + timedelta(hours=3), self._withdraw)
        self._run(published_at)
        return self.ref

    def _published_at(self) -> datetime:
        if self.request.minutes:
            return self.now - timedelta(minutes=self.request.minutes, seconds=4)
        day = local_date(self.now) - timedelta(days=self.request.days)
        return at_local(day, time.fromisoformat(self.request.at))

    def _form(self) -> DemandForm:
        one = self.request
        return DemandForm(
            amount_fen=fen(one.wan),
            purpose=one.purpose,
            purpose_words=one.other_words,
            scale=one.scale,
            scale_unit=one.unit,
            story=one.story,
            term=one.term,
            repayment_wish=one.wish,
            securities=one.securities,
            call_wish=one.call,
            directed_bank=one.bank,
            directed_product=one.product,
            is_first_loan=one.number % 3 == 0,
            enterprise=self.enterprise,
        )

    def _step(self, at: datetime, act: Callable[[], object]) -> None:
        self.steps.append((at, len(self.steps), act))

    def _run(self, published_at: datetime) -> None:
        """Every step not later than now; what fell due before it is breached first."""
        steps = sorted(self.steps, key=lambda step: step[:2])
        for left, (at, _place, act) in enumerate(reversed(steps)):
            steps[len(steps) - 1 - left] = (min(at, self.now - timedelta(seconds=left + 1)), 0, act)
        for at, _place, act in steps:
            moment = max(at, published_at + timedelta(seconds=1))
            with history(moment, by=SYSTEM):
                actions.breach_of(self.ref, by=SYSTEM)
                act()
        with history(self.now - timedelta(milliseconds=500), by=SYSTEM):
            actions.breach_of(self.ref, by=SYSTEM)

    # -- one bank's course -------------------------------------------------------------------------

    def _plan(self, course: Course, published_at: datetime, place: int) -> None:
        """Lay out one bank's steps; times are usual ones, the order is what counts."""
        assert self.starts_at
        last = SHORT.get(course.until, course.until)
        count = STEPS.index(last) + 1
        officer = self.desks.officers[course.bank][0]
        start = max(self.starts_at, published_at)
        call_at = start + timedelta(seconds=780 if course.words == "late" else 90 + 45 * place)
        if not self.request.bank:
            claim_at = published_at + timedelta(seconds=20 + 15 * place)
            self._step(claim_at, lambda: self._claim(course, officer))
        if course.until == "unreached":
            self._ring_three_times(course, call_at)
            return
        if count > 1:
            self._step(call_at, lambda: self._call(course, officer))
        if count > 2:
            self._step(
                call_at + timedelta(hours=2, minutes=7 * place), lambda: self._propose(course)
            )
        if count > 3:
            self._step(call_at + timedelta(hours=4), lambda: self._keep(course))
        visit_at = at_local(local_date(call_at) + timedelta(days=1), TEN)
        self._plan_visit(course, count, call_at, visit_at)
        self._plan_end(course, count, visit_at)
        self._leave(course, call_at)

    def _plan_visit(
        self, course: Course, count: int, call_at: datetime, visit_at: datetime
    ) -> None:
        agreed = visit_at
        if course.until == "investigating":
            agreed = at_local(local_date(self.now) + timedelta(days=1), TEN)
        if count > 4:
            self._step(
                call_at + timedelta(hours=4, minutes=20),
                lambda: actions.start_investigation(
                    self._of(course), agreed, by=self.desks.officers[course.bank][0]
                ),
            )
        if count > 5:
            self._step(visit_at + timedelta(hours=1), lambda: self._visited(course))

    def _plan_end(self, course: Course, count: int, visit_at: datetime) -> None:
        officer = self.desks.officers[course.bank][0]
        next_day = at_local(local_date(visit_at) + timedelta(days=1), THREE)
        if count > 6:
            self._step(next_day, lambda: self._offer(course))
        if count > 7:
            self._step(
                next_day + timedelta(hours=3),
                lambda: actions.accept_offer(self._of(course), by=self.applicant),
            )
        signed_at = at_local(local_date(next_day) + timedelta(days=1), TEN)
        if count > 8:
            self._step(
                signed_at,
                lambda: actions.record_signing(self._of(course), by=officer),
            )
        if count > 9:
            self._step(signed_at + timedelta(hours=5), lambda: self._paid(course))
            self._step(signed_at + timedelta(hours=6), lambda: self._money_came(course))
        if count > 10:
            self._step(
                signed_at + timedelta(days=12),
                lambda: actions.settle_loan(self._of(course), by=officer),
            )

    def _leave(self, course: Course, call_at: datetime) -> None:
        officer, later = self.desks.officers[course.bank][0], call_at + timedelta(hours=1)
        if course.until == "refused":
            self._step(
                later,
                lambda: actions.refuse(
                    self._of(course), course.refusal, words=course.words, by=officer
                ),
            )
        if course.until == "released":
            self._step(later, lambda: actions.release(self._of(course), "不做这一片", by=officer))
        if course.until == "missing":
            self._step(
                call_at + timedelta(hours=5),
                lambda: actions.ask_for_documents(self._of(course), course.words, by=officer),
            )
        if course.until == "not_selected":
            self._step(
                call_at + timedelta(hours=4, minutes=10),
                lambda: actions.decline_plan(self._of(course), by=self.applicant),
            )

    def _claim(self, course: Course, officer: Actor) -> None:
        self.reached[course.bank] = actions.claim(self.ref, by=officer).engagement_ref

    def _of(self, course: Course) -> str:
        """The reference of the bank's engagement with this demand; a directed one is looked up."""
        if course.bank not in self.reached:
            officer = self.desks.officers[course.bank][0]
            found = queries.bank_engagements(officer, states=("claimed",))
            self.reached[course.bank] = next(e.ref for e in found if e.demand_ref == self.ref)
        return self.reached[course.bank]

    def _call(self, course: Course, officer: Actor) -> None:
        call = actions.start_call(self._of(course), by=officer)
        later = call.started_at + timedelta(seconds=self.rng.randint(110, 260))
        with history(min(later, self.now), by=SYSTEM):
            seconds = int((later - call.started_at).total_seconds())
            actions.record_callback(
                self._of(course), call.ref, "connected", duration_seconds=seconds, by=officer
            )
            if course.answer == "no" or self.rng.random() < 0.8:
                actions.confirm_report(
                    self.ref,
                    "called",
                    course.answer,
                    engagement_ref=self._of(course),
                    by=self.applicant,
                )

    def _ring_three_times(self, course: Course, call_at: datetime) -> None:
        officer = self.desks.officers[course.bank][0]

        def ring() -> None:
            call = actions.start_call(self._of(course), by=officer)
            actions.record_callback(self._of(course), call.ref, "no_answer", by=officer)

        for turn in range(3):
            self._step(call_at + timedelta(minutes=25 * turn), ring)

    def _propose(self, course: Course) -> None:
        actions.submit_plan(
            self._of(course),
            proposal(course, self.request.wan, is_offer=False),
            by=self.desks.officers[course.bank][0],
        )

    def _keep(self, course: Course) -> None:
        if not self.request.bank:
            actions.keep_plan(self._of(course), by=self.applicant)

    def _visited(self, course: Course) -> None:
        actions.report_investigation(self._of(course), by=self.desks.officers[course.bank][0])
        actions.confirm_report(
            self.ref, "visited", "yes", engagement_ref=self._of(course), by=self.applicant
        )

    def _offer(self, course: Course) -> None:
        form = proposal(course, self.request.wan, is_offer=True)
        if course.until == "lapsed":
            form = replace(form, valid_days=7)
        actions.submit_offer(self._of(course), form, by=self.desks.officers[course.bank][0])

    def _paid(self, course: Course) -> None:
        today = local_date(moment())
        form = ReturnForm(
            amount_fen=fen(course.offer_wan or course.amount_wan or self.request.wan),
            rate_ppm=course.rate_ppm,
            due_on=str(today + timedelta(days=30 * course.months)),
            paid_out_on=str(today),
            is_first_loan=self.request.number % 3 == 0,
        )
        actions.record_disbursement(self._of(course), form, by=self.desks.officers[course.bank][0])

    def _money_came(self, course: Course) -> None:
        actions.confirm_report(
            self.ref, "money", "yes", engagement_ref=self._of(course), by=self.applicant
        )
        actions.rate_service(self._of(course), speed=3, kept_word=3, by=self.applicant)

    def _withdraw(self) -> None:
        actions.withdraw(self.ref, reason=self.request.withdrawn, by=self.applicant)
