"""Money that was taken: the county's own cases. No bank and no township has a page for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from puhui.desks.county import survey_forms as forms
from puhui.desks.county.chrome import DESK
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import Sheet, answered
from puhui.desks.shared.watching.case_pages import subject
from puhui.desks.shared.watching.words import at_words
from puhui.kernel.actor import COUNTY, Actor
from puhui.kernel.command import database_now
from puhui.market import actions, queries
from puhui.market.queries import IntegrityView
from puhui.market.terms import IntegrityFinding, Office, ReportSource
from puhui.parties.queries.watching import people_named

STATES = {"open": "没转出去", "handed_over": "转出去了", "closed": "了结了"}
STEPS = {"said": "群众说", "note": "记事", "handed_over": "转给", "closed": "了结"}
WHERE = {**dict(Office.choices), **dict(IntegrityFinding.choices), **dict(ReportSource.choices)}


@page(queries.integrity_cases)
def cases(request: Request) -> HttpResponse:
    """/county/integrity/"""
    wanted = request.GET.get("state", "")
    state = wanted if wanted in STATES else ""
    now = database_now()
    rows = [_view(one, now, {}) for one in queries.integrity_cases(request.actor, state=state)]
    context = {"rows": rows, "states": STATES.items(), "state": state, "now": now}
    return DESK.page(request, "county/integrity.html", context)


@page(queries.integrity_case)
def case(request: Request, ref: str) -> HttpResponse:
    """/county/integrity/<ref>/"""
    found, now = queries.integrity_case(request.actor, ref), database_now()
    names = people_named(request.actor, {step.by_ref for step in found.steps})
    context = {
        "view": _view(found, now, names),
        "may_act": request.actor.role in COUNTY,
        "now": now,
    }
    return DESK.page(request, "county/integrity_case.html", context)


def _view(one: IntegrityView, now: Any, names: Mapping[str, str]) -> dict[str, Any]:
    is_late = one.state == "open" and one.due_at < now
    return {
        "one": one,
        "address": DESK.url("integrity-case", one.ref),
        "demand": DESK.case(one.demand_ref) if one.demand_ref and not one.is_void_draft else "",
        "what": "名字被冒用" if one.source == ReportSource.NOT_ME else "有人收钱",
        "source": ReportSource(one.source).label,
        "state": STATES[one.state],
        "tone": "late" if one.state == "open" else "soon" if one.state == "handed_over" else "fine",
        "opened": at_words(one.opened_at, now),
        "due": at_words(one.due_at, now),
        "is_late": is_late,
        "handed": f"{WHERE[one.handed_to]}，{at_words(one.handed_at, now)}"
        if one.handed_at
        else "",
        "finding": WHERE.get(one.finding, ""),
        "steps": [
            {
                "at": at_words(step.at, now),
                "kind": STEPS[step.kind],
                "where": WHERE.get(step.source, ""),
                "who": "本人" if step.role == "resident" else names.get(step.by_ref, ""),
                "receiver": step.receiver,
                "words": step.words,
            }
            for step in one.steps
        ],
    }


def _sheet(request: Request, ref: str, title: str, verb: str, **more: Any) -> Sheet:
    one = queries.integrity_case(request.actor, ref)
    bank = f" · {one.bank_name}" if one.bank_name else ""
    back = DESK.url("integrity-case", ref)
    return DESK.sheet(
        request, title, verb, back, subject=f"件 {ref} · {one.demand_ref}{bank}", **more
    )


@page(actions.hand_over_integrity, queries.integrity_case, methods=("GET", "POST"))
def hand(request: Request, ref: str) -> HttpResponse:
    """/county/integrity/<ref>/hand: to 纪检监察 or 公安, with a record."""
    sheet = _sheet(
        request,
        ref,
        "转纪检监察/公安",
        "已经转了，记下",
        warning="先把件交过去，再在这里记。记下以后改不了，红色的那一条就去掉。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.hand_over_integrity(
            ref, typed["office"], typed["receiver"], words=typed["words"], by=request.actor
        )

    form = forms.HandOver(request.POST or None)
    return answered(request, sheet, form, act, said="记下了，这件转出去了。")


@page(actions.note_integrity, queries.integrity_case, methods=("GET", "POST"))
def note(request: Request, ref: str) -> HttpResponse:
    """/county/integrity/<ref>/note"""

    def act(typed: Mapping[str, Any]) -> None:
        actions.note_integrity(ref, typed["words"], by=request.actor)

    sheet = _sheet(request, ref, "记一笔", "记下", makes_new=True)
    return answered(request, sheet, forms.Said(request.POST or None), act, said="记下了。")


@page(actions.close_integrity, queries.integrity_case, methods=("GET", "POST"))
def close(request: Request, ref: str) -> HttpResponse:
    """/county/integrity/<ref>/close"""
    sheet = _sheet(request, ref, "了结这一件", "了结", warning="了结以后改不了，记录都留着。")

    def act(typed: Mapping[str, Any]) -> None:
        actions.close_integrity(ref, typed["finding"], typed["words"], by=request.actor)

    return answered(request, sheet, forms.Close(request.POST or None), act, said="这一件了结了。")


@page(queries.county_lists, actions.report_money_taken, methods=("GET", "POST"))
def report(request: Request, ref: str) -> HttpResponse:
    """/county/cases/<ref>/money: somebody told the county that money was taken."""
    found = queries.watched_case(request.actor, ref)
    banks = [(one.ref, one.bank_name) for one in found.engagements]
    form = forms.Report(banks, request.POST or None)
    sheet = DESK.sheet(
        request,
        "有人收钱：立件",
        "立件，今天办",
        DESK.case(ref),
        subject=subject(found),
        warning="立了件就删不了。当事银行和镇里都看不到。",
        makes_new=True,
    )

    def act(typed: Mapping[str, Any]) -> None:
        _report(ref, typed, request.actor)

    return answered(request, sheet, form, act, said="立件了，今天办。")


def _report(ref: str, typed: Mapping[str, Any], actor: Actor) -> None:
    actions.report_money_taken(
        ref, typed["words"], engagement_ref=typed["engagement"] or "", by=actor
    )
