"""What happened in one case of the demo's past, by what became of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from puhui.demo import tables
from puhui.demo.ledger import LAST_DAY
from puhui.kernel.clock import at_local, end_of_day, local, local_date
from puhui.market.terms.past import PastStep

OPENS, CLOSES, TEN = time(7, 30), time(21, 30), time(10, 0)
TERMS = (("year_1", 12), ("months_6", 6), ("year_1", 12), ("years_2_3", 24), ("months_3", 3))
METHODS = ("interest_with_principal", "interest_only_bullet", "equal_instalment")
PHONE_CODES, VISIT_CODES = ("R01", "R02", "R05", "R11", "R12", "R14"), ("R05", "R06", "R07", "R08")
WITHDRAWN = ("not_needed", "found_elsewhere", "too_dear", "too_slow", "rather_not_say")


@dataclass(slots=True)
class Case:
    """One case before its steps are told."""

    number: int
    at: datetime
    fate: str
    kind: str = "farmer"
    bank: str = ""
    amount_fen: int = 0
    offer_fen: int = 0
    rate_ppm: int = 0
    paid_at: datetime | None = None
    steps: list[PastStep] = field(default_factory=list)

    def step(
        self, at: datetime, what: str, due: dict[str, datetime] | None = None, **facts: Any
    ) -> None:
        officer = {"bank": self.bank, "officer": self.officer} if what in OF_BANK else {}
        self.steps.append(PastStep(at, what, due=due or {}, facts=facts, **officer))

    @property
    def officer(self) -> str:
        base = 2000 + int(self.bank[1:]) * 100
        return str(base + 12 + self.number % 2)

    @property
    def month(self) -> tuple[int, int]:
        on = local_date(self.paid_at or self.at)
        return on.year, on.month


OF_BANK = frozenset(
    {
        "claim", "call", "plan", "keep", "agree_visit", "visited", "documents", "offer", "accept",
        "sign", "pay_out", "refuse", "decline", "release", "lapse", "answer",
    }
)  # fmt: skip


TEMPERS = {bank.ref: bank for bank in tables.banks()}


def opened(at: datetime) -> datetime:
    """The moment itself in duty hours, else the next opening."""
    here = local(at)
    if OPENS <= here.time() < CLOSES:
        return at
    day = here.date() + timedelta(days=here.time() >= CLOSES)
    return at_local(day, OPENS)


def weekdays(at: datetime, days: int) -> datetime:
    """The end of the weekday so many later: what the old system reckoned."""
    day = local_date(at)
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return end_of_day(day)


def give_time(case: Case, rng: random.Random) -> None:
    """When the money of a case was paid, so that its month is known before its rate."""
    if case.fate == "disbursed":
        case.paid_at = _visit_at(case) + timedelta(
            days=4 + rng.randrange(3), hours=rng.randrange(5)
        )
        latest = at_local(LAST_DAY, time(17)) - timedelta(minutes=rng.randrange(300))
        case.paid_at = min(case.paid_at, latest)


def _visit_at(case: Case) -> datetime:
    return at_local(local_date(opened(case.at)) + timedelta(days=1 + case.number % 3), TEN)


def _begin(case: Case, rng: random.Random) -> datetime:
    """Asked for, claimed; returns when the bank's clock starts."""
    start = opened(case.at)
    due = {
        "callback_applicant": start + timedelta(minutes=5),
        "supervision_applicant": start + timedelta(minutes=10),
        "unclaimed": start + timedelta(minutes=10),
        "expiry": case.at + timedelta(days=30),
    }
    case.step(case.at, "publish", due, clock_start_at=start)
    claimed_at = start + timedelta(seconds=10 + rng.randrange(110))
    case.step(
        claimed_at,
        "claim",
        {
            "callback_bank": claimed_at + timedelta(minutes=5),
            "supervision_bank": claimed_at + timedelta(minutes=10),
            "long_pending": weekdays(claimed_at, 15),
        },
    )
    return claimed_at


def _called(case: Case, rng: random.Random) -> datetime:
    """The first call reaches the applicant; returns when it was over."""
    at = _begin(case, rng)
    usual = TEMPERS[case.bank].callback_seconds
    seconds = usual * rng.choice((2, 3, 4, 4, 5, 5, 5, 6, 7, 10, 12)) // 5
    call_at, lasts = at + timedelta(seconds=seconds), rng.randrange(60, 300)
    over = call_at + timedelta(seconds=lasts)
    plan_due = {"plan": weekdays(over, 1)}
    case.step(call_at, "call", plan_due, result="connected", duration_seconds=lasts)
    word = rng.randrange(100)
    if word < 82:
        answer = "no" if word < 2 else "yes"
        case.step(over + timedelta(minutes=2), "answer", question="called", answer=answer)
    return over + timedelta(minutes=3)


def _terms(case: Case) -> dict[str, Any]:
    return {
        "rate_ppm": case.rate_ppm,
        "months": TERMS[case.number % len(TERMS)][1],
        "method": METHODS[case.number % len(METHODS)],
        "security_words": "夫妻两人签字" if case.kind == "farmer" else "保证或抵押",
    }


def _kept(case: Case, rng: random.Random) -> datetime:
    """A plan, and the applicant goes on with it."""
    over = _called(case, rng)
    planned_at = over + timedelta(minutes=30 + rng.randrange(90))
    case.step(planned_at, "plan", amount_fen=case.offer_fen or case.amount_fen, **_terms(case))
    kept_at = planned_at + timedelta(minutes=5 + rng.randrange(60))
    case.step(kept_at, "keep", {"investigation": weekdays(kept_at, 3)})
    return kept_at


