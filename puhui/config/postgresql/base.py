"""How a connection is borrowed from the pool, and what it remembers."""

from __future__ import annotations

import functools
import select
from collections.abc import Sequence
from datetime import UTC
from typing import Any

import psycopg
import psycopg._queries as conversion
from django.db.backends.postgresql import base
from psycopg import adapt
from psycopg._preparing import Prepare, PrepareManager
from psycopg.pq.abc import PGresult
from psycopg.types.datetime import TimestamptzLoader
from psycopg_pool import ConnectionPool

from puhui.config.postgresql import lookups

lookups.register()

PREPARED = 600
"""Statements that one connection keeps prepared. Pages and API issue several hundred; with psycopg's
one hundred each is thrown away and prepared anew all the time."""


LONGEST_CONVERTED, MOST_CONVERTED = 16_384, 500
"""Statements up to so many characters and values are turned from %s to $1 once and kept so: psycopg
does it anew at each call beyond 4,096 and 50, a tenth of a millisecond for the rows of one action."""

conversion.MAX_CACHED_STATEMENT_LENGTH = LONGEST_CONVERTED
conversion.MAX_CACHED_STATEMENT_PARAMS = MOST_CONVERTED
conversion._query2pg = functools.lru_cache(PREPARED)(conversion._query2pg_nocache)


class Kept(PrepareManager):
    """Prepared statements that outlive a rollback.

    psycopg drops all of them then, since a table of the transaction may be gone; the web makes no
    tables, and every refusal rolls back: a few in a hundred requests had most of the others planned
    anew, half of the database's work. What drops or alters still empties the list.
    """

    def clear(self) -> bool:
        return False

    def _should_discard(self, prep: Prepare, results: Sequence[PGresult], *_: Any) -> bool:
        changed = any((one.command_status or b"").startswith(CHANGES) for one in results)
        return changed and super().clear()


CHANGES = (b"DROP", b"ALTER", b"DISCARD ALL", b"DEALLOCATE ALL")


class Connection(psycopg.Connection[Any]):
    """A connection that keeps what it has prepared."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepared = Kept()
        self.prepared_max = PREPARED


@functools.cache
def _with_fast_instants(template: adapt.AdaptersMap) -> adapt.AdaptersMap:
    """The driver's own compiled reader of instants; Django's, in Python, takes ten times as long."""
    adapters = adapt.AdaptersMap(template)
    adapters.register_loader("timestamptz", TimestamptzLoader)
    return adapters


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks a borrowed connection whether it lives without a round trip to the server, and reads
    instants fast."""

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        if self.timezone == UTC:
            params["context"] = _with_fast_instants(params["context"])
        return params

    def create_cursor(self, name: str | None = None) -> Any:
        if self.timezone != UTC:
            return super().create_cursor(name)
        if name:  # rows in pieces, for as long as the cursor lives
            kept = self.connection.autocommit
            return self.connection.cursor(name, scrollable=False, withhold=kept)
        return self.connection.cursor()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        while True:
            found = super().get_new_connection(conn_params)
            if not self.pool or _is_silent(found) or _answers(found):
                return found
            found.close()
            self.pool.putconn(found)  # which opens another in its place


def _is_silent(connection: Any) -> bool:
    """Whether nothing has come from the server since: its last words and its end could be read."""
    watch = select.poll()
    watch.register(connection.pgconn.socket, select.POLLIN)
    return not watch.poll(0)


def _answers(connection: Any) -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return False
    return True
