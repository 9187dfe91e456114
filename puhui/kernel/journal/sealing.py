"""The sealer: takes whatever unsealed entries are visible into the signed chain."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from puhui.kernel.crypto import ring
from puhui.kernel.journal.chain import GENESIS, Head, Link, link, sign_head
from puhui.kernel.journal.entries import Entry

ALARM_AFTER_SECONDS = 5 * 60
REFUSE_AFTER_SECONDS = 30 * 60
ALARM_AGAIN_SECONDS = 5 * 60
_SEALER = 0x7075_6875_69  # advisory lock: one sealer at a time

_TAKE = """
SELECT body, id FROM kernel_unsealedentry ORDER BY at, id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_KEEP = """
INSERT INTO kernel_sealedentry
  (seq, id, at, body, subject_kind, subject_ref, demand_ref, prev_hash, hash, sealed_at)
SELECT fresh.*, %s FROM unnest(
  %s::bigint[], %s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[],
  %s::bytea[], %s::bytea[]) AS fresh
"""
_SIGN = """
INSERT INTO kernel_journalhead (seq, hash, count, signed_at, signature)
VALUES (%s, %s, %s, %s, %s)
"""
_HEAD = "SELECT seq, hash, count, signed_at, signature FROM kernel_journalhead"

log = logging.getLogger(__name__)


class SealStatus(NamedTuple):
    """How long the oldest unsealed entry has waited (0: none waits), and the latest head."""

    oldest_unsealed_age_seconds: float
    head: Head | None


def seal(limit: int = 2000) -> int:
    """Sweep: append up to `limit` unsealed entries to the chain; returns how many.

    Whatever is visible is taken in the order (at, id); what commits later is taken later, so no
    entry is ever skipped. One transaction: a kill at any moment loses and doubles nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s), clock_timestamp()", [_SEALER])
        is_alone, now = cursor.fetchone()
        if not is_alone:
            return 0
        cursor.execute(_TAKE, [limit])
        taken = cursor.fetchall()
        if not taken:
            return 0
        links = link(_last(cursor), (body for body, _id in taken))
        _store(cursor, links, now)
        cursor.execute(
            "DELETE FROM kernel_unsealedentry WHERE id = ANY(%s)", [[row[1] for row in taken]]
        )
        return len(links)


def _last(cursor: Any) -> tuple[int, bytes]:
    cursor.execute("SELECT seq, hash FROM kernel_sealedentry ORDER BY seq DESC LIMIT 1")
    row = cursor.fetchone()
    return (row[0], bytes(row[1])) if row else (0, GENESIS)


def _store(cursor: Any, links: list[Link], now: datetime) -> None:
    entries = [Entry.read(one.body) for one in links]
    cursor.execute(
        _KEEP,
        [
            now,
            [one.seq for one in links],
            [one.id for one in entries],
            [one.at for one in entries],
            [one.body for one in links],
            [one.subject[0] for one in entries],
            [one.subject[1] for one in entries],
            [one.demand_ref for one in entries],
            [one.prev_hash for one in links],
            [one.hash for one in links],
        ],
    )
    head = sign_head(ring().journal, links[-1], now)
    cursor.execute(_SIGN, [head.seq, head.hash, head.count, head.signed_at, head.signature])


def latest_head() -> Head | None:
    """The head of the chain as it stands."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_HEAD} ORDER BY seq DESC LIMIT 1")
        row = cursor.fetchone()
    return read_head(row) if row else None


def read_head(row: tuple[Any, ...]) -> Head:
    seq, digest, count, signed_at, signature = row
    return Head(seq, bytes(digest), count, signed_at, bytes(signature))


def seal_status() -> SealStatus:
    """How far sealing has come."""
    return SealStatus(_oldest_age(), latest_head())


def personal_data_allowed() -> bool:
    """Whether personal data may be shown: not while its showing could go unsealed for 30 minutes."""
    return _oldest_age() <= REFUSE_AFTER_SECONDS


def watch_sealing(alarm: Callable[[str], object] | None = None) -> SealStatus:
    """Sweep: log and raise the alarm while an entry has waited more than five minutes.

    `alarm` carries the words to the operator (ALARM_URL); it is called at most once in five minutes.
    """
    global _alarmed_at
    status = seal_status()
    waited = status.oldest_unsealed_age_seconds
    if waited <= ALARM_AFTER_SECONDS:
        _alarmed_at = None
    elif _alarmed_at is None or time.monotonic() - _alarmed_at > ALARM_AGAIN_SECONDS:
        _alarmed_at = time.monotonic()
        words = f"journal: nothing sealed for {int(waited // 60)} minutes; is a worker running?"
        if waited > REFUSE_AFTER_SECONDS:
            words += " Personal data is not served until sealing goes on."
        log.error(words)
        if alarm is not None:
            alarm(words)
    return status


_alarmed_at: float | None = None


def _oldest_age() -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(written_at)), 0)::float8"
            " FROM kernel_unsealedentry"
        )
        return max(0.0, float(cursor.fetchone()[0]))
