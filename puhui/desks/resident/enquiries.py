"""One sentence to a bank that works the request, and what it answered (content.md §3.1 ④)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from puhui.desks.shared.gate import Request, page
from puhui.kernel.command import Refused
from puhui.market import actions as market
from puhui.market import queries as asking
from puhui.market.actions.enquiring import LONGEST, MAY_BE_ASKED
from puhui.market.terms import EnquiryKind


@page(market.ask_bank, asking.my_demand, methods=("GET", "POST"))
def ask_bank(request: Request, ref: str, engagement: str) -> HttpResponse:
    """/my/<ref>/ask/<engagement>: what was asked before stands above the form."""
    sentence, words = "", request.POST.get("words", "")
    if request.method == "POST":
        kind = request.POST.get("kind") or str(EnquiryKind.OTHER)
        try:
            market.ask_bank(engagement, words, kind=kind, by=request.actor)
            return redirect(f"/my/{ref}/ask/{engagement}")
        except Refused as refused:
            if refused.reason.status == 404:
                raise
            sentence = refused.sentence
    demand = asking.my_demand(request.actor, ref)
    one = next((found for found in demand.engagements if found.ref == engagement), None)
    if one is None:
        raise Http404
    context = {
        "demand": demand,
        "bank": one,
        "may_ask": one.state in MAY_BE_ASKED and all(q.answered_at for q in one.enquiries),
        "kinds": EnquiryKind.choices,
        "longest": LONGEST,
        "words": words,
        "sentence": sentence,
    }
    return render(request, "resident/ask_bank.html", context, status=422 if sentence else 200)
