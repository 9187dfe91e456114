"""What the waiting page says, in parts: sentence, clock, track, steps, buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from puhui.kernel.clock import minute_text

CLAUSE_ENDS = re.compile(r"(?<=[，。？：])")


@dataclass(frozen=True, slots=True)
class Button:
    """What one can do: an address to go to, or a question of `kind` to answer with `value`."""

    words: str
    address: str
    value: str = ""
    kind: str = ""
    engagement: str = ""
    is_main: bool = False

    @property
    def is_post(self) -> bool:
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class Mark:
    """One time on the track."""

    at: datetime
    words: str

    @property
    def time(self) -> str:
        return minute_text(self.at)


@dataclass(frozen=True, slots=True)
class Track:
    """Three times and how far between the first and the last it is now, in twentieths."""

    marks: tuple[Mark, Mark, Mark]
    twentieths: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens next: when, and what."""

    when: str
    words: str
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """The big sentence is `before`, a clock running down to `until` if there is one, `after`."""

    code: str
    before: str
    small: str
    until: datetime | None = None
    after: str = ""
    buttons: tuple[Button, ...] = ()
    track: Track | None = None
    steps: tuple[Step, ...] = ()

    @property
    def clauses(self) -> list[str]:
        """`before` in parts that stay on one line where they fit: a name is not cut in its middle."""
        return [part for part in CLAUSE_ENDS.split(self.before) if part]

    @property
    def big(self) -> str:
        return f"{self.before}…{self.after}" if self.until else self.before
