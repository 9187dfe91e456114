"""Screens 1 to 3 of a request, and what they need: villages, the letter of consent in full."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from puhui.consent import queries as consents
from puhui.desks.resident import answers as drafts
from puhui.desks.resident import ask_view, screens
from puhui.desks.resident.answers import Answers
from puhui.desks.resident.known import person_asking
from puhui.desks.shared import acting
from puhui.desks.shared.gate import Request, page
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions as market
from puhui.market import queries as asking
from puhui.market.queries import applicants
from puhui.parties import queries as parties

BOTH = ("GET", "POST")


@page(asking.kept_draft)
def start(request: Request) -> HttpResponse:
    """A request begins with its first screen; a product's own door leads on into it."""
    product = request.GET.get("product", "")[:20]
    return redirect(f"/ask/1?{urlencode({'product': product})}" if product else "/ask/1")


@page(asking.kept_draft, market.keep_draft, applicants.request_errors, methods=BOTH)
@drafts.scripted
def amount(request: Request) -> HttpResponse:
    """Screen 1: how much, what for."""
    answers = drafts.kept(request)
    if request.method == "POST":
        answers |= drafts.typed(request, *screens.FIELDS[1])
        _choose_product(answers)
        return _next(request, 1, answers)
    return _screen(request, 1, {**answers, "product": request.GET.get("product", "")[:20]})


@page(asking.kept_draft, market.keep_draft, applicants.request_errors, methods=BOTH)
@drafts.scripted
def term(request: Request) -> HttpResponse:
    """Screen 2: for how long, how to pay back, what to pledge."""
    answers = drafts.kept(request)
    if request.method == "POST":
        answers |= drafts.typed(request, *screens.FIELDS[2])
        answers["securities"] = drafts.ticked(request, "securities")
        return _next(request, 2, answers)
    return _screen(request, 2, answers)


@page(asking.kept_draft, market.keep_draft, parties.townships, parties.applicant, methods=BOTH)
@drafts.scripted
def person(request: Request) -> HttpResponse:
    """Screen 3: who one is, when one can be called. A known person sees one line of themselves."""
    answers = drafts.kept(request)
    if request.method == "POST":
        names = (
            screens.FIELDS[3] if person_asking(request, answers) is None else screens.FIELDS[3][6:]
        )
        answers |= drafts.typed(request, *names)
        answers[screens.ENTERPRISE] = _enterprise(request, answers)
        _call_kin(request, answers)
        if request.POST.get("step") == "villages":
            answers["village"] = ""
            return drafts.keep(request, redirect("/ask/3#village"), answers)
        return _next(request, 3, answers)
    return _screen(request, 3, answers)


def _next(request: Request, screen: int, answers: Answers) -> HttpResponse:
    """Keep what was typed; go on, or show every error of this screen."""
    judged = screens.judge(
        screen,
        answers,
        is_known=person_asking(request, answers) is not None,
        on=local_date(database_now()),
    )
    if judged:
        return drafts.keep(request, _screen(request, screen, answers, judged), answers)
    return drafts.keep(request, redirect(f"/ask/{screen + 1}"), answers)


def _choose_product(answers: Answers) -> None:
    """A product's own door has "only one bank" chosen already; it can be changed on screen 4."""
    ref = answers.pop("product", "")
    found = screens.product_of(ref) if ref else None
    if found is not None:
        answers |= {"route": "one", "directed_bank": found.bank_ref, "directed_product": found.ref}


def _screen(
    request: Request, screen: int, answers: Answers, judged: screens.Judged | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "answers": answers,
        "screen": screen,
        "steps": [n <= screen for n in screens.SCREENS],
        "errors": screens.linked(judged.errors) if judged else [],
        "wrong": judged.by_field if judged else {},
        **SHOWN[screen](request, answers),
    }
    return render(request, f"resident/ask_{screen}.html", context, status=422 if judged else 200)


def _shown_1(request: Request, answers: Answers) -> dict[str, Any]:
    return {
        "amounts": ask_view.amount_choices(answers),
        "read_back": ask_view.read_back(answers),
        "purposes": ask_view.purpose_choices(answers),
        "units": ask_view.unit_choices(answers),
        "product": screens.product_of(answers.get("product", "")),
    }


def _shown_2(request: Request, answers: Answers) -> dict[str, Any]:
    return {
        "terms": ask_view.term_choices(answers),
        "wishes": ask_view.wish_choices(answers),
        "securities": ask_view.security_choices(answers),
    }


def _enterprise(request: Request, answers: Answers) -> str:
    """The enterprise chosen on this screen, if it may be asked for; it is judged again on sending."""
    ref = answers.get(screens.ENTERPRISE, "")
    if not ref or person_asking(request, answers) is None:
        return ""
    standings = parties.my_standings(request.actor)
    return next((one.ref for one in standings if one.ref == ref and one.may_request), "")


def _call_kin(request: Request, answers: Answers) -> None:
    """Somebody of one's household chosen for the call: name and phone need no typing."""
    ref = answers.pop("kin", "")
    if not ref or person_asking(request, answers) is None:
        return
    found = next((one for one in parties.kin(request.actor) if one.ref == ref), None)
    if found is not None:
        answers |= {"relative_name": found.name, "relative_phone": found.phone}


def _shown_3(request: Request, answers: Answers) -> dict[str, Any]:
    person = person_asking(request, answers)
    standings = parties.my_standings(request.actor) if person else []
    preset = acting.chosen(request, standings)
    shown: dict[str, Any] = {
        "person": person,
        "standings": [one for one in standings if one.may_request],
        "enterprise": answers.get(screens.ENTERPRISE, preset.ref if preset else ""),
        "kin": parties.kin(request.actor) if person else [],
        "call_times": ask_view.call_time_choices(answers.get("call_wish", "")),
        "relations": ask_view.relation_choices(answers),
    }
    if person is None:
        township = answers.get("township", "")
        shown["townships"] = parties.townships(request.actor)
        shown["villages"] = parties.villages(request.actor, township) if township else []
    return shown


SHOWN = {1: _shown_1, 2: _shown_2, 3: _shown_3}


@page(parties.villages)
def villages(request: Request) -> HttpResponse:
    """The villages of a township as options, for the page that has scripts."""
    found = parties.villages(request.actor, request.GET.get("township", "")[:12])
    return render(request, "resident/village_options.html", {"villages": found, "answers": {}})


@page(consents.letter_draft)
def consent(request: Request) -> HttpResponse:
    """What one agrees to, in full; naming one bank or all."""
    bank = request.GET.get("bank", "")[:20]
    words = consents.letter_draft(request.actor, [bank] if bank else [])
    return render(request, "resident/consent.html", {"words": words})
