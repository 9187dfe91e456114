"""An entry of the journal: who did what to which thing, by references only, in canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from puhui.kernel.crypto import new_id


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. References only: no name, number or other personal data.

    `by` holds role, ref and org; `subject` is (kind, public reference); `demand` names the demand
    whose case it belongs to, if any (an entry about a demand belongs to it anyway); `facts` take
    text, integers, true, false, lists and mappings, and dates, identifiers and decimals as text.
    """

    action: str
    by: Mapping[str, str]
    subject: tuple[str, str]
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    demand: str = ""
    id: UUID = field(default_factory=new_id)

    @property
    def body(self) -> str:
        """The entry as it is stored and hashed."""
        kind, ref = self.subject
        content: dict[str, Any] = {
            "id": str(self.id),
            "at": stamp(self.at),
            "action": self.action,
            "by": {"role": "", "ref": "", "org": "", **self.by},
            "subject": {"kind": kind, "ref": ref},
            "facts": _plain(self.facts, "facts"),
            "topics": list(self.topics),
        }
        if self.demand:
            content["demand"] = self.demand
        return canonical(content)

    @property
    def demand_ref(self) -> str:
        return self.demand or (self.subject[1] if self.subject[0] == "demand" else "")

    @classmethod
    def read(cls, body: str) -> Entry:
        """The entry whose `body` this is."""
        found = json.loads(body)
        return cls(
            id=UUID(found["id"]),
            at=datetime.fromisoformat(found["at"]),
            action=found["action"],
            by=found["by"],
            subject=(found["subject"]["kind"], found["subject"]["ref"]),
            demand=found.get("demand", ""),
            facts=found["facts"],
            topics=tuple(found["topics"]),
        )


def canonical(content: Any) -> str:
    """JSON with one spelling: keys in order, no spaces, text as itself."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def stamp(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: Any, place: str) -> Any:
    """`value` as JSON has it; the TypeError names the place, never the content."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date | UUID | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError(f"{place} has a key that is not text")
        return {key: _plain(item, f"{place}.{key}") for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [_plain(item, f"{place}[]") for item in items]
    raise TypeError(f"{place} holds a {type(value).__name__}, which the journal does not take")
