"""Finding entries by title and text: characters, pairs of characters, pinyin initials."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.db.models import Q
from pypinyin import Style, lazy_pinyin

LONGEST_INDEXED = 8_000
MOST_WORDS = 6
RUNS = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+")


def tokens_of(title: str, relation: str, body: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """What a version is found by: every word of it that a reader may see, up to a bound."""
    cells = " ".join(str(cell) for row in rows for cell in row.values() if isinstance(cell, str))
    return index_tokens(title, relation, body[:LONGEST_INDEXED], cells[:LONGEST_INDEXED])


def index_tokens(*texts: str) -> list[str]:
    """Every token of these texts, once."""
    found: set[str] = set()
    for text in texts:
        for run in RUNS.findall(text.lower()):
            found.update(_pieces(run))
            if not run.isascii():
                initials = "".join(lazy_pinyin(run, style=Style.FIRST_LETTER))
                found.update(f"i:{piece}" for piece in _pieces(initials))
    return sorted(found)


def query_words(query: str) -> list[list[set[str]]]:
    """The words of a query: each is held where all tokens of one of its sets are."""
    return [_alternatives(run) for run in RUNS.findall(query.lower()[:40])[:MOST_WORDS]]


def holds(tokens: Iterable[str], words: Sequence[Sequence[set[str]]]) -> bool:
    """Whether a text of these tokens is found by these words."""
    held = set(tokens)
    return all(any(needed <= held for needed in word) for word in words)


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


def _pieces(run: str) -> Iterator[str]:
    yield from run
    yield from (first + second for first, second in pairwise(run))


def _alternatives(run: str) -> list[set[str]]:
    plain = {run} if len(run) == 1 else {first + second for first, second in pairwise(run)}
    return [plain, {f"i:{piece}" for piece in plain}] if run.isascii() else [plain]
