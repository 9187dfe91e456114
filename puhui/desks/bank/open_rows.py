"""The row of a demand that has just opened, for the live stream.

It shows what contract.md lets every bank see before a claim, and nothing of a person.
"""

from __future__ import annotations

from puhui.desks.bank.lists_view import open_row
from puhui.desks.shared.rows import row_text
from puhui.kernel.actor import SYSTEM
from puhui.market import queries


def new_row(ref: str) -> str:
    """The list item of a demand that has just become open to all, for whoever has the list on
    screen: its page puts the reader's own token in. Empty once it is not open any more."""
    found = queries.newly_open(SYSTEM, ref)
    return row_text(open_row(*found), token="") if found else ""


def make_ready() -> None:
    """Make the statements before the first row is waited for."""
    new_row("")
