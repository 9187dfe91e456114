"""Plays one case of another system through the lifecycles: what it came to, or why it cannot be true.

The tables of lifecycle.py decide what may follow what; deadlines are taken as the file gives them and
settled by the steps themselves. Nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from puhui.market.lifecycle import OPEN_DEMAND
from puhui.market.past.facts import Impossible, checked
from puhui.market.past.played import (
    SIGNED,
    SLOTS,
    Played,
    PlayedClock,
    PlayedEngagement,
    settle,
)
from puhui.market.terms import CallResult, ClockKind
from puhui.market.terms.past import PastDemand, PastRefusals, PastStep, Step

ATTEMPTS_NEEDED = 3
C = ClockKind

STARTS: dict[str, frozenset[str]] = {
    Step.PUBLISH: frozenset({C.CALLBACK_APPLICANT, C.SUPERVISION_APPLICANT, C.UNCLAIMED, C.EXPIRY}),
    Step.CLAIM: frozenset({C.CALLBACK_BANK, C.SUPERVISION_BANK, C.SLOT_REOPEN, C.LONG_PENDING}),
    Step.DIRECT: frozenset({C.CALLBACK_BANK, C.SUPERVISION_BANK, C.SLOT_REOPEN, C.LONG_PENDING}),
    Step.CALL: frozenset({C.PLAN, C.INVESTIGATION}),
    Step.KEEP: frozenset({C.INVESTIGATION}),
    Step.VISITED: frozenset({C.DECISION}),
    Step.OFFER: frozenset({C.OFFER_VALIDITY}),
    Step.ACCEPT: frozenset({C.SIGNING}),
    Step.SIGN: frozenset({C.DATA_RETURN}),
}
"""Which deadlines may begin with a step (domain.md §2a)."""
MOVES: dict[str, str] = {
    Step.PLAN: "submit_plan",
    Step.KEEP: "keep_plan",
    Step.AGREE_VISIT: "start_investigation",
    Step.VISITED: "report_investigation",
    Step.OFFER: "submit_offer",
    Step.ACCEPT: "accept_offer",
    Step.SIGN: "record_signing",
    Step.PAY_OUT: "record_disbursement",
    Step.SETTLE: "settle",
    Step.REFUSE: "refuse",
    Step.DECLINE: "not_select",
    Step.RELEASE: "release",
    Step.LAPSE: "lapse",
}
MEETS: dict[str, tuple[str, ...]] = {
    Step.PLAN: (C.PLAN,),
    Step.VISITED: (C.INVESTIGATION,),
    Step.OFFER: (C.PLAN, C.DECISION),
    Step.ACCEPT: (C.OFFER_VALIDITY,),
    Step.SIGN: (C.SIGNING, C.LONG_PENDING),
    Step.PAY_OUT: (C.DATA_RETURN,),
}
"""Deadlines of an engagement that a step meets, or shows breached."""
ENDS = frozenset({Step.REFUSE, Step.DECLINE, Step.RELEASE, Step.LAPSE})
CLOSES = {Step.WITHDRAW: "withdraw", Step.EXPIRE: "expire", Step.GIVE_UP: "give_up"}


def played(case: PastDemand, now: datetime) -> Played:
    """The case after all its steps. Raises Impossible with the first thing that cannot be."""
    play, before = Played(case, slots=1 if case.asked.directed_bank else SLOTS), None
    for play.n, step in enumerate(case.steps, 1):
        if before is not None and step.at < before:
            raise Impossible(PastRefusals.ORDER, n=play.n)
        if step.at > now:
            raise Impossible(PastRefusals.FUTURE, n=play.n)
        if (play.n == 1) != (step.what == Step.PUBLISH):
            raise Impossible(PastRefusals.FIRST)
        before = step.at
        act = ACTS.get(step.what)
        if act is None:
            raise Impossible(PastRefusals.STEP, what=step.what[:40])
        act(play, step, checked(step, play.n))
    if not case.steps:
        raise Impossible(PastRefusals.FIRST)
    settle_overdue(play, now)
    return play


def settle_overdue(play: Played, now: datetime) -> None:
    """Deadlines that passed before the case came here are breached; the others run on."""
    for clock in (*play.clocks, *(one for e in play.engagements for one in e.clocks)):
        if clock.state == "running" and clock.due_at < now:
            clock.settle(now, "met")


def start(play: Played, step: PastStep, clocks: list[PlayedClock]) -> None:
    for kind, due_at in step.due.items():
        if kind not in STARTS.get(step.what, frozenset()) or due_at <= step.at:
            raise Impossible(PastRefusals.DUE, n=play.n, kind=kind[:40])
        clocks.append(PlayedClock(kind, step.at, due_at))


# -- the steps -------------------------------------------------------------------------------------


def _publish(play: Played, step: PastStep, facts: Mapping[str, Any]) -> None:
    play.sets |= {"published_at": step.at, "clock_start_at": facts["clock_start_at"]}
    play.move_demand("publish", step.at)
    start(play, step, play.clocks)


def _claim(play: Played, step: PastStep, facts: Mapping[str, Any]) -> None:
    is_directed = step.what == Step.DIRECT
    if play.state not in OPEN_DEMAND or is_directed != bool(play.case.asked.directed_bank):
        raise play.refuse(step.what, play.state)
    if is_directed and step.bank != play.case.asked.directed_bank:
        raise play.refuse(step.what, play.state)
    if any(one.bank == step.bank and one.state != "released" for one in play.engagements):
        raise play.refuse(step.what, "claimed")
    if play.live >= play.slots:
        raise Impossible(PastRefusals.SLOTS, n=play.n)
    play.live += 1
    one = PlayedEngagement(step.bank, step.officer, is_directed, step.at, step.at)
    play.engagements.append(one)
    play.sets.setdefault("first_claimed_at", step.at)
    settle(play.clocks, step.at, "met", (C.UNCLAIMED,))
    start(play, step, one.clocks)
    if play.state == "published":
        play.move_demand("first_engagement", step.at)
    play.tell(step.at, f"engagement.{step.what}", one, target="claimed")


def _call(play: Played, step: PastStep, facts: Mapping[str, Any]) -> None:
    one = play.of(step)
    if one.ended_at is not None:
        raise play.refuse(step.what, one.state)
    is_first = not one.calls
    if is_first:
        one.sets["first_attempt_at"] = step.at
        play.sets.setdefault("first_attempt_at", step.at)
        late = settle(one.clocks, step.at, "met", (C.CALLBACK_BANK, C.SLOT_REOPEN))
        one.sets["callback_late"] = late
        settle(play.clocks, step.at, "met", (C.CALLBACK_APPLICANT,))
    number, on_time = len(one.calls) + 1, not one.sets.get("callback_late", False)
    one.calls.append({**facts, "number": number, "started_at": step.at, "is_on_time": on_time})
    play.tell(step.at, "engagement.start_call", one, number=number, on_time=on_time)
    ended_at = facts["recorded_at"]
    play.tell(ended_at, "call.record", one, result=facts["result"], duration_seconds=facts["duration_seconds"])  # fmt: skip
    reached = facts["result"] == CallResult.CONNECTED
    if one.state == "claimed" and (reached or number >= ATTEMPTS_NEEDED):
        settle(one.clocks, ended_at, "met", (C.SUPERVISION_BANK,))
        if reached:
            settle(play.clocks, ended_at, "met", (C.SUPERVISION_APPLICANT,))
        one.sets |= {
            "called_back_at": ended_at,
            "callback_word": "self_reported" if reached else "",
        }
        play.move(one, "record_callback", ended_at, reached=reached)
    start(play, step, one.clocks)


def _work(play: Played, step: PastStep, facts: Mapping[str, Any]) -> None:
    """Any other step of one bank's work."""
    one = play.of(step)
    shown = {name: facts[name] for name in SHOWN.get(step.what, ())}
    if "visit_at" in shown:
        shown["visit_at"] = shown["visit_at"].isoformat()
    is_late = settle(one.clocks, step.at, "met", MEETS.get(step.what, ()))
    if step.what in (Step.PLAN, Step.VISITED):
        shown["late"] = is_late
    play.move(one, MOVES[step.what], step.at, **shown)
    KEEPS.get(step.what, _nothing)(play, one, step, facts)
    start(play, step, one.clocks)
    if step.what in ENDS:
        play.end(one, step.at)
        _after_end(play, step.at)


