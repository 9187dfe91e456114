"""The ranking by loans: what banks returned as paid out and nobody denied (content.md §4.2).

The facts lie here, in the returns; nothing is copied down to the shelf, so a denial counts at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, OuterRef, Subquery, UUIDField, When
from django.db.models.functions import Coalesce

from puhui.catalogue import queries as catalogue
from puhui.catalogue.terms import DEALS_DAYS, ProductCard
from puhui.kernel.actor import ANYONE, Actor, Role, query
from puhui.kernel.command import database_now
from puhui.market.models import LoanReturn, Proposal

DEAL_GROUPS = {
    "farm": ("种养", frozenset({"crops", "orchard_greenhouse", "livestock", "machinery"})),
    "firm": ("企业", frozenset({"factory", "purchasing_stock"})),
    "shop": ("小店", frozenset({"shop_trade"})),
}
"""Three lists by what the money is for, so that one bank does not fill them all."""


@dataclass(frozen=True, slots=True)
class Deals:
    """A product's place: how many loans, how much in fen."""

    product: ProductCard
    count: int
    amount_fen: int


@query(Role.ANYONE)
def product_deals(actor: Actor, *, at: datetime | None = None) -> dict[str, list[Deals]]:
    """The three rankings by loans returned in the 90 days up to `at` and not denied by the applicant.

    Most loans first, then most money, then the name; only products on the shelf. A loan counts for
    the product of its firm offer, else of its plan, else the one that was asked. Source: M005.
    """
    until = at or database_now()
    cards = {one.id: one for one in catalogue.products(ANYONE)}
    groups: dict[str, dict[UUID, tuple[int, int]]] = {group: {} for group in DEAL_GROUPS}
    for product, purpose, fen in _returned(until):
        if product is None or product not in cards:
            continue
        for group in _groups_of(purpose):
            count, amount = groups[group].get(product, (0, 0))
            groups[group][product] = (count + 1, amount + (fen or 0))
    return {
        group: sorted(
            (Deals(cards[product], *sums) for product, sums in found.items()),
            key=lambda one: (-one.count, -one.amount_fen, one.product.name),
        )
        for group, found in groups.items()
    }


def _groups_of(purpose: str) -> Iterable[str]:
    return [group for group, (_, purposes) in DEAL_GROUPS.items() if purpose in purposes]


def _returned(until: datetime) -> Iterable[tuple[UUID | None, str, int | None]]:
    """Product, purpose and fen of every loan that counts."""
    proposals = Proposal.objects.filter(engagement=OuterRef("engagement"), product__isnull=False)
    named = proposals.order_by("kind").values("product")[:1]  # "offer" stands before "plan"
    asked = F("engagement__demand__directed_product")
    rows = (
        LoanReturn.objects.filter(
            returned_at__gt=until - timedelta(days=DEALS_DAYS), returned_at__lte=until
        )
        .exclude(money_word="denied")
        .annotate(
            product=Coalesce(
                Subquery(named),
                Case(When(engagement__is_directed=True, then=asked)),
                output_field=UUIDField(),
            )
        )
    )
    return rows.values_list("product", "engagement__demand__purpose", "amount_fen").iterator()
