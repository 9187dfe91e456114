"""Entries to write, and ways to look at the chain, for the journal's tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from puhui.kernel import journal

START = datetime(2026, 11, 5, 1, tzinfo=UTC)


def entry(number: int = 0, **values: Any) -> journal.Entry:
    """An entry at `number` seconds past the start, about engagement E<number> of demand D1."""
    return journal.Entry(
        **{
            "action": "claim",
            "by": {"role": "loan_officer", "ref": "S1", "org": "B1"},
            "subject": ("engagement", f"E{number}"),
            "demand": "D1",
            "at": START + timedelta(seconds=number),
            "facts": {"number": number},
            "topics": ("bank:B1",),
            **values,
        }
    )


def write(entries: Sequence[journal.Entry]) -> None:
    with transaction.atomic():
        journal.append(entries)


def rows(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def run(statement: str, values: Sequence[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def unsealed() -> int:
    return int(rows("SELECT count(*) FROM kernel_unsealedentry")[0][0])


def numbers_in_chain() -> list[int]:
    """The facts' numbers in the chain's order, after checking every link and the heads' places."""
    found, prev = [], bytes(32)
    sealed = rows("SELECT seq, body, prev_hash, hash FROM kernel_sealedentry ORDER BY seq")
    for place, (seq, body, prev_hash, digest) in enumerate(sealed, 1):
        assert (seq, bytes(prev_hash)) == (place, prev)
        prev = hashlib.sha256(prev + body.encode()).digest()
        assert bytes(digest) == prev
        found.append(json.loads(body)["facts"]["number"])
    heads = rows("SELECT seq, hash FROM kernel_journalhead ORDER BY seq")
    assert (heads[-1][0] if heads else 0) == len(sealed)
    assert all(bytes(digest) == bytes(sealed[seq - 1][3]) for seq, digest in heads)
    return found
