"""The county's hotline: the operator fills in, reads it back, and the caller answers 1 (content.md §1.11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from puhui.access import actions as access
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
from puhui.desks.shared.typed import Pick, Words
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


LOCK = Sheet(
    title="锁上、打开一个手机号的登录",
    verb="照办",
    back=BACK,
    layout="staff/plain.html",
    subject="有人说“不是我登录的”，先锁上：所有手机都退出来，验证码也进不去。本人要用了再打开。",
)


class OwnerAsks(forms.Form):
    """Whose phone it is, and what its owner wants."""

    phone = Words("手机号", 20, empty="请填手机号。")
    want = Pick("要做什么", (("lock", "锁上"), ("open", "打开")), empty="请选锁上还是打开。")
    is_owner = Agreed("核对过了", "他是用这个号码打来的，或者本人带身份证来了")

    def clean_is_owner(self) -> bool:
        if not self.cleaned_data["is_owner"]:
            raise forms.ValidationError("先核对是不是本人，再打勾。")
        return True


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


@page(access.lock_phone, access.open_phone, methods=BOTH)
def phone_lock(request: Request) -> HttpResponse:
    """/staff/phone-lock: for an owner who rang or came (content.md S24)."""
    act = {"lock": access.lock_phone, "open": access.open_phone}
    said = {"lock": "锁上了，已发短信告诉本人。", "open": "打开了，请本人重新登录。"}
    want = "open" if request.POST.get("want") == "open" else "lock"
    return answered(
        request,
        LOCK,
        OwnerAsks(sent(request)),
        lambda typed: act[want](typed["phone"], by=request.actor),
        said=said[want],
    )


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
