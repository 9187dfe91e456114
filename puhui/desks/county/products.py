"""Which products the county shows first among 热门产品."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from puhui.catalogue import actions
from puhui.catalogue import queries as catalogue
from puhui.catalogue.terms import PINS, ShelfFilter
from puhui.desks.county.chrome import DESK
from puhui.desks.shared.gate import Request, page

MOST = 60
LETTERS = 40


@page(actions.pin_product, catalogue.shelf, catalogue.popular_products)
def products(request: Request) -> HttpResponse:
    """/county/products/: the pinned first, then what is searched for, then what people look at."""
    words = request.GET.get("q", "").strip()[:LETTERS]
    popular = catalogue.popular_products(request.actor)
    phones = {one.product.ref: one.phones for one in popular}
    found = catalogue.shelf(request.actor, ShelfFilter(words=words))
    found.sort(key=lambda one: (not one.is_pinned, -phones.get(one.ref, 0)))
    context = {
        "rows": [(one, phones.get(one.ref, 0)) for one in found[:MOST]],
        "count": len(found),
        "q": words,
        "most": PINS,
    }
    return DESK.page(request, "county/products.html", context)


@page(actions.pin_product, methods=("POST",))
def pin(request: Request, ref: str) -> HttpResponse:
    """/county/products/<ref>/pin: show it first, or no longer."""
    actions.pin_product(ref, is_pinned=request.POST.get("pin") == "on", by=request.actor)
    return redirect(reverse("county-products"))
