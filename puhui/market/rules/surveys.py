"""The stratified draw of the county's calls: from a frame and a seed always the same order. Pure.

Order is by SHA-256 of the seed with what is drawn, so anybody can redo it by hand; no random
generator of any language is involved. Source: M013, domain.md §2a (closure and survey).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One ended case that could be called about: its stratum and its references."""

    outcome: str
    bank: str
    demand: str
    engagement: str = ""

    @property
    def row(self) -> list[str]:
        return [self.outcome, self.bank, self.demand, self.engagement]


def digest(frame: Sequence[Candidate]) -> str:
    """SHA-256 of the frame as stored: what the journal keeps of it."""
    return hashlib.sha256(json.dumps([one.row for one in frame]).encode()).hexdigest()


def _key(seed: str, *parts: str) -> str:
    return hashlib.sha256("|".join((seed, *parts)).encode()).hexdigest()


def drawn(frame: Sequence[Candidate], seed: str) -> list[Candidate]:
    """The whole frame in the order of calling; a day's list is its first rows.

    Outcomes take turns in an order that the seed decides; within an outcome the banks take turns;
    within bank and outcome the seed orders the cases. So a small bank and a rare outcome are called
    about as often as a large one.
    """
    strata: dict[str, dict[str, list[Candidate]]] = {}
    for one in sorted(frame, key=lambda each: _key(seed, "case", each.demand)):
        strata.setdefault(one.outcome, {}).setdefault(one.bank, []).append(one)
    queues = {
        outcome: _in_turns([banks[bank] for bank in _shuffled(banks, seed, f"bank {outcome}")])
        for outcome, banks in strata.items()
    }
    return _in_turns([queues[outcome] for outcome in _shuffled(queues, seed, "outcome")])


def _shuffled(
    names: dict[str, list[Candidate]] | dict[str, object], seed: str, kind: str
) -> list[str]:
    return sorted(names, key=lambda name: _key(seed, kind, name))


def _in_turns(queues: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    longest = max((len(queue) for queue in queues), default=0)
    return [queue[turn] for turn in range(longest) for queue in queues if turn < len(queue)]


def next_after(
    order: Sequence[Candidate], taken: set[str], missed: Candidate, barred: set[str]
) -> tuple[int, Candidate] | None:
    """Who takes the place of one who was not reached: the next in order of the same stratum, else
    the next at all. `taken`: demands listed already; `barred`: demands not to be called about."""
    free = [
        (place, one)
        for place, one in enumerate(order, start=1)
        if one.demand not in taken and one.demand not in barred
    ]
    alike = [row for row in free if (row[1].outcome, row[1].bank) == (missed.outcome, missed.bank)]
    found = alike or free
    return found[0] if found else None


def share_of(count: int, percent: int) -> int:
    """How many of `count` a sample of at least `percent` takes: rounded up, one at the least."""
    return -(-count * percent // 100) if count else 0
