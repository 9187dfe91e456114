"""What a bank sends and sees. Before a claim: exactly the fields of a card, nothing else."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from puhui.catalogue.terms import (
    METHODS,
    PURPOSES,
    SECURITIES,
    FeeBasis,
    Need,
    ProductFee,
    ProductForm,
    Subject,
)
from puhui.market.actions import Call, Contact
from puhui.market.queries import BankCase
from puhui.market.terms import OBJECTION_ANSWERS, REFUSAL_CODES, CallResult, ReturnForm
from puhui.notices.terms import Event
from puhui.rest.frame.fields import (
    Day,
    Fen,
    In,
    Instant,
    OneOf,
    Out,
    Ppm,
    Text,
    Whole,
    Word,
    Yes,
)
from puhui.rest.schemas.work import EngagementOut

CallResultCode = Annotated[str, OneOf(tuple(CallResult.values))]
RefusalCode = Annotated[str, OneOf(tuple(REFUSAL_CODES))]
EventName = Annotated[str, OneOf(tuple(str(one) for one in Event))]


class CardOut(Out):
    """A demand before a claim."""

    ref: str
    township: str
    purpose: str
    scale: str
    amount_fen: int
    term: str
    repayment_wish: str
    securities: list[str]
    age_band: str
    is_first_loan: bool | None
    call_window: str
    slots_left: int
    seconds_since_publication: int


class ClaimIn(In):
    """`officer`: the staff number of the officer on duty who will call; absent: the caller."""

    officer: Word = ""


class ClaimedOut(Out):
    """A claim that held. Name, phone and the number to say first come from get_engagement."""

    engagement_ref: str
    demand_ref: str
    clock_start_at: Instant
    callback_due_at: Instant


class ContactOut(Out):
    """Whom to call; each view is journalled and shown to the applicant."""

    name: str
    phone: str
    village: str
    relative_name: str
    relative_relation: str
    relative_phone: str
    enterprise_name: str
    credit_code: str


class DemandOfCase(Out):
    """The demand of an engagement. Free texts are empty where no contact is shown."""

    township: str
    purpose: str
    purpose_words: str
    scale: int | None
    scale_unit: str
    story: str
    amount_fen: int
    term: str
    repayment_wish: str
    securities: list[str]
    age_band: str
    is_first_loan: bool | None
    call_wish: str
    demand_state: str
    published_at: Instant
    subject: str


class CaseOut(Out):
    """An engagement with its demand. `contact` is null where `contact_refused` says why not."""

    engagement: EngagementOut
    demand: DemandOfCase
    contact_code: str
    contact: ContactOut | None
    contact_refused: str | None

    @classmethod
    def of(cls, case: BankCase, contact: Contact | None, why_not: str | None) -> CaseOut:
        """Free texts may name people, so they are shown, and journalled, with the contact data."""
        demand = DemandOfCase.model_validate(case)
        if contact is None:
            demand = demand.model_copy(update={"story": "", "purpose_words": ""})
        return cls(
            engagement=EngagementOut.model_validate(case.engagement),
            demand=demand,
            contact_code=case.contact_code if why_not is None else "",
            contact=ContactOut.model_validate(contact) if contact else None,
            contact_refused=why_not,
        )


class CallStartedOut(Out):
    """A call under way; its time is the platform's."""

    engagement_ref: str
    ref: str
    number: int
    started_at: Instant
    is_on_time: bool

    @classmethod
    def of(cls, engagement_ref: str, call: Call) -> CallStartedOut:
        return cls(
            engagement_ref=engagement_ref,
            ref=call.ref,
            number=call.number,
            started_at=call.started_at,
            is_on_time=call.is_on_time,
        )


class CallbackIn(In):
    """The result of a started call."""

    call: Word
    result: CallResultCode
    duration_seconds: Whole = 0
    again_at: Instant | None = None


class StateOut(Out):
    """An engagement and its state."""

    ref: str
    state: str


class ReleaseIn(In):
    reason: Text


class VisitIn(In):
    visit_at: Instant


class VisitedOut(Out):
    ref: str
    is_on_time: bool


class RefusalIn(In):
    """One of R01–R15; `words` are needed for R15, at most 40 characters. `amount_fen` with R05: what
    would be possible; `products` with R02 and R11: up to three that fit better. Without a code the
    applicant reads that no reason was given, the county counts it, and explain_refusal adds it."""

    code: Annotated[str, OneOf(("", *REFUSAL_CODES))] = ""
    words: Text = ""
    amount_fen: Fen | None = None
    products: Annotated[list[Word], Field(max_length=3)] = []
    automated: Yes = False


