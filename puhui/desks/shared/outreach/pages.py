"""Planned and logged events: the log with its four counts, its export, its sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpResponse

from puhui.desks.shared.gate import Request
from puhui.desks.shared.sheets import answered
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.typed import Moment, Pick, Picks, Whole, Words
from puhui.desks.shared.watching.desk import WatchingDesk
from puhui.desks.shared.watching.filters import changed, read_day
from puhui.desks.shared.watching.forms import Nothing
from puhui.kernel.actor import Role
from puhui.kernel.clock import local, moment_text
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.outreach import actions, queries
from puhui.outreach.terms import Event, EventFilter, EventForm, EventKind
from puhui.parties import queries as parties

HEADING = (
    "编号",
    "什么时候",
    "乡镇",
    "村",
    "地点",
    "办的什么",
    "哪种",
    "现在",
    "到场人数",
    "记了什么",
    "哪家办的",
)
STATES = {"planned": "排好了", "held": "办过了", "cancelled": "不办了"}
TONES = {"planned": "soon", "held": "fine", "cancelled": ""}
EXPORTED = 5000


def read_filter(request: Request) -> EventFilter:
    """What the address asks for."""
    query = request.GET
    state = query.get("state", "")
    return EventFilter(
        township=query.get("township", "")[:12],
        state=state if state in STATES else "",
        since=read_day(query.get("since", "")),
        until=read_day(query.get("until", "")),
    )


def events(request: Request, desk: WatchingDesk) -> HttpResponse:
    """The log, or with `format` its export."""
    wanted = read_filter(request)
    kind = request.GET.get("format", "")
    now = database_now()
    if kind in ("csv", "xlsx"):
        found = queries.events(request.actor, wanted, limit=EXPORTED)
        return table_response(kind, "下乡台账", HEADING, [_cells(one) for one in found])
    rows = [_row(one, now, desk) for one in queries.events(request.actor, wanted)]
    context = {
        "rows": rows,
        "counts": queries.event_counts(request.actor, replace(wanted, state="")),
        "wanted": wanted,
        "is_narrowed": wanted != EventFilter(),
        "states": [(name, words, name == wanted.state) for name, words in STATES.items()],
        "townships": _places(request),
        "plan": desk.url("outreach-plan"),
        "may_plan": actions.plan_event.policy.allows(request.actor),  # type: ignore[attr-defined]
        "xlsx_address": changed(request.GET, format="xlsx"),
        "csv_address": changed(request.GET, format="csv"),
        "now": now,
    }
    return desk.page(request, "outreach/events.html", context)


def _places(request: Request) -> list[tuple[str, str]]:
    """Townships to pick from; a deputy's own only."""
    found = parties.townships(request.actor)
    if request.actor.role is Role.TOWNSHIP_ADMIN:
        found = [one for one in found if one.code in request.actor.areas]
    return [(one.code, one.name) for one in sorted(found, key=lambda one: one.code)]


def _row(one: Event, now: Any, desk: WatchingDesk) -> dict[str, Any]:
    return {
        "one": one,
        "at": moment_text(one.starts_at, now=now),
        "kind": EventKind(one.kind).label,
        "place": "、".join([*one.villages, *([one.place] if one.place else [])]) or "—",
        "state": "该记了" if one.state == "planned" and one.starts_at <= now else STATES[one.state],
        "tone": "late" if one.state == "planned" and one.starts_at <= now else TONES[one.state],
        "people": f"{one.people:,}" if one.people is not None else "—",
        "log": desk.url("outreach-log", one.ref) if one.state == "planned" else "",
        "cancel": desk.url("outreach-cancel", one.ref) if one.state == "planned" else "",
    }


def _cells(one: Event) -> list[object]:
    return [
        one.ref,
        f"{local(one.starts_at):%Y-%m-%d %H:%M}",
        one.township,
        "、".join(one.villages),
        one.place,
        one.title,
        EventKind(one.kind).label,
        STATES[one.state],
        one.people if one.people is not None else "",
        one.words,
        one.organisation,
    ]


class PlanForm(forms.Form):
    """An event to be held."""

    title = Words("办什么", 60, empty="请写一句办什么。", wide=True)
    kind = Pick("哪种", EventKind.choices, empty="请选一种。")
    starts_at = Moment("什么时候", empty="请填哪天几点。")
    place = Words("在哪儿", 60, required=False, help_text="比如“村委大院”。")
    villages = Picks("到哪些村", (), required=False)

    def __init__(self, villages: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["villages"] = Picks("到哪些村", villages, required=False)


def plan(request: Request, desk: WatchingDesk) -> HttpResponse:
    """Plan an event; who has more than one township picks it first."""
    places = dict(_places(request))
    code = request.GET.get("township", "") if len(places) > 1 else next(iter(places), "")
    if code not in places:
        context = {"places": list(places.items()), "back": desk.url("outreach")}
        return desk.page(request, "outreach/where.html", context)
    villages = [
        (one.code, one.short_name)
        for one in parties.villages(request.actor, code)
        if one.kind == "village"
    ]
    form = PlanForm(villages, request.POST or None, initial={"kind": "village"})
    back, where = desk.url("outreach"), places[code]
    sheet = desk.sheet(request, "排一场下乡", "排上", back, subject=where, makes_new=True)

    def act(typed: Mapping[str, Any]) -> None:
        wanted = EventForm(
            title=typed["title"],
            kind=typed["kind"],
            township=code,
            starts_at=typed["starts_at"],
            villages=tuple(typed["villages"]),
            place=typed["place"],
        )
        actions.plan_event(wanted, by=request.actor)

    return answered(request, sheet, form, act, said="排上了。办完了回来记一笔。")


class LogForm(forms.Form):
    """How it went."""

    people = Whole("到场多少人", 0, 100_000, unit="人", empty="请填到场多少人。")
    words = Words(
        "记一笔",
        500,
        rows=4,
        required=False,
        help_text="问得最多的是什么、当场办了几件。不写姓名、电话。",
    )


def log(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """Log an event that was held."""
    found = _planned(request, ref)
    sheet = desk.sheet(
        request,
        "办过了，记一笔",
        "记下",
        desk.url("outreach"),
        subject=f"{found.township} · {found.title}",
    )
    form = LogForm(request.POST or None)

    def act(typed: Mapping[str, Any]) -> None:
        actions.log_event(ref, typed["people"], typed["words"], by=request.actor)

    return answered(request, sheet, form, act, said="记下了，四个数里有这一场了。")


def cancel(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """Take an event off the plan."""
    found = _planned(request, ref)
    sheet = desk.sheet(
        request,
        "这场不办了",
        "不办了",
        desk.url("outreach"),
        subject=f"{found.township} · {found.title}",
        warning="台账里留着“不办了”，四个数里不算；要办再排一场。",
    )

    def act(_typed: Any) -> None:
        actions.cancel_event(ref, by=request.actor)

    return answered(request, sheet, Nothing(request.POST or None), act, said="记下了，这场不办了。")


def _planned(request: Request, ref: str) -> Event:
    found = queries.event(request.actor, ref)
    if found.state != "planned" and request.method == "GET":
        raise Refused(NOT_FOUND)
    return found
