"""Actions whose refusals are kept: what an attempt used up stays used up.

A refusal raised inside a command undoes everything in it, the counted attempt too. These actions
return it instead, and it is raised after the commit. They are never called inside another action
or under an idempotency key.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from puhui.kernel.command import Refused

P = ParamSpec("P")
R = TypeVar("R")


def counted(act: Callable[P, R | Refused]) -> Callable[P, R]:
    """Raise the refusal that `act` returns, after its commit."""

    @functools.wraps(act)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        outcome = act(*args, **kwargs)
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    return attempt
