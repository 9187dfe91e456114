"""The deputy's five lists: the page, and its part that refreshes itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from puhui.desks.shared.gate import Request, page
from puhui.desks.township.chrome import DESK
from puhui.desks.township.lists_view import PANELS, head, panels
from puhui.market import queries
from puhui.parties import queries as parties


@page(queries.township_lists)
def lists_page(request: Request) -> HttpResponse:
    """/township/"""
    return DESK.page(request, "township/desk.html", _context(request))


@page(queries.township_lists)
def lists_part(request: Request) -> HttpResponse:
    """/township/lists: the same lists, for the page that is already open."""
    return render(request, "township/lists.html", _context(request))


def _context(request: Request) -> dict[str, Any]:
    actor, wanted = request.actor, request.GET.get("list", "")
    lists = queries.township_lists(actor)
    names = [parties.division(actor, code).name for code in sorted(actor.areas)]
    me = parties.staff_card(actor, actor.ref)
    banks = parties.banks(actor) if me.seconded_from_ref else ()
    return {
        "now": lists.now,
        "head": head(lists, names, me, banks),
        "panels": panels(lists, queries.township_villages(actor, lists.now)),
        "shown_list": wanted if wanted in PANELS else "waiting",
    }
