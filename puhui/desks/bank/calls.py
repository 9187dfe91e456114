"""The first call: dialled, answered or not, later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.catalogue import queries as catalogue
from puhui.desks.bank import forms
from puhui.desks.bank.call_card import call_card
from puhui.desks.bank.case_words import how_much, what
from puhui.desks.bank.chrome import bank_sheet
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import answered, refused_with, sent, shown
from puhui.kernel.clock import time_text
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions, queries
from puhui.market.terms import Refusals

RECORDED = {
    "connected": "登记好了：打通了。系统会问群众是不是真打通。",
    "no_answer": "登记好了：没人接。到点再打。",
    "wrong_number": "登记好了：号码不对。",
    "asked_later": "登记好了：改时间。",
}


@page(actions.start_call, actions.view_contact, methods=("POST",))
def dial(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/dial: shows the number, which is journalled, and stamps the attempt."""
    case = queries.engagement(request.actor, ref)
    contact = actions.view_contact(ref, by=request.actor)
    call = actions.start_call(ref, by=request.actor)
    product = catalogue.own_product_for(request.actor, case.purpose)
    more = {
        "contact": contact,
        "card": call_card(
            case, case.engagement.bank_name, request.actor.ref, product, contact.name
        ),
        "started": time_text(call.started_at),
        "is_on_time": call.is_on_time,
        "action": reverse("bank-result", args=[ref]),
    }
    sheet = _sheet(request, case, before="bank/number.html", more=more)
    return shown(request, sheet, forms.CallOutcome())


@page(actions.record_callback, queries.engagement, methods=("GET", "POST"))
def result(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/result: of the call that was started last."""
    case = queries.engagement(request.actor, ref)
    form = forms.CallOutcome(sent(request), initial={"result": request.GET.get("result", "")})
    sheet = _sheet(request, case)
    if not case.engagement.open_call:
        return refused_with(request, sheet, form, Refused(Refusals.CALL_NOT_STARTED))
    said = RECORDED.get(request.POST.get("result", ""), "登记好了。")

    def act(typed: Mapping[str, Any]) -> None:
        actions.record_callback(
            ref,
            case.engagement.open_call,
            typed["result"],
            duration_seconds=typed["duration_seconds"],
            again_at=typed["again_at"],
            by=request.actor,
        )

    return answered(request, sheet, form, act, said=said)


def _sheet(request: Request, case: queries.BankCase, **options: Any) -> Any:
    return bank_sheet(
        request,
        "登记这一通电话",
        "登记",
        reverse("bank-case", args=[case.engagement.ref]),
        subject=f"{case.contact_code} {case.name_masked} · {what(case)} {how_much(case)}",
        **options,
    )


@page(actions.set_call_again, queries.engagement, methods=("GET", "POST"))
def again(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/again"""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.set_call_again(ref, typed["again_at"], by=request.actor)

    sheet = bank_sheet(
        request,
        "改时间再打",
        "记下",
        reverse("bank-case", args=[ref]),
        subject=f"{case.contact_code} {case.name_masked} · {what(case)} {how_much(case)}",
    )
    form = forms.CallAgain(case.now, sent(request))
    return answered(request, sheet, form, act, said="记下了，到点在“现在就打”里。")


@page(actions.view_contact, methods=("POST",))
def contact(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/contact: full name and number, journalled, seen by the applicant."""
    case = queries.engagement(request.actor, ref)
    try:
        shown_now = actions.view_contact(ref, by=request.actor)
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise
        return refused_with(request, _contact_sheet(request, case), forms.Nothing(), refused)
    return shown(request, _contact_sheet(request, case, contact=shown_now), forms.Nothing())


def _contact_sheet(request: Request, case: queries.BankCase, **more: Any) -> Any:
    back = reverse("bank-case", args=[case.engagement.ref])
    return bank_sheet(
        request, "联系方式", "", back, before="bank/number.html", more={**more, "is_look": True}
    )
