"""Writing entries, inside the transaction of the command that causes them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from puhui.kernel.journal.entries import Entry

_INSERT = """
INSERT INTO kernel_unsealedentry
  (id, at, body, subject_kind, subject_ref, demand_ref, written_at)
SELECT id, at, body, subject_kind, subject_ref, demand_ref, clock_timestamp()
FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[])
  AS fresh(id, at, body, subject_kind, subject_ref, demand_ref)
"""


def append(entries: Sequence[Entry]) -> None:
    """Write all entries of a transaction by one statement. Called by kernel/command.py alone."""
    if not entries:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("a journal entry is written in the transaction of its cause")
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                [one.id for one in entries],
                [one.at for one in entries],
                [one.body for one in entries],
                [one.subject[0] for one in entries],
                [one.subject[1] for one in entries],
                [one.demand_ref for one in entries],
            ],
        )
