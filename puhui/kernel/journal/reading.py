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
_OF_SUBJECTS = """
  SELECT id, at, body FROM {table} AS entry
  JOIN unnest(%(kinds)s::text[], %(refs)s::text[]) AS wanted(kind, ref)
    ON entry.subject_ref = wanted.ref AND entry.subject_kind = wanted.kind
"""
_OF_DEMANDS = """
  SELECT id, at, body FROM {table} WHERE demand_ref = ANY(%(demands)s::text[]) AND demand_ref <> ''
"""
_TIMELINE = (
    "SELECT body FROM ("
    + " UNION ".join(
        part.format(table=table)
        for table in ("kernel_sealedentry", "kernel_unsealedentry")
        for part in (_OF_SUBJECTS, _OF_DEMANDS)
    )
    + ") AS entry ORDER BY at, id"
)


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
