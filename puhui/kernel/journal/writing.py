"""Writing entries, inside the transaction of the command that causes them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from puhui.kernel.journal.entries import Entry
from puhui.kernel.writing import Statement, together

_INSERT = """INSERT INTO kernel_unsealedentry
  (id, at, body, subject_kind, subject_ref, demand_ref, written_at) VALUES """
_VALUES = "(%s::uuid, %s::timestamptz, %s::text, %s::text, %s::text, %s::text, clock_timestamp())"
AT_ONCE = 1000


def append(entries: Sequence[Entry], beside: Sequence[Statement] = ()) -> None:
    """Write all entries of a transaction, and what else is written `beside` them, by one statement.

    Called by kernel/command.py alone.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a journal entry is written in the transaction of its cause")
    some = (entries[first : first + AT_ONCE] for first in range(0, len(entries), AT_ONCE))
    together([*beside, *map(_insertion, some)])


def _insertion(entries: Sequence[Entry]) -> Statement:
    text = _INSERT + ", ".join([_VALUES] * len(entries))
    return text, [
        value
        for one in entries
        for value in (one.id, one.at, one.body, *one.subject, one.demand_ref)
    ]
