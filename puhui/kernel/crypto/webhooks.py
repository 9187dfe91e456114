"""Standard Webhooks (specification 1.0.0): messages to organisations, and the SMS gateway both ways.

A key says by its prefix what it is: `whsk_` an ed25519 secret key and `whpk_` its public key
(signature `v1a`), `whsec_` a secret that both sides hold (HMAC-SHA256, signature `v1`).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from puhui.kernel.crypto.keyring import ring

TOLERANCE_SECONDS = 300
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_STAMP = re.compile(r"[0-9]{1,12}")


class BadSignature(Exception):
    """A signed message is refused; the words say why and quote nothing of it."""


def webhook_secret_key() -> str:
    """The installation's own signing key, `whsk_…`."""
    return "whsk_" + base64.b64encode(ring().webhooks.private_bytes_raw()).decode()


def webhook_public_key() -> str:
    """The key with which receivers check our webhooks, `whpk_…` (operation `get_webhook_key`)."""
    return "whpk_" + base64.b64encode(ring().webhooks.public_key().public_bytes_raw()).decode()


def sms_key() -> str:
    """The secret shared with the SMS gateway, `whsec_…`: it signs both ways."""
    return ring().sms_key


def sign_webhook(message_id: str, timestamp: int, body: bytes, key: str | None = None) -> str:
    """The value of `webhook-signature` for one attempt at `timestamp` (whole seconds since 1970).

    `key` is `whsk_…` or `whsec_…`; absent: the installation's own ed25519 key.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("a webhook's id has letters, digits, - and _ only, at most 128")
    kind, secret = _key(key if key is not None else webhook_secret_key())
    content = _content(message_id, str(timestamp), body)
    if kind == "whsec_":
        return "v1," + base64.b64encode(hmac.digest(secret, content, "sha256")).decode()
    if kind == "whsk_":
        signature = Ed25519PrivateKey.from_private_bytes(secret).sign(content)
        return "v1a," + base64.b64encode(signature).decode()
    raise ValueError("a public key cannot sign")


def webhook_headers(
    message_id: str, timestamp: int, body: bytes, key: str | None = None
) -> dict[str, str]:
    """The three headers of one attempt."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign_webhook(message_id, timestamp, body, key),
    }


def verify_webhook(
    key: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    tolerance: float = TOLERANCE_SECONDS,
) -> str:
    """The id of a message signed with `key` (`whpk_…` or `whsec_…`); raises BadSignature.

    Refuses stamps more than `tolerance` seconds before or after `now`, the database's time.
    Whether the id was seen before is for the caller to settle, in its own transaction.
    """
    named = {name.lower(): value for name, value in headers.items()}
    message_id, stamp = named.get("webhook-id", ""), named.get("webhook-timestamp", "")
    if not _MESSAGE_ID.fullmatch(message_id) or not _STAMP.fullmatch(stamp):
        raise BadSignature("webhook-id or webhook-timestamp is missing or malformed")
    age = now.timestamp() - int(stamp)
    if age > tolerance:
        raise BadSignature("webhook-timestamp is too old")
    if age < -tolerance:
        raise BadSignature("webhook-timestamp is in the future")
    content = _content(message_id, stamp, body)
    kind, secret = _key(key)
    if not any(
        _fits(kind, secret, one, content) for one in named.get("webhook-signature", "").split()
    ):
        raise BadSignature("no signature fits")
    return message_id


def _content(message_id: str, stamp: str, body: bytes) -> bytes:
    return f"{message_id}.{stamp}.".encode() + body


def _key(serialised: str) -> tuple[str, bytes]:
    kind, separator, encoded = serialised.strip().partition("_")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    sizes = {"whsec": range(24, 65), "whsk": (32,), "whpk": (32,)}
    if len(secret) not in sizes.get(kind, ()):
        raise ValueError("not a key of the kinds whsec_, whsk_, whpk_")
    return kind + separator, secret


def _fits(kind: str, secret: bytes, signature: str, content: bytes) -> bool:
    version, _, encoded = signature.partition(",")
    if version != {"whsec_": "v1", "whpk_": "v1a"}.get(kind):
        return False
    try:
        given = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return False
    if kind == "whsec_":
        return hmac.compare_digest(given, hmac.digest(secret, content, "sha256"))
    try:
        Ed25519PublicKey.from_public_bytes(secret).verify(given, content)
    except InvalidSignature:
        return False
    return True
