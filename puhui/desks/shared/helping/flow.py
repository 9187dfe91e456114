"""Fill in, read it once more, send: the three steps of every kind of help. Nothing is kept between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from puhui.desks.shared.gate import Request
from puhui.desks.shared.helping import check
from puhui.desks.shared.helping.forms import PersonForm, RequestForm
from puhui.desks.shared.sheets import done, mark_errors, sent
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.parties import queries as parties
from puhui.parties.terms import DivisionCard

Act = Callable[[Mapping[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Flow:
    """One kind of help on one desk. `said` may name {tail}, the last places of the phone."""

    title: str
    kind: type[PersonForm]
    form_page: str
    check_page: str
    back: str
    said: str
    lead: str = ""
    verb: str = "对，发短信"
    layout: str = ""


def steps(
    request: Request, flow: Flow, act: Act, villages: tuple[DivisionCard, ...]
) -> HttpResponse:
    """The step that is asked for: the form, the page to be read, or the act itself."""
    banks = tuple(parties.banks(request.actor))
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    initial = {"slip": request.GET.get("slip", "")[:12]}
    form = flow.kind(sent(request), villages=villages, banks=banks, initial=initial)
    context: dict[str, Any] = {
        "form": form,
        "flow": flow,
        "layout": flow.layout,
        "action": request.get_full_path(),
        "villages": villages,
    }
    if not asked or asked == "edit":
        if asked:
            form.is_valid()
        return render(request, flow.form_page, context)
    if not form.is_valid():
        return _again(request, flow, context, 422)
    typed = form.cleaned_data
    if asked == "send":
        try:
            act(typed)
        except Refused as refused:
            return _refused(request, flow, context, refused)
        return done(request, flow.said.format(tail=typed["phone"].strip()[-4:]), flow.back)
    is_request = issubclass(flow.kind, RequestForm)
    lines = check.request_lines(typed, banks) if is_request else []
    context |= {
        "lines": [*lines, *check.person_lines(typed, villages)],
        "aloud": check.read_aloud(typed) if is_request else "",
        "kept": _kept(request),
        "is_request": is_request,
    }
    return render(request, flow.check_page, context)


def _kept(request: Request) -> list[tuple[str, str]]:
    """What was typed, to travel on with the page."""
    skipped = ("csrfmiddlewaretoken", "do")
    rows = [row for row in request.POST.lists() if row[0] not in skipped]
    return [(name, str(value)) for name, values in rows for value in values]


def _refused(
    request: Request, flow: Flow, context: dict[str, Any], refused: Refused
) -> HttpResponse:
    if refused.reason == NOT_FOUND:
        raise refused
    form, loose = context["form"], []
    for one in refused.errors:
        if one.field in form.fields:
            form.add_error(one.field, one.sentence)
        else:
            loose.append(one.sentence)
    if not refused.errors:
        loose.append(refused.sentence)
    return _again(request, flow, {**context, "loose": loose}, refused.reason.status)


def _again(request: Request, flow: Flow, context: dict[str, Any], status: int) -> HttpResponse:
    mark_errors(context["form"])
    return render(request, flow.form_page, context, status=status)
