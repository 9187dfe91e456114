"""A form that is sent twice is done once: each page that makes something new carries a number.

For whoever presses twice, or sends again because the answer was lost on the way. The number is
claimed in the same transaction as what the form does. The same number with other words is another
form: somebody went back, wrote anew and sent that.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import NoReturn

from puhui.desks.shared.gate import Request
from puhui.kernel.command import Refused, Reply, once

FIELD = "form_number"
LONGEST = 40
NOT_TOLD = ("csrfmiddlewaretoken", "do")


def form_number() -> str:
    """A number for one form as it is shown."""
    return secrets.token_hex(8)


def done_once(request: Request, act: Callable[[], object]) -> None:
    """Act, unless this very form has been done; a form without a number acts each time.

    What is refused is not kept: it may be sent again as it is.
    """
    number = request.POST.get(FIELD, "")[:LONGEST]
    if not number:
        act()
        return
    rows = sorted((name, *values) for name, values in request.POST.lists() if name not in NOT_TOLD)
    once(
        key=f"form:{hashlib.sha256(repr(rows).encode()).hexdigest()}",
        operation=request.path[:200],
        body=b"",
        by=request.actor,
        act=act,
        render=lambda _done: Reply(204, b""),
        refuse=_again,
        recheck=lambda _subject: None,
    )


def _again(refused: Refused) -> NoReturn:
    raise refused
