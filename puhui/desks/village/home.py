"""The specialist's home: what waits for somebody's word, what became of the rest, the limits."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import desk_page, done
from puhui.desks.village import home_view
from puhui.kernel.command import Refused
from puhui.market import actions as market
from puhui.market.queries import helping
from puhui.notices import queries as notices
from puhui.outreach import queries as outreach
from puhui.parties import queries as parties

HOME = "/village/"


@page(parties.own_villages, helping.helper_desk, outreach.village_visits, notices.unread)
def home(request: Request) -> HttpResponse:
    """/village/"""
    found = helping.helper_desk(request.actor)
    context = {
        "waiting": [home_view.waiting(one, found.now) for one in found.waiting],
        "settled": [home_view.settled(one, found.now) for one in found.settled],
        "people": found.people,
        "total": found.total,
        "villages": parties.own_villages(request.actor),
        "visits": [
            home_view.visit(one, found.now) for one in outreach.village_visits(request.actor)
        ],
        "unread": notices.unread(request.actor),
        "me": parties.staff_card(request.actor, request.actor.ref),
    }
    return desk_page(request, "village/home.html", context)


@page(parties.own_villages, market.send_confirmation_again, methods=("POST",))
def again(request: Request, ref: str) -> HttpResponse:
    """/village/help/<ref>/again"""
    try:
        market.send_confirmation_again(ref, by=request.actor)
    except Refused as refused:
        if refused.reason.code == "not_found":
            raise
        return done(request, refused.sentence, HOME)
    return done(request, "补发了一条短信，请他看看手机。只能补发这一次。", HOME)


@page(parties.own_villages, market.cancel_help, methods=("GET", "POST"))
def cancel(request: Request, ref: str) -> HttpResponse:
    """/village/help/<ref>/cancel: after being asked once."""
    if request.method == "POST":
        market.cancel_help(ref, by=request.actor)
        return done(request, "作废了，没有发出去。", HOME)
    rows = helping.helper_desk(request.actor).waiting
    one = next((row for row in rows if row.ref == ref), None)
    if one is None:
        return redirect(HOME)
    return render(request, "village/cancel.html", {"one": one})
