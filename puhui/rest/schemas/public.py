"""The shelf, as anybody sees it."""

from __future__ import annotations

from puhui.rest.frame.fields import Out


class ProductOut(Out):
    """A product. Money in fen, yearly rates in ppm, terms in whole months."""

    ref: str
    bank_ref: str
    bank_name: str
    name: str
    audience: str
    per_ten_thousand: str
    rate_words: str
    amount_words: str
    term_words: str
    repayment_words: str
    security_words: str
    season_words: str
    documents_words: str
    fees_words: str
    rate_min_ppm: int
    rate_max_ppm: int
    all_in_ppm: int | None
    amount_min_fen: int
    amount_max_fen: int
    months_min: int
    months_max: int
    purposes: list[str]
    subjects: list[str]
    methods: list[str]
    securities: list[str]
