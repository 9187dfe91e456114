"""Standard Webhooks: signing, and refusing what is forged, late, early or changed."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from puhui.kernel.crypto import (
    BadSignature,
    sign_webhook,
    sms_key,
    verify_webhook,
    webhook_headers,
    webhook_public_key,
)

NOW = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)
STAMP = int(NOW.timestamp())
BODY = '{"type":"demand.published","data":{"ref":"D1","purpose":"养鸡"}}'.encode()
SHARED = "whsec_" + base64.b64encode(b"k" * 32).decode()


def test_the_symmetric_reference_vector_of_the_standard() -> None:
    assert (
        sign_webhook(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@pytest.mark.parametrize("way", ["ed25519", "shared", "sms"])
def test_a_signed_message_is_accepted(way: str) -> None:
    signing = {"ed25519": None, "shared": SHARED, "sms": sms_key()}[way]
    headers = webhook_headers("msg-1", STAMP, BODY, signing)
    key = webhook_public_key() if signing is None else signing
    assert verify_webhook(key, headers, BODY, NOW) == "msg-1"
    named = {name.title(): value for name, value in headers.items()}
    assert verify_webhook(key, named, BODY, NOW) == "msg-1"


def test_an_ed25519_signature_is_over_id_stamp_and_body() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    header = sign_webhook("msg-1", STAMP, BODY)
    version, encoded = header.split(",")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(webhook_public_key()[5:]))
    public.verify(base64.b64decode(encoded), f"msg-1.{STAMP}.".encode() + BODY)
    assert version == "v1a"


@pytest.mark.parametrize("key", [None, SHARED], ids=["ed25519", "shared"])
@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 86_400, 10**9])
def test_d4_a_late_or_early_stamp_is_refused(key: str | None, seconds: int) -> None:
    headers = webhook_headers("msg-1", STAMP, BODY, key)
    with pytest.raises(BadSignature, match=r"too old|future"):
        verify_webhook(key or webhook_public_key(), headers, BODY, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
def test_a_stamp_within_the_tolerance_is_accepted(seconds: int) -> None:
    headers = webhook_headers("msg-1", STAMP, BODY)
    assert verify_webhook(webhook_public_key(), headers, BODY, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("key", [None, SHARED], ids=["ed25519", "shared"])
def test_d4_a_changed_body_id_stamp_or_signature_is_refused(key: str | None) -> None:
    public = key or webhook_public_key()
    good = webhook_headers("msg-1", STAMP, BODY, key)
    changed = [
        (good, BODY + b" "),
        (good, BODY.replace(b"D1", b"D2")),
        (good, b""),
        (good | {"webhook-id": "msg-2"}, BODY),
        (good | {"webhook-timestamp": str(STAMP + 1)}, BODY),
        (good | {"webhook-signature": good["webhook-signature"][:-4] + "AAA="}, BODY),
        (good | {"webhook-signature": good["webhook-signature"].replace("v1", "v2")}, BODY),
        (good | {"webhook-signature": ""}, BODY),
        (good | {"webhook-signature": "v1a,!!! v1,é v1a v1a,"}, BODY),
    ]
    for headers, body in changed:
        with pytest.raises(BadSignature, match="no signature fits"):
            verify_webhook(public, headers, body, NOW)


@pytest.mark.parametrize(
    "odd",
    [
        {"webhook-id": ""},
        {"webhook-id": "msg.1"},
        {"webhook-id": "x" * 129},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "1_0"},
        {"webhook-timestamp": "１７"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": "nan"},
    ],
)
def test_d4_malformed_headers_are_refused(odd: dict[str, str]) -> None:
    headers = webhook_headers("msg-1", STAMP, BODY) | odd
    with pytest.raises(BadSignature, match="malformed"):
        verify_webhook(webhook_public_key(), headers, BODY, NOW)


def test_d4_a_signature_of_the_other_kind_or_of_another_key_is_refused() -> None:
    other = "whsec_" + base64.b64encode(b"o" * 32).decode()
    with pytest.raises(BadSignature):
        verify_webhook(
            webhook_public_key(), webhook_headers("msg-1", STAMP, BODY, other), BODY, NOW
        )
    with pytest.raises(BadSignature):
        verify_webhook(SHARED, webhook_headers("msg-1", STAMP, BODY, other), BODY, NOW)
    raw = webhook_public_key()[5:]
    forged = webhook_headers("msg-1", STAMP, BODY, "whsec_" + raw)
    with pytest.raises(BadSignature):
        verify_webhook(webhook_public_key(), forged, BODY, NOW)


def test_one_fitting_signature_of_several_is_enough() -> None:
    good = webhook_headers("msg-1", STAMP, BODY)
    other = sign_webhook("msg-1", STAMP, BODY, SHARED)
    both = good | {"webhook-signature": f"{other} {good['webhook-signature']}"}
    assert verify_webhook(webhook_public_key(), both, BODY, NOW) == "msg-1"
    assert verify_webhook(SHARED, both, BODY, NOW) == "msg-1"


@pytest.mark.parametrize(
    "key", ["", "whsec_", "whsec_!", "whsec_c2hvcnQ=", "whpk_c2hvcnQ=", "secret"]
)
def test_an_odd_key_is_refused_without_being_quoted(key: str) -> None:
    with pytest.raises(ValueError, match="whsec_, whsk_, whpk_") as refusal:
        sign_webhook("msg-1", STAMP, BODY, key)
    assert "c2hvcnQ" not in str(refusal.value)


def test_a_public_key_cannot_sign_and_an_odd_id_is_not_signed() -> None:
    with pytest.raises(ValueError, match="public key"):
        sign_webhook("msg-1", STAMP, BODY, webhook_public_key())
    with pytest.raises(ValueError, match="webhook's id"):
        sign_webhook("msg.1", STAMP, BODY)
