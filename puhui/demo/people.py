"""Invented people: names from a small stock, numbers that belong to nobody.

Identity numbers carry an area code that was never given out and a right check digit; phone numbers
begin with 101, which no carrier uses.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from puhui.parties.identifiers import identity_check_digit

SURNAMES = "李王张刘陈赵孙马杨郭冯许"
GIVEN = "民芬强梅勇军兰刚霞涛玲东春花明云峰静"
AREA_CODE = "990525"
PHONE_PREFIX = "1010000"
STAFF_PHONE_PREFIX = "1010900"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    name: str = field(repr=False)
    identity_number: str = field(repr=False)
    phone: str = field(repr=False)


def name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN)


def identity_number(serial: int, born: str) -> str:
    """A number with this birth date (YYYYMMDD), the `serial`-th of its kind."""
    first = f"{AREA_CODE}{born}{serial % 1000:03d}"
    return first + identity_check_digit(first)


def phone(serial: int, prefix: str = PHONE_PREFIX) -> str:
    return f"{prefix}{serial:04d}"


def residents(rng: random.Random, first: int, count: int) -> Iterator[Person]:
    """`count` people, each with a phone of their own, from 22 to 68 years old."""
    for serial in range(first, first + count):
        year, month, day = rng.randint(1958, 2003), rng.randint(1, 12), rng.randint(1, 28)
        yield Person(
            name(rng), identity_number(serial, f"{year}{month:02d}{day:02d}"), phone(serial)
        )
