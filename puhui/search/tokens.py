"""Finding Chinese text: what a text is found by, and what a query must hold. Pure.

A text is kept as tokens: its characters and pairs of characters, the initials of its pinyin ("i:sl")
and pieces of its full pinyin ("p:sul"), and the pieces of Latin words and numbers in it ("w:p0").
A query becomes words; a text is found if it holds every word, and a word of Latin letters may be
meant as initials, as pinyin or as it stands. Tokens lie in an array with an inverted index, so a
search costs what it finds, however much is stored.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

HAN = "\u3007\u3400-\u9fff\uf900-\ufaff"
RUNS = re.compile(rf"[{HAN}]+|[0-9a-z]+")
LONGEST_QUERY = 40
MOST_WORDS = 6

Alternatives = tuple[frozenset[str], ...]
"""One word of a query: it is held where all tokens of any one of these sets are."""


def index_tokens(*texts: str) -> list[str]:
    """Every token of these texts, once, in a stable order."""
    found: set[str] = set()
    for text in texts:
        for run in _runs(text):
            found.update(_han_tokens(run) if _is_han(run) else _pieces("w:", run, (1, 2, 3)))
    return sorted(found)


def query_words(query: str) -> tuple[Alternatives, ...]:
    """The words of a query; empty where nothing in it can be searched for."""
    runs = _runs(query[:LONGEST_QUERY])[:MOST_WORDS]
    return tuple(_alternatives(run) for run in runs)


def holds(tokens: Iterable[str], words: Sequence[Alternatives]) -> bool:
    """Whether a text of these tokens is found by these words."""
    held = set(tokens)
    return all(any(needed <= held for needed in word) for word in words)


def _runs(text: str) -> list[str]:
    return RUNS.findall(unicodedata.normalize("NFKC", text).lower())


def _is_han(run: str) -> bool:
    return not run.isascii()


@functools.lru_cache(maxsize=4096)
def _syllables(run: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin  # its dictionary is large, and few processes need it

    return tuple(lazy_pinyin(run, style=Style.NORMAL))


def _han_tokens(run: str) -> Iterator[str]:
    yield from _grams(run)
    syllables = _syllables(run)
    yield from _pieces("i:", "".join(one[:1] for one in syllables), (1, 2))
    yield from _pieces("p:", "".join(syllables), (1, 2, 3))


def _grams(run: str) -> Iterator[str]:
    yield from run
    yield from (first + second for first, second in pairwise(run))


def _pieces(kind: str, text: str, sizes: Iterable[int]) -> Iterator[str]:
    for size in sizes:
        yield from (f"{kind}{text[at : at + size]}" for at in range(len(text) - size + 1))


def _alternatives(run: str) -> Alternatives:
    if _is_han(run):
        return (frozenset([run] if len(run) == 1 else _pairs(run)),)
    return (
        frozenset(_pieces("i:", run, (min(2, len(run)),))),
        frozenset(_pieces("p:", run, (min(3, len(run)),))),
        frozenset(_pieces("w:", run, (min(3, len(run)),))),
    )


def _pairs(run: str) -> Iterator[str]:
    return (first + second for first, second in pairwise(run))
