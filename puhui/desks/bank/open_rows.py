"""Rows of demands that nobody has claimed: alike for every bank and officer, so written out once.

A row shows what contract.md lets every bank see before a claim, and nothing of a person; only the
token of its forms is the reader's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import get_template, render_to_string
from django.utils.safestring import SafeString

from puhui.desks.bank.lists_view import open_row
from puhui.desks.bank.shapes import Row
from puhui.desks.shared.tags import BLANK
from puhui.kernel.actor import SYSTEM
from puhui.market import queries

TEMPLATE = "bank/row.html"
KEPT = 4096


def new_row(ref: str) -> str:
    """The list item of a demand that has just become open to all, for whoever has the list on
    screen: its page puts the reader's own token in. Empty once it is not open any more."""
    found = queries.newly_open(SYSTEM, ref)
    return _written(open_row(*found)) if found else ""


def make_ready() -> None:
    """Read templates and make statements before the first row is waited for."""
    get_template(TEMPLATE)
    new_row("")


def open_rows(request: HttpRequest, rows: Iterable[Row]) -> SafeString:
    """The list items of these rows, for this reader."""
    whole = "".join(_written(row) for row in rows)
    return SafeString(whole.replace(BLANK, get_token(request)))


@lru_cache(maxsize=KEPT)
def _written(row: Row) -> str:
    return render_to_string(TEMPLATE, {"row": row, "csrf_token": BLANK})
