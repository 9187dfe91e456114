"""The visit: agreed, moved, reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.bank import forms
from puhui.desks.bank.case_words import how_much, place, what
from puhui.desks.bank.chrome import bank_sheet
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import answered, sent
from puhui.market import actions, queries


@page(actions.start_investigation, queries.engagement, methods=("GET", "POST"))
def visit(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/visit"""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.start_investigation(ref, typed["visit_at"], by=request.actor)

    sheet = bank_sheet(
        request,
        "改上门的日子" if case.engagement.visit_at else "约好上门",
        "记下并告诉群众",
        reverse("bank-case", args=[ref]),
        subject=f"{case.contact_code} {case.name_masked} · {place(case)} · {how_much(case)}",
    )
    form = forms.Visit(sent(request), initial={"visit_at": case.engagement.visit_at})
    return answered(request, sheet, form, act, said="约好了，已经发短信告诉群众。")


@page(actions.report_investigation, queries.engagement, methods=("GET", "POST"))
def report(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/report"""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.report_investigation(ref, by=request.actor)

    sheet = bank_sheet(
        request,
        "上门看过了",
        "看过了，交结果",
        reverse("bank-case", args=[ref]),
        subject=f"{case.contact_code} {case.name_masked} · {place(case)} · {what(case)}",
        warning="交了结果就记为上门完成，系统会问群众人来过没有；从今天起算出准信的日子。",
    )
    form = forms.Nothing(sent(request))
    return answered(request, sheet, form, act, said="结果交了，接着给准信。")
