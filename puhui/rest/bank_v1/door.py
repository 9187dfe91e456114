"""The bank's door: for banks alone, and how an operation on one of its cases is declared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from puhui.kernel.actor import BANK
from puhui.kernel.command import NOT_FOUND, Reason
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.rest.frame.doors import Doors

bank = Doors.of("bank", only=BANK)
CASE = (NOT_FOUND, Refusals.STATE)


def case_act(
    path: str, *more: Reason, method: str = "POST", subject: str = "ref", **declared: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An operation on one engagement, at `path` beneath it: refused where the bank has it no more or
    its state does not allow it, and with `more`; a stored answer is given again only to whoever still
    has the case."""
    declare = {"POST": bank.post, "PUT": bank.put, "DELETE": bank.delete}[method]
    return declare(
        f"/engagements/{{ref}}{path}",
        subject=subject,
        recheck=queries.has_engagement,
        refuses=(*CASE, *more),
        **declared,
    )
