"""Rows of the five lists: a clock, who and what, one main button."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """What a row offers. `how`: sheet opens the dialog, post does it, look posts into the dialog."""

    label: str
    address: str
    how: str = "sheet"
    style: str = ""
    puts_aside: bool = False
    """X presses it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    key: str
    when: str
    small: str
    tone: str
    code: str
    title: str
    facts: str
    address: str = ""
    main: Button | None = None
    others: tuple[Button, ...] = ()
    due: str = ""
    """An instant to count down to, or nothing."""
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the five lists."""

    name: str
    title: str
    tab: str
    rows: tuple[object, ...]
    count: int
    empty: str
    oldest: str = ""
    footer: str = ""
    more: str = ""
    """Where the whole of it is."""
    is_loud: bool = False
    """Whether a new row is announced with a sound."""
