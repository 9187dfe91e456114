"""How large a made-up county is, and how far its building has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Progress = Callable[[int, int, str], None]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Size:
    """A scale of `puhui demo`. People are counted whole; `actors` of them play the stories."""

    people: int
    eligible: int
    """People who live here and are of the age: what coverage is out of (M027)."""
    registered: int
    actors: int = 300
    deputies: int = 20
    specialists: int = 0
    """Village specialists; fewer than the stories need: these alone."""
    is_fully_staffed: bool = False
    has_whole_shelf: bool = False
    """48 institutions and 447 products, not the story's alone."""
    past_demands: int = 0
    """Cases of the two years before the stories, taken in as another system's."""

    @property
    def others(self) -> int:
        return self.people - self.eligible


SIZES = {
    "small": Size(people=980, eligible=480, registered=303, deputies=46, specialists=345),
    "county": Size(
        people=870_000,
        eligible=428_000,
        registered=270_000,
        deputies=46,
        specialists=1_055,
        is_fully_staffed=True,
        has_whole_shelf=True,
        past_demands=27_445,
    ),
}
"""figures.md P9, mission M020, M027; content.md §4."""


@dataclass(slots=True)
class Meter:
    """Tells how many of all rows are done, as they are done."""

    tell: Progress
    total: int
    done: int = 0
    what: str = field(default="")

    def add(self, count: int, what: str) -> None:
        self.done = min(self.done + count, self.total)
        self.tell(self.done, self.total, what)

    def over(
        self, rows: Iterator[Item], size: int, what: str, weight: int = 1
    ) -> Iterator[Sequence[Item]]:
        """`rows` in batches; each counts, `weight` a row, once its work is done."""
        batch: list[Item] = []
        for row in rows:
            batch.append(row)
            if len(batch) == size:
                yield batch
                self.add(weight * len(batch), what)
                batch = []
        if batch:
            yield batch
            self.add(weight * len(batch), what)
