"""One form, one action: on a page of its own, or in the desk's dialog. For every desk.

A GET shows the form. A POST that the action takes answers with what was said and where to go on;
one that it refuses shows each error beside its field, with what was typed kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from puhui.desks.shared.gate import Request
from puhui.desks.shared.once import done_once, form_number
from puhui.kernel.command import NOT_FOUND, Refused

SAID_COOKIE = "puhui_said"
SAID_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it stands on the page.

    `warning` says first what cannot be undone; `before` and `after` are templates around the
    fields; `layout` is the desk's own page; `makes_new`: sent twice, it makes one thing, not two.
    """

    title: str
    verb: str
    back: str
    layout: str
    subject: str = ""
    warning: str = ""
    second_verb: str = ""
    before: str = ""
    after: str = ""
    makes_new: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


def sent(request: Request) -> Any:
    """What was posted, or None: then the form stands unfilled."""
    return request.POST if request.method == "POST" else None


def desk_page(
    request: Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of a desk; a sentence left by the last action is shown once."""
    said = unquote(request.COOKIES.get(SAID_COOKIE, ""))
    response = render(request, template, {**context, "said": said}, status=status)
    if said:
        response.delete_cookie(SAID_COOKIE)
    return response


def answered(
    request: Request,
    sheet: Sheet,
    form: Form,
    act: Callable[[Mapping[str, Any]], object],
    *,
    said: str,
    to: str | Callable[[], str] = "",
) -> HttpResponse:
    """Show the form, or do what it asks and go on to `to` (empty: back; called where only what was
    done tells it)."""
    if request.method != "POST":
        return shown(request, sheet, form)
    if not form.is_valid():
        return shown(request, sheet, form, status=422)
    try:
        if sheet.makes_new:
            done_once(request, lambda: act(form.cleaned_data))
        else:
            act(form.cleaned_data)
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise
        return refused_with(request, sheet, form, refused)
    return done(request, said, (to() if callable(to) else to) or sheet.back)


def refused_with(request: Request, sheet: Sheet, form: Form, refused: Refused) -> HttpResponse:
    """The form again, each error beside its field, the rest on top."""
    loose = [one.sentence for one in refused.errors if one.field not in form.fields]
    for one in refused.errors:
        if one.field in form.fields:
            form.add_error(one.field, one.sentence)
    top = "" if refused.errors and not loose else (loose[0] if loose else refused.sentence)
    return shown(request, sheet, form, sentence=top, status=refused.reason.status)


def shown(
    request: Request, sheet: Sheet, form: Form, *, sentence: str = "", status: int = 200
) -> HttpResponse:
    """The form on its own page, or as a fragment for the dialog."""
    mark_errors(form)
    context = {
        "title": sheet.title,
        "verb": sheet.verb,
        "back": sheet.back,
        "layout": sheet.layout,
        "subject": sheet.subject,
        "warning": sheet.warning,
        "second_verb": sheet.second_verb,
        "before": sheet.before,
        "after": sheet.after,
        "form": form,
        "form_number": form_number() if sheet.makes_new else "",
        "sentence": sentence,
        "action": request.get_full_path(),
        **sheet.more,
    }
    if request.htmx:
        return render(request, "shared/form.html", context, status=status)
    return desk_page(request, "shared/form_page.html", context, status=status)


def mark_errors(form: Form) -> None:
    """Tell a screen reader which field is wrong and where its sentence and hint stand."""
    for name in form.fields:
        bound, attributes = form[name], form.fields[name].widget.attrs
        described = [f"{bound.auto_id}-hint"] if bound.help_text else []
        if bound.errors:
            attributes["aria-invalid"] = "true"
            described.append(f"{bound.auto_id}-err")
        if described:
            attributes["aria-describedby"] = " ".join(described)


def done(request: Request, said: str, to: str, *, undo: str = "") -> HttpResponse:
    """It is done: the dialog closes and lists refresh, or without scripts the next page opens.

    `undo`: where a POST takes it back; the desk offers it beside what was said.
    """
    if request.htmx:
        response = HttpResponse(status=204)
        response["HX-Trigger"] = json.dumps({"puhui:done": {"said": said, "to": to, "undo": undo}})
        return response
    response = redirect(to)
    response.set_cookie(
        SAID_COOKIE, quote(said), max_age=SAID_SECONDS, httponly=True, samesite="Lax"
    )
    return response
