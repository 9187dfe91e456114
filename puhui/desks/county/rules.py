"""The county's rules: limits with their history, duty days, years of working days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from puhui.desks.county import forms
from puhui.desks.county.chrome import DESK
from puhui.desks.county.rules_view import LABELS, history, in_force, typed_changes
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import answered, done, refused_with, shown
from puhui.kernel.actor import Role
from puhui.kernel.calendar import ParsedTable
from puhui.kernel.command import FieldError, Invalid, Refused
from puhui.market import actions, queries
from puhui.parties.queries.watching import people_named


@page(queries.county_rules)
def rules(request: Request) -> HttpResponse:
    """/county/rules/"""
    found = queries.county_rules(request.actor)
    names = people_named(request.actor, {one.set_by for one in found.history})
    context = {
        "groups": in_force(found.limits),
        "history": history(found, names),
        "duty_days": found.duty_days,
        "years": found.years,
        "missing_years": found.missing_years,
        "may_edit": request.actor.role is Role.COUNTY_ADMIN,
        "now": found.now,
    }
    return DESK.page(request, "county/rules.html", context)


@page(actions.set_clock_rules, queries.county_rules, methods=("GET", "POST"))
def change(request: Request) -> HttpResponse:
    """/county/rules/change"""
    found = queries.county_rules(request.actor)
    before = {name: getattr(found.limits, name) for name in LABELS}
    form = forms.Rules(found.bounds, LABELS, request.POST or None, initial=before)
    sheet = DESK.sheet(
        request,
        "改时限和值守时段",
        "从现在起用新的",
        DESK.url("rules"),
        warning="从这一刻起的新单子按新的走；已经走着的钟还按原来的。改动会留痕。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        changes = typed_changes(before, typed)
        if not changes:
            raise Invalid([FieldError("callback_seconds", "unchanged", "一个数也没改。")])
        try:
            actions.set_clock_rules(changes, by=request.actor)
        except Invalid as invalid:
            raise Invalid([_in_words(error) for error in invalid.errors]) from None

    return answered(request, sheet, form, act, said="新规则从现在起用。")


def _in_words(error: FieldError) -> FieldError:
    """The rule's sentence without the field's English name; the field itself stands beside it."""
    sentence = error.sentence.removeprefix(f"{error.field} ")
    return FieldError(error.field, error.code, sentence)


@page(actions.set_duty_day, methods=("GET", "POST"))
def duty_day(request: Request) -> HttpResponse:
    """/county/rules/duty-day"""
    sheet = DESK.sheet(
        request,
        "单独定一天的值守时段",
        "定下来",
        DESK.url("rules"),
        warning="除夕、初一这样的日子单独定。这一天开始的钟按这个时段走。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.set_duty_day(typed["day"], typed["opens"], typed["closes"], by=request.actor)

    form = forms.DutyDay(request.POST or None)
    return answered(request, sheet, form, act, said="这一天定好了。")


@page(actions.load_calendar, methods=("GET", "POST"))
def calendar(request: Request) -> HttpResponse:
    """/county/rules/calendar: try the table first, then load it; with any error nothing changes."""
    form = forms.Calendar(request.POST or None, request.FILES or None)
    sheet = DESK.sheet(
        request,
        "装入一年的工作日",
        "装入",
        DESK.url("rules"),
        second_verb="先试一遍，不写入",
        warning="装入后，等着日历的期限会自动补上。同一年再装一次会换掉原来的。",
    )
    if request.method != "POST":
        return shown(request, sheet, form)
    if not form.is_valid():
        return shown(request, sheet, form, status=422)
    is_trial = "preview" in request.POST
    try:
        parsed = actions.load_calendar(
            form.text, source=form.cleaned_data["source"], dry_run=is_trial, by=request.actor
        )
    except Refused as refused:
        return refused_with(request, sheet, form, refused)
    if parsed.errors or is_trial:
        return _tried(request, parsed, form)
    years = "、".join(sorted({str(day.day.year) for day in parsed.days}))
    return done(request, f"{years} 年的工作日装好了。", DESK.url("rules"))


def _tried(request: Request, parsed: ParsedTable, form: forms.Calendar) -> HttpResponse:
    """What the table says: how many days of which year, or every row that is wrong."""
    years: dict[int, list[int]] = {}
    for day in parsed.days:
        counted = years.setdefault(day.day.year, [0, 0])
        counted[0 if day.is_working else 1] += 1
    kept = {**{name: form.data[name] for name in form.data}, "table": form.text}
    again = forms.Calendar(kept, None)
    sheet = DESK.sheet(
        request,
        "装入一年的工作日",
        "装入",
        DESK.url("rules"),
        second_verb="先试一遍，不写入",
        before="county/calendar_tried.html",
        more={
            "tried": sorted((year, *counts) for year, counts in years.items()),
            "row_errors": parsed.errors[:100],
            "error_count": len(parsed.errors),
        },
    )
    return shown(request, sheet, again, status=422 if parsed.errors else 200)
