"""The hash chain and its signed heads, without the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from puhui.kernel.journal.entries import stamp

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Link:
    """One entry in its place in the chain."""

    seq: int
    body: str
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain stood at a moment, signed: who holds it can tell whether history changed."""

    seq: int
    hash: bytes
    count: int
    signed_at: datetime
    signature: bytes

    def as_dict(self) -> dict[str, str | int]:
        """As it is exported and sent to the banks (`journal.head`)."""
        return {
            "seq": self.seq,
            "hash": self.hash.hex(),
            "count": self.count,
            "signed_at": stamp(self.signed_at),
            "signature": self.signature.hex(),
        }


def link(last: tuple[int, bytes], bodies: Iterable[str]) -> list[Link]:
    """Append `bodies` in their order to the chain that ends in `last` (seq, hash)."""
    seq, prev = last
    links = []
    for body in bodies:
        seq += 1
        digest = hashlib.sha256(prev + body.encode()).digest()
        links.append(Link(seq, body, prev, digest))
        prev = digest
    return links


def sign_head(key: Ed25519PrivateKey, last: Link, at: datetime) -> Head:
    """The signed head of a chain that ends in `last` and begins at 1, so that it counts `seq`."""
    return Head(
        last.seq, last.hash, last.seq, at, key.sign(head_statement(last.seq, last.hash, at))
    )


def head_statement(seq: int, digest: bytes, at: datetime) -> bytes:
    """What a head's signature is over: seq | hash | count | time."""
    return f"puhui-journal-head|{seq}|{digest.hex()}|{seq}|{stamp(at)}".encode()
