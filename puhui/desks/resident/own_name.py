"""“不是我提的”, everything ever asked for in my name, and deleting the account (content.md §1.11)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from puhui.desks.resident import own_name_view
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sessions import drop_session
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions as market
from puhui.market.queries import helping
from puhui.market.queries import own_name as asking
from puhui.parties import queries as parties

BOTH = ("GET", "POST")


@page(asking.requests_in_my_name, parties.applicant)
def in_my_name(request: Request) -> HttpResponse:
    """/my/name: every request, by whatever channel, with its helper."""
    if request.actor.person is None:
        return redirect("/sign-in/who?next=/my/name")
    found = asking.requests_in_my_name(request.actor)
    context = {
        "lines": [own_name_view.line(one) for one in found],
        "is_frozen": parties.applicant(request.actor).is_frozen,
        "said": own_name_view.SAID.get(request.GET.get("said", ""), ""),
    }
    return render(request, "resident/in_my_name.html", context)


@page(market.deny_request, asking.requests_in_my_name, methods=BOTH)
def not_me(request: Request, ref: str) -> HttpResponse:
    """/my/name/<ref>: 不是我，马上停掉, after being told what follows."""
    if request.method == "POST":
        words = request.POST.get("words", "").strip()[:200]
        is_stopped = market.deny_request(ref, words=words, by=request.actor)
        return redirect(f"/my/name?said={'stopped' if is_stopped else 'signed'}")
    found = asking.requests_in_my_name(request.actor)
    one = next((row for row in found if row.ref == ref and row.may_deny), None)
    if one is None:
        raise Http404
    return render(request, "resident/not_me.html", {"one": own_name_view.line(one)})


@page(market.close_account, asking.account_hindrances, methods=BOTH)
def close(request: Request) -> HttpResponse:
    """/my/close: delete the account, or hear what is still under way."""
    if request.actor.person is None:
        return redirect("/sign-in/who?next=/my/close")
    sentence = ""
    if request.method == "POST":
        if request.POST.get("sure") == "1":
            try:
                market.close_account(by=request.actor)
                return drop_session(redirect("/closed"))
            except Refused as refused:
                sentence = refused.sentence
        else:
            sentence = "请先勾上“我知道注销后找不回来”。"
    found = asking.account_hindrances(request.actor)
    context = {"busy": [own_name_view.hindrance(one) for one in found], "sentence": sentence}
    return render(request, "resident/close.html", context, status=422 if sentence else 200)


@page(parties.county)
def closed(request: Request) -> HttpResponse:
    """/closed: it is done."""
    return render(request, "resident/closed.html")


@page(helping.slip_state)
def slip(request: Request, ref: str) -> HttpResponse:
    """/slip/<ref>: what the code on a paper slip opens; says nothing of whom it is about."""
    try:
        state = helping.slip_state(request.actor, ref.upper())
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise Http404 from None
        raise
    context = {"ref": ref.upper(), "words": own_name_view.SLIPS.get(state, ""), "state": state}
    return render(request, "resident/slip.html", context)
