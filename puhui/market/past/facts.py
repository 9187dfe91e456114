"""What each step of another system's case must say, in the one form in which it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from puhui.kernel.clock import local_date
from puhui.kernel.command import Reason
from puhui.market.rules.forms import HIGHEST_RATE_PPM, LARGEST_PROPOSAL_FEN, LONGEST_MONTHS
from puhui.market.terms import REFUSAL_CODES, CallResult, Destination, Method, WithdrawReason
from puhui.market.terms.past import PastRefusals, PastStep, Step

LONGEST_CALL_SECONDS = 7_200
LONGEST_WORDS = 200


class Impossible(Exception):
    """The case cannot have been so."""

    def __init__(self, reason: Reason, **facts: object) -> None:
        super().__init__(reason.code)
        self.reason, self.facts = reason, facts


class Wrong(ValueError):
    """One fact of a step is missing or wrong; the message is its name."""


def checked(step: PastStep, n: int) -> Mapping[str, Any]:
    """The facts of a step, all of them right. Raises Impossible naming the first that is not."""
    try:
        return CHECKS.get(step.what, _none)(step, step.facts)
    except Wrong as wrong:
        raise Impossible(PastRefusals.FACT, n=n, name=str(wrong)) from None


def whole(facts: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = facts.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Wrong(name)
    return value


def words(facts: Mapping[str, Any], name: str, most: int = LONGEST_WORDS) -> str:
    value = facts.get(name, "")
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise Wrong(name)
    return value.strip()


def chosen(facts: Mapping[str, Any], name: str, among: Any) -> str:
    value = facts.get(name)
    if not isinstance(value, str) or value not in among:
        raise Wrong(name)
    return value


def day(facts: Mapping[str, Any], name: str) -> date:
    value = facts.get(name)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Wrong(name) from None


def moment(facts: Mapping[str, Any], name: str) -> datetime:
    value = facts.get(name)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise Wrong(name) from None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Wrong(name)
    return value


def _none(step: PastStep, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    if facts:
        raise Wrong(str(next(iter(facts)))[:40])
    return {}


def _publish(step: PastStep, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    start = moment(facts, "clock_start_at") if "clock_start_at" in facts else step.at
    if not step.at <= start <= step.at + timedelta(days=7):
        raise Wrong("clock_start_at")
    return {"clock_start_at": start}


def _call(step: PastStep, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    result = chosen(facts, "result", CallResult.values)
    seconds = whole({"duration_seconds": 0, **facts}, "duration_seconds", 0, LONGEST_CALL_SECONDS)
    recorded_at = step.at + timedelta(seconds=seconds)
    return {"result": result, "duration_seconds": seconds, "recorded_at": recorded_at}


def _proposal(step: PastStep, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    found: dict[str, Any] = {
        "amount_fen": whole(facts, "amount_fen", 1, LARGEST_PROPOSAL_FEN),
        "rate_ppm": whole(facts, "rate_ppm", 1, HIGHEST_RATE_PPM),
        "months": whole(facts, "months", 1, LONGEST_MONTHS),
        "method": chosen(facts, "method", Method.values),
        "security_words": words(facts, "security_words"),
        "change_reason": words(facts, "change_reason"),
        "valid_until": None,
    }
    if step.what == Step.OFFER:
        found["valid_until"] = moment(facts, "valid_until")
        if found["valid_until"] <= step.at:
            raise Wrong("valid_until")
    return found


def _visit(step: PastStep, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"visit_at": moment(facts, "visit_at")}


def _paid(step: PastStep, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    paid, due = day(facts, "paid_out_on"), day(facts, "due_on")
    if paid > local_date(step.at):
        raise Wrong("paid_out_on")
    if due <= paid:
        raise Wrong("due_on")
    first = facts.get("is_first_loan")
    if not (first is None or isinstance(first, bool)):
        raise Wrong("is_first_loan")
    return {
        "amount_fen": whole(facts, "amount_fen", 1, LARGEST_PROPOSAL_FEN),
        "rate_ppm": whole(facts, "rate_ppm", 1, HIGHEST_RATE_PPM),
        "paid_out_on": paid,
        "due_on": due,
        "is_first_loan": first,
    }


def _refused(step: PastStep, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    code, why = chosen(facts, "code", REFUSAL_CODES), words(facts, "words", 40)
    if code == "R15" and not why:
        raise Wrong("words")
    return {"code": code, "words": why}


def _words(step: PastStep, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    said = words(facts, "words")
    if not said:
        raise Wrong("words")
    return {"words": said}


def _answer(step: PastStep, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "question": chosen(facts, "question", ("called", "visited", "money")),
        "answer": chosen(facts, "answer", ("yes", "no")),
    }


def _withdraw(step: PastStep, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"reason": chosen(facts, "reason", WithdrawReason.values)}


def _destination(step: PastStep, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    where = chosen(facts, "destination", Destination.values)
    return {"destination": where, "words": words(facts, "words")}


Check = Callable[[PastStep, Mapping[str, Any]], Mapping[str, Any]]
CHECKS: dict[str, Check] = {
    Step.PUBLISH: _publish,
    Step.CALL: _call,
    Step.PLAN: _proposal,
    Step.OFFER: _proposal,
    Step.AGREE_VISIT: _visit,
    Step.PAY_OUT: _paid,
    Step.REFUSE: _refused,
    Step.RELEASE: _words,
    Step.DOCUMENTS: _words,
    Step.ANSWER: _answer,
    Step.WITHDRAW: _withdraw,
    Step.DESTINATION: _destination,
}
