"""Limits that hold however many ask at once: one guarded statement takes a use or finds none left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import connection

from puhui.access.models import Limit
from puhui.access.rules import MICROSECOND, Window, free_at
from puhui.kernel.crypto import code_hash

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TAKE = """
INSERT INTO access_limit AS kept (subject, uses, last_used_at)
VALUES (%(subject)s, jsonb_build_array(%(at)s::bigint), %(now)s)
ON CONFLICT (subject) DO UPDATE SET
  uses = (SELECT COALESCE(jsonb_agg(one), '[]') FROM jsonb_array_elements(kept.uses) AS one
          WHERE one::bigint > %(at)s::bigint - %(longest)s::bigint) || to_jsonb(%(at)s::bigint),
  last_used_at = EXCLUDED.last_used_at
WHERE NOT EXISTS (
  SELECT FROM unnest(%(most)s::bigint[], %(spans)s::bigint[]) AS allowed(most, span)
  WHERE (SELECT count(*) FROM jsonb_array_elements(kept.uses) AS one
         WHERE one::bigint > %(at)s::bigint - allowed.span) >= allowed.most)
"""
GIVE_BACK = """
UPDATE access_limit
SET uses = (SELECT COALESCE(jsonb_agg(one), '[]') FROM jsonb_array_elements(uses) AS one
            WHERE one::bigint <> %s::bigint)
WHERE subject = %s
"""


def take(kind: str, subject: str, windows: Sequence[Window], now: datetime) -> datetime | None:
    """Use `subject` once; None, or with a window full the instant when it may be used again."""
    spans = [window.seconds * 1_000_000 for window in windows]
    key = _key(kind, subject)
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE,
            {
                "subject": key,
                "at": _micro(now),
                "now": now,
                "longest": max(spans),
                "most": [window.most for window in windows],
                "spans": spans,
            },
        )
        is_taken = cursor.rowcount == 1
    return None if is_taken else next_use(kind, subject, windows, now)


def give_back(kind: str, subject: str, now: datetime) -> None:
    """Undo the use taken at `now`: what succeeded does not count as a try."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, [_micro(now), _key(kind, subject)])


def left(kind: str, subject: str, window: Window, now: datetime) -> int:
    """How many uses a window still has."""
    since = now - timedelta(seconds=window.seconds)
    return max(0, window.most - sum(use > since for use in _uses(kind, subject)))


def next_use(kind: str, subject: str, windows: Sequence[Window], now: datetime) -> datetime:
    """When `subject` may be used again."""
    return free_at(_uses(kind, subject), windows, now)


def _uses(kind: str, subject: str) -> list[datetime]:
    row = Limit.objects.filter(subject=_key(kind, subject)).values_list("uses", flat=True).first()
    return [EPOCH + use * MICROSECOND for use in row or []]


def _key(kind: str, subject: str) -> bytes:
    return code_hash(subject, f"limit:{kind}")


def _micro(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND
