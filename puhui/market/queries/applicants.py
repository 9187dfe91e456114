"""What pages ask for an applicant: is this request complete, who looks after a case at a standstill."""

from __future__ import annotations

from dataclasses import dataclass, field

from puhui.kernel.actor import SYSTEM, Actor, Role, query
from puhui.kernel.command import FieldError
from puhui.market.models import Rating
from puhui.market.reach import demands
from puhui.market.rules import forms
from puhui.market.terms import DemandForm, Relative
from puhui.parties import queries as parties


@dataclass(frozen=True, slots=True)
class GivenRating:
    """What the applicant said of one engagement; grades 1 bad to 3 good."""

    speed: int | None
    kept_word: int | None
    money_taken: bool | None
    words: str = field(repr=False)
    may_tell_bank: bool


@query(Role.ANYONE)
def request_errors(actor: Actor, form: DemandForm) -> list[FieldError]:
    """Every rule of the request that `form` breaks, in the order of the screens (content.md §1.5).

    The same judgement as `publish` makes; amounts in fen.
    """
    return forms.demand_errors(form, parties.county(SYSTEM).largest_amount_fen)


@query(Role.RESIDENT)
def my_relative(actor: Actor, ref: str) -> Relative | None:
    """Whom the applicant named on an own demand to take the call; of others' demands nobody."""
    row = demands(actor).filter(ref=ref).first()
    return Relative(**row.relative) if row is not None and row.relative else None


@query(Role.RESIDENT)
def my_rating(actor: Actor, engagement_ref: str) -> GivenRating | None:
    """What the applicant said of one own engagement, if anything."""
    rows = Rating.objects.filter(engagement__demand__in=demands(actor))
    row = rows.filter(engagement__ref=engagement_ref).first()
    if row is None:
        return None
    return GivenRating(row.speed, row.kept_word, row.money_taken, row.words, row.may_tell_bank)
