"""The plain values that this process sealed or opened of late, so that `scrub` can find them.

An exception may quote a name or a secret that no pattern recognises. Values are kept in memory
only, a fixed number of them, and are dropped as newer ones come.
"""

from __future__ import annotations

from collections import deque
from typing import Any

KEPT = 512
_SHORTEST = 6
_LONGEST = 4096
"""A picture is no word that an exception quotes."""
_recent: deque[str] = deque(maxlen=KEPT)


def remember(plain: Any) -> None:
    """Keep the texts within `plain`. Short plain ASCII, such as "yes" or "12", tells nobody apart."""
    if isinstance(plain, str):
        if len(plain) > _LONGEST:
            return
        if len(plain) >= _SHORTEST or (len(plain) > 1 and not plain.isascii()):
            _recent.append(plain)
    elif isinstance(plain, dict):
        for value in plain.values():
            remember(value)
    elif isinstance(plain, list | tuple):
        for value in plain:
            remember(value)


def recent() -> list[str]:
    """What is remembered, longest first: a value that lies within another is taken after it."""
    return sorted(set(_recent), key=len, reverse=True)
