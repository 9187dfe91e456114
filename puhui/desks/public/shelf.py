"""The shelf: products side by side, one product with its door into a request, the banks."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from puhui.catalogue import queries as catalogue
from puhui.desks.public import shelf_view
from puhui.desks.shared.gate import Request, page
from puhui.kernel.money import per_ten_thousand_text, rate_text
from puhui.parties import queries as parties


@page(catalogue.products, catalogue.featured, parties.banks)
def products(request: Request) -> HttpResponse:
    """All products, narrowed by purpose and bank; the filter lives in the address."""
    chosen = shelf_view.filter_of(request.GET)
    found = catalogue.products(request.actor, purpose=chosen.purpose, bank_ref=chosen.bank_ref)
    context = {
        "products": found,
        "filter": chosen,
        "banks": parties.banks(request.actor),
        "featured": [] if chosen.is_set else catalogue.featured(request.actor),
    }
    return render(request, "public/products.html", context)


@page(catalogue.product)
def product(request: Request, ref: str) -> HttpResponse:
    """One product: everything that is known of it, and the button that asks for it."""
    found = catalogue.product(request.actor, ref)
    context = {
        "product": found,
        "cost": per_ten_thousand_text(found.rate_max_ppm),
        "all_in": rate_text(found.all_in_ppm) if found.all_in_ppm else "",
    }
    return render(request, "public/product.html", context)


@page(parties.banks, catalogue.products)
def banks(request: Request) -> HttpResponse:
    """The county's banks with their duty phones and how many products each has."""
    rows = shelf_view.bank_rows(parties.banks(request.actor), catalogue.products(request.actor))
    return render(request, "public/banks.html", {"rows": rows})
