"""What queries of the main job answer with: frozen, complete, without models."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from puhui.market.terms import mark_of


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A plan or a firm offer. Sums in fen, rate in ppm a year."""

    kind: str
    product_ref: str
    product_name: str
    amount_fen: int
    rate_ppm: int
    months: int
    method: str
    fees: tuple[tuple[str, int], ...]
    security_words: str
    trips_words: str
    answer_working_days: int | None
    prepayment_words: str
    change_reason: str
    valid_until: datetime | None
    submitted_at: datetime
    grace_months: int | None = None
    """Months of interest alone; None with other methods, and where an older proposal is silent."""
    is_scored: bool = False

    @property
    def mark(self) -> str:
        """Tells this plan from a later one of the same bank."""
        return mark_of(self.submitted_at)


@dataclass(frozen=True, slots=True)
class ClockView:
    """One deadline: what it is for, when it is due, whether it was met."""

    kind: str
    state: str
    started_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    late_working_days: int | None = None
    """Of a missed deadline in working days, how many have passed; only `my_demand` fills it in."""

    @property
    def is_awaiting_calendar(self) -> bool:
        return self.state == "running" and self.due_at is None


@dataclass(frozen=True, slots=True)
class CallView:
    """One call attempt."""

    ref: str
    number: int
    started_at: datetime
    is_on_time: bool
    result: str
    duration_seconds: int | None


@dataclass(frozen=True, slots=True)
class ReturnView:
    """What the bank returned of its contract, and the applicant's word on the money."""

    signed_at: datetime
    amount_fen: int | None
    rate_ppm: int | None
    due_on: date | None
    paid_out_on: date | None
    returned_at: datetime | None
    money_word: str
    pays_out_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaperView:
    """One paper that the bank asked for; `id` names it in a form."""

    id: str
    name: str
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class EnquiryView:
    """What the applicant asked the bank, until when it owes an answer, and the answer."""

    ref: str
    kind: str
    words: str = field(repr=False)
    asked_at: datetime
    due_at: datetime | None
    answer: str = field(repr=False)
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ObstacleView:
    """Where a case is stuck, as its bank wrote it last."""

    words: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class SupervisionView:
    """A supervision record as bank and county see it."""

    ref: str
    demand_ref: str
    engagement_ref: str
    bank_ref: str
    bank_name: str
    kind: str
    opened_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    steps: tuple[SupervisionStepView, ...] = ()


@dataclass(frozen=True, slots=True)
class SupervisionStepView:
    at: datetime
    kind: str
    by_ref: str
    to_ref: str
    channel: str
    words: str
    promised_at: datetime | None


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """What the applicant has against a refusal, and the bank's answer."""

    ref: str
    words: str = field(repr=False)
    is_against_automation: bool
    opened_at: datetime
    answered_at: datetime | None
    outcome: str
    answer_words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PauseView:
    """A wait for the customer; it counts from `confirmed_at` to `ended_at`."""

    words: str = field(repr=False)
    asked_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None


def waited_for(pauses: Iterable[PauseView], now: datetime) -> timedelta:
    """How long the customer was waited for in all, from each yes to its end or to `now`."""
    spans = ((one.ended_at or now) - one.confirmed_at for one in pauses if one.confirmed_at)
    return sum(spans, timedelta())


