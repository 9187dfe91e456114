"""A case goes to another bank: the county proposes, the applicant's yes does it, history stays."""

from __future__ import annotations

from uuid import UUID

from puhui.consent import actions as consents
from puhui.kernel.actor import COUNTY, SYSTEM, Actor
from puhui.kernel.command import Refused, Work, command
from puhui.market.actions.asking import ask
from puhui.market.actions.claiming import direct, release_engagement
from puhui.market.lifecycle import LIVE_ENGAGEMENT, OPEN_DEMAND
from puhui.market.models import Engagement, FinancingDemand, ReassignmentProposal
from puhui.market.reach import lock_engagement
from puhui.market.telling import Tellings, topics
from puhui.market.terms import QuestionKind, Refusals
from puhui.market.timing import timing
from puhui.parties import queries as parties
from puhui.parties.terms import BankCard

MOVABLE = ("claimed", "called_back")


@command(*COUNTY)
def propose_reassignment(work: Work, engagement_ref: str, bank_ref: str, *, by: Actor) -> None:
    """Ask the applicant whether another bank shall go on; nothing moves before their yes.

    Refuses NOT_FOUND, STATE, BANK_UNKNOWN, ALREADY_ENGAGED, REASSIGN_ASKED.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    bank = _other_bank(demand, engagement, bank_ref)
    if demand.reassignment_proposals.filter(answered_at__isnull=True).exists():
        raise Refused(Refusals.REASSIGN_ASKED)
    ReassignmentProposal.objects.create(
        demand=demand,
        engagement=engagement,
        bank_id=bank.id,
        proposed_at=work.now,
        proposed_by_ref=by.ref,
    )
    work.record(
        "engagement.propose_reassignment",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand),
        to=bank.ref,
    )
    tell = Tellings.of(demand, work.now)
    ask(work, demand, QuestionKind.REASSIGN, None, "S33", tell, 行=bank.sms_name)
    tell.write()


@command(*COUNTY)
def reassign(
    work: Work, engagement_ref: str, bank_ref: str, *, applicant_agreed: bool, by: Actor
) -> str:
    """Give a case to another bank with the applicant's consent, said on the phone; history stays.

    Returns the new engagement's reference. Refuses NOT_FOUND, STATE, REASSIGN_CONSENT,
    BANK_UNKNOWN, ALREADY_ENGAGED.
    """
    if not applicant_agreed:
        raise Refused(Refusals.REASSIGN_CONSENT)
    demand, engagement = lock_engagement(by, engagement_ref)
    bank = _other_bank(demand, engagement, bank_ref)
    return _transfer(work, demand, engagement, bank.ref, bank.id, method="phone")


def _other_bank(demand: FinancingDemand, engagement: Engagement, bank_ref: str) -> BankCard:
    bank = next((b for b in parties.banks(SYSTEM) if b.ref == bank_ref), None)
    if bank is None or bank.id == engagement.bank_id:
        raise Refused(Refusals.BANK_UNKNOWN)
    if engagement.state not in MOVABLE or demand.state not in OPEN_DEMAND:
        raise Refused(Refusals.STATE)
    if demand.engagements.filter(bank_id=bank.id, state__in=LIVE_ENGAGEMENT).exists():
        raise Refused(Refusals.ALREADY_ENGAGED)
    return bank


def answer_proposal(work: Work, demand: FinancingDemand, answer: str, by: Actor) -> None:
    """The applicant's yes or no to a proposed bank; a case that has moved on since stays."""
    row = (
        demand.reassignment_proposals.filter(answered_at__isnull=True)
        .select_related("engagement__bank", "bank")
        .first()
    )
    if row is None:
        return
    row.answered_at, row.answer = work.now, answer
    engagement = row.engagement
    engagement.demand = demand
    if answer == "yes":
        try:
            bank = _other_bank(demand, engagement, row.bank.ref)
            _transfer(work, demand, engagement, bank.ref, bank.id, method=str(by.via))
        except Refused:
            row.answer = "gone"
    row.save(update_fields=["answered_at", "answer"])


def _transfer(
    work: Work,
    demand: FinancingDemand,
    engagement: Engagement,
    bank_ref: str,
    bank_id: UUID,
    *,
    method: str,
) -> str:
    release_engagement(work, demand, engagement, "reassigned")
    consents.give_consent(
        demand.resident_id,
        purpose="application",
        purpose_ref=demand.ref,
        recipients=[bank_ref],
        method=method,
        by=SYSTEM,
    )
    return direct(work, demand, bank_id, timing(work.now), engagement).engagement_ref
