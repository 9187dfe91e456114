"""The demo county's two years before the stories: each case with its steps, as an old system tells them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from puhui.demo import tables
from puhui.demo.crowd import Crowd
from puhui.demo.ledger import (
    CLASS_SPREAD_PPM,
    FIRST_DAY,
    HOURS,
    Ledger,
    rate_of_month,
    shares,
)
from puhui.demo.past_steps import TELLINGS, TERMS, Case, give_time
from puhui.kernel.clock import at_local, local_date
from puhui.market.terms import DemandForm
from puhui.market.terms.past import PastDemand

SEED = 20_240_331
REGISTERED_EVERY = timedelta(days=70)
"""How long after one another the batches of the register were taken in."""
LATEST = {
    "disbursed": date(2024, 3, 16),
    "unused": date(2024, 3, 20),
    "withdrawn": date(2024, 3, 26),
    "lapsed": date(2024, 1, 31),
    "waiting": date(2024, 3, 20),
}
LATEST_OTHERS = date(2024, 2, 25)
EARLIEST = {"open": date(2024, 2, 8), "waiting": date(2024, 3, 8)}
URGENCY = 200
"""Cases that are still open were asked for of late: they take their places first."""
FIRMS_FIRST = ("B07", "B10", "B06", "B08", "B04")
PURPOSES = {
    "farmer": ("crops", "orchard_greenhouse", "livestock", "machinery", "livestock", "household"),
    "trader": ("shop_trade", "purchasing_stock"),
    "firm": ("factory", "factory", "purchasing_stock"),
}
WISHES = ("once", "interest_first", "monthly", "bank_decides")


def past_demands(ledger: Ledger, crowd: Crowd, registered: int, batch: int) -> Iterator[PastDemand]:
    """All cases of the ledger, the earliest first. `batch`: how many people were registered at once."""
    rng = random.Random(SEED)
    cases = _fated(ledger, rng)
    _give_sums(ledger, cases, rng)
    for case in cases:
        give_time(case, rng)
    _give_rates(cases)
    for case in cases:
        TELLINGS[case.fate](case, rng)
        known = min(registered, batch * (1 + (case.at - register_begins()) // REGISTERED_EVERY))
        yield _demand(case, crowd.identity(case.number * 9_973 % known))


def register_begins() -> datetime:
    return at_local(FIRST_DAY, time(0))


def registered_at(turn: int) -> datetime:
    """When the `turn`-th batch of the register was taken in."""
    return register_begins() + turn * REGISTERED_EVERY


# -- who, when, how much ---------------------------------------------------------------------------


def _moments(ledger: Ledger, rng: random.Random) -> list[datetime]:
    """When each was asked for, by the weights of months and hours."""
    counts = shares(ledger.demands, list(HOURS.values()))
    hours = [span for span, count in zip(HOURS, counts, strict=True) for _ in range(count)]
    rng.shuffle(hours)
    found = []
    for year, month, count in ledger.months():
        first = FIRST_DAY.day if (year, month) == (FIRST_DAY.year, FIRST_DAY.month) else 1
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        for _ in range(count):
            opens, closes = hours.pop()
            second = rng.randrange(opens * 3600, closes * 3600)
            day = date(year, month, rng.randint(first, last))
            found.append(at_local(day, time(0)) + timedelta(seconds=second))
    return sorted(found)


def _fated(ledger: Ledger, rng: random.Random) -> list[Case]:
    """Each moment with what became of it, from the latest back, so that all had time to end so."""
    left, cases = dict(ledger.fates), []
    moments = _moments(ledger, rng)
    for number in range(len(moments) - 1, -1, -1):
        on = local_date(moments[number])
        weights = {fate: _weight(fate, count, on) for fate, count in left.items() if count}
        if not any(weights.values()):
            weights = dict.fromkeys(weights, 1)
        (fate,) = rng.choices(list(weights), list(weights.values()))
        left[fate] -= 1
        cases.append(Case(number, moments[number], fate))
    return cases[::-1]


def _weight(fate: str, count: int, on: date) -> int:
    if fate in EARLIEST:
        return count * URGENCY if EARLIEST[fate] <= on <= LATEST.get(fate, on) else 0
    return count if on <= LATEST.get(fate, LATEST_OTHERS) else 0


def _give_sums(ledger: Ledger, cases: list[Case], rng: random.Random) -> None:
    loans, offers = ledger.loans(), ledger.offers()
    by_fate: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_fate[case.fate].append(case)
    for fate, found in by_fate.items():
        rng.shuffle(found)
        banks = _banks(len(found))
        for place, (case, kind) in enumerate(zip(found, ledger.classes(fate), strict=True)):
            case.kind, case.bank = kind, banks[place]
            if fate in offers:
                case.offer_fen = offers[fate][place]
            case.amount_fen = loans[place] if fate == "disbursed" else case.offer_fen
            case.amount_fen = case.amount_fen or _asked(kind, place)


def _asked(kind: str, place: int) -> int:
    wan = {
        "farmer": (3, 5, 8, 10, 15, 20, 30),
        "trader": (10, 20, 30, 50),
        "firm": (100, 200, 300, 500),
    }
    return wan[kind][place % len(wan[kind])] * 1_000_000


def _banks(count: int) -> list[str]:
    """The bank of each case: those that serve firms alone stand first, as the firms do."""
    rows = tables.rows("banks.csv")
    parts = shares(count, [int(row["share_permille"]) for row in rows])
    by_bank = {row["ref"]: part for row, part in zip(rows, parts, strict=True)}
    order = [*FIRMS_FIRST, *(ref for ref in by_bank if ref not in FIRMS_FIRST)]
    return [ref for ref in order for _ in range(by_bank[ref])]


def _give_rates(cases: list[Case]) -> None:
    """Rates that differ by class, weighted by sums exactly the rate of their month."""
    months: dict[tuple[int, int], list[Case]] = defaultdict(list)
    for case in cases:
        months[case.month].append(case)
    for (year, month), found in months.items():
        paid = [case for case in found if case.fate == "disbursed"]
        whole = sum(case.amount_fen for case in paid) or 1
        spread = sum(case.amount_fen * CLASS_SPREAD_PPM[case.kind] for case in paid)
        middle = (2 * spread + whole) // (2 * whole)
        for case in found:
            case.rate_ppm = rate_of_month(year, month) + CLASS_SPREAD_PPM[case.kind] - middle


def _demand(case: Case, identity_number: str) -> PastDemand:
    purposes = PURPOSES[case.kind]
    asked = DemandForm(
        amount_fen=max(case.amount_fen, case.offer_fen),
        purpose=purposes[case.number % len(purposes)],
        term=TERMS[case.number % len(TERMS)][0],
        repayment_wish=WISHES[case.number % len(WISHES)],
        call_wish="now",
        securities=("none",) if case.kind == "farmer" else ("stock_orders",),
        is_first_loan=case.number % 3 == 0,
    )
    return PastDemand(f"J{100_000 + case.number}", identity_number, asked, tuple(case.steps))