def _after_end(play: Played, at: datetime) -> None:
    if play.state == "in_progress" and not any(
        one.is_live or one.state in SIGNED for one in play.engagements
    ):
        play.move_demand("last_engagement_ended", at)


def _nothing(play: Played, one: PlayedEngagement, step: PastStep, facts: Mapping[str, Any]) -> None:
    """Nothing beside the state."""


def _proposed(
    play: Played, one: PlayedEngagement, step: PastStep, facts: Mapping[str, Any]
) -> None:
    one.proposals[step.what] = {**facts, "submitted_at": step.at}
    play.sets.setdefault("first_proposal_at", step.at)


def _kept(play: Played, one: PlayedEngagement, step: PastStep, facts: Mapping[str, Any]) -> None:
    one.sets["kept_at"] = step.at


def _agreed(play: Played, one: PlayedEngagement, step: PastStep, facts: Mapping[str, Any]) -> None:
    one.sets["visit_at"] = facts["visit_at"]


def _signed(play: Played, one: PlayedEngagement, step: PastStep, facts: Mapping[str, Any]) -> None:
    if sum(other.state in SIGNED for other in play.engagements) > 1:
        raise play.refuse(step.what, "signed")
    one.loan = {"signed_at": step.at, "contract_hash": ""}
    play.free(one)


