"""Where ended cases went (六种去处): per township and per bank, each count a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpResponse

from puhui.desks.county.chrome import DESK
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.watching.filters import address, read_day
from puhui.desks.shared.watching.words import ENDS
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import queries
from puhui.market.queries import Ends

HEADING = ("按什么", "名称", "结束了", *ENDS.values())
Numbers = list[tuple[int, str, str]]
"""How many, where their list is, whether it is bad."""


@page(queries.county_lists, queries.endings)
def endings(request: Request) -> HttpResponse:
    """/county/endings/: by default of this month."""
    now = database_now()
    today = local_date(now)
    since = read_day(request.GET.get("since", "")) or today.replace(day=1)
    until = read_day(request.GET.get("until", "")) or today
    found = queries.endings(request.actor, since, until)
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        return table_response(kind, f"去处 {since} 至 {until}", HEADING, _exported(found))
    days = {"since": str(since), "until": str(until)}
    context = {
        "whole": _numbers(found.whole, days),
        "parts": (
            (
                "乡镇",
                [
                    (one.name, _numbers(one, {**days, "township": one.ref}))
                    for one in found.townships
                ],
            ),
            ("银行", [(one.name, _numbers(one, {**days, "bank": one.ref})) for one in found.banks]),
        ),
        "titles": ("结束了", *ENDS.values()),
        "ended": found.whole.ended,
        "since": since,
        "until": until,
        "spans": _spans(today),
        "csv_address": f"{address(days)}&format=csv",
        "xlsx_address": f"{address(days)}&format=xlsx",
        "now": now,
    }
    return DESK.page(request, "county/endings.html", context)


def _numbers(one: Ends, facts: dict[str, str]) -> Numbers:
    def cell(n: int, end: str) -> tuple[int, str, str]:
        tone = "late" if end == "owed" and n else ""
        return n, f"{DESK.url('cases')}?{address({**facts, 'end': end})}" if n else "", tone

    return [cell(n, end) for end, n in _counts(one)]


def _counts(one: Ends) -> Sequence[tuple[str, int]]:
    """Whole, the six in their order, what nobody has said yet."""
    return [("any", one.ended), *((end, one.by[end]) for end in one.by), ("owed", one.owed)]


def _exported(found: queries.Endings) -> list[list[str | int]]:
    rows = [("全县", "", found.whole)]
    rows += [("乡镇", one.name, one) for one in found.townships]
    rows += [("银行", one.name, one) for one in found.banks]
    return [[kind, name, *(n for _, n in _counts(one))] for kind, name, one in rows]


def _spans(today: date) -> list[tuple[str, str]]:
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    found = (
        ("今天", today, today),
        ("本月", month, today),
        ("上月", before.replace(day=1), before),
        ("今年", today.replace(month=1, day=1), today),
    )
    return [
        (label, address({"since": str(since), "until": str(until)}))
        for label, since, until in found
    ]
