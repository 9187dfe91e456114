"""Fields of a form on a phone: what was typed, and the sentence about what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from puhui.desks.shared.gate import Request
from puhui.kernel.clock import day_from
from puhui.kernel.command import FieldError
from puhui.kernel.money import AmountError, parse_wan

LONGEST = 120
WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `kind`: text, tel, number, date, pick (radio), list (select) or ticks."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as it stands on the page."""

    field: Field
    value: Any
    error: str

    @property
    def chosen(self) -> Sequence[str]:
        return self.value if isinstance(self.value, list) else (str(self.value),)


def typed(request: Request, fields: Iterable[Field]) -> dict[str, Any]:
    """What was posted, as typed."""
    return {
        one.name: (
            [value[:LONGEST] for value in request.POST.getlist(one.name)][:20]
            if one.kind == "ticks"
            else request.POST.get(one.name, "").strip()[:LONGEST]
        )
        for one in fields
    }


def shown(
    fields: Iterable[Field], values: Mapping[str, Any], errors: Sequence[FieldError] = ()
) -> list[Shown]:
    wrong: dict[str, str] = {}
    for error in errors:
        wrong.setdefault(error.field, error.sentence)
    return [Shown(one, values.get(one.name, ""), wrong.get(one.name, "")) for one in fields]


def linked(errors: Sequence[FieldError]) -> list[tuple[str, str]]:
    return [(f"#{error.field}", error.sentence) for error in errors]


def fen_of(text: str, name: str, errors: list[FieldError]) -> int | None:
    """万元 as fen; nothing typed is nothing known."""
    if not text:
        return None
    try:
        return parse_wan(text)
    except AmountError as error:
        errors.append(FieldError(name, "amount_bad", error.sentence))
        return None


def whole_of(text: str, name: str, errors: list[FieldError]) -> int | None:
    digits = text.translate(WIDE_DIGITS)
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 8):
        errors.append(FieldError(name, "not_a_number", "人数请填数字，像 12。"))
        return None
    return int(digits)


def day_of(text: str) -> date | None:
    try:
        return day_from(text)
    except ValueError:
        return None
