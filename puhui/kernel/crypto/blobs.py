"""Sealing of bytes: algorithm (1) | key id (4) | nonce (12) | ciphertext and tag.

What a blob belongs to is its associated data: moved elsewhere, it does not open.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag

from puhui.kernel.crypto.ciphers import NONCE_BYTES, TAG_BYTES
from puhui.kernel.crypto.keyring import ID_BYTES, ring

HEAD_BYTES = 1 + ID_BYTES
OVERHEAD_BYTES = HEAD_BYTES + NONCE_BYTES + TAG_BYTES


class Undecipherable(Exception):
    """A blob was damaged, moved from elsewhere, or its key is gone. Holds no content."""


def seal(plain: bytes, associated: bytes) -> bytes:
    """`plain` under the current key, bound to `associated`."""
    head, sealer = ring().current()
    nonce = os.urandom(NONCE_BYTES)
    return head + nonce + sealer.encrypt(nonce, plain, associated)


def unseal(blob: bytes, associated: bytes) -> bytes:
    """What `seal` was given; raises Undecipherable for anything else."""
    if len(blob) < OVERHEAD_BYTES:
        raise Undecipherable("not a sealed value")
    try:
        sealer = ring().sealer(blob[:HEAD_BYTES])
    except KeyError:
        raise Undecipherable(
            f"field key {blob[1:HEAD_BYTES].hex()} is not in the key folder"
        ) from None
    start = HEAD_BYTES + NONCE_BYTES
    try:
        return sealer.decrypt(blob[HEAD_BYTES:start], blob[start:], associated)
    except InvalidTag:
        raise Undecipherable("damaged, or moved from elsewhere") from None


def seal_blob(plain: bytes, context: str) -> bytes:
    """Seal a stored response or an outbox payload; `context` says which row it belongs to."""
    return seal(plain, b"blob\x00" + context.encode())


def open_blob(blob: bytes, context: str) -> bytes:
    """Open what `seal_blob` made for the same `context`; raises Undecipherable."""
    return unseal(bytes(blob), b"blob\x00" + context.encode())
