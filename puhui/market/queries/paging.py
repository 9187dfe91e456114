"""Pages that neither skip nor repeat: instant and identifier together are one order."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


def older(rows: QuerySet[M], instant: str, edge: QuerySet[M]) -> QuerySet[M]:
    """`rows` beyond the row that `edge` finds, newest first; none where there is no such row."""
    found = edge.values_list(instant, "pk").first()
    if found is None:
        return rows.none()
    at, pk = found
    return rows.filter(Q(**{f"{instant}__lt": at}) | Q(**{instant: at, "pk__lt": pk}))
