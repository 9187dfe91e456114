"""What township and county see: cases, lateness, figures; never rates, plans or reasons."""

from __future__ import annotations

from puhui.rest.frame.fields import Day, In, Instant, Out, Word, Yes


class SupervisedOut(Out):
    """A case in a list."""

    ref: str
    township: str
    township_code: str
    purpose: str
    amount_fen: int
    term: str
    state: str
    published_at: Instant
    clock_start_at: Instant
    first_claimed_at: Instant | None
    first_attempt_at: Instant | None
    is_directed: bool
    slots: int
    live: int
    refusals: int
    ended_at: Instant | None
    end_reason: str


class OverdueOut(Out):
    """An engagement past a limit, once per limit."""

    engagement_ref: str
    demand_ref: str
    bank_ref: str
    bank_name: str
    township: str
    state: str
    clock: str
    due_at: Instant
    first_attempt_at: Instant | None


class ReassignmentProposalIn(In):
    """The bank that the county would give the case to."""

    bank: Word


class ReassignIn(In):
    """The bank to take over, and that the applicant has agreed to it."""

    bank: Word
    applicant_agreed: Yes


class ReassignedOut(Out):
    """The new engagement; the old one stays as history."""

    engagement_ref: str
    released_ref: str


class IndicatorOut(Out):
    """One figure with what it counts. `denominator` is null where it is no share of anything."""

    code: str
    name: str
    value: int
    denominator: int | None
    denominator_words: str
    definition: str
    on: Day


class IndicatorsOut(Out):
    as_of: Instant
    figures: list[IndicatorOut]
