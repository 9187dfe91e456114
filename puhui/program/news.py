"""What has been committed since the last look, for the live stream to tell.

Rows commit out of order, so each look reaches back a while and skips what was told.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

if TYPE_CHECKING:
    from puhui.kernel.journal import Change

log = structlog.get_logger("puhui.stream")

OVERLAP = timedelta(seconds=10)  # a transaction that journals and lasts longer goes unannounced
OPEN_DEMANDS = "banks"  # the topic that every bank hears
OPENS = frozenset({"financing_demand.publish", "financing_demand.open_to_all"})


class Journal:
    """Reads new changes, each once."""

    def __init__(self) -> None:
        self._newest: datetime | None = None
        self._told: dict[UUID, datetime] = {}

    def look(self) -> list[tuple["Change", str]]:
        """Changes committed since the last look, each with the row of a demand that it opened to all
        or nothing; no change at the first look, which only sets the start."""
        from puhui.desks.bank.open_rows import make_ready
        from puhui.kernel.command import database_now
        from puhui.kernel.journal import recent_changes
        from puhui.program.database import give_back_connection

        try:
            first = self._newest is None
            newest = database_now() if self._newest is None else self._newest
            since = newest - OVERLAP
            rows = recent_changes(since)
            fresh = [row for row in rows if row.id not in self._told]
            if first:
                make_ready()
            opened = {} if first else {row.id: _opened(row) for row in fresh}
        finally:
            give_back_connection()
        self._told |= {row.id: row.at for row in fresh}
        self._newest = max([newest, *(row.at for row in fresh)])
        horizon = self._newest - OVERLAP
        self._told = {key: at for key, at in self._told.items() if at >= horizon}
        return [(row, opened[row.id]) for row in fresh] if opened else []


def _opened(change: "Change") -> str:
    from puhui.desks.bank.open_rows import new_row

    if change.action not in OPENS or OPEN_DEMANDS not in change.topics:
        return ""
    try:
        return new_row(change.ref)
    except Exception as error:  # the page asks for its list instead
        log.error("a row could not be written", exc_info=error)
        return ""
