"""Who is on duty at every bank and at the county's centre, a week at a time; and the county's profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpResponse

from puhui.desks.county.chrome import DESK
from puhui.desks.county.people import forms
from puhui.desks.county.people.words import history, page
from puhui.desks.shared import gate
from puhui.desks.shared.gate import Request
from puhui.desks.shared.sheets import answered, sent
from puhui.desks.shared.watching.filters import read_day
from puhui.kernel.clock import at_local, day_text, local_date, minute_text
from puhui.kernel.command import database_now
from puhui.kernel.money import wan_text
from puhui.parties import actions
from puhui.parties import queries as parties
from puhui.parties.queries.administration import roster_turns

DAYS = 7
COUNTY_FIELDS = ("name", "short_name", "hotline", "sms_signature", "five_one_three")


@gate.page(roster_turns)
def rosters(request: Request) -> HttpResponse:
    """/county/people/rosters/?from=2026-11-23: seven days, a line for each organisation."""
    now = database_now()
    begins = read_day(request.GET.get("from", "")) or local_date(now)
    days = [begins + timedelta(days=number) for number in range(DAYS)]
    span = at_local(days[0], time(0)), at_local(days[-1] + timedelta(days=1), time(0))
    turns = roster_turns(request.actor, *span)
    lines = [
        {"ref": ref, "name": name, "days": _by_day(list(rows), days)}
        for (ref, name), rows in groupby(turns, key=lambda turn: turn[:2])
    ]
    found = {line["ref"] for line in lines}
    context = {
        "lines": lines,
        "empty": [one for one in parties.banks(request.actor) if one.ref not in found],
        "days": [(day_text(on), on == local_date(now)) for on in days],
        "before": (begins - timedelta(days=DAYS)).isoformat(),
        "after": (begins + timedelta(days=DAYS)).isoformat(),
        "now": now,
    }
    return page(request, "county/people/rosters.html", "county-people-rosters", context)


def _by_day(turns: list[Any], days: list[date]) -> list[list[str]]:
    """For each day who is on duty, with the hours of that day."""
    return [
        [f"{turn[3]} {words}" for turn in turns if (words := _hours(on, *turn[4:]))] for on in days
    ]


def _hours(on: date, starts: datetime, ends: datetime) -> str:
    """7:30–14:30; a whole day in a word; empty where the turn does not touch the day."""
    opens, closes = at_local(on, time(0)), at_local(on + timedelta(days=1), time(0))
    if ends <= opens or starts >= closes:
        return ""
    if starts <= opens and ends >= closes:
        return "全天"
    until = "24:00" if ends >= closes else minute_text(ends)
    return f"{minute_text(max(starts, opens))}–{until}"


@gate.page(parties.staff_coverage)
def profile(request: Request) -> HttpResponse:
    """/county/people/profile/"""
    one, now = parties.county(request.actor), database_now()
    context = {
        "one": one,
        "largest": f"{wan_text(one.largest_amount_fen)}元",
        "history": history(request.actor, "county", "1", now),
        "now": now,
    }
    return page(request, "county/people/profile.html", "county-people-profile", context)


@gate.page(actions.set_county, methods=("GET", "POST"))
def change_profile(request: Request) -> HttpResponse:
    """/county/people/profile/change"""
    one = parties.county(request.actor)
    before = {name: getattr(one, name) for name in COUNTY_FIELDS}
    form = forms.County(sent(request), initial={**before, "largest_amount": one.largest_amount_fen})
    sheet = DESK.sheet(
        request,
        "改县情",
        "改好了",
        DESK.url("people-profile"),
        warning="马上在群众的页面和短信上用新的。改动会留痕。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        facts = dict(typed)
        largest = facts.pop("largest_amount")
        name, short, hotline = (facts.pop(key) for key in ("name", "short_name", "hotline"))
        actions.set_county(
            name, short, hotline, largest_amount_fen=largest, **facts, by=request.actor
        )

    return answered(request, sheet, form, act, said="县情改好了。")
