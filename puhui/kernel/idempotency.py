"""Stored responses: the row that an idempotency key has, taken with the transaction's own time.

`kernel/command.once` runs an act under it; here is what stands in the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from puhui.kernel.crypto import new_id, seal_blob
from puhui.kernel.models import StoredResponse
from puhui.kernel.prepared import Prepared
from puhui.kernel.writing import Statement

KEEP_RESPONSES = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key at work: its own row, or the answer that is stored under it already."""

    row: UUID
    stored: StoredResponse | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What an idempotency key stands for: one operation with one body."""

    key: str
    operation: str
    digest: bytes


_TAKE_KEY = """
WITH t AS (SELECT COALESCE(%s, clock_timestamp()) AS now),
taken AS (
  INSERT INTO kernel_storedresponse (id, scope, key, operation, body_hash, subject, created_at)
  SELECT %s::uuid, %s, %s, %s, %s::bytea, '', now FROM t ON CONFLICT (scope, key) DO NOTHING
  RETURNING id
)
SELECT now, (SELECT id FROM taken) FROM t
"""


def take(sent: Sent, scope: str, past: datetime | None) -> tuple[datetime, Key]:
    """The transaction's time (`past`, or the database's now), and the key: taken, having waited for
    a rival that held it, or with what is stored under it."""
    fresh = new_id()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_KEY, [past, fresh, scope, sent.key, sent.operation, sent.digest])
        now, is_ours = cursor.fetchone()
    return now, Key(fresh, None if is_ours else _stored(scope, sent.key)[0])


@Prepared
def _stored(scope: str, key: str) -> QuerySet[StoredResponse]:
    return StoredResponse.objects.filter(scope=scope, key=key)


def answer(row: UUID, status: int, body: bytes, subject: str) -> Statement:
    """The statement that stores the response beneath its key."""
    return _STORE, [status, seal_blob(body, f"response:{row}"), subject, row]


_STORE = (
    "UPDATE kernel_storedresponse SET status = %s, sealed_body = %s, subject = %s WHERE id = %s"
)


def forget_responses() -> int:
    """Sweep: drop stored responses older than 24 hours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM kernel_storedresponse WHERE created_at < clock_timestamp() - %s::interval",
            [f"{int(KEEP_RESPONSES.total_seconds())} seconds"],
        )
        return int(cursor.rowcount)
