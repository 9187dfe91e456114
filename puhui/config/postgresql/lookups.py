"""`x IN (…)` as `x = ANY(array)`: one text whatever the number of values, so that it stays prepared."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In


class _AnyOf:
    """For a list of plain values in a query; a subquery, or a constraint's own list, stays as it is."""

    def process_rhs(self: Any, compiler: Any, connection: Any) -> tuple[str, Any]:
        text, values = super().process_rhs(compiler, connection)  # type: ignore[misc]
        if not self.rhs_is_direct_value() or not compiler.query.alias_cols or _has_parts(text):
            return text, values
        return "ANY(%s)", [list(values)]

    def get_rhs_op(self: Any, connection: Any, rhs: str) -> str:
        return f"= {rhs}" if rhs.startswith("ANY(") else f"IN {rhs}"


def _has_parts(text: str) -> bool:
    """Whether any of the values is an expression of its own."""
    return bool(text.strip("(%s, )"))


class AnyOf(_AnyOf, In):
    pass


class RelatedAnyOf(_AnyOf, RelatedIn):
    pass


def register() -> None:
    for kind in (models.UUIDField, models.TextField):
        kind.register_lookup(AnyOf)
    models.ForeignKey.register_lookup(RelatedAnyOf)