def _paid(play: Played, one: PlayedEngagement, step: PastStep, facts: Mapping[str, Any]) -> None:
    assert one.loan is not None
    offer = one.proposals.get(Step.OFFER)
    if offer is not None and facts["amount_fen"] > offer["amount_fen"]:
        raise Impossible(PastRefusals.WHOLE_AMOUNT)
    one.loan |= {**facts, "returned_at": step.at}
    for other in play.engagements:
        if other.is_live:
            play.move(other, "cancel", step.at)
            play.end(other, step.at)
    play.move_demand("disbursed", step.at)
    _finish(play, step.at, "funded")


def _settled(play: Played, one: PlayedEngagement, step: PastStep, facts: Mapping[str, Any]) -> None:
    one.ended_at = step.at
    play.move_demand("settled", step.at)


def _refused(play: Played, one: PlayedEngagement, step: PastStep, facts: Mapping[str, Any]) -> None:
    one.sets |= {"refusal_code": facts["code"], "refusal_words": facts["words"]}
    play.refusals += 1


def _released(
    play: Played, one: PlayedEngagement, step: PastStep, facts: Mapping[str, Any]
) -> None:
    one.sets["release_reason"] = facts["words"]


def _finish(play: Played, at: datetime, reason: str) -> None:
    play.ended_at, play.end_reason = at, reason
    settle(play.clocks, at, "stopped")
    for one in play.engagements:
        settle(one.clocks, at, "stopped")


def _close(play: Played, step: PastStep, facts: Mapping[str, Any]) -> None:
    """The demand ends without money."""
    if play.is_signed():
        raise play.refuse(step.what, "signed")
    for one in play.engagements:
        if one.is_live:
            play.move(one, "cancel", step.at)
            play.end(one, step.at)
    play.move_demand(CLOSES[Step(step.what)], step.at)
    reason = str(facts.get("reason", "")) or f"{step.what}_at_expiry"
    _finish(play, step.at, reason)


def _documents(play: Played, step: PastStep, facts: Mapping[str, Any]) -> None:
    one = play.of(step)
    if not one.is_live:
        raise play.refuse(step.what, one.state)
    one.sets["missing_words"] = facts["words"]
    play.tell(step.at, "engagement.ask_for_documents", one)


def _answer(play: Played, step: PastStep, facts: Mapping[str, Any]) -> None:
    """The applicant's own word on a call, a visit, the money."""
    one, is_yes = play.of(step), facts["answer"] == "yes"
    word, question = "confirmed" if is_yes else "denied", facts["question"]
    if question == "called" and one.sets.get("called_back_at"):
        one.sets["callback_word"] = word
    elif question == "visited" and one.sets.get("visit_at"):
        one.sets["visit_word"] = word
    elif question == "money" and one.loan and "returned_at" in one.loan:
        one.loan |= {"money_word": word, "money_word_at": step.at}
    else:
        raise play.refuse(f"answer {question}", one.state)
    play.tell(step.at, f"question.{question}", one, is_banks=False, answer=facts["answer"])


def _destination(play: Played, step: PastStep, facts: Mapping[str, Any]) -> None:
    if play.ended_at is None or play.state == "funded" or play.destination is not None:
        raise play.refuse(step.what, play.state)
    play.destination = {**facts, "opened_at": play.ended_at, "closed_at": step.at}
    play.tell(step.at, "follow_up.close", destination=facts["destination"])


SHOWN: dict[str, tuple[str, ...]] = {
    Step.AGREE_VISIT: ("visit_at",),
    Step.PAY_OUT: ("amount_fen", "rate_ppm"),
}
"""Facts that the timeline tells beside the step."""
Keep = Callable[[Played, PlayedEngagement, PastStep, Mapping[str, Any]], None]
KEEPS: dict[str, Keep] = {
    Step.PLAN: _proposed,
    Step.OFFER: _proposed,
    Step.KEEP: _kept,
    Step.AGREE_VISIT: _agreed,
    Step.SIGN: _signed,
    Step.PAY_OUT: _paid,
    Step.SETTLE: _settled,
    Step.REFUSE: _refused,
    Step.RELEASE: _released,
}
Act = Callable[[Played, PastStep, Mapping[str, Any]], None]
ACTS: dict[str, Act] = {
    Step.PUBLISH: _publish,
    Step.CLAIM: _claim,
    Step.DIRECT: _claim,
    Step.CALL: _call,
    Step.DOCUMENTS: _documents,
    Step.ANSWER: _answer,
    Step.DESTINATION: _destination,
    **dict.fromkeys(CLOSES, _close),
    **dict.fromkeys(MOVES, _work),
}
