"""Screen 4: read it once more, prove the phone, send it; and what to do with one already open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from puhui.access import actions as access
from puhui.access.terms import SignedIn
from puhui.catalogue import queries as catalogue
from puhui.desks.resident import answers as drafts
from puhui.desks.resident import ask_view, screens
from puhui.desks.resident.answers import Answers
from puhui.desks.resident.case_view import AGAIN_OF
from puhui.desks.resident.known import known_enterprise, person_asking
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sessions import address_of, device_of, keep_resident
from puhui.kernel.actor import Actor, Role, Via
from puhui.kernel.clock import local_date
from puhui.kernel.command import FieldError, Refused, database_now
from puhui.kernel.crypto import blind_index
from puhui.market import actions as market
from puhui.market import queries as asking
from puhui.market.terms import Refusals, WithdrawReason
from puhui.parties import actions as registering
from puhui.parties import queries as parties

BOTH = ("GET", "POST")
CODE_SENT = "code"
"""Value of `sent` in the address after a code has left."""


@page(
    asking.kept_draft,
    access.request_sign_in_code,
    access.sign_in_with_code,
    market.publish,
    methods=BOTH,
)
@drafts.scripted
def check(request: Request) -> HttpResponse:
    """Screen 4: the answers, who may see them, consent, code, send."""
    answers = drafts.kept(request)
    today = local_date(database_now())
    is_known = person_asking(request, answers) is not None
    unfinished = screens.first_unfinished(answers, (1, 2, 3), is_known=is_known, on=today)
    if unfinished is not None:
        return redirect(f"/ask/{unfinished}")
    if request.method == "POST":
        answers |= drafts.typed(request, *screens.FIELDS[4])
        _bank_of_product(answers)
        return _posted(request, answers)
    is_code_sent = request.GET.get("sent") == CODE_SENT
    return _shown(request, answers if is_code_sent else {**answers, "consent": ""})


def _bank_of_product(answers: Answers) -> None:
    """A product names its bank; without scripts one may choose the product alone."""
    found = screens.product_of(answers["directed_product"])
    if found is not None and answers["route"] == "one" and not answers["directed_bank"]:
        answers["directed_bank"] = found.bank_ref


def _posted(request: Request, answers: Answers) -> HttpResponse:
    try:
        if request.POST.get("do") == CODE_SENT:
            access.request_sign_in_code(
                answers["phone"], address=address_of(request), by=request.actor
            )
            return drafts.keep(request, redirect("/ask/4?sent=code#code"), answers)
        judged = screens.judge(4, answers, is_known=True, on=local_date(database_now()))
        errors = [*judged.errors, *_code_missing(request, answers)]
        if errors:
            return _with_errors(request, answers, errors)
        return _sent(request, answers)
    except Refused as refused:
        return _with_errors(request, answers, _errors_of(refused))


def _code_missing(request: Request, answers: Answers) -> list[FieldError]:
    if is_phone_proven(request, answers) or request.POST.get("code", "").strip():
        return []
    return [FieldError("code", "code_missing", "请先点“获取验证码”，再填收到的 6 位数字。")]


def _errors_of(refused: Refused) -> list[FieldError]:
    """A refusal as errors on this screen; without a field of its own it belongs to the code."""
    return list(refused.errors) or [FieldError("code", refused.reason.code, refused.sentence)]


def is_phone_proven(request: Request, answers: Answers) -> bool:
    """Whether no code is needed: a person is signed in, or this phone's session is open."""
    actor = request.actor
    if actor.role is not Role.RESIDENT:
        return False
    if person_asking(request, answers) is not None:
        return True
    return actor.phone_index == blind_index("phone", answers.get("phone", ""))


@dataclass(slots=True)
class Door:
    """Who sends, and the session that was opened for it just now."""

    actor: Actor
    opened: SignedIn | None = None


