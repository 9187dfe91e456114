"""Where two sides do not agree the county asks again: the applicant by text message, or the bank."""

from __future__ import annotations

from puhui.kernel.actor import COUNTY, Actor
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.market.actions.asking import ask
from puhui.market.models import CaseNote, Engagement, FinancingDemand
from puhui.market.reach import lock_demand
from puhui.market.telling import Tellings, topics
from puhui.market.terms import ASKED_AGAIN, ASKED_BANK, MismatchKind, QuestionKind, Refusals

QUESTIONS = {
    MismatchKind.CALLBACK: (QuestionKind.CALLED, "S08"),
    MismatchKind.SHORT_CALL: (QuestionKind.CALLED, "S08"),
    MismatchKind.VISIT: (QuestionKind.VISITED, "S15"),
    MismatchKind.MONEY: (QuestionKind.MONEY, "S19"),
}
TO_BANK = {MismatchKind.CALLBACK: "B06", MismatchKind.SHORT_CALL: "B32"}


@command(*COUNTY)
def ask_applicant_again(
    work: Work, demand_ref: str, kind: str, engagement_ref: str, *, by: Actor
) -> None:
    """Send the question again; a new answer replaces the old one. Noted on the case.

    Refuses NOT_FOUND, STATE for a kind that no text message can ask (phone them instead).
    Source: content.md §3.3 ⑤ [再问群众].
    """
    if kind not in QUESTIONS:
        raise Refused(Refusals.STATE)
    demand, engagement = _found(demand_ref, engagement_ref, by)
    question, code = QUESTIONS[MismatchKind(kind)]
    tell = Tellings.of(demand, work.now)
    ask(work, demand, question, engagement, code, tell)
    tell.write()
    _note(work, demand, f"{ASKED_AGAIN}{kind}", MismatchKind(kind).label, by)


@command(*COUNTY)
def query_bank(work: Work, demand_ref: str, kind: str, engagement_ref: str, *, by: Actor) -> None:
    """Ask the bank's people on duty to check and write it down. Noted on the case.

    Refuses NOT_FOUND, INTEGRITY_APART: of money that was taken the bank hears nothing.
    Source: content.md §3.3 ⑤ [问银行].
    """
    if kind == MismatchKind.MONEY_TAKEN:
        raise Refused(Refusals.INTEGRITY_APART)
    if kind not in MismatchKind.values:
        raise Refused(NOT_FOUND)
    demand, engagement = _found(demand_ref, engagement_ref, by)
    tell = Tellings.of(demand, work.now)
    code = TO_BANK.get(MismatchKind(kind), "B32")
    tell.duty_officers(engagement.bank_id, code, 编号=demand.ref)
    tell.write()
    _note(
        work,
        demand,
        f"{ASKED_BANK}{kind}",
        f"{engagement.bank.name}：{MismatchKind(kind).label}",
        by,
    )


def _found(demand_ref: str, engagement_ref: str, by: Actor) -> tuple[FinancingDemand, Engagement]:
    demand = lock_demand(by, demand_ref)
    row = demand.engagements.select_related("bank").filter(ref=engagement_ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return demand, row


def _note(work: Work, demand: FinancingDemand, kind: str, words: str, by: Actor) -> None:
    CaseNote.objects.create(
        demand=demand, at=work.now, by_ref=by.ref, role=str(by.role), kind=kind, words=words
    )
    work.record(
        "financing_demand.asked_again",
        ("demand", demand.ref),
        demand=demand.ref,
        topics=topics(demand),
    )
