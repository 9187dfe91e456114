"""A village commissioner signs in by a code to the phone, on the phone that is bound."""

from __future__ import annotations

from django.http import HttpResponse

from puhui.access import actions as access
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sessions import address_of
from puhui.desks.shared.sheets import Sheet, refused_with, sent, shown
from puhui.desks.staff.forms import Phone, PhoneCode
from puhui.desks.staff.sign_in import A_YEAR, entered
from puhui.kernel.actor import Via
from puhui.kernel.command import Refused

DEVICE_COOKIE = "puhui_device"
ASK = Sheet(
    title="村金融专员登录",
    verb="发验证码",
    back="/staff/sign-in",
    layout="staff/base.html",
    subject="验证码发到您在县里登记的手机上。",
)
ENTER = Sheet(
    title="填验证码",
    verb="登录",
    back="/staff/village",
    layout="staff/base.html",
    more={"action": "/staff/village/code"},
)


@page(access.request_sign_in_code, methods=("GET", "POST"))
def ask_code(request: Request) -> HttpResponse:
    """/staff/village"""
    form = Phone(sent(request))
    if request.method != "POST" or not form.is_valid():
        return shown(request, ASK, form, status=422 if form.errors else 200)
    phone = form.cleaned_data["phone"]
    try:
        access.request_sign_in_code(phone, address=address_of(request), by=request.actor)
    except Refused as refused:
        return refused_with(request, ASK, form, refused)
    return shown(request, ENTER, PhoneCode(initial={"phone": phone}))


@page(access.sign_in_commissioner, methods=("POST",))
def enter_code(request: Request) -> HttpResponse:
    """/staff/village/code"""
    form = PhoneCode(request.POST)
    if not form.is_valid():
        return shown(request, ENTER, form, status=422)
    typed = form.cleaned_data
    try:
        opened = access.sign_in_commissioner(
            typed["phone"],
            typed["code"],
            device_token=request.COOKIES.get(DEVICE_COOKIE, ""),
            binding_code=typed["binding_code"],
            address=address_of(request),
            via=Via.PAGE,
            by=request.actor,
        )
    except Refused as refused:
        return refused_with(request, ENTER, form, refused)
    response = entered(request, opened)
    if opened.device_token:
        response.set_cookie(
            DEVICE_COOKIE,
            opened.device_token,
            max_age=A_YEAR,
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
    return response
