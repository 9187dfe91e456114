"""A case while it is being played: how far it has come, with its banks and deadlines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from puhui.market.lifecycle import DEMAND, ENGAGEMENT, LIVE_ENGAGEMENT
from puhui.market.past.facts import Impossible
from puhui.market.terms.past import PastDemand, PastRefusals, PastStep

SLOTS = 3
NEVER = datetime.min.replace(tzinfo=UTC)
SIGNED = ("signed", "disbursed", "settled")


@dataclass(slots=True)
class PlayedClock:
    """A deadline and how it ended."""

    kind: str
    started_at: datetime
    due_at: datetime
    state: str = "running"
    settled_at: datetime | None = None
    found_at: datetime | None = None

    def settle(self, at: datetime, state: str) -> None:
        if self.due_at < at:
            self.state, self.settled_at, self.found_at = "breached", self.due_at, at
        else:
            self.state, self.settled_at = state, at


@dataclass(slots=True)
class PlayedEngagement:
    """One bank's work on the case, as far as it came."""

    bank: str
    officer: str
    is_directed: bool
    claimed_at: datetime
    state_since: datetime
    state: str = "claimed"
    holds_slot: bool = True
    ended_at: datetime | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)
    proposals: dict[str, dict[str, Any]] = field(default_factory=dict)
    loan: dict[str, Any] | None = None
    sets: dict[str, Any] = field(default_factory=dict)
    clocks: list[PlayedClock] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_ENGAGEMENT


@dataclass(slots=True)
class Played:
    """A case played to its last step."""

    case: PastDemand
    slots: int = SLOTS
    state: str = "draft"
    state_since: datetime = NEVER
    live: int = 0
    refusals: int = 0
    ended_at: datetime | None = None
    end_reason: str = ""
    sets: dict[str, Any] = field(default_factory=dict)
    engagements: list[PlayedEngagement] = field(default_factory=list)
    clocks: list[PlayedClock] = field(default_factory=list)
    destination: dict[str, Any] | None = None
    events: list[list[Any]] = field(default_factory=list)
    n: int = 0

    # -- small parts -------------------------------------------------------------------------------

    def refuse(self, what: str, state: str) -> Impossible:
        return Impossible(PastRefusals.STATE, n=self.n, what=what, state=state)

    def move_demand(self, name: str, at: datetime) -> None:
        if not DEMAND.permits(name, self.state):
            raise self.refuse(name, self.state)
        source, self.state, self.state_since = self.state, DEMAND.steps(name)[0].target, at
        self.tell(at, f"{DEMAND.entity}.{name}", source=source, target=self.state)

    def move(self, one: PlayedEngagement, name: str, at: datetime, **facts: Any) -> None:
        step = next((s for s in ENGAGEMENT.steps(name) if one.state in s.sources), None)
        if step is None:
            raise self.refuse(name, one.state)
        source, one.state, one.state_since = one.state, step.target, at
        action = f"{ENGAGEMENT.entity}.{name}"
        self.tell(at, action, one, source=source, target=one.state, **facts)

    def tell(
        self,
        at: datetime,
        action: str,
        one: PlayedEngagement | None = None,
        *,
        is_banks: bool = True,
        **facts: Any,
    ) -> None:
        """An event for the timeline, shaped as the journal's entries are."""
        bank = one.bank if one else ""
        role = "loan_officer" if one and is_banks else "resident"
        by = (one.officer or one.bank) if one and is_banks else ""
        organisation = bank if is_banks else ""
        self.events.append([at.isoformat(), action, role, by, organisation, bank, facts])

    def free(self, one: PlayedEngagement) -> None:
        if one.holds_slot:
            one.holds_slot = False
            self.live -= 1

    def end(self, one: PlayedEngagement, at: datetime) -> None:
        one.ended_at = at
        self.free(one)
        settle(one.clocks, at, "stopped")

    def is_signed(self) -> bool:
        return any(one.state in SIGNED for one in self.engagements)

    def of(self, step: PastStep) -> PlayedEngagement:
        """The latest work of the step's bank on this case."""
        for one in reversed(self.engagements):
            if one.bank == step.bank:
                return one
        raise self.refuse(step.what, self.state)


def settle(
    clocks: list[PlayedClock], at: datetime, state: str, kinds: tuple[str, ...] | None = None
) -> bool:
    """Settle running clocks, of `kinds` only where given; whether any of them was late."""
    late = False
    for clock in clocks:
        if clock.state == "running" and (kinds is None or clock.kind in kinds):
            clock.settle(at, state)
            late = late or clock.state == "breached"
    return late
