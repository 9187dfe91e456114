"""One case of the bank."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from puhui.desks.bank.case_view import case_view
from puhui.desks.bank.chrome import bank_page
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.product_words import asked_words
from puhui.desks.shared.timeline_words import timeline_lines
from puhui.kernel.command import Refused
from puhui.market import queries
from puhui.market.terms import TalkWish
from puhui.parties import queries as parties


@page(queries.engagement_of)
def of_demand(request: Request, ref: str) -> HttpResponse:
    """/bank/demands/<ref>/: on to the bank's own case of it, else to what can be claimed; messages
    lead here."""
    try:
        return redirect("bank-case", queries.engagement_of(request.actor, ref))
    except Refused:
        return redirect(f"{reverse('bank-desk')}?list=open")


@page(
    queries.engagement,
    queries.bank_timeline,
    queries.talks,
    queries.asked_product,
    queries.visit_photos,
)
def case(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/"""
    found = queries.engagement(request.actor, ref)
    one = found.engagement
    entries = queries.bank_timeline(request.actor, ref)
    product = queries.asked_product(request.actor, one.demand_ref) if one.is_directed else None
    names = {card.ref: card.name_masked for card in parties.colleagues(request.actor)}
    context = {
        "now": found.now,
        "case": found,
        "one": one,
        "product": asked_words(product) if product else "",
        "photos": queries.visit_photos(request.actor, ref) if one.arrived_at else (),
        "may_photograph": one.state in ("investigating", "investigated"),
        "may_drop": one.ended_at is None,
        "view": case_view(found),
        "lines": timeline_lines(entries, found.now, names, one.bank_name),
        "talks": [
            ("、".join(TalkWish(code).label for code in talk.wishes), talk)
            for talk in queries.talks(request.actor, ref)
        ],
        "supervisions": found.supervisions,
    }
    return bank_page(request, "bank/case.html", context)
