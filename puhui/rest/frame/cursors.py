"""Cursors: opaque, bound to their operation, and of no use when made by hand."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from puhui.kernel.command import FieldError, Invalid
from puhui.kernel.crypto import code_hash, is_same_hash

T = TypeVar("T")

SEAL_BYTES = 8


def read(cursor: str, operation: str) -> str:
    """The reference to page on from; nothing for the first page. A made-up cursor is refused."""
    if not cursor:
        return ""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        seal, ref = raw[:SEAL_BYTES], raw[SEAL_BYTES:].decode()
    except (ValueError, binascii.Error):
        seal, ref = b"", ""
    if not ref or not is_same_hash(seal, _seal(ref, operation)):
        raise Invalid([FieldError("cursor", "cursor_unknown", "这个游标不认识，请从第一页开始。")])
    return ref


def page(rows: Sequence[T], limit: int, last: str, operation: str) -> tuple[list[T], str | None]:
    """`limit` of the rows, of which one more was asked for, and the cursor of what follows.

    `last` names the attribute of a row that the query pages on from.
    """
    shown = list(rows[:limit])
    if len(rows) <= limit:
        return shown, None
    ref = str(getattr(shown[-1], last))
    return shown, base64.urlsafe_b64encode(_seal(ref, operation) + ref.encode()).decode().rstrip(
        "="
    )


def _seal(ref: str, operation: str) -> bytes:
    return code_hash(ref, f"cursor:{operation}")[:SEAL_BYTES]
