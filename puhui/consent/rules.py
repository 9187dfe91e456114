"""Whether a consent covers a showing; the hash of a letter. Pure."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from puhui.consent.terms import BLANKS, Refusals
from puhui.kernel.command import Reason
from puhui.kernel.journal.entries import canonical


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see."""

    purpose: str
    purpose_ref: str
    recipient: str
    fields: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """What one consent says of who may see what until when."""

    purpose: str
    purpose_ref: str
    recipients: frozenset[str]
    fields: frozenset[str]
    given_at: datetime
    valid_until: datetime
    revoked_at: datetime | None

    def concerns(self, asked: Asked) -> bool:
        """Whether the asker may learn of this consent at all, if only by a refusal."""
        return self.is_for(asked) or asked.recipient in self.recipients

    def is_for(self, asked: Asked) -> bool:
        return (self.purpose, self.purpose_ref) == (asked.purpose, asked.purpose_ref)

    def is_live(self, at: datetime) -> bool:
        return self.refusal(at) is None

    def refusal(self, at: datetime) -> Reason | None:
        if self.revoked_at is not None and self.revoked_at <= at:
            return Refusals.REVOKED
        return None if self.given_at <= at < self.valid_until else Refusals.EXPIRED


def judge(scopes: Sequence[Scope], asked: Asked) -> int | Reason:
    """The index of the consent that covers what is asked, or why none does: the nearest miss."""
    nearest, depth = Refusals.MISSING, 0
    for index, scope in enumerate(scopes):
        if not scope.concerns(asked):
            continue
        found = list(_misses(scope, asked))
        misses = [reason for reason in found if reason is not None]
        if not misses:
            return index
        passed = found.index(misses[0])
        if passed >= depth:
            nearest, depth = misses[0], passed
    return nearest


def _misses(scope: Scope, asked: Asked) -> Iterable[Reason | None]:
    yield None if scope.is_for(asked) else Refusals.OTHER_PURPOSE
    yield None if asked.recipient in scope.recipients else Refusals.RECIPIENT
    yield scope.refusal(asked.at)
    yield None if asked.fields <= scope.fields else Refusals.FIELDS


def has_known_blanks(body: str) -> bool:
    """Whether a letter can be filled: only the blanks that `letter` knows, nothing else in braces."""
    try:
        parts = list(string.Formatter().parse(body))
    except ValueError:
        return False
    return all(
        name is None or (name in BLANKS and not spec and way is None)
        for _text, name, spec, way in parts
    )


def text_hash(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def letter_hash(letter: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of everything that was agreed to."""
    return hashlib.sha256(canonical(letter).encode()).hexdigest()
