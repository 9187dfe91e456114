"""Who may act for my enterprise: letting somebody, ending it."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from puhui.desks.enterprise import fields, words
from puhui.desks.enterprise.enterprises import HERE
from puhui.desks.shared.gate import Request, page
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, FieldError, Refused, database_now
from puhui.market import actions as market
from puhui.parties import actions, queries

BOTH = ("GET", "POST")
A_YEAR = timedelta(days=365)


@page(market.let_agent_act, queries.my_enterprise, methods=BOTH)
def new(request: Request, ref: str) -> HttpResponse:
    """/my/enterprises/<ref>/agents/new"""
    card = queries.my_enterprise(request.actor, ref)
    values = {"ends_on": str(local_date(database_now()) + A_YEAR), "scopes": ["request", "choose"]}
    errors: list[FieldError] = []
    if request.method == "POST":
        values = fields.typed(request, words.AGENT_FIELDS)
        try:
            market.let_agent_act(
                ref,
                name=str(values["name"]),
                phone=str(values["phone"]),
                scopes=tuple(values["scopes"]),
                ends_on=fields.day_of(str(values["ends_on"])),
                by=request.actor,
            )
            return redirect(f"{HERE}{ref}/?said=asked")
        except Refused as refused:
            if refused.reason == NOT_FOUND:
                raise
            errors = list(refused.errors)
            errors = errors or [FieldError("name", refused.reason.code, refused.sentence)]
    context = {
        "card": card,
        "fields": fields.shown(words.AGENT_FIELDS, values, errors),
        "errors": fields.linked(errors),
    }
    return render(request, "enterprise/agent.html", context, status=422 if errors else 200)


@page(actions.revoke_agency, queries.my_enterprise, methods=BOTH)
def revoke(request: Request, ref: str, agency: str) -> HttpResponse:
    """/my/enterprises/<ref>/agents/<agency>/revoke"""
    card = queries.my_enterprise(request.actor, ref)
    agent = next((one for one in card.agents if one.ref == agency), None)
    if agent is None:
        raise Http404
    if request.method == "POST":
        actions.revoke_agency(agency, by=request.actor)
        return redirect(f"{HERE}{ref}/?said=revoked")
    return render(request, "enterprise/revoke.html", {"card": card, "agent": agent})
