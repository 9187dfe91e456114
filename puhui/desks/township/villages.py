"""The deputy's villages and people: re-checks by phone, a village without a specialist reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse

from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import Sheet, answered, shown
from puhui.desks.shared.typed import Pick, Words
from puhui.desks.township.chrome import DESK
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions, queries
from puhui.market.terms import RecheckOutcome
from puhui.parties import queries as parties

BACK = "list=people"


class Recheck(forms.Form):
    """What the person said of the request."""

    outcome = Pick("本人怎么说", RecheckOutcome.choices)
    money = Pick("有没有人收钱、收礼？", [("no", "没有"), ("yes", "有（交县里单独立件）")])
    words = Words(
        "说明",
        300,
        rows=2,
        required=False,
        optional="不是本人的、有人收钱的必须写",
        help_text="照群众的话写。",
    )


class Vacancy(forms.Form):
    words = Words("想推谁、为什么空着", 300, rows=2, required=False)


def _sheet(request: Request, ref: str, **more: Any) -> Sheet:
    one = queries.recheck(request.actor, ref)
    return DESK.sheet(
        request,
        "打电话核实代办",
        "记下",
        DESK.url("desk", query=BACK),
        subject=f"{one.demand_ref} {one.village} · {one.helper_masked} 帮着填的",
        before="township/recheck_call.html",
        more={"one": one, "action": DESK.url("recheck", ref), **more},
    )


@page(queries.township_lists, queries.recheck, actions.view_phone, methods=("POST",))
def recheck_phone(request: Request, ref: str) -> HttpResponse:
    """/township/rechecks/<ref>/phone: the number on a tap that the applicant sees, and what to ask."""
    one = queries.recheck(request.actor, ref)
    try:
        contact = actions.view_phone(one.demand_ref, by=request.actor)
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise
        sheet, status = _sheet(request, ref), refused.reason.status
        return shown(request, sheet, Recheck(), sentence=refused.sentence, status=status)
    response = shown(request, _sheet(request, ref, contact=contact), Recheck())
    response["Cache-Control"] = "private, no-store"
    return response


@page(queries.township_lists, actions.record_recheck, queries.recheck, methods=("GET", "POST"))
def recheck(request: Request, ref: str) -> HttpResponse:
    """/township/rechecks/<ref>"""

    def act(typed: Mapping[str, Any]) -> None:
        actions.record_recheck(
            ref,
            typed["outcome"],
            words=typed["words"],
            money_taken=typed["money"] == "yes",
            by=request.actor,
        )

    form = Recheck(request.POST or None)
    return answered(request, _sheet(request, ref), form, act, said="记下了。")


@page(actions.report_vacancy, methods=("GET", "POST"))
def vacancy(request: Request, village: str) -> HttpResponse:
    """/township/villages/<village>/vacancy"""
    if not village.isdigit():
        raise Refused(NOT_FOUND)
    place = parties.division(request.actor, village)
    if place.township_code not in request.actor.areas:
        raise Refused(NOT_FOUND)
    sheet = DESK.sheet(
        request,
        "报补人",
        "报给县里",
        DESK.url("desk", query=BACK),
        subject=f"{place.short_name} 没有金融专员",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.report_vacancy(village, typed["words"], by=request.actor)

    form = Vacancy(request.POST or None)
    return answered(request, sheet, form, act, said="报给县里了，补上人这一条自己去掉。")
