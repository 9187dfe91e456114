"""The people of a county at full size: who is on its roll, and who of them is registered.

Everybody is told by a number alone, so that whoever needs one can name them without a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from puhui.demo import people
from puhui.parties.terms import Registration, RollEntry

BIRTHDAYS = [f"{month:02d}{day:02d}" for month in range(1, 13) for day in range(1, 29)]
FIRST_SERIAL = 400
"""Below it stand the few people whom the demo plays with."""
PHONE_PREFIX = "1011"
NAMES = [
    surname + one + two
    for one in people.GIVEN
    for two in people.GIVEN
    for surname in people.SURNAMES
]


@dataclass(frozen=True, slots=True)
class Ages:
    """How many of some ages there are. `youngest` and `oldest` in years at the year of the roll."""

    count: int
    youngest: int
    oldest: int
    lives_here: bool = True
    first_serial: int = FIRST_SERIAL


@dataclass(frozen=True, slots=True)
class Crowd:
    """`eligible` people of the age who live here come first; of them the first are registered."""

    year: int
    eligible: int
    children: int
    elderly: int
    away: int
    villages: Sequence[str]

    @property
    def groups(self) -> tuple[Ages, ...]:
        return (
            Ages(self.eligible, 19, 64),
            Ages(self.away, 19, 60, lives_here=False, first_serial=700),
            Ages(self.children, 1, 17),
            Ages(self.elderly, 66, 95),
        )

    def roll(self) -> Iterator[RollEntry]:
        """Everybody, as the county's table lists them."""
        place = 0
        for group in self.groups:
            for number in range(group.count):
                yield RollEntry(
                    self._identity(group, number), self.village(place), group.lives_here
                )
                place += 1

    def registered(self, count: int) -> Iterator[Registration]:
        """The first `count` of the age, each as they registered; every tenth on a shared phone."""
        group = self.groups[0]
        for number in range(count):
            phone = number - (number % 10 == 9)
            yield Registration(
                NAMES[number * 7919 % len(NAMES)],
                self._identity(group, number),
                f"{PHONE_PREFIX}{phone:07d}",
                self.village(number),
            )

    def identity(self, number: int) -> str:
        """The identity number of the `number`-th registered person."""
        return self._identity(self.groups[0], number)

    def village(self, number: int) -> str:
        return self.villages[number % len(self.villages)]

    def _identity(self, group: Ages, number: int) -> str:
        years = group.oldest - group.youngest + 1
        turn, day = divmod(number, years * len(BIRTHDAYS))
        year, birthday = divmod(day * 1009 % (years * len(BIRTHDAYS)), len(BIRTHDAYS))
        born = f"{self.year - group.oldest + year}{BIRTHDAYS[birthday]}"
        return people.identity_number(group.first_serial + turn, born)
