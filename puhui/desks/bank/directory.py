"""The bank's own part of the directory: entries, outlets, and what they were before (M021)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse

from puhui.catalogue import queries as catalogue
from puhui.catalogue.directory import actions, queries
from puhui.catalogue.directory.terms import EntryForm, EntryKind
from puhui.desks.bank.chrome import bank_page, bank_sheet
from puhui.desks.bank.directory_form import Branch, Entry
from puhui.desks.bank.forms import Nothing
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import answered, sent
from puhui.kernel.actor import Role
from puhui.parties import actions as party
from puhui.parties import queries as parties

BOTH = ("GET", "POST")


@page(queries.own_entries, parties.branches)
def directory(request: Request) -> HttpResponse:
    """/bank/directory/"""
    actor = request.actor
    entries = queries.own_entries(actor)
    context = {
        "kinds": [
            (kind, kind.label, [one for one in entries if one.kind == kind]) for kind in EntryKind
        ],
        "branches": parties.branches(actor, bank_ref=actor.organisation_ref),
        "products": len(catalogue.own_products(actor)),
        "public": reverse("bank-public", args=[actor.organisation_ref]),
        "may_branch": actor.role is Role.BANK_ADMIN,
    }
    return bank_page(request, "bank/directory.html", context)


@page(queries.entry_history)
def history(request: Request) -> HttpResponse:
    """/bank/directory/history: every version, who wrote it and until when it stood."""
    names = {one.ref: one.name_masked for one in parties.colleagues(request.actor)}
    names["system"] = "系统"
    rows = [
        (one, EntryKind(one.kind).label, names.get(one.put_by, one.put_by))
        for one in queries.entry_history(request.actor)
    ]
    return bank_page(request, "bank/directory_history.html", {"rows": rows})


@page(actions.put_entry, methods=BOTH)
def put(request: Request, kind: str) -> HttpResponse:
    """/bank/directory/new/<kind>"""
    if kind not in EntryKind.values:
        raise Http404
    return _written(request, kind, "", {})


@page(actions.put_entry, queries.own_entry, methods=BOTH)
def change(request: Request, ref: str) -> HttpResponse:
    """/bank/directory/entries/<ref>: its next version."""
    one = queries.own_entry(request.actor, ref)
    names = ("title", "words", "address", "position")
    return _written(request, one.kind, ref, {name: getattr(one, name) for name in names})


def _written(request: Request, kind: str, ref: str, initial: Mapping[str, Any]) -> HttpResponse:
    def act(typed: Mapping[str, Any]) -> None:
        position, address = typed["position"] or 0, typed.get("address", "")
        form = EntryForm(kind, typed["title"], typed["words"], address, position, ref)
        actions.put_entry(form, by=request.actor)

    title = f"{'改' if ref else '新写'}：{EntryKind(kind).label}"
    sheet = bank_sheet(request, title, "放上去", reverse("bank-directory"), makes_new=True)
    form = Entry(kind, sent(request), initial=initial)
    return answered(request, sheet, form, act, said="放上去了，全县都看得到。")


@page(actions.withdraw_entry, queries.own_entry, methods=BOTH)
def withdraw(request: Request, ref: str) -> HttpResponse:
    """/bank/directory/entries/<ref>/withdraw"""
    one = queries.own_entry(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.withdraw_entry(ref, by=request.actor)

    sheet = _asked(request, "撤下来", one.title, "群众马上看不到了；以前写的还留在“改过什么”里。")
    return answered(request, sheet, Nothing(sent(request)), act, said="撤下来了。")


@page(party.add_branch, methods=BOTH)
def add_branch(request: Request) -> HttpResponse:
    """/bank/directory/branches/new"""

    def act(typed: Mapping[str, Any]) -> None:
        party.add_branch(
            request.actor.organisation_ref,
            typed["name"],
            typed["area"],
            **_rest(typed),
            by=request.actor,
        )

    sheet = bank_sheet(request, "新网点", "放上去", reverse("bank-directory"), makes_new=True)
    return answered(request, sheet, _branch_form(request), act, said="网点放上去了。")


@page(party.change_branch, parties.own_branch, methods=BOTH)
def branch(request: Request, branch: UUID) -> HttpResponse:
    """/bank/directory/branches/<id>"""
    one = parties.own_branch(request.actor, branch)

    def act(typed: Mapping[str, Any]) -> None:
        party.change_branch(branch, typed["name"], typed["area"], **_rest(typed), by=request.actor)

    sheet = bank_sheet(request, "改网点", "改好了", reverse("bank-directory"))
    initial = {
        "name": one.name,
        "area": one.township_code,
        "address": one.address,
        "duty_phone": one.phone,
        "opening_hours": one.opening_hours,
    }
    return answered(request, sheet, _branch_form(request, initial), act, said="网点改好了。")


@page(party.close_branch, parties.own_branch, methods=BOTH)
def close(request: Request, branch: UUID) -> HttpResponse:
    """/bank/directory/branches/<id>/close"""
    one = parties.own_branch(request.actor, branch)

    def act(typed: Mapping[str, Any]) -> None:
        party.close_branch(branch, by=request.actor)

    sheet = _asked(request, "撤掉这个网点", one.name, "群众马上看不到了。以后重开要重新填。")
    return answered(request, sheet, Nothing(sent(request)), act, said="网点撤掉了。")


def _rest(typed: Mapping[str, Any]) -> dict[str, str]:
    return {
        "address": typed["address"],
        "phone": typed["duty_phone"],
        "opening_hours": typed["opening_hours"],
    }


def _branch_form(request: Request, initial: Mapping[str, Any] | None = None) -> Branch:
    townships = [(one.code, one.name) for one in parties.townships(request.actor)]
    return Branch([("", "请选"), *townships], sent(request), initial=dict(initial or {}))


def _asked(request: Request, title: str, subject: str, warning: str) -> Any:
    back = reverse("bank-directory")
    return bank_sheet(request, title, title, back, subject=subject, warning=warning)
