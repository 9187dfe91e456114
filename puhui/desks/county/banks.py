"""What each bank did with the demands of a span; every figure opens its cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse

from puhui.desks.county.chrome import DESK
from puhui.desks.county.lists_view import percent
from puhui.desks.county.survey_view import tenths
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.watching.filters import address, read_day
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import queries
from puhui.market.queries import BankFigures, BankSatisfaction

HEADING = (
    "银行",
    "接过",
    "按时 · 群众确认",
    "按时 · 银行自报",
    "群众说没接到",
    "超时",
    "来电率（%）",
    "督导过",
    "没成",
    "放款",
    "在办",
)
COLUMNS: tuple[tuple[str, dict[str, str]], ...] = (
    ("taken", {}),
    ("confirmed", {"callback": "confirmed"}),
    ("self_reported", {"callback": "self_reported"}),
    ("denied", {"callback": "denied"}),
    ("late", {"callback": "late"}),
    ("supervised", {"supervised": "1"}),
    ("open", {"open": "1"}),
)


@page(queries.bank_figures, queries.satisfaction)
def banks(request: Request) -> HttpResponse:
    """/county/banks/"""
    now = database_now()
    today = local_date(now)
    since = read_day(request.GET.get("since", "")) or today.replace(day=1)
    until = read_day(request.GET.get("until", "")) or today
    rows = queries.bank_figures(request.actor, since=since, until=until)
    told = {
        one.bank_ref: one for one in queries.satisfaction(request.actor, since=since, until=until)
    }
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        name = f"银行来电 {since} 至 {until}"
        return table_response(kind, name, HEADING, [_cells(row) for row in rows])
    span = address({"since": str(since), "until": str(until)})
    context = {
        "rows": [_row(row, since, until, told.get(row.bank_ref)) for row in rows],
        "since": since,
        "until": until,
        "spans": _spans(today),
        "csv_address": f"{span}&format=csv",
        "xlsx_address": f"{span}&format=xlsx",
        "now": now,
    }
    return DESK.page(request, "county/banks.html", context)


def _spans(today: date) -> list[tuple[str, str]]:
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    found = (
        ("今天", today, today),
        ("近 7 天", today - timedelta(days=6), today),
        ("本月", month, today),
        ("上月", before, month - timedelta(days=1)),
    )
    return [
        (label, address({"since": str(since), "until": str(until)}))
        for label, since, until in found
    ]


def _row(
    row: BankFigures, since: date, until: date, told: BankSatisfaction | None
) -> dict[str, Any]:
    days = {"since": str(since), "until": str(until)}
    cells = []
    for name, facts in COLUMNS:
        query = address({"bank": row.bank_ref, **facts, **days})
        tone = "late" if name in ("late", "denied") and getattr(row, name) else ""
        cells.append((getattr(row, name), f"{DESK.url('cases')}?{query}", tone))
    ledger = {"bank": row.bank_ref}
    return {
        "name": row.bank_name,
        "rate": percent(row.confirmed + row.self_reported, row.judged),
        "judged": row.judged,
        "cells": cells,
        "score": tenths(told.overall_tenths) if told else "—",
        "answers": told.n if told else 0,
        "survey": f"{DESK.url('survey')}?{address(days)}",
        "ledger": f"{DESK.url('supervision')}?{address(ledger)}",
        "funded": row.funded,
        "refused": row.refused,
    }


def _cells(row: BankFigures) -> list[str | int]:
    rate = percent(row.confirmed + row.self_reported, row.judged).rstrip("%")
    return [
        row.bank_name,
        row.taken,
        row.confirmed,
        row.self_reported,
        row.denied,
        row.late,
        rate,
        row.supervised,
        row.refused,
        row.funded,
        row.open,
    ]
