"""Organisations and their outlets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from puhui.access import queries as access
from puhui.desks.county.chrome import DESK
from puhui.desks.county.people import forms
from puhui.desks.county.people.words import KINDS, day, history, may_edit, page, picked
from puhui.desks.shared import gate
from puhui.desks.shared.gate import Request
from puhui.desks.shared.sheets import answered, sent
from puhui.desks.shared.spreadsheets import table_response
from puhui.kernel.actor import Actor
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market import actions as market
from puhui.parties import actions
from puhui.parties import queries as parties
from puhui.parties.queries.administration import (
    BranchRow,
    OrganisationRow,
    StaffFilter,
    branch_rows,
    organisation_row,
    organisation_rows,
    staff_rows,
)
from puhui.parties.terms import OrganisationForm

TAB = "county-people-organisations"
HEADING = (
    "编号",
    "类型",
    "名称",
    "短信简称",
    "银行类型",
    "值班电话",
    "所在乡镇",
    "在岗",
    "网点",
    "状态",
)


def towns(actor: Actor) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in parties.townships(actor)]


def banks(actor: Actor) -> list[tuple[str, str]]:
    return [(one.ref, one.name) for one in parties.banks(actor)]


def address(ref: str) -> str:
    return reverse("county-people-organisation", args=[ref])


@gate.page(organisation_rows)
def organisations(request: Request) -> HttpResponse:
    """/county/people/organisations/: narrowed by kind and words in the address."""
    kind, words = request.GET.get("kind", "")[:12], request.GET.get("q", "").strip()[:40]
    rows = organisation_rows(request.actor, kind, words)
    form, now = request.GET.get("format", ""), database_now()
    if form in ("csv", "xlsx"):
        return table_response(
            form, f"单位 {local_date(now)}", HEADING, [_cells(one) for one in rows]
        )
    context = {
        "rows": [
            {"one": one, "kind": KINDS.get(one.kind, one.kind), "address": address(one.ref)}
            for one in rows
        ],
        "kinds": picked(KINDS.items(), kind, "全部类型"),
        "words": words,
        "is_narrowed": bool(kind or words),
        "query": request.GET.urlencode(),
        "now": now,
    }
    return page(request, "county/people/organisations.html", TAB, context)


def _cells(one: OrganisationRow) -> list[object]:
    state = "在用" if one.is_active else f"{day(one.closed_at)} 停用"
    kind = KINDS.get(one.kind, one.kind)
    head = [one.ref, kind, one.name, one.sms_name, one.type_name, one.duty_phone, one.township]
    return [*head, one.staff, one.branches, state]


@gate.page(organisation_row)
def organisation(request: Request, ref: str) -> HttpResponse:
    """/county/people/organisations/<ref>/"""
    actor, now = request.actor, database_now()
    one = organisation_row(actor, ref)
    context = {
        "one": one,
        "kind": KINDS.get(one.kind, one.kind),
        "closed": day(one.closed_at),
        "branches": branch_rows(actor, ref),
        "staff": staff_rows(actor, StaffFilter(organisation=ref)),
        "api_keys": [key for key in access.api_keys(actor) if key.organisation_ref == ref]
        if may_edit(actor) and one.kind == "bank"
        else [],
        "history": history(actor, "organisation", ref, now),
        "now": now,
    }
    return page(request, "county/people/organisation.html", TAB, context)


@gate.page(actions.create_organisation, methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """/county/people/organisations/new"""
    form = forms.Organisation(towns(request.actor), sent(request), is_new=True)
    sheet = DESK.sheet(request, "添一个单位", "添上", reverse(TAB))

    def act(typed: Mapping[str, Any]) -> None:
        facts = {**typed, "position": typed["position"] or 0}
        actions.create_organisation(facts.pop("name"), facts.pop("kind"), **facts, by=request.actor)

    return answered(request, sheet, form, act, said="单位添好了。")


@gate.page(actions.change_organisation, methods=("GET", "POST"))
def change(request: Request, ref: str) -> HttpResponse:
    """/county/people/organisations/<ref>/change"""
    one = organisation_row(request.actor, ref)
    before = {name: getattr(one, name) for name in OrganisationForm.__dataclass_fields__}
    form = forms.Organisation(towns(request.actor), sent(request), initial=before, is_new=False)
    sheet = DESK.sheet(request, "改单位", "改好了", address(ref), subject=f"{one.name} {one.ref}")

    def act(typed: Mapping[str, Any]) -> None:
        facts = {**typed, "position": typed["position"] or 0}
        actions.change_organisation(ref, OrganisationForm(**facts), by=request.actor)

    return answered(request, sheet, form, act, said="改好了。")


@gate.page(market.close_organisation, methods=("GET", "POST"))
def close(request: Request, ref: str) -> HttpResponse:
    """/county/people/organisations/<ref>/close"""
    one = organisation_row(request.actor, ref)
    sheet = DESK.sheet(
        request,
        "停用这个单位",
        "停用",
        address(ref),
        subject=one.name,
        warning="停用后不能再接单、登录；银行没办完的事退回去让别的银行接，签了合同的留着，办过的都留着。停错了可以重新启用。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        market.close_organisation(ref, by=request.actor)

    return answered(request, sheet, forms.Nothing(sent(request)), act, said="停用了。")


@gate.page(actions.reopen_organisation, methods=("GET", "POST"))
def reopen(request: Request, ref: str) -> HttpResponse:
    """/county/people/organisations/<ref>/reopen"""
    one = organisation_row(request.actor, ref)
    sheet = DESK.sheet(request, "重新启用", "启用", address(ref), subject=one.name)

    def act(typed: Mapping[str, Any]) -> None:
        actions.reopen_organisation(ref, by=request.actor)

    return answered(request, sheet, forms.Nothing(sent(request)), act, said="又启用了。")


@gate.page(actions.add_branch, organisation_row, methods=("GET", "POST"))
def new_branch(request: Request, ref: str) -> HttpResponse:
    """/county/people/organisations/<ref>/branches/new"""
    one = organisation_row(request.actor, ref)
    form = forms.Branch(towns(request.actor), sent(request))
    sheet = DESK.sheet(request, "添一个网点", "添上", address(ref), subject=one.name)

    def act(typed: Mapping[str, Any]) -> None:
        facts = dict(typed)
        actions.add_branch(
            ref, facts.pop("name"), facts.pop("township_code"), **facts, by=request.actor
        )

    return answered(request, sheet, form, act, said="网点添好了。")


def _branch(actor: Actor, ref: str, branch: UUID) -> BranchRow:
    for one in branch_rows(actor, ref):
        if one.id == branch:
            return one
    raise Refused(NOT_FOUND)


@gate.page(actions.change_branch, methods=("GET", "POST"))
def change_branch(request: Request, ref: str, branch: UUID) -> HttpResponse:
    """/county/people/organisations/<ref>/branches/<branch>/change"""
    one = _branch(request.actor, ref, branch)
    before = {name: getattr(one, name) for name in forms.Branch.base_fields}
    form = forms.Branch(towns(request.actor), sent(request), initial=before)
    sheet = DESK.sheet(request, "改网点", "改好了", address(ref), subject=one.organisation)

    def act(typed: Mapping[str, Any]) -> None:
        facts = dict(typed)
        name, town = facts.pop("name"), facts.pop("township_code")
        actions.change_branch(branch, name, town, **facts, by=request.actor)

    return answered(request, sheet, form, act, said="网点改好了。")


@gate.page(actions.close_branch, methods=("GET", "POST"))
def close_branch(request: Request, ref: str, branch: UUID) -> HttpResponse:
    """/county/people/organisations/<ref>/branches/<branch>/close"""
    one = _branch(request.actor, ref, branch)
    sheet = DESK.sheet(
        request,
        "停用这个网点",
        "停用",
        address(ref),
        subject=one.name,
        warning="改一改就能重新启用。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.close_branch(branch, by=request.actor)

    return answered(request, sheet, forms.Nothing(sent(request)), act, said="网点停用了。")
