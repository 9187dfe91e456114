"""Blind indexes: keyed hashes by which an encrypted value is found without being readable."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable

from puhui.kernel.crypto.keyring import ring

INDEX_BYTES = 16


def _phone(value: str) -> str:
    digits = re.sub(r"[^0-9]", "", value)
    for prefix in ("0086", "86"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 11:
            return digits[len(prefix) :]
    return digits


def _identity_number(value: str) -> str:
    return re.sub(r"[\s-]", "", value).upper()


def _plain(value: str) -> str:
    return value.strip()


NORMALISERS: dict[str, Callable[[str], str]] = {
    "phone": _phone,
    "identity_number": _identity_number,
    "credit_code": _identity_number,
}


def blind_index(domain: str, value: str) -> bytes:
    """16 bytes that stand for `value` within `domain` ("phone", "identity_number", any other).

    The value is normalised first (full-width letters and digits, and what its domain writes in
    several ways, such as +86), so that one phone has one index however it was typed.
    """
    clean = NORMALISERS.get(domain, _plain)(unicodedata.normalize("NFKC", value))
    message = domain.encode() + b"\x00" + clean.encode()
    return hmac.digest(ring().index_key, message, "sha256")[:INDEX_BYTES]
