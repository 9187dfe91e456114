"""After a refusal or a plan: a reason added, an objection answered, another plan, the payout day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.bank import forms
from puhui.desks.bank.case_words import how_much, what
from puhui.desks.bank.chrome import bank_page, bank_sheet
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import Sheet, answered, sent
from puhui.kernel.clock import day_from
from puhui.market import actions, queries
from puhui.market.queries import BankCase
from puhui.market.terms import ObjectionOutcome

OVER = "这份需求已经结束，接不上了：选“接着办”的，客户看到的是原来答复得不对、要办请再提一份。"


def _sheet(request: Request, case: BankCase, title: str, verb: str, warning: str = "") -> Sheet:
    return bank_sheet(
        request,
        title,
        verb,
        reverse("bank-case", args=[case.engagement.ref]),
        subject=f"{case.contact_code} {case.name_masked} · {what(case)} {how_much(case)}",
        warning=warning,
    )


@page(queries.bank_objections)
def objections(request: Request) -> HttpResponse:
    """/bank/objections/: what applicants have against refusals, the open ones first."""
    rows = [
        (one, ObjectionOutcome(one.outcome).label if one.outcome else "")
        for one in queries.bank_objections(request.actor)
    ]
    return bank_page(request, "bank/objections.html", {"rows": rows})


@page(actions.answer_objection, queries.engagement, methods=("GET", "POST"))
def answer_objection(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/objection: the bank's head answers."""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.answer_objection(ref, typed["outcome"], typed["words"], by=request.actor)

    said = case.engagement.objection
    words = f"客户说：{said.words}" if said and said.words else "客户没有写哪里不对。"
    person = (
        "这一笔是电脑自动审的，要由人看过再答复。" if said and said.is_against_automation else ""
    )
    over = OVER if case.demand_state not in ("published", "in_progress") else ""
    sheet = _sheet(request, case, "答复不同意见", "答复客户", f"{words}{person}{over}")
    form = forms.ObjectionAnswer(sent(request))
    return answered(request, sheet, form, act, said="答复了，客户已经收到短信。")


@page(actions.explain_refusal, queries.engagement, methods=("GET", "POST"))
def explain(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/explain: the reason that a refusal lacked."""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.explain_refusal(
            ref,
            typed["code"],
            words=typed["words"],
            amount_fen=typed["amount_fen"],
            products=tuple(typed["products"]),
            by=request.actor,
        )

    sheet = _sheet(
        request, case, "补上没办成的原因", "补上", "客户和县里看得到；当时没写的，通报里照计。"
    )
    form = forms.Explanation(forms.shelf_of_all(request.actor), sent(request))
    return answered(request, sheet, form, act, said="补上了，客户看得到。")


@page(actions.expect_payout, queries.engagement, methods=("GET", "POST"))
def payout(request: Request, ref: str) -> HttpResponse:
    """/bank/engagements/<ref>/payout: the day that the money is to be paid out."""
    case = queries.engagement(request.actor, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.expect_payout(ref, day_from(typed["on"]), by=request.actor)

    warning = "放款那天之内要回填。客户说钱到了的，当天就要回填，不能再改。"
    sheet = _sheet(request, case, "改放款日", "改", warning)
    return answered(request, sheet, forms.Payout(sent(request)), act, said="放款日改好了。")
