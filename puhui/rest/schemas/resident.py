"""What an applicant sends and sees of a demand of their own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from puhui.market.terms import (
    ALL_UNITS,
    CallWish,
    DemandForm,
    Purpose,
    QuestionKind,
    Relation,
    Relative,
    RepaymentWish,
    Security,
    TalkWish,
    Term,
    WithdrawReason,
    mark_of,
)
from puhui.parties.terms import Registration
from puhui.rest.frame.fields import Fen, In, Instant, OneOf, Out, Text, Whole, Word, Yes
from puhui.rest.schemas.work import ClockOut, EngagementOut


class RelativeIn(In):
    """Somebody of the family who may take the call, and has agreed to."""

    name: Word
    relation: Annotated[str, OneOf(tuple(Relation.values))]
    phone: Word
    agreed: Yes


class RegistrationIn(In):
    """Who one is, for a phone on which nobody is registered yet: once, with the first demand."""

    name: Word
    identity_number: Word
    village_code: Word
    village_text: Word = ""
    phone: Word

    def form(self) -> Registration:
        return Registration(**self.model_dump())


class DemandIn(In):
    """A request for money. `consent` must be true: banks may then call. `another` lets a second
    demand start beside an open one. `directed_bank` asks one bank only. `enterprise`: the reference
    of the enterprise that asks, whose representative or agent the caller is; absent: oneself."""

    amount_fen: Fen
    purpose: Annotated[str, OneOf(tuple(Purpose.values))]
    term: Annotated[str, OneOf(tuple(Term.values))]
    repayment_wish: Annotated[str, OneOf(tuple(RepaymentWish.values))]
    call_wish: Annotated[str, OneOf(tuple(str(one) for one in CallWish))] = "now"
    securities: Annotated[
        list[Annotated[str, OneOf(tuple(Security.values))]], Field(max_length=10)
    ] = []
    purpose_words: Text = ""
    scale: Whole | None = None
    scale_unit: Annotated[str, OneOf(("", *ALL_UNITS))] = ""
    story: Text = ""
    is_first_loan: Yes | None = None
    relative: RelativeIn | None = None
    directed_bank: Word = ""
    directed_product: Word = ""
    enterprise: Word = ""
    consent: Yes
    another: Yes = False
    registration: RegistrationIn | None = None

    def form(self) -> DemandForm:
        given = self.model_dump(
            exclude={"consent", "another", "registration", "relative", "securities"}
        )
        relative = Relative(**self.relative.model_dump()) if self.relative else None
        return DemandForm(**given, securities=tuple(self.securities), relative=relative)


class PublishedOut(Out):
    """A demand that has gone out. A caller who cannot say `contact_code` first is no bank."""

    ref: str
    contact_code: str
    published_at: Instant
    clock_start_at: Instant
    callback_due_at: Instant
    is_night: bool


class QuestionOut(Out):
    """Something that only the applicant can answer, by confirm_report."""

    kind: str
    engagement_ref: str
    bank_name: str
    asked_at: Instant


class MyEngagementOut(EngagementOut):
    """A bank at work on one's demand, with its number to call."""

    bank_phone: str


class MyDemandOut(Out):
    """A demand with everything its own applicant may see of it."""

    ref: str
    contact_code: str
    state: str
    created_at: Instant
    published_at: Instant | None
    clock_start_at: Instant | None
    first_attempt_at: Instant | None
    ended_at: Instant | None
    end_reason: str
    amount_fen: int
    purpose: str
    purpose_words: str
    scale: int | None
    scale_unit: str
    story: str
    term: str
    repayment_wish: str
    securities: list[str]
    call_wish: str
    township: str
    village: str
    directed_bank_ref: str
    directed_bank_name: str
    directed_product_name: str
    slots: int
    live: int
    refusals: int
    now: Instant
    engagements: list[MyEngagementOut]
    clocks: list[ClockOut]
    questions: list[QuestionOut]
    proposed_bank_name: str
    republished_from: str
    republished_as: str
    subject: str
    enterprise_ref: str
    enterprise_name: str


class WithdrawIn(In):
    reason: Annotated[str, OneOf(tuple(WithdrawReason.values))] = (
        WithdrawReason.RATHER_NOT_SAY.value
    )


class KeepingIn(In):
    """Which plan was read, by its `submitted_at`; left out, whatever plan is in force is kept."""

    plan_submitted_at: Instant | None = None

    @property
    def seen(self) -> str:
        return mark_of(self.plan_submitted_at) if self.plan_submitted_at else ""


class ReportIn(In):
    """打了/没打, 来过/没来, 钱到了/没到: the kind of report, and yes or no."""

    kind: Annotated[str, OneOf(tuple(QuestionKind.values))]
    answer: Annotated[str, OneOf(("yes", "no"))]
    engagement: Word = ""


class RatingIn(In):
    """1 bad, 2 fair, 3 good; `money_taken`: somebody asked for money."""

    speed: Annotated[int, Field(strict=True, ge=1, le=3)] | None = None
    kept_word: Annotated[int, Field(strict=True, ge=1, le=3)] | None = None
    money_taken: Yes | None = None
    words: Text = ""
    may_tell_bank: Yes = False


class ObjectionIn(In):
    """What the applicant has against a refusal, at most 300 characters; may be empty."""

    words: Text = ""


class TalkIn(In):
    """What should be different in the plans: codes, a sentence, or both."""

    wishes: Annotated[
        list[Annotated[str, OneOf(tuple(TalkWish.values))]], Field(max_length=10)
    ] = []
    words: Text = ""


class StandingOut(Out):
    """An enterprise that the caller acts for. `until` is null for its legal representative."""

    ref: str
    name: str
    kind: str
    is_representative: bool
    may_request: bool
    may_choose: bool
    until: Instant | None


class SuccessorIn(In):
    """Whom the legal representative asks to be the next: registered, by name and phone."""

    name: Word
    phone: Word


class SuccessionOut(Out):
    """A change of the legal representative that waits. `asked_by_masked` is empty where the county
    opened it, by `document`."""

    ref: str
    enterprise_ref: str
    enterprise_name: str
    asked_by_masked: str
    successor_masked: str
    document: str
    asked_at: Instant


class TakeOverIn(In):
    """`consent` must be true where requests are under way: banks may then call the new one."""

    consent: Yes = False
