"""The demo's own pages: six people with one click, and the phone that shows and answers texts.

They answer in a demo only; in a county these addresses do not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from puhui.access import actions as access
from puhui.demo import stage
from puhui.demo.personas import ACTS, BY_KEY, PERSONAS, Persona
from puhui.desks.screens.pages import with_screen
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sessions import keep_session
from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import Refused
from puhui.kernel.crypto import blind_index, new_id
from puhui.kernel.installation import is_demo
from puhui.market import actions as market
from puhui.notices import queries as notices
from puhui.oversight import actions as oversight
from puhui.parties import queries as parties

View = Callable[..., HttpResponse]
HOURS = 12


def demo_only(view: View) -> View:
    """In a county the demo's pages do not exist."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_demo():
            raise Http404
        return view(request, *args, **kwargs)

    return answer


@demo_only
@page(parties.county, access.open_persona_session, methods=("GET", "POST"))
def start(request: Request) -> HttpResponse:
    """Who would you like to be? One click signs in."""
    persona = BY_KEY.get(request.POST.get("key", ""))
    if request.method == "POST" and persona is not None:
        opened = access.open_persona_session(persona.kind, reference(persona), by=SYSTEM)
        is_known = request.POST.get("to", "") in {act.to for act in ACTS}
        response = redirect((request.POST.get("to") if is_known else "") or persona.home)
        keep_session(response, opened.token, hours=HOURS)
        return response
    if request.POST.get("key") == "wall":
        return _screen()
    return render(request, "demo/start.html", {"personas": PERSONAS})


@demo_only
@page(parties.county, market.publish, market.claim, methods=("GET", "POST"))
def five_minutes(request: Request) -> HttpResponse:
    """What to do when, each step with its door; a POST sets up the case that will be late."""
    said = ""
    if request.method == "POST":
        try:
            said = f"摆好了：{stage.set_up()}，再过 2 分钟满 10 分钟。"
        except Refused as refused:
            said = f"没摆成：{refused.sentence}"
    return render(request, "demo/stage.html", {"acts": ACTS, "said": said})


def _screen() -> HttpResponse:
    """This device becomes a wall screen of the county."""
    issued = oversight.issue_screen("演示大屏", by=SYSTEM)
    return with_screen(redirect("wall"), oversight.open_screen(issued.code, by=SYSTEM))


@demo_only
@page(parties.county, notices.demo_phone, methods=("GET", "POST"))
def persona_phone(request: Request, key: str) -> HttpResponse:
    """The phone of one of the six: what came in, and a reply."""
    persona = BY_KEY.get(key)
    if persona is None:
        raise Http404
    return _phone(request, phone_of(persona), persona.title, reverse("demo-phone", args=[key]))


@demo_only
@page(parties.county, notices.demo_phone, methods=("GET", "POST"))
def any_phone(request: Request) -> HttpResponse:
    """Any phone that was typed in the demo; its number travels in the form, never in an address."""
    number = "".join(c for c in request.POST.get("phone", "") if c.isdigit())[:11]
    if len(number) != 11:
        context = {"personas": PERSONAS, "is_wrong": request.method == "POST", "typed": number}
        return render(request, "demo/phone_number.html", context)
    return _phone(request, number, f"尾号 {number[-4:]}", reverse("demo-any-phone"), typed=number)


def _phone(
    request: Request, phone: str, title: str, address: str, *, typed: str = ""
) -> HttpResponse:
    words = request.POST.get("words", "").strip()[:70]
    if words:
        market.take_text_reply(f"demo-{new_id()}", phone, words, by=SYSTEM)
        if not typed:
            return redirect(address)
    context = {
        "texts": notices.demo_phone(SYSTEM, phone),
        "title": title,
        "address": address,
        "typed": typed,
        "personas": PERSONAS,
    }
    template = "demo/phone_texts.html" if request.htmx else "demo/phone.html"
    return render(request, template, context)


def reference(persona: Persona) -> str:
    """The public reference of a persona: staff by number, residents by their place on a phone."""
    if persona.kind == "staff":
        return persona.ref
    found = parties.residents_on_number(SYSTEM, blind_index("phone", persona.phone))
    return found[persona.seat - 1].ref


def phone_of(persona: Persona) -> str:
    if persona.kind == "staff":
        return parties.staff_card(SYSTEM, persona.ref).phone
    return persona.phone