class ExplanationIn(In):
    """The reason that a refusal lacked; fields as there."""

    code: RefusalCode
    words: Text = ""
    amount_fen: Fen | None = None
    products: Annotated[list[Word], Field(max_length=3)] = []


class ObjectionAnswerIn(In):
    """`upheld`: it stands; `reopened`: the bank takes the case up again, or would (`admitted`), had
    the demand not ended. The applicant reads it."""

    outcome: Annotated[str, OneOf(tuple(str(one) for one in OBJECTION_ANSWERS))]
    words: Text


class PayoutIn(In):
    pays_out_on: Day


class PauseIn(In):
    """What the bank waits for, in a sentence that its customer will read; at most 200 characters."""

    words: Text


class SigningIn(In):
    """The contract's hash, hexadecimal, if the bank keeps one. `pays_out_on`: the day that the
    contract names for the money, absent: today; the return is due that day."""

    contract_hash: Annotated[str, Field(strict=True, max_length=128)] = ""
    pays_out_on: Day | None = None


class DisbursementIn(In):
    """The four fields of a return, with the contract's hash."""

    amount_fen: Fen
    rate_ppm: Ppm
    due_on: Day
    paid_out_on: Day
    contract_hash: Annotated[str, Field(strict=True, max_length=128)] = ""
    is_first_loan: Yes | None = None

    def form(self) -> ReturnForm:
        return ReturnForm(
            amount_fen=self.amount_fen,
            rate_ppm=self.rate_ppm,
            due_on=self.due_on.isoformat(),
            paid_out_on=self.paid_out_on.isoformat(),
            contract_hash=self.contract_hash,
            is_first_loan=self.is_first_loan,
        )


class FeeIn(In):
    """A cost beside interest: a share of the amount (ppm) or a sum (fen), once or every year."""

    name: Word
    basis: Annotated[str, OneOf(tuple(FeeBasis.values))]
    ppm: Ppm = 0
    fen: Fen = 0


class ProductIn(In):
    """A product of the bank's own; `ref` names the one to change, absent: a new one."""

    name: Word
    audience: Text
    rate_min_ppm: Ppm
    rate_max_ppm: Ppm
    amount_min_fen: Fen
    amount_max_fen: Fen
    months_min: Whole
    months_max: Whole
    term_words: Text
    methods: Annotated[list[Annotated[str, OneOf(METHODS)]], Field(max_length=20)]
    repayment_words: Text
    security_words: Text
    purposes: Annotated[list[Annotated[str, OneOf(PURPOSES)]], Field(max_length=20)] = []
    subjects: Annotated[
        list[Annotated[str, OneOf(tuple(Subject.values))]], Field(max_length=20)
    ] = []
    securities: Annotated[list[Annotated[str, OneOf(SECURITIES)]], Field(max_length=20)] = []
    season_words: Text = ""
    documents_words: Text = ""
    fees_words: Text = ""
    all_in_ppm: Ppm | None = None
    industries: Annotated[list[Word], Field(max_length=20)] = []
    areas: Annotated[list[Word], Field(max_length=200, description="乡镇编号；空着是全县")] = []
    needs: Annotated[list[Annotated[str, OneOf(tuple(Need.values))]], Field(max_length=20)] = []
    grace_months: Whole | None = None
    months_per_period: Annotated[Whole, Field(description="几个月还一次本：1、3、6 或 12")] = 1
    due_days: Annotated[
        list[Word], Field(max_length=20, description="到期日，月-日，如 07-31")
    ] = []
    age_max: Whole | None = None
    takes_co_signer: Yes = False
    fees: Annotated[list[FeeIn], Field(max_length=20)] = []
    online_address: Annotated[str, Field(strict=True, max_length=500)] = ""
    ref: Word = ""

    def form(self) -> ProductForm:
        given = self.model_dump()
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        fees = tuple(ProductFee(**fee) for fee in given["fees"])
        return ProductForm(**{**given, **lists, "fees": fees})


class WebhookIn(In):
    """Where the bank's events go; https only, a public address."""

    url: Annotated[str, Field(strict=True, max_length=500)]
    events: Annotated[list[EventName], Field(max_length=20)]


class WebhookOut(Out):
    url: str
    events: list[str]


class WebhookKeyOut(Out):
    """The public key (Standard Webhooks, ed25519) that our webhooks are signed for."""

    public_key: str
