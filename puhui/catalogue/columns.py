"""A product as its bank sends it, as the columns of the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from puhui.catalogue.rules import sort_key
from puhui.catalogue.rules.products import search_tokens
from puhui.catalogue.terms import ProductForm, Refusals
from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import FieldError, Invalid
from puhui.parties import queries as parties

LISTS = (
    "purposes",
    "subjects",
    "methods",
    "securities",
    "industries",
    "areas",
    "needs",
    "due_days",
)


def columns_of(form: ProductForm) -> dict[str, Any]:
    """The columns of a product; names of its townships stand beside their codes."""
    values = asdict(form)
    del values["ref"]
    for name in LISTS:
        values[name] = list(dict.fromkeys(values[name]))
    return {
        **values,
        "fees": [asdict(fee) for fee in form.fees],
        "area_words": _area_words(form.areas),
        "pinyin": sort_key(form.name),
        "tokens": search_tokens(form),
    }


def _area_words(codes: Sequence[str]) -> str:
    """The townships by name; of more than half of them, those that are left out."""
    if not codes:
        return ""
    names = {one.code: one.name for one in parties.townships(SYSTEM)}
    if not set(codes) <= set(names):
        reason = Refusals.AREA_UNKNOWN
        raise Invalid([FieldError(reason.field, reason.code, reason.sentence)])
    others = [name for code, name in names.items() if code not in codes]
    if others and len(others) < len(names) / 2:
        return f"{'、'.join(others)}以外"
    return "、".join(names[code] for code in dict.fromkeys(codes))
