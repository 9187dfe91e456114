"""What a bank sends of a case: each step's own few fields."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from puhui.market.terms import OBJECTION_ANSWERS, REFUSAL_CODES, CallResult, ReturnForm
from puhui.rest.frame.fields import Day, Fen, In, Instant, OneOf, Ppm, Text, Whole, Word, Yes

CallResultCode = Annotated[str, OneOf(tuple(CallResult.values))]
RefusalCode = Annotated[str, OneOf(tuple(REFUSAL_CODES))]


class ClaimIn(In):
    """`officer`: the staff number of the officer on duty who will call; absent: the caller."""

    officer: Word = ""


class CallbackIn(In):
    """The result of a started call."""

    call: Word
    result: CallResultCode
    duration_seconds: Whole = 0
    again_at: Instant | None = None


class CallAgainIn(In):
    """When to call again; later than now."""

    again_at: Instant


class WordsIn(In):
    """A sentence or a few, at most 200 characters (an order's answer 500)."""

    words: Text


class HandOverIn(In):
    """`officer`: the colleague's staff number. `reason` is for the colleague, at most 200 characters."""

    officer: Word
    reason: Text = ""


class PapersIn(In):
    """`received`: the names of all that have come so far; what was asked for and is not named is
    still missing. `more`: names of papers asked for now, at most 40 characters each, 20 in all."""

    received: Annotated[list[Word], Field(max_length=20)] = []
    more: Annotated[list[Word], Field(max_length=20)] = []


class ReleaseIn(In):
    reason: Text


class VisitIn(In):
    visit_at: Instant


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
