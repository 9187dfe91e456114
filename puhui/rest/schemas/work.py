"""What banks and applicants both see of an engagement: clocks, calls, proposals, the loan."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from pydantic import Field, field_validator

from puhui.files.terms import CleanFile
from puhui.market.queries import PhotoCard
from puhui.market.terms import Method, ProposalForm
from puhui.rest.frame.fields import Day, Fen, In, Instant, OneOf, Out, Ppm, Text, Whole, Word, Yes

MethodCode = Annotated[str, OneOf(tuple(Method.values))]


class ClockOut(Out):
    """One deadline. `due_at` is null while the year's working days are not loaded."""

    kind: str
    state: str
    started_at: Instant
    due_at: Instant | None
    settled_at: Instant | None


class CallOut(Out):
    """One call attempt; `started_at` is the platform's time and decides punctuality."""

    ref: str
    number: int
    started_at: Instant
    is_on_time: bool
    result: str
    duration_seconds: int | None


class CostOut(Out):
    name: str
    amount_fen: int


class ProposalOut(Out):
    """A plan or a firm offer."""

    kind: str
    product_ref: str
    product_name: str
    amount_fen: int
    rate_ppm: int
    months: int
    method: str
    fees: list[CostOut]
    security_words: str
    trips_words: str
    answer_working_days: int | None
    prepayment_words: str
    change_reason: str
    valid_until: Instant | None
    submitted_at: Instant
    grace_months: int | None
    is_scored: bool

    @field_validator("fees", mode="before")
    @classmethod
    def named(cls, fees: Any) -> Any:
        return [
            {"name": one[0], "amount_fen": one[1]} if isinstance(one, tuple) else one
            for one in fees
        ]


class LoanOut(Out):
    """What the bank returned of its contract, and the applicant's word on the money."""

    signed_at: Instant
    amount_fen: int | None
    rate_ppm: int | None
    due_on: Day | None
    paid_out_on: Day | None
    returned_at: Instant | None
    money_word: str
    pays_out_on: Day | None


class PauseOut(Out):
    """A wait for the customer; it counts from `confirmed_at` on."""

    words: str
    asked_at: Instant
    confirmed_at: Instant | None


class ObjectionOut(Out):
    """What the applicant has against the refusal, and the answer: upheld, reopened, or admitted."""

    ref: str
    words: str
    is_against_automation: bool
    opened_at: Instant
    answered_at: Instant | None
    outcome: str
    answer_words: str


class EngagementOut(Out):
    """One bank working one demand."""

    ref: str
    demand_ref: str
    bank_ref: str
    bank_name: str
    state: str
    state_since: Instant
    is_directed: bool
    holds_slot: bool
    claimed_at: Instant
    clock_start_at: Instant
    officer_ref: str
    first_attempt_at: Instant | None
    attempts: int
    callback_late: bool
    called_back_at: Instant | None
    call_again_at: Instant | None
    callback_word: str
    visit_at: Instant | None
    visit_word: str
    missing_words: str
    refusal_code: str
    refusal_words: str
    slot_reopened_at: Instant | None
    long_pending_since: Instant | None
    ended_at: Instant | None
    clocks: list[ClockOut]
    calls: list[CallOut]
    refusal_amount_fen: int | None
    refusal_products: list[str]
    is_refusal_automated: bool
    objection: ObjectionOut | None
    pause: PauseOut | None
    plan: ProposalOut | None
    offer: ProposalOut | None
    loan: LoanOut | None


class CostIn(In):
    """One fee by name and amount."""

    name: Word
    amount_fen: Fen


class PlanIn(In):
    """A plan or an offer: what the applicant compares. Money in fen, the yearly rate in ppm.
    `grace_months`: how many months only interest is paid, with the method `grace_period` alone."""

    amount_fen: Fen
    rate_ppm: Ppm
    months: Whole
    method: MethodCode
    grace_months: Whole | None = None
    is_scored: Yes = False
    security_words: Text
    trips_words: Text
    fees: Annotated[list[CostIn], Field(max_length=20)] = []
    answer_working_days: Whole | None = None
    prepayment_words: Text = ""
    product: Word = ""
    change_reason: Text = ""

    def form(self, valid_days: int | None = None) -> ProposalForm:
        given = self.model_dump(exclude={"fees", "valid_days"})
        fees = tuple((fee.name, fee.amount_fen) for fee in self.fees)
        return ProposalForm(fees=fees, valid_days=valid_days, **given)


class OfferIn(PlanIn):
    """A firm offer; `valid_days` absent: the county's rule. What differs from the plan needs
    `change_reason`."""

    valid_days: Whole | None = None


class PhotoOut(Out):
    """A picture of a visit by its reference; `officer`: the staff number of who took it."""

    ref: str
    at: Instant
    officer: str

    @classmethod
    def of(cls, one: PhotoCard) -> PhotoOut:
        return cls(ref=str(one.id), at=one.at, officer=one.officer_ref)


class PictureOut(Out):
    """A picture: its bytes in base64, without place or camera, and their SHA-256."""

    media_type: str
    content: str
    sha256: str

    @classmethod
    def of(cls, file: CleanFile) -> PictureOut:
        content = base64.b64encode(file.body).decode("ascii")
        return cls(media_type=file.media, content=content, sha256=file.digest)


class Ref(Out):
    """The reference of what was changed."""

    ref: str
