"""Products as they were written when somebody asked for them or a bank proposed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from puhui.catalogue import queries as catalogue
from puhui.catalogue.terms import ProductCard
from puhui.kernel.actor import ANYONE, BANK, COUNTY, SYSTEM, Actor, Role, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused
from puhui.market.models import FinancingDemand, Proposal
from puhui.market.reach import demands, engagements


@dataclass(frozen=True, slots=True)
class AskedProduct:
    """The product that a demand was sent for, as its bank had written it on the day `on`.

    `has_changed`: the shelf says something else by now, or nothing at all.
    """

    product: ProductCard
    on: date
    has_changed: bool


@query(Role.RESIDENT, Role.TOWNSHIP_ADMIN, Role.AUDITOR, *COUNTY, *BANK)
def asked_product(actor: Actor, demand_ref: str) -> AskedProduct | None:
    """What a demand that the actor reaches was directed at; none where it names no product or is
    not the actor's to see. A bank sees its own. Four statements."""
    rows = FinancingDemand.objects.filter(
        ref=demand_ref, directed_product__isnull=False, published_at__isnull=False
    )
    if actor.is_bank:
        mine = engagements(actor).filter(demand__ref=demand_ref, is_directed=True)
        rows = rows.filter(pk__in=mine.values("demand_id"))
    else:
        rows = rows.filter(pk__in=demands(actor).values("pk"))
    found = rows.values_list("directed_product__ref", "published_at").first()
    if found is None:
        return None
    ref, at = found
    assert at is not None
    try:
        product = catalogue.product_as_of(SYSTEM, ref, at)
    except Refused:
        return None
    now = catalogue.on_shelf(ANYONE, ref)
    return AskedProduct(product, local_date(at), now is None or now.version != product.version)


@query(Role.RESIDENT)
def proposed_products(actor: Actor, demand_ref: str) -> dict[tuple[str, str], ProductCard]:
    """By engagement and kind (plan, offer): the products that banks proposed to the actor, each as
    it was written when the proposal came. Four statements."""
    reached = demands(actor).filter(ref=demand_ref)
    rows = Proposal.objects.filter(
        engagement__demand__in=reached, product__isnull=False, superseded_at__isnull=True
    ).values_list("engagement__ref", "kind", "product__ref", "submitted_at")
    asked = {(engagement, kind): (ref, at) for engagement, kind, ref, at in rows if ref}
    found = catalogue.products_as_of(SYSTEM, set(asked.values()))
    return {key: found[one] for key, one in asked.items() if one in found}
