"""The five lists: the page, and its part that refreshes itself."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from puhui.catalogue import queries as catalogue
from puhui.desks.bank.chrome import bank_page
from puhui.desks.bank.lists_view import PANELS, desk
from puhui.desks.shared.gate import Request, page
from puhui.market import queries


@page(queries.bank_lists)
def lists_page(request: Request) -> HttpResponse:
    """/bank/"""
    return bank_page(request, "bank/desk.html", _context(request))


@page(queries.bank_lists)
def lists_part(request: Request) -> HttpResponse:
    """/bank/lists: the same lists, for the page that is already open."""
    return render(request, "bank/lists.html", _context(request))


def _context(request: Request) -> dict[str, Any]:
    actor, lists = request.actor, queries.bank_lists(request.actor)
    wanted = request.GET.get("list", "")
    return {
        "now": lists.now,
        "desk": desk(lists, partial(catalogue.own_product_for, actor), actor.ref),
        "shown_list": wanted if wanted in PANELS else "calls",
    }
