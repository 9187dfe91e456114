"""Written supervision orders: issued about what a bank owes past its day, printed, closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from puhui.desks.county.chrome import DESK
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.order_view import order_view
from puhui.desks.shared.sheets import answered
from puhui.desks.shared.typed import Day, Words
from puhui.desks.shared.watching.case_pages import told
from puhui.kernel.actor import COUNTY, Actor
from puhui.kernel.clock import day_from, local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market import actions, queries
from puhui.parties import queries as parties

USUAL = "以下各笔过了规定日子没有结果，请逐笔说明卡在哪儿、几时办完，并先给群众回话。"


class Issue(forms.Form):
    """What the county writes above the list of cases."""

    words = Words("督办的事", 500, rows=3, empty="请写督办的事。")
    due_on = Day("哪天前书面答复", empty="请选哪天前答复。")

    def clean_due_on(self) -> date:
        try:
            return day_from(self.cleaned_data["due_on"])
        except ValueError:
            raise ValidationError("日期要写成 2026-12-01 这样。") from None


@page(queries.supervision_ledger, queries.orders)
def orders(request: Request) -> HttpResponse:
    """/county/orders/"""
    now = database_now()
    rows = [order_view(one, now) for one in queries.orders(request.actor)]
    return DESK.page(request, "county/orders.html", {"rows": rows, "now": now})


@page(queries.supervision_ledger, queries.order)
def order(request: Request, ref: str) -> HttpResponse:
    """/county/orders/<ref>/: one page to print and sign."""
    view = order_view(queries.order(request.actor, ref), database_now())
    context = {"view": view, "may_act": request.actor.role in COUNTY}
    return DESK.page(request, "county/order.html", context)


@page(actions.issue_order, methods=("GET", "POST"))
def issue(request: Request, bank: str) -> HttpResponse:
    """/county/banks/<bank>/order"""
    found = next((one for one in parties.banks(request.actor) if one.ref == bank), None)
    if found is None:
        raise Refused(NOT_FOUND)
    today = local_date(database_now())
    form = Issue(request.POST or None, initial={"words": USUAL, "due_on": str(today)})
    sheet = DESK.sheet(
        request,
        f"发督办单：{found.name}",
        "发出去",
        DESK.url("orders"),
        warning="发出去就改不了。过了日子的各笔自动列在后面，该行负责人会收到短信。",
        makes_new=True,
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.issue_order(bank, typed["words"], typed["due_on"], by=request.actor)

    return answered(request, sheet, form, act, said="督办单发出去了，该行负责人收到了短信。")


@page(actions.close_order, methods=("POST",))
def close(request: Request, ref: str) -> HttpResponse:
    """/county/orders/<ref>/close"""
    sheet = DESK.sheet(request, "了结督办单", "了结", DESK.url("order", ref))

    def act(actor: Actor) -> None:
        actions.close_order(ref, by=actor)

    return told(request, sheet, act, said="这张督办单了结了。")
