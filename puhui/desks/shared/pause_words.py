"""How long a bank waited for its customer, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from puhui.kernel.clock import duration_text
from puhui.market.queries.views import PauseView, waited_for


def waited_words(pauses: Sequence[PauseView], now: datetime) -> str:
    """12 天，2 次; empty where the customer never said yes."""
    times = sum(one.confirmed_at is not None for one in pauses)
    return f"{duration_text(waited_for(pauses, now))}，{times} 次" if times else ""
