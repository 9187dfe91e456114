"""What a product costs and whom it fits."""

from __future__ import annotations

from datetime import date

from puhui.catalogue.queries.products import card_of, on_shelf_rows, product
from puhui.catalogue.rules import costs, matching
from puhui.catalogue.terms import Match, Preview, PreviewForm, ProductCard, Wish
from puhui.kernel.actor import ANYONE, Actor, Role, query


@query(Role.ANYONE)
def preview(actor: Actor, ref: str, form: PreviewForm) -> Preview:
    """How a product on the shelf would be repaid, to the fen, with all costs and yearly rates.

    Money in fen, rates in ppm; methods are the shelf's codes. Refuses NOT_FOUND; raises LoanError
    for what cannot be computed. Source: M041, domain.md §3, ruling 13.
    """
    return costs.preview(product(ANYONE, ref), form)


@query(Role.ANYONE)
def cost_if_used(
    actor: Actor, card: ProductCard, amount_fen: int, months: int, start_on: date
) -> int:
    """What a product costs in fen, interest at its highest rate and fees, if settled after `months`.

    Raises LoanError for what the product does not allow.
    """
    return costs.cost_if_used(card, amount_fen, months, start_on)


@query(Role.ANYONE)
def due_dates(actor: Actor, ref: str, start_on: date) -> tuple[date, ...]:
    """The days on which a seasonal loan from `start_on` may fall due; none where it is not seasonal."""
    return costs.due_dates(product(ANYONE, ref), start_on)


@query(Role.ANYONE)
def matches(actor: Actor, wish: Wish) -> list[Match]:
    """Every product on the shelf judged against a wish, in words: what fits first, then what costs
    least (content.md §1.12). No payment moves a product."""
    return matching.judged([card_of(row) for row in on_shelf_rows()], wish)


@query(Role.ANYONE)
def match(actor: Actor, ref: str, wish: Wish) -> Match:
    """One product on the shelf judged; to whom is too old for it, others are named. Refuses
    NOT_FOUND."""
    card = product(ANYONE, ref)
    if not matching.is_too_old(card, wish):
        return matching.match(card, wish)
    return next(one for one in matches(actor, wish) if one.product.ref == ref)
