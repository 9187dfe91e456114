"""What a bank puts before everybody: products, entries of the directory, outlets; its webhook."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from puhui.catalogue.directory.terms import EntryForm, EntryKind
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
from puhui.notices.terms import Event
from puhui.parties.terms import BranchCard
from puhui.rest.frame.fields import Fen, In, Instant, OneOf, Out, Ppm, Text, Whole, Word, Yes
from puhui.rest.schemas.public import ProductOut

EventName = Annotated[str, OneOf(tuple(str(one) for one in Event))]
Address = Annotated[str, Field(strict=True, max_length=500)]


class ProductFeeIn(In):
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
    fees: Annotated[list[ProductFeeIn], Field(max_length=20)] = []
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


class MyWebhookOut(WebhookOut):
    """What is registered; `failures`: times in a row that nobody answered there."""

    created_at: Instant
    failures: int


class VersionOut(Out):
    """One version of a product as it was put."""

    number: int
    put_at: Instant
    by_ref: str
    product: ProductOut


class EntryIn(In):
    """An entry of the directory; `ref` names the one to change. `address`: of a hotline its number,
    of a quick loan the bank's https page, else empty."""

    kind: Annotated[str, OneOf(tuple(EntryKind.values))]
    title: Word
    words: Text = ""
    address: Address = ""
    position: Annotated[int, Field(strict=True, ge=0, le=999)] = 0
    ref: Word = ""

    def form(self) -> EntryForm:
        return EntryForm(**self.model_dump())


class EntryOut(Out):
    ref: str
    kind: str
    title: str
    words: str
    address: str
    position: int
    put_at: Instant


class BranchIn(In):
    """An outlet; `township` is a division's code."""

    name: Word
    township: Word
    address: Text = ""
    phone: Word = ""
    opening_hours: Text = ""

    def fields(self) -> dict[str, str]:
        given = self.model_dump()
        return {"township_code": given.pop("township"), **given}


class BranchOut(Out):
    ref: str
    name: str
    township: str
    address: str
    phone: str
    opening_hours: str

    @classmethod
    def of(cls, card: BranchCard) -> BranchOut:
        return cls(
            ref=str(card.id),
            name=card.name,
            township=card.township_code,
            address=card.address,
            phone=card.phone,
            opening_hours=card.opening_hours,
        )
