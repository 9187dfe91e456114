"""What the bank returns: signed, paid out, repaid; why a call was late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.bank import forms
from puhui.desks.bank.case_words import how_much, what
from puhui.desks.bank.chrome import bank_sheet
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import Sheet, answered, sent
from puhui.kernel.clock import day_from, local_date
from puhui.market import actions, queries
from puhui.market.queries import BankCase


def _sheet(request: Request, case: BankCase, title: str, verb: str, warning: str = "") -> Sheet:
    return bank_sheet(
        request,
        title,
        verb,
        reverse("bank-case", args=[case.engagement.ref]),
        subject=f"{case.contact_code} {case.name_masked} · {what(case)} {how_much(case)}",
        warning=warning,
    )


@page(actions.record_signing, queries.engagement, methods=("GET", "POST"))
def sign(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/sign"""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.record_signing(
            ref,
            contract_hash=typed["contract_hash"],
            pays_out_on=_day(typed["pays_out_on"]),
            by=request.actor,
        )

    warning = "登记签约以后，别家对这一份需求的办理随即结束，收不回来。"
    sheet = _sheet(request, case, "合同签了", "登记签约", warning)
    form = forms.Signing(sent(request))
    return answered(request, sheet, form, act, said="登记好了，放款后今天之内回填四格。")


def _day(text: str) -> date | None:
    """The day typed, or none; one that cannot be read lies before every day that is allowed."""
    try:
        return day_from(text) if text else None
    except ValueError:
        return date.min


@page(actions.record_disbursement, queries.engagement, methods=("GET", "POST"))
def disburse(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/disburse: amount, rate, payout date, due date."""
    case = queries.engagement(request.actor, ref)
    form = forms.Disbursement(sent(request), initial=_agreed(case))

    def act(typed: Mapping[str, Any]) -> None:
        actions.record_disbursement(ref, form.returned(), by=request.actor)

    warning = "交出后系统会问群众钱到了没有；金额、利率进统计，改不了。"
    sheet = _sheet(request, case, "回填放款，四格", "回填", warning)
    return answered(request, sheet, form, act, said="回填好了。")


def _agreed(case: BankCase) -> dict[str, Any]:
    """The firm offer's figures, to be checked against the contract."""
    agreed = case.engagement.offer
    today = {"paid_out_on": local_date(case.now).isoformat()}
    if agreed is None:
        return today
    return {**today, "amount_fen": agreed.amount_fen, "rate_ppm": agreed.rate_ppm}


@page(actions.settle_loan, queries.engagement, methods=("GET", "POST"))
def settle(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/settle"""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.settle_loan(ref, by=request.actor)

    sheet = _sheet(request, case, "本息结清", "办结", "登记结清以后这一单就办结，收不回来。")
    return answered(request, sheet, forms.Nothing(sent(request)), act, said="结清了，这一单办结。")


@page(actions.answer_supervision, queries.bank_supervisions, methods=("GET", "POST"))
def answer_supervision(request: Request, ref: str) -> HttpResponse:
    """/bank/supervisions/<ref>/answer"""
    record = queries.bank_supervision(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.answer_supervision(ref, typed["words"], by=request.actor)

    sheet = bank_sheet(
        request,
        "写原因",
        "交给县里",
        reverse("bank-supervisions"),
        subject=f"督导 {record.ref} · 编号 {record.demand_ref}",
        warning="写了就记在督导记录里，改不了；可以再补写。",
    )
    form = forms.Reason(sent(request))
    return answered(request, sheet, form, act, said="原因交给县里了。")