@dataclass(frozen=True, slots=True)
class EngagementView:
    """One bank working one demand, as the bank itself and the applicant may see it."""

    id: UUID
    ref: str
    demand_ref: str
    bank_ref: str
    bank_name: str
    bank_phone: str
    state: str
    state_since: datetime
    is_directed: bool
    holds_slot: bool
    claimed_at: datetime
    clock_start_at: datetime
    officer_ref: str
    officer_masked: str
    first_attempt_at: datetime | None
    attempts: int
    callback_late: bool
    called_back_at: datetime | None
    call_again_at: datetime | None
    callback_word: str
    visit_at: datetime | None
    visit_word: str
    missing_words: str
    refusal_code: str
    refusal_words: str
    slot_reopened_at: datetime | None
    long_pending_since: datetime | None
    ended_at: datetime | None
    clocks: tuple[ClockView, ...] = ()
    calls: tuple[CallView, ...] = ()
    plan: ProposalView | None = None
    offer: ProposalView | None = None
    loan: ReturnView | None = None
    pauses: tuple[PauseView, ...] = ()
    refusal_amount_fen: int | None = None
    refusal_products: tuple[str, ...] = ()
    is_refusal_automated: bool = False
    objection: ObjectionView | None = None

    @property
    def pause(self) -> PauseView | None:
        """The one that is open, confirmed or still to be."""
        return next((one for one in self.pauses if one.ended_at is None), None)

    arrived_at: datetime | None = None
    papers: tuple[PaperView, ...] = ()
    enquiries: tuple[EnquiryView, ...] = ()
    obstacle: ObstacleView | None = None

    @property
    def open_call(self) -> str:
        """Reference of a call that was started and has no result yet."""
        return next((one.ref for one in reversed(self.calls) if not one.result), "")

    @property
    def papers_in(self) -> int:
        """How many of the papers have come."""
        return sum(one.received_at is not None for one in self.papers)

    def clock(self, kind: str) -> ClockView | None:
        """The latest clock of a kind."""
        found = [one for one in self.clocks if one.kind == kind]
        return max(found, key=lambda one: one.started_at) if found else None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Something that only the applicant can answer."""

    kind: str
    engagement_ref: str
    bank_name: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """Who looks after a case, and by when that person phones. `owner` is a surname, may be empty."""

    kind: str
    due_at: datetime
    owner: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DemandView:
    """A demand with everything its own applicant may see of it. Money in fen."""

    ref: str
    contact_code: str
    state: str
    created_at: datetime
    published_at: datetime | None
    clock_start_at: datetime | None
    first_attempt_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    amount_fen: int
    purpose: str
    purpose_words: str = field(repr=False)
    scale: int | None
    scale_unit: str
    story: str = field(repr=False)
    term: str
    repayment_wish: str
    securities: tuple[str, ...]
    call_wish: str
    township: str
    village: str = field(repr=False)
    directed_bank_ref: str
    directed_bank_name: str
    directed_product_name: str
    slots: int
    live: int
    refusals: int
    now: datetime
    """The database's time of the answer: countdowns are computed from it."""
    engagements: tuple[EngagementView, ...] = ()
    clocks: tuple[ClockView, ...] = ()
    questions: tuple[QuestionView, ...] = ()
    follow_ups: tuple[FollowUpLine, ...] = ()
    """Open ones, the oldest first."""
    proposed_bank_name: str = ""
    """The bank that the county would give the case to, while the applicant is asked."""
    relative_words: str = field(default="", repr=False)
    """家里人（儿女）: whom the applicant named and asked; empty without one."""
    republished_from: str = ""
    republished_as: str = ""
    name_masked: str = field(default="", repr=False)
    phone_tail: str = field(default="", repr=False)
    subject: str = "farm_household"
    """The class of applicants (catalogue.terms.Subject)."""
    enterprise_ref: str = ""
    enterprise_name: str = ""
    """For whom it is asked, where that is an enterprise."""

    def clock(self, kind: str) -> ClockView | None:
        """The latest clock of a kind of the demand itself."""
        found = [one for one in self.clocks if one.kind == kind]
        return max(found, key=lambda one: one.started_at) if found else None


@dataclass(frozen=True, slots=True)
class BankCase:
    """An engagement with its demand as the bank sees it after the claim, contact data aside."""

    engagement: EngagementView
    contact_code: str
    township: str
    purpose: str
    purpose_words: str = field(repr=False)
    scale: int | None
    scale_unit: str
    story: str = field(repr=False)
    amount_fen: int
    term: str
    repayment_wish: str
    securities: tuple[str, ...]
    age_band: str
    is_first_loan: bool | None
    call_wish: str
    demand_state: str
    published_at: datetime
    demand_clock_start_at: datetime
    now: datetime
    name_masked: str = field(repr=False)
    village: str = field(repr=False)
    """Empty once the engagement has ended."""
    subject: str
    enterprise_name: str
    """Of an enterprise's demand; empty once the engagement has ended."""
    supervisions: tuple[SupervisionView, ...] = ()
    """Newest first."""

    @property
    def owes_reason(self) -> SupervisionView | None:
        """The supervision record that waits longest for the bank's reason, while the case is open."""
        waiting = [one for one in self.supervisions if one.answered_at is None]
        return waiting[-1] if waiting and self.engagement.ended_at is None else None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One journalled fact of a case: what, when, by whom (references and codes only)."""

    at: datetime
    action: str
    role: str
    by_ref: str
    organisation_ref: str
    bank_ref: str
    facts: dict[str, object]
