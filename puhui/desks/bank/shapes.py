"""What the five lists are made of beside rows: the call card, the page's head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from puhui.desks.bank.call_card import CallCard
from puhui.desks.shared.rows import Button, Panel


@dataclass(frozen=True, slots=True)
class CallRow:
    """The big card: both clocks, the code to say first, the words."""

    template: ClassVar[str] = "bank/call_row.html"
    key: str
    address: str
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
class Desk:
    """The five lists and the page's head."""

    panels: tuple[Panel, ...]
    bank: str
    on_duty: str
    day: str
    time: str
    on_time: str
    confirmed: int
    live: int
