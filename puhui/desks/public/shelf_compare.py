"""Products side by side: which ones, and for how much and how long, stand in the address."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from puhui.catalogue import queries as catalogue
from puhui.catalogue.terms import ShelfFilter
from puhui.desks.public import compare_view
from puhui.desks.shared.gate import Request, page
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now


@page(catalogue.shelf)
def compare(request: Request) -> HttpResponse:
    """2 to 11 products, sorted by rate, limit, cost or term (M004)."""
    asked = compare_view.asked_of(request.GET)
    cards = catalogue.shelf(request.actor, ShelfFilter(refs=asked.refs)) if asked.refs else []
    found = compare_view.compared(cards, asked, local_date(database_now()))
    status = 422 if found.sentence or asked.errors else 200
    return render(request, "public/compare.html", {"asked": asked, "found": found}, status=status)
