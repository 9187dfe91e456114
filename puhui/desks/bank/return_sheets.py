"""A month of returns by spreadsheet: the form to fill in, a trial, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse

from puhui.desks.bank.chrome import bank_page
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.return_words import difference_words
from puhui.desks.shared.spreadsheets import SheetFile, template_response
from puhui.kernel.clock import day_from, local_date
from puhui.kernel.command import Refused, database_now
from puhui.market import actions, queries

NOTES = (
    "一行一笔。平台上已经有的单号都在表里，缺的把四格填上；没放款的那一行删掉。",
    "先“试一试”，看清楚再“记进去”；有一行不对，整张表都不记。",
)
OFFERED = 13


class Upload(forms.Form):
    file = SheetFile()


def _month(request: Request, today: date) -> date:
    """The month asked for, else the one before this."""
    text = request.POST.get("month") or request.GET.get("month") or ""
    try:
        return day_from(f"{text[:7]}-01")
    except ValueError:
        return _before(today, 1)


def _before(day: date, months: int) -> date:
    """The first of the month so many months before."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)


def _months(today: date, asked: date) -> list[tuple[str, str]]:
    """This month and the twelve before it; an older one that was asked for stays chosen."""
    near = [_before(today, back) for back in range(OFFERED)]
    return [
        (f"{one:%Y-%m}", f"{one.year} 年 {one.month} 月")
        for one in sorted({*near, asked}, reverse=True)
    ]


@page(queries.return_template)
def template(request: Request) -> HttpResponse:
    """/bank/returns/template.xlsx?month=2026-11"""
    month = _month(request, local_date(database_now()))
    made = queries.return_template(request.actor, month)
    return template_response(f"回填 {month:%Y-%m}", made.columns, notes=NOTES, rows=made.rows)


@page(actions.import_returns, queries.return_sheets, methods=("GET", "POST"))
def upload(request: Request) -> HttpResponse:
    """/bank/returns/: the month, the trial, the recording."""
    today = local_date(database_now())
    month = _month(request, today)
    form = Upload(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "month": f"{month:%Y-%m}", "sentence": ""}
    context["months"] = _months(today, month)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            context |= _tried(request, f"{month:%Y-%m}", form.cleaned_data)
        except Refused as refused:
            context["sentence"] = refused.sentence
        status = 422 if context["sentence"] or context["report"].error_count else 200
    context["past"] = queries.return_sheets(request.actor)
    return bank_page(request, "bank/return_sheets.html", context, status=status)


def _tried(request: Request, month: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    is_dry_run = "record" not in request.POST
    report = actions.import_returns(month, typed["file"], is_dry_run=is_dry_run, by=request.actor)
    differences = [(one, difference_words(one.kind, one.facts)) for one in report.differences]
    return {"report": report, "differences": differences, "is_dry_run": is_dry_run}
