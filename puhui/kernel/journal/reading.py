"""Reading the journal: what changed lately, and what happened in a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from puhui.kernel.journal.entries import Entry

_CHANGES = """
SELECT body FROM (
  SELECT id, at, body FROM kernel_sealedentry WHERE at >= %(since)s
  UNION ALL
  SELECT id, at, body FROM kernel_unsealedentry WHERE at >= %(since)s
) AS entry ORDER BY at, id
"""
_TIMELINE = """
WITH wanted AS (SELECT kind, ref FROM unnest(%(kinds)s::text[], %(refs)s::text[]) AS pair(kind, ref))
SELECT body FROM (
  SELECT id, at, body FROM kernel_sealedentry JOIN wanted ON subject_ref = ref AND subject_kind = kind
  UNION
  SELECT id, at, body FROM kernel_unsealedentry JOIN wanted ON subject_ref = ref AND subject_kind = kind
  UNION
  SELECT id, at, body FROM kernel_sealedentry
  WHERE demand_ref = ANY(%(demands)s::text[]) AND demand_ref <> ''
  UNION
  SELECT id, at, body FROM kernel_unsealedentry
  WHERE demand_ref = ANY(%(demands)s::text[]) AND demand_ref <> ''
) AS entry ORDER BY at, id
"""
_LATEST = """
SELECT body FROM (
  (SELECT id, at, body FROM kernel_sealedentry
   WHERE demand_ref <> '' AND body::jsonb ->> 'action' = ANY(%(actions)s::text[])
   ORDER BY at DESC LIMIT %(limit)s)
  UNION
  (SELECT id, at, body FROM kernel_unsealedentry
   WHERE demand_ref <> '' AND body::jsonb ->> 'action' = ANY(%(actions)s::text[])
   ORDER BY at DESC LIMIT %(limit)s)
) AS entry ORDER BY at DESC, id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Change:
    """That something changed, for whoever shows it; what it is now is asked of its context."""

    id: UUID
    at: datetime
    topics: tuple[str, ...]
    action: str
    ref: str


def recent_changes(since: datetime) -> list[Change]:
    """Changes from `since` on, oldest first, sealed or not.

    A transaction that commits late brings an older `at`: ask with some seconds of overlap and pass
    over ids already seen.
    """
    return [
        Change(one.id, one.at, one.topics, one.action, one.subject[1])
        for one in _entries(_CHANGES, {"since": since})
    ]


def latest(actions: Sequence[str], limit: int) -> list[Entry]:
    """The newest entries of these actions about cases, newest first, sealed or not."""
    return _entries(_LATEST, {"actions": list(actions), "limit": limit})


def timeline(subjects: Sequence[tuple[str, str]]) -> list[Entry]:
    """All entries about `subjects` (kind, public reference), oldest first, sealed or not.

    ("demand", ref) brings the whole case: every entry that names the demand, its engagements' too.
    """
    if not subjects:
        return []
    return _entries(
        _TIMELINE,
        {
            "kinds": [kind for kind, _ref in subjects],
            "refs": [ref for _kind, ref in subjects],
            "demands": [ref for kind, ref in subjects if kind == "demand"],
        },
    )


def _entries(statement: str, values: dict[str, Any]) -> list[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Entry.read(body) for (body,) in cursor.fetchall()]
