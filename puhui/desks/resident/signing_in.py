"""A resident signs in by a code to the phone; on a shared phone one says who one is (K9)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from puhui.access import actions as access
from puhui.desks.resident import answers as drafts
from puhui.desks.resident.known import FURTHER
from puhui.desks.resident.screens import linked
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sessions import address_of, device_of, drop_session, keep_resident
from puhui.desks.shared.ways import way_back
from puhui.kernel.actor import Actor, Via
from puhui.kernel.command import FieldError, Refused
from puhui.parties import queries as parties

BOTH = ("GET", "POST")
CHOICE_BEFORE = ("/my/", "/ask/1", "/ask/3")
"""Where it matters for whom one acts."""


@page(access.request_sign_in_code, access.sign_in_with_code, methods=BOTH)
@drafts.scripted
def sign_in(request: Request) -> HttpResponse:
    """A phone, then the code sent to it. The answer is the same for every number."""
    if request.method != "POST":
        return _sign_in_page(request, {"phone": ""})
    phone, code = request.POST.get("phone", "").strip()[:40], request.POST.get("code", "")[:20]
    try:
        if request.POST.get("do") == "code":
            sent = access.request_sign_in_code(phone, address=address_of(request), by=request.actor)
            return _sign_in_page(request, {"phone": phone, "tail": sent.phone_tail})
        opened = access.sign_in_with_code(
            phone,
            code,
            address=address_of(request),
            via=Via.PAGE,
            device=device_of(request),
            by=request.actor,
        )
    except Refused as refused:
        errors = refused.errors or (FieldError("code", refused.reason.code, refused.sentence),)
        is_about_code = any(one.field == "code" for one in errors)
        shown = {"phone": phone, "tail": phone[-4:] if is_about_code else "", "errors": errors}
        return _sign_in_page(request, shown)
    goal = way_back(request, "/my/")
    door = f"/sign-in/who?{urlencode({'next': goal})}"
    if opened.actor.person:
        door = _through_choice(opened.actor, goal)
    return keep_resident(redirect(door), opened)


def _through_choice(actor: Actor, goal: str) -> str:
    """Whoever may act for an enterprise says first for whom (您替谁办)."""
    is_needed = goal in CHOICE_BEFORE and parties.acted_for(actor)
    return f"/my/for?{urlencode({'next': goal})}" if is_needed else goal


def _sign_in_page(request: Request, shown: dict[str, Any]) -> HttpResponse:
    errors = shown.get("errors", ())
    shown |= {
        "errors": linked(errors),
        "wrong": {one.field: one.sentence for one in errors},
        "next": way_back(request, "/my/"),
    }
    return render(request, "resident/sign_in.html", shown, status=422 if errors else 200)


@page(parties.people_on_phone, access.pick_person, methods=BOTH)
def who(request: Request) -> HttpResponse:
    """Who of the phone's people one is, by the last four places of the identity number."""
    goal = way_back(request, "/my/")
    people = parties.people_on_phone(request.actor)
    errors: tuple[FieldError, ...] = ()
    if request.POST.get("do") == "further":
        return _for_whom(request, redirect("/ask/3" if goal == "/ask/3" else "/ask/1"), True)
    if request.method == "POST":
        try:
            picked = access.pick_person(
                request.POST.get("person", ""), request.POST.get("last_four", ""), by=request.actor
            )
            door = _through_choice(picked, goal)
            return _for_whom(request, redirect(door), False)
        except Refused as refused:
            field = FieldError("last_four", refused.reason.code, refused.sentence)
            errors = refused.errors or (field,)
    context = {
        "people": people,
        "next": goal,
        "chosen": request.POST.get("person", people[0].ref if len(people) == 1 else ""),
        "errors": linked(errors),
        "wrong": {one.field: one.sentence for one in errors},
    }
    return render(request, "resident/who.html", context, status=422 if errors else 200)


def _for_whom(request: Request, response: HttpResponse, is_further: bool) -> HttpResponse:
    """Note in the draft whether it is for a further member of the family."""
    answers = drafts.kept(request)
    if not is_further and FURTHER not in answers:
        return response
    return drafts.keep(request, response, {**answers, FURTHER: is_further})


@page(access.sign_out, methods=("POST",))
def sign_out(request: Request) -> HttpResponse:
    """End the session; the browser forgets it."""
    access.sign_out(by=request.actor)
    return drop_session(redirect("/"))
