"""The journal as a file for auditors: JSON lines, signed as a whole, checked by verify_journal.py.

{"kind":"header","format":"puhui-journal/1","key":…}       the public key, hexadecimal
{"kind":"entry","seq":…,"body":…,"prev_hash":…,"hash":…}   from 1 on
{"kind":"head","seq":…,"hash":…,"count":…,"signed_at":…,"signature":…}
{"kind":"end","entries":…,"heads":…,"digest":…,"signature":…}   over every line above
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from puhui.kernel.crypto import ring
from puhui.kernel.journal.chain import Head, Link
from puhui.kernel.journal.entries import canonical
from puhui.kernel.journal.sealing import read_head

FORMAT = "puhui-journal/1"
_STEP = 2000


def export(file: Path | BinaryIO, upto: int | None = None) -> Head | None:
    """Write the sealed journal to `file`, to its latest head or the last one not past `upto` (seq).

    Returns that head; None where nothing is sealed yet. A path gets the whole export or nothing.
    """
    if isinstance(file, Path):
        part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        try:
            with part.open("xb") as stream:
                last = export(stream, upto)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
        return last
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, hash, count, signed_at, signature FROM kernel_journalhead"
            " WHERE seq <= %s ORDER BY seq DESC LIMIT 1",
            [upto if upto is not None else 2**63 - 1],
        )
        row = cursor.fetchone()
    last = read_head(row) if row else None
    until = last.seq if last else 0
    write_export(file, ring().journal, _links(until), _heads(until))
    return last


def write_export(
    file: BinaryIO, key: Ed25519PrivateKey, links: Iterable[Link], heads: Iterable[Head]
) -> None:
    """Write header, entries, heads and the signed end."""
    digest = hashlib.sha256()
    counts = {"entry": 0, "head": 0}

    def put(content: dict[str, Any]) -> None:
        line = canonical(content).encode() + b"\n"
        digest.update(line)
        file.write(line)
        if content["kind"] in counts:
            counts[content["kind"]] += 1

    put({"kind": "header", "format": FORMAT, "key": key.public_key().public_bytes_raw().hex()})
    for one in links:
        put(
            {
                "kind": "entry",
                "seq": one.seq,
                "body": one.body,
                "prev_hash": one.prev_hash.hex(),
                "hash": one.hash.hex(),
            }
        )
    for head in heads:
        put({"kind": "head", **head.as_dict()})
    total = digest.hexdigest()
    statement = f"puhui-journal-export|{counts['entry']}|{counts['head']}|{total}".encode()
    put(
        {
            "kind": "end",
            "entries": counts["entry"],
            "heads": counts["head"],
            "digest": total,
            "signature": key.sign(statement).hex(),
        }
    )


def _links(until: int) -> Iterator[Link]:
    """Sealed rows never change, so they are read in steps without holding a snapshot."""
    seq = 0
    while seq < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT seq, body, prev_hash, hash FROM kernel_sealedentry"
                " WHERE seq > %s AND seq <= %s ORDER BY seq LIMIT %s",
                [seq, until, _STEP],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        for seq, body, prev_hash, digest in rows:
            yield Link(seq, body, bytes(prev_hash), bytes(digest))


def _heads(until: int) -> Iterator[Head]:
    seq = 0
    while seq < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT seq, hash, count, signed_at, signature FROM kernel_journalhead"
                " WHERE seq > %s AND seq <= %s ORDER BY seq LIMIT %s",
                [seq, until, _STEP],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        for row in rows:
            seq = row[0]
            yield read_head(row)
