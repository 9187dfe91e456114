"""Waiting for the customer: asked for, ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.bank import forms
from puhui.desks.bank.case_words import how_much, what
from puhui.desks.bank.chrome import bank_sheet
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import Sheet, answered, sent
from puhui.market import actions, queries
from puhui.market.queries import BankCase


@page(actions.pause, queries.engagement, methods=("GET", "POST"))
def pause(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/pause"""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.pause(ref, typed["words"], by=request.actor)

    warning = "会发短信问客户。客户回 1 以后才算，“长期未办结”的天数停住；上门、准信的日子不停。"
    sheet = _sheet(request, case, "等客户", "问客户", warning)
    return answered(
        request, sheet, forms.Pause(sent(request)), act, said="已经问客户了，回 1 才算。"
    )


@page(actions.resume, queries.engagement, methods=("GET", "POST"))
def resume(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/resume"""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.resume(ref, by=request.actor)

    sheet = _sheet(request, case, "不等了，接着办", "接着办", "办理的天数从现在接着算。")
    return answered(request, sheet, forms.Nothing(sent(request)), act, said="天数接着算。")


def _sheet(request: Request, case: BankCase, title: str, verb: str, warning: str) -> Sheet:
    return bank_sheet(
        request,
        title,
        verb,
        reverse("bank-case", args=[case.engagement.ref]),
        subject=f"{case.contact_code} {case.name_masked} · {what(case)} {how_much(case)}",
        warning=warning,
    )
