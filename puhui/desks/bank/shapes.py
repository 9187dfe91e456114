"""What the five lists are made of: buttons, rows, the call card, panels."""

from __future__ import annotations

from dataclasses import dataclass

from puhui.desks.bank.call_card import CallCard


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a row: a link into the dialog, or a form to post."""

    label: str
    address: str
    is_post: bool = False
    style: str = ""
    key: str = ""
    """dial, claim or aside: which key presses it."""
    is_page: bool = False
    """Leads to a page of its own, not into the dialog."""


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
    address: str
    main: Button
    others: tuple[Button, ...] = ()
    due: str = ""
    """An instant to count down to, or nothing."""
    call: CallView | None = None
    is_urgent: bool = False
    """The other buttons stand open as well."""


@dataclass(frozen=True, slots=True)
class CallView:
    """The big card: both clocks, the code to say first, the words."""

    deadline: str
    left: str
    tone: str
    due: str
    began: str
    until: str
    used: str
    bank_clock: str
    bank_due: str
    applicant_clock: str
    applicant_due: str
    who: str
    card: CallCard
    main: Button
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the five lists."""

    name: str
    title: str
    tab: str
    count: int
    oldest: str
    empty: str
    rows: tuple[Row, ...]
    more: int
    footer: str = ""
    aside: int = 0
    """Open demands that the reader has put out of sight."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The five lists and the page's head."""

    panels: tuple[Panel, ...]
    on_duty: str
    day: str
    time: str
    on_time: str
    confirmed: int
    live: int
