"""What Chinese text is found by: characters, pinyin, initials; names of people only by keyed hashes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puhui.search.tokens import (
    LONGEST_QUERY,
    MOST_WORDS,
    holds,
    index_tokens,
    query_words,
)

PEAR = index_tokens("酥梨贷", "新建、改造酥梨园：苗木、架材、滴灌", "P02")


@pytest.mark.parametrize(
    "query",
    [
        *(
            "酥梨",
            "酥梨贷",
            "梨",
            "酥梨 苗木",
            "酥梨，滴灌",
            "suli",
            "su",
            "sulidai",
            "SULI",
            "sld",
        ),
        *("sl", "s", "ｓｌ", "酥li", "p02", "P02", "xinjian"),
    ],
)
def test_p11_a_product_is_found_by_name_pinyin_and_initials(query: str) -> None:
    words = query_words(query)
    assert words and holds(PEAR, words)


@pytest.mark.parametrize(
    "query", ["樱桃", "酥樱", "梨酥", "yingtao", "yt", "酥梨 樱桃", "p03", "suliq"]
)
def test_p11_what_does_not_hold_every_word_is_not_found(query: str) -> None:
    assert not holds(PEAR, query_words(query))


@pytest.mark.parametrize("query", ["", "  ", "，。！", "%", "_", "'", "\u200b", "🍐"])
def test_a_query_of_nothing_has_no_words(query: str) -> None:
    assert query_words(query) == ()


def test_a_query_is_cut_to_what_a_person_types() -> None:
    assert len(query_words("贷 " * 100)) == MOST_WORDS
    assert query_words("a" * 1000) == query_words("a" * LONGEST_QUERY)


@given(st.text(alphabet="酥梨樱桃灵芝贷羊abc12 ，", max_size=12))
def test_p11_every_text_is_found_by_itself_and_by_its_parts(text: str) -> None:
    tokens = index_tokens(text)
    for start in range(len(text)):
        assert holds(tokens, query_words(text[start:][:8]))
