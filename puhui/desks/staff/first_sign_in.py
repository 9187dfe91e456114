"""The first sign-in: one's own password, and the second factor from a picture shown once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import segno
from django.http import HttpResponse
from django.utils.safestring import mark_safe

from puhui.access import actions as access
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import Sheet, answered, sent, shown
from puhui.desks.staff.forms import FirstCode, NewPassword

PASSWORD = Sheet(
    title="先换成您自己的密码",
    verb="换好了，下一步",
    back="",
    layout="staff/base.html",
    subject="第 1 步，共 2 步。现在的密码是县里给的，只用这一回。",
    after="staff/skip_password.html",
)
CODE = Sheet(
    title="绑定动态码",
    verb="绑定",
    back="",
    layout="staff/base.html",
    subject="第 2 步，共 2 步。以后每次登录要密码加动态码。",
    before="staff/picture.html",
)


@page(access.change_password, methods=("GET", "POST"))
def password(request: Request) -> HttpResponse:
    """/staff/first"""

    def change(typed: Mapping[str, Any]) -> None:
        access.change_password(typed["old"], typed["new"], by=request.actor)

    form = NewPassword(sent(request))
    return answered(request, PASSWORD, form, change, said="密码换好了。", to="/staff/second-factor")


@page(access.confirm_totp, methods=("GET", "POST"))
def second_factor(request: Request) -> HttpResponse:
    """/staff/second-factor"""

    def confirm(typed: Mapping[str, Any]) -> None:
        access.confirm_totp(typed["totp"], by=request.actor)

    form = FirstCode(sent(request))
    return answered(request, CODE, form, confirm, said="动态码绑定好了。", to="/staff/sign-in")


@page(access.enrol_totp, methods=("POST",))
def picture(request: Request) -> HttpResponse:
    """/staff/second-factor/picture: a new secret, shown once."""
    address = access.enrol_totp(by=request.actor)
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=2, light="#fff")
    secret = address.partition("secret=")[2].partition("&")[0]
    more = {
        "picture": mark_safe(drawn),  # noqa: S308 - drawn by segno from our own address
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "action": "/staff/second-factor",
    }
    return shown(request, replace(CODE, more=more), FirstCode())
