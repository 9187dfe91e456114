"""Written supervision orders to this bank: read, printed, answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse

from puhui.desks.bank.chrome import LAYOUT, bank_page, chrome
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.order_view import order_view
from puhui.desks.shared.sheets import Sheet, answered
from puhui.desks.shared.typed import Words
from puhui.kernel.command import database_now
from puhui.market import actions, queries


class Answer(forms.Form):
    words = Words(
        "书面答复", 500, rows=5, empty="请写答复。", help_text="逐笔写卡在哪儿、几时办完。"
    )


@page(actions.answer_order, queries.order)
def order(request: Request, ref: str) -> HttpResponse:
    """/bank/orders/<ref>/"""
    view = order_view(queries.order(request.actor, ref), database_now())
    return bank_page(request, "bank/order.html", {"view": view})


@page(actions.answer_order, queries.order, methods=("GET", "POST"))
def answer(request: Request, ref: str) -> HttpResponse:
    """/bank/orders/<ref>/answer"""
    found = queries.order(request.actor, ref)
    sheet = Sheet(
        title=f"答复督办单 {found.ref}",
        verb="交给县里",
        back=f"/bank/orders/{found.ref}/",
        layout=LAYOUT,
        subject=f"{found.cases} 笔",
        more=chrome(request),
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.answer_order(ref, typed["words"], by=request.actor)

    form = Answer(request.POST or None, initial={"words": found.answer})
    return answered(request, sheet, form, act, said="答复交给县里了。")
