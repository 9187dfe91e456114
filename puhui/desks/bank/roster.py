"""Who is on duty when: everybody of the bank sees it, its head sets it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.bank.chrome import bank_page
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import done
from puhui.kernel.actor import Role
from puhui.kernel.clock import at_local, day_from, day_text, local, local_date, minute_text
from puhui.kernel.command import Refused, database_now
from puhui.parties import actions
from puhui.parties import queries as parties
from puhui.parties.terms import Shift

DAYS = 7
MORNING, EVENING = (time(7, 30), time(14, 30)), (time(14, 30), time(21, 30))
TURNS = (("early", "早班 7:30–14:30", MORNING), ("late", "晚班 14:30–21:30", EVENING))


@page(parties.roster, actions.set_roster, methods=("GET", "POST"))
def roster(request: Request) -> HttpResponse:
    """/bank/roster/?from=2026-11-23: one week; a day's turns are set together."""
    begins = _week(request)
    if request.method != "POST":
        return _shown(request, begins)
    span = (at_local(begins, time(0)), at_local(begins + timedelta(days=DAYS), time(0)))
    is_copy = "copy" in request.POST
    shifts = _last_week(request, begins) if is_copy else _typed(request, begins)
    if is_copy and not shifts:
        return _shown(request, begins, ["前 7 天没有排班，没有可照抄的。"])
    try:
        actions.set_roster(
            request.actor.organisation_ref,
            shifts,
            span=span,
            by=request.actor,
        )
    except Refused as refused:
        return _shown(
            request, begins, [one.sentence for one in refused.errors] or [refused.sentence]
        )
    return done(request, "值班表排好了。", f"{reverse('bank-roster')}?from={begins.isoformat()}")


def _week(request: Request) -> date:
    try:
        return day_from(request.GET.get("from", ""))
    except ValueError:
        return local_date(database_now())


def _typed(request: Request, begins: date) -> list[Shift]:
    """Everybody ticked: a turn of the day, or the whole day where both are."""
    days = [begins + timedelta(days=number) for number in range(DAYS)]
    return [
        Shift(staff, at_local(on, opens), at_local(on, closes))
        for on in days
        for key, _label, (opens, closes) in TURNS
        for staff in request.POST.getlist(f"{on.isoformat()}-{key}")
    ]


def _last_week(request: Request, begins: date) -> list[Shift]:
    """The turns of the seven days before, a week later; whoever has left meanwhile falls out."""
    span = (at_local(begins - timedelta(days=DAYS), time(0)), at_local(begins, time(0)))
    here, later = {one.ref for one in parties.colleagues(request.actor)}, timedelta(days=DAYS)
    return [
        Shift(one.staff_ref, max(one.starts_at, span[0]) + later, min(one.ends_at, span[1]) + later)
        for one in parties.roster(request.actor, *span)
        if one.staff_ref in here
    ]


def _shown(request: Request, begins: date, errors: list[str] | None = None) -> HttpResponse:
    ends = begins + timedelta(days=DAYS)
    turns = parties.roster(request.actor, at_local(begins, time(0)), at_local(ends, time(0)))
    posted = request.method == "POST" and "copy" not in request.POST
    context: dict[str, Any] = {
        "days": [
            {
                "day": day_text(on),
                "date": on.isoformat(),
                "turns": [
                    {
                        "name": f"{on.isoformat()}-{key}",
                        "label": label,
                        "chosen": request.POST.getlist(f"{on.isoformat()}-{key}")
                        if posted
                        else [one.staff_ref for one in turns if _covers(one, on, hours)],
                    }
                    for key, label, hours in TURNS
                ],
                "other": [_words(one) for one in turns if _is_odd(one, on)],
            }
            for on in (begins + timedelta(days=number) for number in range(DAYS))
        ],
        "people": parties.colleagues(request.actor),
        "errors": errors or [],
        "may_set": request.actor.role is Role.BANK_ADMIN,
        "before": (begins - timedelta(days=DAYS)).isoformat(),
        "after": ends.isoformat(),
        "from": begins.isoformat(),
    }
    return bank_page(request, "bank/roster.html", context, status=422 if errors else 200)


def _covers(one: parties.Turn, on: date, hours: tuple[time, time]) -> bool:
    return one.starts_at <= at_local(on, hours[0]) and one.ends_at >= at_local(on, hours[1])


def _is_odd(one: parties.Turn, on: date) -> bool:
    """A turn of this day at hours of its own."""
    if local_date(one.starts_at) != on:
        return False
    return not any(_covers(one, on, hours) for _key, _label, hours in TURNS)


def _words(one: parties.Turn) -> str:
    return (
        f"{one.name_masked} {minute_text(one.starts_at)}–{_end(one.ends_at, local(one.starts_at))}"
    )


def _end(at: datetime, start: datetime) -> str:
    return (
        minute_text(at)
        if local_date(at) == start.date()
        else f"{local_date(at):%m-%d} {minute_text(at)}"
    )
