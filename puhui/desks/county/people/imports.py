"""Lists to fill in and send back: tried first, then done whole or not at all."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.county.people import forms
from puhui.desks.county.people.words import page
from puhui.desks.shared import gate
from puhui.desks.shared.gate import Request
from puhui.desks.shared.sheets import done
from puhui.desks.shared.spreadsheets import template_response
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market import actions as market
from puhui.parties import actions
from puhui.parties.queries import registers
from puhui.parties.terms import ImportReport

TAB = "county-people-imports"
TAKES: dict[str, Callable[..., ImportReport]] = {
    "organisations": market.take_organisation_list,
    "branches": actions.import_branches,
    "staff": market.take_staff_list,
    "rosters": actions.import_rosters,
    "village-banks": actions.import_village_banks,
    "households": actions.import_households,
    "natural-villages": actions.import_natural_villages,
}
MOST_SHOWN = 100
MOST_HELD = 2 * 2**20
"""Bytes of a file that the page keeps between trying and doing; a larger one is chosen again."""


@gate.page(registers.register)
def imports(request: Request) -> HttpResponse:
    """/county/people/imports/"""
    context = {"registers": list(registers.REGISTERS.values()), "now": database_now()}
    return page(request, "county/people/imports.html", TAB, context)


@gate.page(registers.register)
def template(request: Request, kind: str) -> HttpResponse:
    """/county/people/imports/<kind>/template: empty, or with `filled` what stands there now."""
    one = registers.register(request.actor, kind)
    rows = registers.register_rows(request.actor, kind) if request.GET.get("filled") else []
    name = f"{one.title} {local_date(database_now())}" if rows else f"{one.title} 空表"
    return template_response(name, one.columns, notes=one.notes, rows=rows)


@gate.page(registers.register, *TAKES.values(), methods=("GET", "POST"))
def take(request: Request, kind: str) -> HttpResponse:
    """/county/people/imports/<kind>/: choose, try, do."""
    one = registers.register(request.actor, kind)
    if request.method != "POST":
        return _shown(request, one, forms.Upload())
    held = _held(request.POST.get("held", ""))
    form = forms.Upload() if held else forms.Upload(request.POST, request.FILES)
    if not held and not form.is_valid():
        return _shown(request, one, form, status=422)
    content = held or form.cleaned_data["file"]
    is_trial = "do" not in request.POST
    told = TAKES[kind](content, dry_run=is_trial, by=request.actor)
    if told.is_done:
        return done(request, f"{one.title}导入好了：{_words(told)}。", reverse(TAB))
    status = 422 if told.error_count else 200
    return _shown(request, one, form, told=told, content=content, status=status)


def _held(text: str) -> bytes:
    """The file that the page kept; refuses NOT_FOUND for what no page of ours wrote."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(NOT_FOUND) from None


def _words(told: ImportReport) -> str:
    counts = (("添", told.created), ("改", told.changed), ("停", told.closed))
    return "，".join(f"{verb} {count} 行" for verb, count in counts if count) or "没有要变的"


def _shown(
    request: Request,
    one: registers.Register,
    form: forms.Upload,
    *,
    told: ImportReport | None = None,
    content: bytes = b"",
    status: int = 200,
) -> HttpResponse:
    may_do = told is not None and not told.error_count
    context: dict[str, Any] = {
        "one": one,
        "form": form,
        "told": told,
        "may_do": may_do and told is not None and told.same < told.rows,
        "held": base64.b64encode(content).decode() if may_do and len(content) <= MOST_HELD else "",
        "errors": told.errors[:MOST_SHOWN] if told else (),
        "now": database_now(),
    }
    response = page(request, "county/people/import.html", TAB, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
