"""The shelf: products searched and narrowed, one product with its door into a request."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from puhui.catalogue import actions
from puhui.catalogue import queries as catalogue
from puhui.catalogue.terms import ShelfPage
from puhui.desks.public import product_view, shelf_view, wishes
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sessions import address_of
from puhui.kernel.actor import Role
from puhui.parties import queries as parties


@page(catalogue.shelf_page, catalogue.featured, catalogue.industries, parties.institutions)
def products(request: Request) -> HttpResponse:
    """All products: searched, narrowed, ordered, ticked to be compared; the address holds it all."""
    asked = shelf_view.asked_of(request.GET)
    institutions = parties.institutions(request.actor)
    banks = [card for kind, card in institutions if kind == "bank"]
    is_plain = not asked.is_set and asked.page == 1
    context = {
        "asked": asked,
        "shown": shelf_view.shown(_page_of(request, asked), asked),
        "picks": shelf_view.picks(asked, banks, catalogue.industries(request.actor)),
        "chips": shelf_view.chips(asked, banks),
        "who": shelf_view.banks_words(institutions),
        "featured": catalogue.featured(request.actor) if is_plain else [],
    }
    return render(request, "public/products.html", context)


def _page_of(request: Request, asked: shelf_view.Asked) -> ShelfPage:
    return catalogue.shelf_page(
        request.actor,
        asked.filter,
        sort=asked.values["sort"],
        page=asked.page,
        size=shelf_view.PAGE_ROWS,
    )


@page(catalogue.product, catalogue.match, actions.record_view)
def product(request: Request, ref: str) -> HttpResponse:
    """One product: everything that is known of it, whether it fits, and the button that asks for it."""
    found = catalogue.product(request.actor, ref)
    if request.actor.role is Role.RESIDENT:
        actions.record_view(ref, origin=address_of(request), by=request.actor)
    wish = wishes.known(request)
    context = {
        "product": found,
        **product_view.facts(found),
        "match": catalogue.match(request.actor, ref, wish) if wish else None,
    }
    return render(request, "public/product.html", context)
