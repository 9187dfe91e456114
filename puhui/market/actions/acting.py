"""For whom a request is made: oneself, or the enterprise that one may act for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from puhui.kernel.actor import SYSTEM, Actor, Role, Via
from puhui.kernel.command import Refused, Work, command
from puhui.market.models import FinancingDemand
from puhui.market.telling import contact_of
from puhui.market.terms import QuestionKind
from puhui.notices import actions as notices
from puhui.notices.terms import Telling
from puhui.parties import actions as registering
from puhui.parties import queries as parties
from puhui.parties.subject_terms import Acting, Scope
from puhui.parties.terms import Applicant

PERSON = "farm_household"
NEEDS = {
    QuestionKind.OPEN_TO_ALL: Scope.REQUEST,
    QuestionKind.STILL_WANTED: Scope.REQUEST,
    QuestionKind.ASK_AGAIN: Scope.REQUEST,
    QuestionKind.REASSIGN: Scope.REQUEST,
}
"""Answers that do what otherwise only whoever may request does."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks. For an enterprise `applicant` is its legal representative, `agent` whoever asked in
    their stead."""

    applicant: Applicant
    acting: Acting | None = None
    agent: UUID | None = None

    @property
    def ref(self) -> str:
        """The subject's public reference: one open demand at a time belongs to it."""
        return self.acting.standing.ref if self.acting else self.applicant.ref

    @property
    def enterprise(self) -> UUID | None:
        return self.acting.standing.enterprise if self.acting else None

    @property
    def subject(self) -> str:
        return self.acting.standing.subject if self.acting else PERSON

    @property
    def home(self) -> tuple[str, str]:
        """Village and township."""
        if self.acting is not None:
            return self.acting.village_code, self.acting.township_code
        return self.applicant.village_code, self.applicant.township_code


def asking_for(enterprise_ref: str, by: Actor) -> Asking:
    """An enterprise's request by whoever may make it. Refuses NOT_FOUND, SCOPE_LACKING."""
    acting = registering.hold_standing(enterprise_ref, needs=Scope.REQUEST, by=by)
    applicant = parties.applicant_by_id(SYSTEM, acting.representative)
    agent = None if by.person == acting.representative else by.person
    return Asking(applicant, acting, agent)


def asking_again(demand: FinancingDemand, by: Actor) -> Asking:
    """Who asks when an ended demand is asked anew."""
    if demand.enterprise is not None:
        return asking_for(demand.enterprise.ref, by)
    return Asking(parties.applicant_by_id(SYSTEM, demand.resident_id))


def answerer(demand: FinancingDemand, phone_index: bytes, kind: str) -> Actor | None:
    """Whoever answers by text message for a demand; None for an agent whose right has ended."""
    asked = contact_of(demand)
    actor = Actor(Role.RESIDENT, ref=asked.ref, person=asked.pk, via=Via.SMS)
    if demand.enterprise is None:
        return actor
    if bytes(asked.phone_index) != phone_index:
        return None
    try:
        needs = NEEDS.get(QuestionKind(kind), "")
        registering.hold_standing(demand.enterprise.ref, needs=needs, by=actor)
    except Refused:
        return None
    return actor


@command(Role.RESIDENT)
def let_agent_act(
    work: Work,
    enterprise_ref: str,
    *,
    name: str,
    phone: str,
    scopes: tuple[str, ...],
    ends_on: date | None,
    by: Actor,
) -> str:
    """Authorise somebody to act for one's enterprise, and ask for the own reply that makes it count.

    The authorisation's reference. Refuses what `parties.authorise_agent` refuses.
    """
    asked = registering.authorise_agent(
        enterprise_ref, name=name, phone=phone, scopes=scopes, ends_on=ends_on, by=by
    )
    telling = Telling(
        code="S40",
        phone=asked.phone,
        params={"姓": asked.agent_surname},
        resident=asked.representative,
        subject_ref=enterprise_ref,
        question=str(asked.id),
    )
    notices.tell([telling], by=SYSTEM)
    return asked.ref


def confirm_agent(question: str, digit: str) -> bool:
    """The representative's reply to S40; whether it was still open."""
    if question not in parties.agencies_asked(SYSTEM, [question]):
        return False
    answer = "yes" if digit == "1" else "no"
    return registering.confirm_agency(question, answer, via=str(Via.SMS), by=SYSTEM)
