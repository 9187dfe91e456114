"""Finding entries by title and text: Chinese bigrams and pinyin, see puhui.search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from puhui.search.tokens import index_tokens, query_words

LONGEST_INDEXED = 8_000


def tokens_of(title: str, relation: str, body: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """What a version is found by: every word of it that a reader may see, up to a bound."""
    cells = " ".join(str(cell) for row in rows for cell in row.values() if isinstance(cell, str))
    return index_tokens(title, relation, body[:LONGEST_INDEXED], cells[:LONGEST_INDEXED])


def holding(query: str, field: str) -> Q | None:
    """Rows whose tokens in `field` hold every word of the query; None for an empty query."""
    words = query_words(query)
    if not words:
        return None
    found = Q()
    for word in words:
        held = Q()
        for alternative in word:
            held |= Q(**{f"{field}__contains": sorted(alternative)})
        found &= held
    return found
