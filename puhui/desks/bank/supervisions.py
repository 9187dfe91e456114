"""Supervision records of the bank."""

from __future__ import annotations

from django.http import HttpResponse

from puhui.desks.bank.chrome import bank_page
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.order_view import order_view
from puhui.kernel.command import database_now
from puhui.market import queries
from puhui.parties import queries as parties

KINDS = {"first_callback": "10 分钟没打通电话", "investigation": "上门超过 3 个工作日"}
STEPS = {
    "told_officer": "已提醒值班",
    "told_head": "已告诉负责人",
    "answer": "写了原因",
    "phoned": "县里打了电话",
}


@page(queries.bank_supervisions, queries.orders)
def records(request: Request) -> HttpResponse:
    """/bank/supervisions/"""
    now = database_now()
    names = {one.ref: one.name_masked for one in parties.colleagues(request.actor)}
    rows = [
        {
            "record": one,
            "kind": KINDS.get(one.kind, one.kind),
            "is_late": one.answered_at is None and one.answer_due_at < now,
            "steps": [
                (step.at, STEPS.get(step.kind, step.kind), names.get(step.to_ref, ""), step.words)
                for step in one.steps
            ],
        }
        for one in queries.bank_supervisions(request.actor)
    ]
    orders = [order_view(one, now) for one in queries.orders(request.actor)]
    context = {"rows": rows, "orders": orders, "now": now}
    return bank_page(request, "bank/supervisions.html", context)
