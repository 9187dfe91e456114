"""Who has what, and the bank's own figures beside the county's median."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse

from puhui.desks.bank import table_view, team_view
from puhui.desks.bank.chrome import bank_page
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.spreadsheets import table_response
from puhui.kernel.clock import day_from, local_date
from puhui.kernel.command import database_now
from puhui.market import queries
from puhui.market.queries import TableFilter
from puhui.sheets.terms import Column, Kind

WORDY = 2
"""The first columns are words, the others counts."""
LISTED = 200


@page(queries.team, queries.bank_table)
def team(request: Request) -> HttpResponse:
    """/bank/team/?officer=2037: everybody's load; of one, the cases, each to hand to a colleague."""
    found = queries.team(request.actor)
    chosen = request.GET.get("officer", "")[:16]
    cases = []
    if chosen:
        wanted = TableFilter(officer=chosen, is_live=True, sort="stillest")
        cases = queries.bank_table(request.actor, wanted, limit=LISTED)
    context = {
        "team": found,
        "most": max((one.live for one in found.officers), default=0) or 1,
        "chosen": next((one for one in found.officers if one.ref == chosen), None),
        "lines": [table_view.line(row) for row in cases],
    }
    return bank_page(request, "bank/team.html", context)


@page(queries.own_figures, queries.own_satisfaction)
def figures(request: Request) -> HttpResponse:
    """/bank/figures/?month=2026-11"""
    first, last = _month(request)
    found = queries.own_figures(request.actor, first, last)
    today = local_date(database_now())
    context = {
        "month": f"{first:%Y-%m}",
        "month_words": f"{first.year} 年 {first.month} 月",
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{last + timedelta(days=1):%Y-%m}" if last < today else "",
        "tiles": team_view.tiles(found),
        "lines": [team_view.line(one) for one in found.officers],
        "whole": team_view.line(found.whole),
        "reasons": team_view.reasons(found.whole),
        **team_view.voices(queries.own_satisfaction(request.actor)),
    }
    return bank_page(request, "bank/figures.html", context)


@page(queries.own_figures)
def export(request: Request) -> HttpResponse:
    """/bank/figures.xlsx?month=2026-11: the same figures as a spreadsheet."""
    first, last = _month(request)
    found = queries.own_figures(request.actor, first, last)
    columns = [
        Column(title, title, Kind.WORDS if place < WORDY else Kind.WHOLE)
        for place, title in enumerate(team_view.COLUMNS)
    ]
    rows = (list(team_view.cells(one)) for one in (*found.officers, found.whole))
    return table_response("xlsx", f"本行数字 {first:%Y-%m}", columns, rows)


def _month(request: Request) -> tuple[date, date]:
    """First and last day of the month that the address names, else of this one."""
    try:
        first = day_from(f"{request.GET.get('month', '')}-01")
    except ValueError:
        first = local_date(database_now()).replace(day=1)
    first = min(max(first, date(2020, 1, 1)), date(2099, 12, 1))
    after = (first + timedelta(days=32)).replace(day=1)
    return first, after - timedelta(days=1)
