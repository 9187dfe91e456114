"""Identifiers made by us, tokens and codes, and the keyed hashes they are stored as."""

from __future__ import annotations

import hmac
import os
import secrets
import threading
import time
import uuid

from puhui.kernel.crypto.keyring import ring

_COUNTER_BITS = 42
_lock = threading.Lock()
_last_millisecond = 0
_counter = 0


def new_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562), greater than every one this process has made before.

    Its time is the machine's, for sorting only: nothing may be concluded from it.
    """
    global _last_millisecond, _counter
    with _lock:
        millisecond = time.time_ns() // 1_000_000
        if millisecond > _last_millisecond:
            _last_millisecond, _counter = millisecond, secrets.randbits(_COUNTER_BITS - 1)
        else:
            _counter += 1
            if _counter >> _COUNTER_BITS:
                _last_millisecond, _counter = _last_millisecond + 1, 0
        millisecond, counter = _last_millisecond, _counter
    high, low = counter >> 30, counter & 0x3FFF_FFFF
    value = (millisecond & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | high << 64
    value |= 0b10 << 62 | low << 32 | secrets.randbits(32)
    return uuid.UUID(int=value)


def _fork() -> None:
    global _lock, _last_millisecond
    _lock, _last_millisecond = threading.Lock(), 0


os.register_at_fork(after_in_child=_fork)


def new_token() -> str:
    """A secret for a person or a machine to keep: 32 random bytes, safe in a URL or a header."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored of a token: 32 bytes, worthless without `codes.key`."""
    return hmac.digest(ring().codes_key, b"token\x00" + token.encode(), "sha256")


def code_hash(code: str, context: str) -> bytes:
    """What is stored of a short code: 32 bytes, bound to `context` (whose code, for what)."""
    words = context.encode()
    message = b"code\x00" + len(words).to_bytes(4, "big") + words + code.encode()
    return hmac.digest(ring().codes_key, message, "sha256")


def is_same_hash(one: bytes, other: bytes) -> bool:
    """Compare two hashes in a time that tells nothing about where they differ."""
    return hmac.compare_digest(bytes(one), bytes(other))