def _visited(case: Case, rng: random.Random) -> datetime:
    kept_at = _kept(case, rng)
    visit_at = max(_visit_at(case), kept_at + timedelta(hours=1))
    case.step(kept_at + timedelta(minutes=1), "agree_visit", visit_at=visit_at)
    at = visit_at + timedelta(hours=1)
    case.step(at, "visited", {"decision": weekdays(at, 5)})
    if case.number % 3:
        case.step(at + timedelta(minutes=10), "answer", question="visited", answer="yes")
    return at + timedelta(minutes=10)


def _offered(case: Case, rng: random.Random, valid: timedelta = timedelta(days=30)) -> datetime:
    at = _visited(case, rng) + timedelta(hours=20 + rng.randrange(4))
    until = at + valid
    facts = {"amount_fen": case.offer_fen, "valid_until": until, **_terms(case)}
    case.step(at, "offer", {"offer_validity": until}, **facts)
    return at


def _signed(case: Case, rng: random.Random) -> datetime:
    at = _offered(case, rng) + timedelta(hours=2)
    case.step(at, "accept", {"signing": weekdays(at, 5)})
    at += timedelta(hours=16 + rng.randrange(8))
    case.step(at, "sign", {"data_return": end_of_day(local_date(at) + timedelta(days=3))})
    return at


def _disbursed(case: Case, rng: random.Random) -> None:
    signed_at = _signed(case, rng)
    assert case.paid_at
    at = max(case.paid_at, signed_at + timedelta(minutes=20))
    months = TERMS[case.number % len(TERMS)][1]
    paid_on = local_date(at)
    case.step(
        at,
        "pay_out",
        amount_fen=case.amount_fen,
        rate_ppm=case.rate_ppm,
        paid_out_on=paid_on,
        due_on=paid_on + timedelta(days=months * 365 // 12),
        is_first_loan=case.number % 3 == 0,
    )
    if rng.randrange(10):
        case.step(at + timedelta(minutes=30), "answer", question="money", answer="yes")


def _waiting(case: Case, rng: random.Random) -> None:
    _signed(case, rng)
    _stop_on_last_day(case)


def _unused(case: Case, rng: random.Random) -> None:
    at = _offered(case, rng) + timedelta(days=1)
    case.step(at, "decline")
    case.step(at + timedelta(minutes=5), "withdraw", reason="found_elsewhere")


def _lapsed(case: Case, rng: random.Random) -> None:
    valid = timedelta(days=15)
    at = _offered(case, rng, valid) + valid + timedelta(seconds=2)
    case.step(at, "lapse")
    _given_up(case, "given_up")


def _phone_refused(case: Case, rng: random.Random) -> None:
    at = _called(case, rng)
    case.step(at, "refuse", code=rng.choice(PHONE_CODES))
    _given_up(case, "other_bank")


def _visit_refused(case: Case, rng: random.Random) -> None:
    at = _visited(case, rng) + timedelta(hours=5)
    case.step(at, "refuse", code=rng.choice(VISIT_CODES))
    _given_up(case, "guarantee_or_subsidy")


def _documents(case: Case, rng: random.Random) -> None:
    at = _kept(case, rng) + timedelta(hours=3)
    case.step(at, "documents", words="还差流转合同或经营流水")
    case.step(at + timedelta(days=10), "refuse", code="R10")
    _given_up(case, "missing_until")


def _unreached(case: Case, rng: random.Random) -> None:
    at = _begin(case, rng) + timedelta(seconds=100)
    for turn in range(3):
        case.step(at + timedelta(minutes=25 * turn), "call", result="no_answer")
    case.step(at + timedelta(days=3), "release", words="一直没联系上")
    _given_up(case, "given_up")


def _withdrawn(case: Case, rng: random.Random) -> None:
    at = _called(case, rng) if case.number % 5 else _begin(case, rng)
    case.step(at + timedelta(hours=1 + rng.randrange(30)), "withdraw", reason=rng.choice(WITHDRAWN))


def _expired(case: Case, rng: random.Random) -> None:
    case.step(case.at, "publish", {"expiry": case.at + timedelta(days=30)})
    at = case.at + timedelta(days=30, seconds=1)
    case.step(at, "expire")
    case.step(at + timedelta(hours=9), "destination", destination="given_up")


def _open(case: Case, rng: random.Random) -> None:
    """Still at work on the ledger's last day, each as far as it had come by then."""
    (_called, _kept, _visited)[case.number % 3](case, rng)
    _stop_on_last_day(case)


def _stop_on_last_day(case: Case) -> None:
    """The old system's ledger ends with its last day: no step after it, no deadline beyond it."""
    limit = at_local(LAST_DAY, time(23, 59))
    case.steps = [
        replace(one, due={kind: at for kind, at in one.due.items() if at <= limit})
        for one in case.steps
        if one.at <= limit
    ]


def _given_up(case: Case, where: str) -> None:
    """Nobody else took it up; the township said where it went."""
    at = max(case.at + timedelta(days=30, seconds=1), case.steps[-1].at + timedelta(hours=1))
    case.step(at, "give_up")
    case.step(at + timedelta(hours=6), "destination", destination=where)


TELLINGS: dict[str, Callable[[Case, random.Random], object]] = {
    "disbursed": _disbursed,
    "unused": _unused,
    "lapsed": _lapsed,
    "waiting": _waiting,
    "phone_refused": _phone_refused,
    "withdrawn": _withdrawn,
    "visit_refused": _visit_refused,
    "documents": _documents,
    "unreached": _unreached,
    "expired": _expired,
    "open": _open,
}
