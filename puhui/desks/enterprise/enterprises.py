"""My enterprises: the list, registering one, its data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from puhui.desks.enterprise import fields, words
from puhui.desks.shared.acting import choose, chosen
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.ways import way_back
from puhui.kernel.actor import ANYONE
from puhui.kernel.command import FieldError, Refused
from puhui.parties import actions, queries
from puhui.parties.subject_terms import EnterpriseForm
from puhui.parties.terms import Applicant

BOTH = ("GET", "POST")
HERE = "/my/enterprises/"


@page(queries.my_standings, queries.successions_to_me)
def mine(request: Request) -> HttpResponse:
    """/my/enterprises/"""
    if request.actor.person is None:
        return redirect(f"/sign-in/who?{urlencode({'next': HERE})}")
    found = queries.my_standings(request.actor)
    rows = [(one, words.role_words(one)) for one in found]
    context = {
        "rows": rows,
        "asked": queries.successions_to_me(request.actor),
        "said": SAID.get(request.GET.get("said", ""), ""),
    }
    return render(request, "enterprise/mine.html", context)


@page(queries.my_standings, methods=BOTH)
def for_whom(request: Request) -> HttpResponse:
    """/my/for: 您替谁办？"""
    goal, standings = way_back(request, "/my/"), queries.my_standings(request.actor)
    if request.method == "POST":
        ref = request.POST.get("for", "")
        return choose(redirect(goal), ref if ref in {one.ref for one in standings} else "")
    if not standings:
        return redirect(goal)
    context = {
        "rows": [(one, words.role_words(one)) for one in standings],
        "chosen": chosen(request, standings),
        "next": goal,
    }
    return render(request, "enterprise/for_whom.html", context)


@page(actions.register_enterprise, queries.applicant, methods=BOTH)
def new(request: Request) -> HttpResponse:
    """/my/enterprises/new"""
    person = queries.applicant(request.actor)
    values = {"township": person.township_code, "village": person.village_code}
    if request.method == "POST":
        values = _typed(request)
        return _done(
            request,
            values,
            lambda form: actions.register_enterprise(form, by=request.actor),
            person,
        )
    return _form(request, values, person)


@page(queries.my_enterprise, queries.succession_of)
def one(request: Request, ref: str) -> HttpResponse:
    """/my/enterprises/<ref>/"""
    card = queries.my_enterprise(request.actor, ref)
    standing = next(s for s in queries.my_standings(request.actor) if s.ref == ref)
    agents = [(agent, words.STATES[agent.state], _may(agent)) for agent in card.agents]
    context = {
        "card": card,
        "lines": words.lines(card),
        "standing": standing,
        "role": words.role_words(standing),
        "agents": [row for row in agents if row[0].state != "over"],
        "succession": queries.succession_of(request.actor, ref),
        "over": [row for row in agents if row[0].state == "over"],
        "said": SAID.get(request.GET.get("said", ""), ""),
    }
    return render(request, "enterprise/one.html", context)


SAID = {
    "asked": "短信发到您的手机了，您回 1，授权才算数。",
    "revoked": "收回了，他（她）马上办不了、也看不到了。",
    "changed": "改好了。",
    "registered": "登记好了。",
    "successor-asked": "告诉他（她）了。他（她）自己登录同意以后才换，在那以前还是您。",
    "taken-over": "您是法定代表人了。原来的授权都停了，要谁替您办请重新授权；县里会再核一次执照。",
    "dropped": "这次没有换。",
    "closed": "单位注销了。",
}


def _may(agent: Any) -> str:
    given = (("提需求、撤回", agent.may_request), ("选方案、选准信", agent.may_choose))
    return "；".join(text for text, is_given in given if is_given)


@page(actions.change_enterprise, queries.my_enterprise, methods=BOTH)
def change(request: Request, ref: str) -> HttpResponse:
    """/my/enterprises/<ref>/change"""
    card, person = queries.my_enterprise(request.actor, ref), queries.applicant(request.actor)
    if request.method == "POST":
        values = _typed(request) | {"credit_code": card.credit_code}
        return _done(
            request,
            values,
            lambda form: actions.change_enterprise(ref, form, by=request.actor) or ref,
            person,
            ref,
        )
    return _form(request, words.values_of(card), person, ref=ref)


def _typed(request: Request) -> dict[str, Any]:
    return fields.typed(request, words.FIELDS) | {
        name: request.POST.get(name, "")[:20] for name in ("township", "village")
    }


def _done(
    request: Request,
    values: dict[str, Any],
    act: Callable[[EnterpriseForm], str],
    person: Applicant,
    ref: str = "",
) -> HttpResponse:
    """Do it and show the enterprise, or the form with every error; 出村名 shows the villages."""
    if request.POST.get("step") == "villages":
        return _form(request, values | {"village": ""}, person, ref=ref)
    errors: list[FieldError] = []
    form = words.form_of(values, errors)
    if not errors:
        try:
            found = act(form)
            return redirect(f"{HERE}{found}/?said={'changed' if ref else 'registered'}")
        except Refused as refused:
            errors = words.on_page(refused.errors)
            if not errors:
                raise
    return _form(request, values, person, errors, ref)


def _form(
    request: Request,
    values: dict[str, Any],
    person: Applicant,
    errors: list[FieldError] | None = None,
    ref: str = "",
) -> HttpResponse:
    township = values.get("township") or _township(values.get("village", ""), person)
    found = errors or []
    context = {
        "ref": ref,
        "fields": [
            one
            for one in fields.shown(words.FIELDS, values, found)
            if not ref or one.field.name != "credit_code"
        ],
        "townships": queries.townships(request.actor),
        "villages": queries.villages(request.actor, township) if township else [],
        "township": township,
        "village": values.get("village", ""),
        "wrong_village": next((e.sentence for e in found if e.field == "village"), ""),
        "errors": fields.linked(found),
    }
    return render(request, "enterprise/form.html", context, status=422 if found else 200)


def _township(village: str, person: Applicant) -> str:
    """The township whose villages are offered: that of the village, else the person's own."""
    if not village or village == person.village_code:
        return person.township_code
    return queries.division(ANYONE, village).township_code
