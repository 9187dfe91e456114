"""Staff sign in with login, password and the second factor; out again; light or dark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from puhui.access import actions as access
from puhui.access.terms import SignedIn
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sessions import STAFF_HOURS, address_of, drop_session, keep_session
from puhui.desks.shared.sheets import Sheet, refused_with, sent, shown
from puhui.desks.shared.ways import way_back
from puhui.desks.staff.forms import SignIn
from puhui.kernel.actor import Role, Via
from puhui.kernel.command import Refused
from puhui.parties import queries as parties

THEME_COOKIE = "puhui_theme"
A_YEAR = 365 * 24 * 3600
DESKS = {
    Role.LOAN_OFFICER: "/bank/",
    Role.BANK_ADMIN: "/bank/",
    Role.TOWNSHIP_ADMIN: "/township/",
    Role.COUNTY_SUPERVISOR: "/county/",
    Role.COUNTY_ADMIN: "/county/",
    Role.AUDITOR: "/county/",
    Role.VILLAGE_COMMISSIONER: "/village/",
}
SHEET = Sheet(
    title="工作人员登录",
    verb="登录",
    back="",
    layout="staff/base.html",
    after="staff/sign_in_more.html",
)


@page(access.sign_in_staff, methods=("GET", "POST"))
def sign_in(request: Request) -> HttpResponse:
    """/staff/sign-in"""
    if request.actor.role in DESKS and request.method != "POST":
        return redirect(_wanted(request, request.actor.role))
    form = SignIn(sent(request))
    if request.method != "POST":
        return shown(request, SHEET, form)
    if not form.is_valid():
        return shown(request, SHEET, form, status=422)
    try:
        opened = _opened(request, form.cleaned_data)
    except Refused as refused:
        return refused_with(request, SHEET, form, refused)
    return entered(request, opened)


def _opened(request: Request, typed: Mapping[str, Any]) -> SignedIn:
    return access.sign_in_staff(
        typed["login"],
        typed["password"],
        typed["totp"],
        address=address_of(request),
        via=Via.PAGE,
        by=request.actor,
    )


def entered(request: Request, opened: SignedIn) -> HttpResponse:
    """Into the duty's desk, or the page that was asked for; the first time, put the account right."""
    to = reverse("staff-first") if opened.must_enrol else _wanted(request, opened.actor.role)
    response = redirect(to)
    keep_session(response, opened.token, hours=STAFF_HOURS)
    return response


def _wanted(request: Request, role: Role) -> str:
    home = DESKS.get(role, "/")
    wanted = way_back(request, home)
    return wanted if wanted.startswith(home) else home


@page(access.sign_out, methods=("POST",))
def sign_out(request: Request) -> HttpResponse:
    """/staff/sign-out"""
    access.sign_out(by=request.actor)
    response = redirect("staff-sign-in")
    drop_session(response)
    return response


@page(parties.county, methods=("POST",))
def theme(request: Request) -> HttpResponse:
    """/staff/theme: light or dark, remembered by the browser."""
    response = redirect(way_back(request, "/"))
    is_dark = request.POST.get("theme") == "dark"
    response.set_cookie(
        THEME_COOKIE, "dark" if is_dark else "light", max_age=A_YEAR, samesite="Lax", httponly=True
    )
    return response
