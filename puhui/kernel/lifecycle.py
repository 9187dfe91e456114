"""Lifecycles as tables: move · from → to · who · which clocks it starts and stops.

`Lifecycle.move` is the only way a row's state changes: one guarded UPDATE; zero rows means that
somebody else was first, and the move is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from puhui.kernel.command import Reason, Refused
from puhui.kernel.writing import change

STATE_CHANGED = Reason("state_changed", "这件事刚才已经有了变化，请刷新后再看。")


@dataclass(frozen=True, slots=True)
class Move:
    """One permitted step. `sources` empty: the step creates the row."""

    name: str
    sources: tuple[str, ...]
    target: str
    who: str
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What a move did, for the journal."""

    entity: str
    ref: str
    move: str
    source: str
    target: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All states and moves of one entity."""

    entity: str
    states: tuple[str, ...]
    moves: tuple[Move, ...]
    live: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        known = set(self.states)
        for move in self.moves:
            unknown = ({*move.sources, move.target}) - known
            if unknown:
                raise RuntimeError(f"{self.entity}.{move.name} names unknown states {unknown}")

    def steps(self, name: str) -> list[Move]:
        found = [move for move in self.moves if move.name == name]
        if not found:
            raise RuntimeError(f"{self.entity} has no move {name}")
        return found

    def permits(self, name: str, state: str) -> bool:
        return any(state in move.sources for move in self.steps(name))

    def move(
        self,
        row: models.Model,
        name: str,
        *,
        now: datetime,
        **sets: Any,
    ) -> Change:
        """Move `row` by one guarded UPDATE, setting `sets` with it. Refuses STATE_CHANGED."""
        source = str(getattr(row, "state"))  # noqa: B009 - every lifecycle's model has a state
        step = next((m for m in self.steps(name) if source in m.sources), None)
        if step is None:
            raise Refused(STATE_CHANGED)
        made = {"state": step.target, "state_since": now, **sets}
        if change(row, made, {"state": source}) != 1:
            raise Refused(STATE_CHANGED)
        for name_, value in made.items():
            setattr(row, name_, value)
        return Change(self.entity, str(getattr(row, "ref")), name, source, step.target)  # noqa: B009

    def created(self, row: models.Model, name: str) -> Change:
        """The change of a row made by a creating move."""
        step = self.steps(name)[0]
        if step.sources or str(getattr(row, "state")) != step.target:  # noqa: B009
            raise RuntimeError(f"{self.entity}.{name} does not create {step.target}")
        return Change(self.entity, str(getattr(row, "ref")), name, "", step.target)  # noqa: B009

    def state_check(self, name: str) -> models.CheckConstraint:
        """The database's own copy of the list of states."""
        return models.CheckConstraint(condition=models.Q(state__in=list(self.states)), name=name)


def mermaid(lifecycle: Lifecycle) -> str:
    """The diagram of a lifecycle for docs/lifecycles.md."""
    lines = ["stateDiagram-v2"]
    lines.extend(
        f"    {source} --> {move.target}: {move.name}"
        for move in lifecycle.moves
        for source in move.sources or ("[*]",)
    )
    lines.extend(f"    {state} --> [*]" for state in _ends(lifecycle))
    return "\n".join(lines)


def _ends(lifecycle: Lifecycle) -> Iterable[str]:
    leaving = {source for move in lifecycle.moves for source in move.sources}
    return [state for state in lifecycle.states if state not in leaving]
