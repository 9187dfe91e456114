"""The county's hotline: the operator fills in, reads it back, and the caller answers 1 (content.md §1.11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.helping.flow import Flow, steps
from puhui.desks.shared.helping.forms import (
    Agreed,
    RequestForm,
    answering_of,
    demand_of,
    registration_of,
)
from puhui.desks.shared.sheets import Sheet, answered, done, sent
from puhui.desks.shared.typed import Words
from puhui.desks.staff.slips import BACK, ask_township, villages_of
from puhui.market import actions as market
from puhui.parties import actions as registering

BOTH = ("GET", "POST")
HOTLINE = Flow(
    "打热线代办",
    RequestForm,
    "staff/help_form.html",
    "staff/help_check.html",
    BACK,
    "短信发到尾号 {tail} 了。请来电的人回 1，才发出去；24 小时没回就作废。",
    lead="请来电的人用自己的号码打进来。填完念一遍给他听，他说对，再发短信。",
    layout="staff/plain.html",
)
UNFREEZE = Sheet(
    title="解冻：本人当面来办",
    verb="登记，交第二个人核对",
    back=BACK,
    layout="staff/plain.html",
    subject="有人说“不是我提的”以后，用他名字的需求都停着。要解开，只能本人带身份证到镇上或县里来，两个人看过才行。",
)


class InPerson(forms.Form):
    """The card in hand, the person before one's eyes."""

    identity_number = Words("身份证号（对着证件）", 24, empty="请填身份证号。")
    in_person = Agreed("看过了", "本人当面来的，人和身份证对得上")


@page(market.draft_for, methods=BOTH)
def hotline(request: Request) -> HttpResponse:
    """/staff/hotline?township="""
    villages = villages_of(request)
    if not villages:
        return ask_township(request, HOTLINE)

    def act(typed: Mapping[str, Any]) -> None:
        market.draft_for(
            demand_of(typed),
            registration_of(typed),
            answering=answering_of(typed),
            by=request.actor,
        )

    return steps(request, HOTLINE, act, villages)


@page(market.cancel_help, methods=("POST",))
def cancel(request: Request, ref: str) -> HttpResponse:
    """/staff/help/<ref>/cancel"""
    market.cancel_help(ref, by=request.actor)
    return done(request, "作废了，没有发出去。", BACK)


@page(market.send_confirmation_again, methods=("POST",))
def again(request: Request, ref: str) -> HttpResponse:
    """/staff/help/<ref>/again"""
    market.send_confirmation_again(ref, by=request.actor)
    return done(request, "补发了一条短信。", BACK)


@page(registering.ask_unfreeze, methods=BOTH)
def unfreeze(request: Request) -> HttpResponse:
    """/staff/unfreeze: the first of two."""

    def act(typed: Mapping[str, Any]) -> None:
        registering.ask_unfreeze(
            typed["identity_number"], in_person=typed["in_person"], by=request.actor
        )

    said = "登记了，请另一位同志核对。"
    return answered(request, UNFREEZE, InPerson(sent(request)), act, said=said)


@page(registering.confirm_unfreeze, methods=("POST",))
def unfrozen(request: Request, pk: UUID) -> HttpResponse:
    """/staff/unfreeze/<id>: the second of two says yes or no."""
    is_granted = request.POST.get("answer") == "yes"
    registering.confirm_unfreeze(pk, is_granted=is_granted, by=request.actor)
    return done(request, "解开了，可以再提需求。" if is_granted else "没有解开。", BACK)
