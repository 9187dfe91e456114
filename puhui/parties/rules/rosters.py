"""Turns of duty: of one person they never overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """One person's turn of duty."""

    staff: UUID
    starts_at: datetime
    ends_at: datetime


def is_turn(starts_at: datetime, ends_at: datetime) -> bool:
    """A span of at most 31 days."""
    return is_span(starts_at, ends_at) and ends_at - starts_at <= LONGEST


def is_span(starts_at: datetime, ends_at: datetime) -> bool:
    """Instants with a zone, the end after the start."""
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        return False
    return ends_at > starts_at


def merged(turns: Iterable[Turn]) -> list[Turn]:
    """Turns of the same person that touch or overlap become one."""
    joined: list[Turn] = []
    for turn in sorted(turns):
        last = joined[-1] if joined else None
        if last is not None and last.staff == turn.staff and turn.starts_at <= last.ends_at:
            joined[-1] = Turn(last.staff, last.starts_at, max(last.ends_at, turn.ends_at))
        else:
            joined.append(turn)
    return joined


def outside(turn: Turn, begins: datetime, ends: datetime) -> list[Turn]:
    """What is left of a turn when the span from `begins` to `ends` is cut out of it."""
    left = [Turn(turn.staff, turn.starts_at, begins)] if turn.starts_at < begins else []
    right = [Turn(turn.staff, ends, turn.ends_at)] if turn.ends_at > ends else []
    return left + right
