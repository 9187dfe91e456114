"""阳光村务: choose a village, its three tables, ask about them, see the answers (M025)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from puhui.content import actions, queries
from puhui.desks.public import place_view, village_view
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.once import done_once, form_number
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.parties import queries as parties


@page(parties.townships, parties.villages, queries.villages_shown, queries.guide)
def pick(request: Request) -> HttpResponse:
    """/places/village/: the townships, or the villages of one (`township`)."""
    found = place_view.place(request.actor, "village", place_view.asked(request.GET))
    if found is None:
        raise Refused(NOT_FOUND)
    picker = village_view.picker(request.actor, request.GET)
    return render(request, "public/villages.html", {"at": found, "picker": picker})


@page(queries.village_tables, queries.village_articles, queries.public_answers, parties.division)
def village(request: Request, code: str) -> HttpResponse:
    """/places/village/of/<code>/"""
    return render(request, "public/village.html", {"at": village_view.village(request.actor, code)})


@page(actions.report_on_village, parties.division, methods=("GET", "POST"))
def ask(request: Request, code: str) -> HttpResponse:
    """/places/village/of/<code>/ask: for a signed-in villager."""
    sent = request.POST if request.method == "POST" else None
    shown = village_view.asking(request.actor, code, sent, request.GET.get("section", ""))
    if sent is not None:
        try:
            form = shown.form
            done_once(request, lambda: actions.report_on_village(code, form, by=request.actor))
            return redirect("village-mine")
        except Refused as refused:
            if refused.reason == NOT_FOUND:
                raise
            shown = shown.refused(refused)
    status = 422 if shown.errors else 200
    context = {"at": shown, "form_number": form_number()}
    return render(request, "public/village_ask.html", context, status=status)


@page(queries.own_reports)
def mine(request: Request) -> HttpResponse:
    """/places/village/mine: what I asked, and the answers."""
    rows = village_view.own(request.actor)
    return render(request, "public/village_mine.html", {"rows": rows})
