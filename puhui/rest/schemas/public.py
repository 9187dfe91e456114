"""The shelf, as anybody sees it."""

from __future__ import annotations

from puhui.rest.frame.fields import Out


class FeeOut(Out):
    """A cost beside interest: a share of the amount (ppm) or a sum (fen), once or every year."""

    name: str
    basis: str
    ppm: int
    fen: int


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
    industries: list[str]
    areas: list[str]
    area_words: str
    needs: list[str]
    grace_months: int | None
    months_per_period: int
    due_days: list[str]
    age_max: int | None
    takes_co_signer: bool
    fees: list[FeeOut]
    online_address: str
    version: int
