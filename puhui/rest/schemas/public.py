"""The shelf and the notice of banks, as anybody sees them."""

from __future__ import annotations

from puhui.market.queries import PublicNotice
from puhui.rest.frame.fields import Instant, Out


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


class NoticeBankOut(Out):
    """One bank's cases by status; without a name: demands that nobody has taken."""

    name: str
    waiting: int
    overdue: int
    long_pending: int
    paused: int


class NoticeRowOut(Out):
    """One case by its reference; `township` is empty where few cases could point at somebody."""

    status: str
    demand_ref: str
    bank_name: str
    township: str
    since: Instant


class NoticeOut(Out):
    """The live notice: status changes at the deadline itself."""

    now: Instant
    banks: list[NoticeBankOut]
    rows: list[NoticeRowOut]
    callback_seconds: int
    long_pending_working_days: int
    long_pending_mortgage_working_days: int

    @classmethod
    def of(cls, notice: PublicNotice, status: str) -> NoticeOut:
        return cls(
            now=notice.now,
            banks=[NoticeBankOut.model_validate(one) for one in notice.banks],
            rows=[
                NoticeRowOut.model_validate(one)
                for one in notice.rows
                if status in ("", one.status)
            ],
            callback_seconds=notice.limits.callback_seconds,
            long_pending_working_days=notice.limits.long_pending_working_days,
            long_pending_mortgage_working_days=notice.limits.long_pending_mortgage_working_days,
        )
