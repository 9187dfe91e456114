"""One's own account: phone, password, second factor, device, and where one is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from puhui.access import actions as access
from puhui.access import queries
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import Sheet, answered, desk_page, done, sent
from puhui.desks.staff.forms import FirstCode, NewPassword, Secret
from puhui.desks.staff.sign_in import DESKS
from puhui.kernel.actor import Role
from puhui.kernel.clock import moment_text
from puhui.kernel.command import database_now
from puhui.parties import queries as parties

BACK = "/staff/account"
VIA = {"page": "网页", "rest": "接口", "sms": "短信", "program": "程序"}
PASSWORD = Sheet(
    title="换密码",
    verb="换密码",
    back=BACK,
    layout="staff/base.html",
    warning="换好后，别处的登录都会退出。",
)
RENEW = Sheet(
    title="换手机绑定动态码",
    verb="解绑，去绑新的",
    back=BACK,
    layout="staff/base.html",
    warning="解绑后马上要绑新的，绑好之前什么也办不了；别处的登录都会退出。手机丢了、没有旧的动态码，请县管理员重置。",
)


class Renew(FirstCode):
    """The password and a code of the phone that is still bound."""

    field_order = ("password", "totp")
    password = Secret("密码", "current-password", empty="请填密码。")


@page(queries.own_account)
def account(request: Request) -> HttpResponse:
    """/staff/account"""
    actor, now = request.actor, database_now()
    own, card = queries.own_account(actor), parties.staff_card(actor, actor.ref)
    context = {
        "own": own,
        "phone": f"{card.phone[:3]}****{card.phone[-4:]}"
        if len(card.phone) == 11
        else "还没有登记",
        "name": card.name_masked,
        "is_village": actor.role is Role.VILLAGE_COMMISSIONER,
        "password_at": moment_text(own.password_set_at, now=now),
        "sessions": [
            {
                "one": one,
                "via": VIA.get(one.via, one.via),
                "at": moment_text(one.created_at, now=now),
                "until": moment_text(one.expires_at, now=now),
            }
            for one in own.sessions
        ],
        "home": DESKS.get(actor.role, "/"),
        "now": now,
    }
    return desk_page(request, "staff/account.html", context)


@page(access.renew_totp, methods=("GET", "POST"))
def password(request: Request) -> HttpResponse:
    """/staff/account/password"""

    def change(typed: Mapping[str, Any]) -> None:
        access.change_password(typed["old"], typed["new"], by=request.actor)

    return answered(request, PASSWORD, NewPassword(sent(request)), change, said="密码换好了。")


@page(access.renew_totp, methods=("GET", "POST"))
def renew(request: Request) -> HttpResponse:
    """/staff/account/second-factor"""

    def drop(typed: Mapping[str, Any]) -> None:
        access.renew_totp(typed["password"], typed["totp"], by=request.actor)

    to = reverse("staff-second-factor")
    return answered(request, RENEW, Renew(sent(request)), drop, said="解绑了，请绑新的。", to=to)


@page(access.sign_out_elsewhere, methods=("POST",))
def elsewhere(request: Request) -> HttpResponse:
    """/staff/account/elsewhere: end every other session."""
    ended = access.sign_out_elsewhere(by=request.actor)
    return done(request, f"别处的 {ended} 个登录都退出了。" if ended else "别处没有登录。", BACK)


@page(access.end_session, methods=("POST",))
def end(request: Request, session: UUID) -> HttpResponse:
    """/staff/account/sessions/<session>/end"""
    access.end_session(session, by=request.actor)
    if session == request.actor.session:
        return redirect("staff-sign-in")
    return done(request, "那一处退出了。", BACK)
