"""What is sent and shown in the main job."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ClockLimits:
    """All limits of the county at one time, as `set_clock_rules` takes them."""

    callback_seconds: int = 300
    supervision_seconds: int = 600
    supervision_answer_seconds: int = 1800
    slot_reopen_seconds: int = 600
    unclaimed_seconds: int = 600
    plan_working_days: int = 1
    choice_seconds: int = 86_400
    investigation_working_days: int = 3
    decision_working_days: int = 5
    decision_scored_working_days: int = 1
    objection_working_days: int = 5
    signing_working_days: int = 5
    offer_days: int = 90
    long_pending_working_days: int = 15
    long_pending_mortgage_working_days: int = 30
    expiry_days: int = 30
    confirmation_seconds: int = 86_400
    attempt_gap_seconds: int = 120
    attempts_needed: int = 3
    slots: int = 3
    uncalled_per_officer: int = 3
    survey_per_day: int = 10
    survey_rest_days: int = 90
    survey_lookback_days: int = 30
    recheck_percent: int = 5
    duty_opens: str = "07:30"
    duty_closes: str = "21:30"
    duty_working_days_only: bool = False


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody of the family who may take the call."""

    name: str
    relation: str
    phone: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class DemandForm:
    """What an applicant sends. Money in fen; choices are the codes of this module."""

    amount_fen: int
    purpose: str
    term: str
    repayment_wish: str
    call_wish: str
    securities: tuple[str, ...] = ()
    purpose_words: str = ""
    scale: int | None = None
    scale_unit: str = ""
    story: str = ""
    is_first_loan: bool | None = None
    relative: Relative | None = None
    directed_bank: str = ""
    """Public reference of the one bank asked, empty for all."""
    directed_product: str = ""
    enterprise: str = ""
    """Public reference of the enterprise that asks, empty for oneself."""


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """A plan or an offer as a bank sends it. Money in fen, rate in ppm a year, months whole."""

    amount_fen: int
    rate_ppm: int
    months: int
    method: str
    security_words: str
    trips_words: str
    fees: tuple[tuple[str, int], ...] = ()
    answer_working_days: int | None = None
    prepayment_words: str = ""
    product: str = ""
    change_reason: str = ""
    valid_days: int | None = None
    grace_months: int | None = None
    """Months in which only interest is paid, below `months`; asked of the grace method alone."""
    is_scored: bool = False
    """The bank decides by the public credit score, within a working day of its look."""


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """The four fields that a bank returns, with the contract's hash over REST."""

    amount_fen: int
    rate_ppm: int
    due_on: str
    paid_out_on: str
    contract_hash: str = ""
    is_first_loan: bool | None = None


@dataclass(frozen=True, slots=True)
class RefusalForm:
    """Why a bank does not lend. `amount_fen` with R05 alone, `products` with R02 and R11."""

    code: str
    words: str = ""
    amount_fen: int | None = None
    products: tuple[str, ...] = ()
    is_automated: bool = False


@dataclass(frozen=True, slots=True)
class DemandCard:
    """What a bank sees before a claim: exactly the fields of contract.md, nothing else."""

    ref: str
    township: str
    purpose: str
    scale: str
    amount_fen: int
    term: str
    repayment_wish: str
    securities: tuple[str, ...]
    age_band: str
    is_first_loan: bool | None
    call_window: str
    slots_left: int
    seconds_since_publication: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """The outcome of a claim."""

    engagement: UUID
    engagement_ref: str
    demand_ref: str
    contact_code: str
    clock_start_at: datetime
    callback_due_at: datetime


def mark_of(submitted_at: datetime) -> str:
    """What tells a plan from a later one of the same bank: when it was given."""
    return f"{submitted_at.astimezone(UTC):%Y%m%d%H%M%S%f}"
