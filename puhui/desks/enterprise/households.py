"""My household: founding, joining, leaving; each sees their own requests only."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from puhui.desks.shared.gate import Request, page
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.parties import actions, queries

HERE = "/my/household/"
SAID = {
    "found": "建好了。户号在下面，家里别的人凭它加进来。",
    "join": "跟户主说了，等他（她）点“是一家人”。",
    "take": "加进来了。",
    "let-in": "加进来了。",
    "turn-away": "记下了：不是一家人。",
    "head": "户主交出去了。",
    "leave": "您退出了这个户。",
}


@page(queries.my_household, queries.people_nearby)
def household(request: Request) -> HttpResponse:
    """/my/household/"""
    if request.actor.person is None:
        return redirect(f"/sign-in/who?{urlencode({'next': HERE})}")
    return _shown(request)


def _shown(request: Request, sentence: str = "") -> HttpResponse:
    card = queries.my_household(request.actor)
    context = {
        "card": card,
        "nearby": () if card else queries.people_nearby(request.actor),
        "said": SAID.get(request.GET.get("said", ""), ""),
        "sentence": sentence,
        "number": request.POST.get("number", "")[:40],
    }
    return render(request, "enterprise/household.html", context, status=422 if sentence else 200)


def _found(request: Request) -> object:
    return actions.found_household(tuple(request.POST.getlist("member"))[:5], by=request.actor)


def _join(request: Request) -> object:
    return actions.ask_to_join(request.POST.get("number", "")[:40], by=request.actor)


def _take(request: Request) -> object:
    return actions.add_from_phone(request.POST.get("member", ""), by=request.actor)


def _let_in(request: Request) -> object:
    return actions.answer_asking(request.POST.get("member", ""), True, by=request.actor)


def _turn_away(request: Request) -> object:
    return actions.answer_asking(request.POST.get("member", ""), False, by=request.actor)


def _head(request: Request) -> object:
    return actions.hand_over_head(request.POST.get("member", ""), by=request.actor)


def _leave(request: Request) -> object:
    return actions.leave_household(by=request.actor)


ACTS: dict[str, Callable[[Request], object]] = {
    "found": _found,
    "join": _join,
    "take": _take,
    "let-in": _let_in,
    "turn-away": _turn_away,
    "head": _head,
    "leave": _leave,
}


@page(
    actions.found_household,
    actions.ask_to_join,
    actions.add_from_phone,
    actions.answer_asking,
    actions.hand_over_head,
    actions.leave_household,
    methods=("POST",),
)
def act(request: Request, what: str) -> HttpResponse:
    """/my/household/<what>: one button each."""
    if what not in ACTS:
        raise Http404
    try:
        ACTS[what](request)
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise
        return _shown(request, refused.sentence)
    return redirect(f"{HERE}?said={what}")