def _sent(request: Request, answers: Answers) -> HttpResponse:
    """Sign in, register, publish; on to the waiting page."""
    door = _opened(request, answers)
    try:
        if person_asking(request, answers) is None:
            door.actor = _registered(answers, door.actor)
        form = screens.demand_form(answers)
        sent = market.publish(
            form,
            consent_given=bool(answers["consent"]),
            again_of=str(answers.get(AGAIN_OF, "")),
            by=door.actor,
        )
    except Refused as refused:
        return _kept_session(door, _refused(request, answers, refused))
    response = redirect(f"/my/{sent.ref}/")
    drafts.drop(request, response)
    return _kept_session(door, response)


def _opened(request: Request, answers: Answers) -> Door:
    if is_phone_proven(request, answers):
        return Door(request.actor)
    opened = access.sign_in_with_code(
        answers["phone"],
        request.POST.get("code", ""),
        address=address_of(request),
        via=Via.PAGE,
        device=device_of(request),
        by=request.actor,
    )
    return Door(opened.actor, opened)


def _registered(answers: Answers, by: Actor) -> Actor:
    """The person whose whole identity number was typed: found on this phone, or registered now."""
    person = registering.register_resident(screens.registration(answers), via=str(by.via), by=by)
    return access.adopt_registered(person.id, by=by)


def _kept_session(door: Door, response: HttpResponse) -> HttpResponse:
    return keep_resident(response, door.opened) if door.opened else response


def _refused(request: Request, answers: Answers, refused: Refused) -> HttpResponse:
    """One already open: choose. Anything else is told on this screen."""
    if refused.reason == Refusals.ALREADY_OPEN:
        return drafts.keep(request, redirect("/ask/another"), answers)
    return _with_errors(request, answers, _errors_of(refused))


def _with_errors(request: Request, answers: Answers, errors: list[FieldError]) -> HttpResponse:
    """Every error of this screen at once; what was typed stays."""
    response = _shown(request, answers, screens.Judged(tuple(errors)))
    return drafts.keep(request, response, answers)


def _shown(
    request: Request, answers: Answers, judged: screens.Judged | None = None
) -> HttpResponse:
    person = person_asking(request, answers)
    banks = parties.banks(request.actor)
    context: dict[str, Any] = {
        "answers": answers,
        "screen": 4,
        "steps": [True] * 4,
        "rows": [
            *ask_view.enterprise_row(known_enterprise(request, answers)),
            *ask_view.check_rows(answers, person),
        ],
        "age_note": ask_view.age_note(answers, person, local_date(database_now())),
        "banks": banks,
        "products": catalogue.products(request.actor),
        "is_proven": is_phone_proven(request, answers),
        "tail": (person.phone if person else str(answers.get("phone", "")))[-4:],
        "is_code_sent": request.GET.get("sent") == CODE_SENT or "code" in request.POST,
        "errors": screens.linked(judged.errors, 4) if judged else [],
        "wrong": judged.by_field if judged else {},
    }
    return render(request, "resident/ask_4.html", context, status=422 if judged else 200)


@page(asking.my_open_demand, market.withdraw, market.publish, methods=BOTH)
def another(request: Request) -> HttpResponse:
    """One is already under way: look at it, withdraw it for this one, or send both."""
    answers = drafts.kept(request)
    ref = asking.my_open_demand(request.actor, str(answers.get(screens.ENTERPRISE, "")))
    if not ref:
        return redirect("/ask/4")
    if request.method != "POST":
        return render(request, "resident/another.html", {"ref": ref})
    form = screens.demand_form(answers)
    is_instead = request.POST.get("do") == "instead"
    if is_instead:
        market.withdraw(ref, reason=WithdrawReason.RATHER_NOT_SAY, by=request.actor)
    sent = market.publish(
        form,
        consent_given=bool(answers.get("consent")),
        another=not is_instead,
        again_of=str(answers.get(AGAIN_OF, "")),
        by=request.actor,
    )
    response = redirect(f"/my/{sent.ref}/")
    drafts.drop(request, response)
    return response
