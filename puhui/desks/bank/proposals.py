"""What is said to the applicant: a plan, a firm offer, no, or what papers are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.catalogue import queries as catalogue
from puhui.desks.bank import forms
from puhui.desks.bank.case_words import how_much, what
from puhui.desks.bank.chrome import bank_sheet
from puhui.desks.bank.proposal_view import preview
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import Sheet, answered, sent, shown
from puhui.market import actions, queries
from puhui.market.queries import BankCase
from puhui.market.terms import TERM_MONTHS, Term

SHELF = "bank/preview.html"


@page(actions.submit_plan, queries.engagement, methods=("GET", "POST"))
def plan(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/plan"""
    case = queries.engagement(request.actor, ref)
    start = {
        "amount_fen": case.amount_fen,
        "months": TERM_MONTHS[Term(case.term)],
        "trips_words": "银行来家 1 趟，去网点 1 趟",
        "prepayment_words": "可以，不收钱",
        "answer_working_days": 3,
    }
    form = forms.Plan(_products(request), sent(request), initial=start)
    sheet = _sheet(request, case, "初步方案", "给出初步方案")
    return _proposed(request, case, sheet, form, actions.submit_plan, "方案给出了，等群众挑。")


@page(actions.improve_plan, queries.engagement, methods=("GET", "POST"))
def improve(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/improve: another plan, filled in from the one that stands."""
    case = queries.engagement(request.actor, ref)
    start = forms.initial(case.engagement.plan)
    form = forms.Plan(_products(request), sent(request), initial=start)
    warning = "新方案代替原来的，群众马上看到；原来的留在记录里。"
    sheet = _sheet(request, case, "重新给方案", "给出新方案", warning=warning)
    return _proposed(request, case, sheet, form, actions.improve_plan, "新方案给出了，等群众挑。")


@page(actions.submit_offer, queries.engagement, methods=("GET", "POST"))
def offer(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/offer: filled in from the plan; what differs is marked and explained."""
    case = queries.engagement(request.actor, ref)
    form = forms.Offer(case.engagement.plan, _products(request), sent(request))
    warning = "准信交出后群众马上看到，收不回来。和初步方案不一样的，要写明理由。"
    sheet = _sheet(request, case, "准信", "给出准信", warning=warning)
    return _proposed(request, case, sheet, form, actions.submit_offer, "准信给出了，等群众定。")


def _proposed(
    request: Request, case: BankCase, sheet: Sheet, form: forms.Plan, submit: Any, said: str
) -> HttpResponse:
    """Show what the applicant would see, or submit."""
    is_sound = request.method == "POST" and form.is_valid()
    if isinstance(form, forms.Offer):
        form.mark_changes()
    if is_sound:
        seen = preview(form.proposal(form.cleaned_data), case)
        sheet = replace(sheet, more={**sheet.more, "seen": seen})
        if "preview" in request.POST:
            return shown(request, sheet, form)

    def act(typed: Mapping[str, Any]) -> None:
        submit(case.engagement.ref, form.proposal(typed), by=request.actor)

    return answered(request, sheet, form, act, said=said)


def _sheet(request: Request, case: BankCase, title: str, verb: str, **options: Any) -> Sheet:
    return bank_sheet(
        request,
        title,
        verb,
        reverse("bank-case", args=[case.engagement.ref]),
        subject=f"{case.contact_code} {case.name_masked} · 想用 {how_much(case)} · {what(case)}",
        second_verb="先看群众会看到什么",
        after=SHELF,
        **options,
    )


def _products(request: Request) -> list[tuple[str, str]]:
    return [
        (one.ref, f"{one.name}（{one.rate_words}）")
        for one in catalogue.own_products(request.actor)
    ]


@page(actions.refuse, queries.engagement, methods=("GET", "POST"))
def refuse(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/refuse"""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.refuse(
            ref,
            typed["code"],
            words=typed["words"],
            amount_fen=typed["amount_fen"],
            products=tuple(typed["products"]),
            automated=bool(typed["automated"]),
            by=request.actor,
        )

    sheet = bank_sheet(
        request,
        "不办了，选原因",
        "交出，不办了",
        reverse("bank-case", args=[ref]),
        subject=f"{case.contact_code} {case.name_masked} · {what(case)} {how_much(case)}",
        warning="交出以后群众马上看到原因和怎么办能好一些，收不回来。",
        before="bank/rather_release.html",
        more={"case_ref": ref, "may_release": case.engagement.state in ("claimed", "called_back")},
    )
    form = forms.Refusal(forms.shelf_of_all(request.actor), sent(request))
    return answered(
        request, sheet, form, act, said="交出了，群众能看到原因。", to=reverse("bank-desk")
    )
