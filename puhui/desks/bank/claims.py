"""Taking a demand, and handing it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.bank import forms
from puhui.desks.bank.case_words import how_much, what
from puhui.desks.bank.chrome import bank_sheet
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import answered, sent
from puhui.kernel.command import database_now
from puhui.kernel.money import wan_text
from puhui.market import actions, queries
from puhui.market.terms import Purpose, Term
from puhui.parties import queries as parties


@page(actions.claim, queries.open_demand, methods=("GET", "POST"))
def claim(request: Request, ref: str) -> HttpResponse:
    """/bank/demands/<ref>/claim: by oneself, or for another officer on duty."""
    assert request.actor.organisation
    on_duty = parties.officers_on_duty(request.actor, request.actor.organisation, database_now())
    officers = [(one.ref, f"{one.name_masked} {one.ref}") for one in on_duty]
    form = forms.Claim(officers, sent(request), initial={"officer": request.actor.ref})

    taken: list[str] = []

    def act(typed: Mapping[str, Any]) -> None:
        officer = typed["officer"]
        taken.append(actions.claim(ref, officer=officer, by=request.actor).engagement_ref)

    def to_its_call() -> str:
        return f"{reverse('bank-desk')}?list=calls#row-{taken[0]}"

    subject = _subject(request, ref) if request.method == "GET" else ""
    sheet = bank_sheet(request, "接单", "接单", reverse("bank-desk"), subject=subject)
    said = "接到了，请马上打电话，先报对接号。"
    return answered(request, sheet, form, act, said=said, to=to_its_call)


def _subject(request: Request, ref: str) -> str:
    card = queries.open_demand(request.actor, ref)
    words = (card.township, Purpose(card.purpose).label, card.scale, wan_text(card.amount_fen))
    return " · ".join(part for part in (*words, Term(card.term).label) if part)


@page(actions.release, queries.engagement, methods=("GET", "POST"))
def release(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/release"""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.release(ref, typed["reason"], by=request.actor)

    sheet = bank_sheet(
        request,
        "退回这一单",
        "退回",
        reverse("bank-case", args=[ref]),
        subject=f"{case.name_masked} · {what(case)} {how_much(case)}",
        warning="退回以后名额马上放开给别家，贵行看不到客户的姓名、电话。出方案前退回不扣分。",
    )
    form = forms.Release(sent(request))
    return answered(request, sheet, form, act, said="退回了。", to=reverse("bank-desk"))
