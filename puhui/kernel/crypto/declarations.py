"""What is declared of every encrypted field, and what follows from it: the inventory and scrubbing."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from puhui.kernel.crypto.fields import BlindIndex, SealedField
from puhui.kernel.crypto.recent import recent

GONE = "[…]"
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z-])(?:"
    r"[1-9]\d{16}[\dXx]"  # identity number
    r"|(?:\+?86[ -]?)?1[3-9]\d{9}"  # mobile phone
    r"|[1-9]\d{14,18}"  # bank card
    r")(?![0-9A-Za-z-])"
)


@dataclass(frozen=True, slots=True)
class DeclaredField:
    """One encrypted column or blind index: where it is, its class, purpose and retention."""

    model: str
    name: str
    table: str
    column: str
    kind: str
    data_class: str
    purpose: str
    retention: str


def declared_fields(
    of: Iterable[type[models.Model]] | None = None,
) -> list[DeclaredField]:
    """Every encrypted field and blind index of `of` (absent: of all models), by table and column.

    A blind index has the class, purpose and retention of the field it indexes.
    """
    found = [
        _declared(field)
        for model in (of if of is not None else apps.get_models())
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedField | BlindIndex)
    ]
    return sorted(found, key=lambda one: (one.table, one.column))


def _declared(field: SealedField[object, object] | BlindIndex[object, object]) -> DeclaredField:
    source = field.source if isinstance(field, BlindIndex) else field
    return DeclaredField(
        model=field.model._meta.label,
        name=field.name,
        table=field.model._meta.db_table,
        column=str(field.column),
        kind="blind index" if isinstance(field, BlindIndex) else "encrypted",
        data_class=source.data_class,
        purpose=source.purpose,
        retention=source.retention,
    )


def scrub(text: str) -> str:
    """`text` without personal data: identity, phone and card numbers; whatever stands after the
    name of a field declared C2 or C3 (`name=…`, `"phone": …`); and every value of such a field
    that this process sealed or opened of late, wherever it stands."""
    text = _PERSONAL.sub(GONE, text)
    if apps.models_ready:
        text = _named().sub(rf"\g<1>{GONE}", text)
    for value in recent():
        if value in text:
            text = text.replace(value, GONE)
    return text


@functools.cache
def _named() -> re.Pattern[str]:
    names = {one.name for one in declared_fields() if one.data_class in ("C2", "C3")}
    listed = "|".join(sorted(map(re.escape, names | {"identity_number"}), key=len, reverse=True))
    value = r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[^\s,;&)}\]]+'
    return re.compile(rf"(\b(?:{listed})[\"']?\s*[:=]\s*)(?:{value})", re.IGNORECASE)
