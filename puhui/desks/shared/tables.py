"""Tables of the desks: columns to choose, heads that sort, all of it in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.http import urlencode


@dataclass(frozen=True, slots=True)
class Head:
    """One column's head: where a press on it leads, and which way it sorts now."""

    key: str
    title: str
    address: str
    way: str

    @property
    def sorted(self) -> str:
        return {"↑": "ascending", "↓": "descending"}.get(self.way, "")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its words, whether they mean something, what stands beside or beneath them."""

    words: str
    tone: str = ""
    is_tag: bool = False
    beside: str = ""
    """A second tag."""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what opens it, its cells by column, at most one button."""

    ref: str
    key: str
    address: str
    cells: tuple[tuple[str, str, Cell], ...]
    """Column, its title, the cell."""
    act: str = ""
    """Where the row's button leads."""


@dataclass(frozen=True, slots=True)
class Table:
    """What differs between tables: columns by name in the address, the usual ones, their orders.

    `sorts`: for a column the order of the first and of the second press, as the address names them;
    `falling` names those that show the largest first.
    """

    shown: Mapping[str, str]
    usual: tuple[str, ...]
    sorts: Mapping[str, tuple[str, str]]
    falling: frozenset[str] = frozenset()
    first: str = ""
    """The order without any word in the address."""

    def columns(self, asked: Sequence[str]) -> tuple[str, ...]:
        """The columns that an address names, in our order; none named: the usual ones."""
        return tuple(key for key in self.shown if key in asked) or self.usual

    def sort(self, asked: str) -> str:
        """The order that an address names; a word we do not know changes nothing."""
        return asked if any(asked in pair for pair in self.sorts.values()) else self.first

    def choices(self, columns: Sequence[str]) -> list[tuple[str, str, bool]]:
        return [(key, title, key in columns) for key, title in self.shown.items()]

    def heads(self, columns: Sequence[str], asked: QueryDict, sort: str) -> list[Head]:
        """The heads of the chosen columns; a press keeps filters and columns and begins anew."""
        return [self._head(key, asked, sort) for key in columns]

    def _head(self, key: str, asked: QueryDict, sort: str) -> Head:
        first, second = self.sorts.get(key, ("", ""))
        to = second if sort == first else first
        way = ("↓" if sort in self.falling else "↑") if sort and sort in (first, second) else ""
        return Head(key, self.shown[key], f"?{turned(asked, sort=to)}" if first else "", way)


def both_ways(keys: Sequence[str], falling: Sequence[str] = ()) -> dict[str, tuple[str, str]]:
    """Orders named after their column, `-` before the falling one; which of the two comes first."""
    return {key: (f"-{key}", key) if key in falling else (key, f"-{key}") for key in keys}


def turned(query: QueryDict, **facts: str) -> str:
    """The same address from its first page on, with some fields set; an empty one drops out."""
    left_out = {*facts, "before", "after"}
    kept = {name: query.getlist(name) for name in query if name not in left_out}
    given = {name: [value] for name, value in facts.items() if value}
    return urlencode({**kept, **given}, doseq=True)


def kept_fields(query: QueryDict, *left_out: str) -> list[tuple[str, str]]:
    """What a form of the page carries on unseen."""
    names = [name for name in query if name not in {*left_out, "before", "after", "format"}]
    return [(name, value) for name in names for value in query.getlist(name) if value]
