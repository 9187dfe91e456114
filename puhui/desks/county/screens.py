"""The county's wall screens: issued with a code, put out at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from puhui.desks.county.chrome import DESK
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.qr import public_address
from puhui.desks.shared.sheets import answered, refused_with, shown
from puhui.desks.shared.typed import Words
from puhui.kernel.clock import minute_text, moment_text
from puhui.kernel.command import Refused, database_now
from puhui.oversight import actions, queries
from puhui.oversight.terms import ScreenCard

STATES = {
    "waiting": ("等设备输码", "soon"),
    "open": ("开着", "fine"),
    "revoked": ("停用了", ""),
}


class Name(forms.Form):
    """What a screen is called."""

    name = Words("屏的名字", 30, empty="给这块屏起个名。", help_text="比如“一楼大厅”。")


@page(queries.screens)
def screens(request: Request) -> HttpResponse:
    """/county/screens/"""
    now = database_now()
    rows = [_row(one, now) for one in queries.screens(request.actor)]
    may = actions.issue_screen.policy.allows(request.actor)  # type: ignore[attr-defined]
    return DESK.page(request, "county/screens.html", {"rows": rows, "may_edit": may, "now": now})


def _row(one: ScreenCard, now: datetime) -> dict[str, Any]:
    words, tone = STATES[one.state]
    if one.state == "waiting" and one.waits_until and one.waits_until <= now:
        words, tone = "码过时了，停用后再发", "late"
    return {
        "one": one,
        "state": words,
        "tone": tone,
        "issued": moment_text(one.created_at, now=now),
        "opened": moment_text(one.opened_at, now=now) if one.opened_at else "—",
    }


@page(actions.issue_screen, methods=("GET", "POST"))
def issue(request: Request) -> HttpResponse:
    """/county/screens/issue: the code is shown this once."""
    form = Name(request.POST or None)
    sheet = DESK.sheet(request, "发一块大屏", "发一个码", DESK.url("screens"))
    if request.method != "POST":
        return shown(request, sheet, form)
    if not form.is_valid():
        return shown(request, sheet, form, status=422)
    try:
        issued = actions.issue_screen(form.cleaned_data["name"], by=request.actor)
    except Refused as refused:
        return refused_with(request, sheet, form, refused)
    context = {
        "code": f"{issued.code[:5]} {issued.code[5:]}",
        "until": minute_text(issued.expires_at),
        "address": public_address(reverse("screen-opening"), request.get_host()),
        "name": form.cleaned_data["name"],
        "plain": issued.code,
        "is_part": request.htmx,
    }
    template = "county/screen_code.html" if request.htmx else "county/screen_code_page.html"
    return DESK.page(request, template, context)


@page(actions.revoke_screen, methods=("GET", "POST"))
def revoke(request: Request, ref: str) -> HttpResponse:
    """/county/screens/<ref>/revoke"""
    sheet = DESK.sheet(
        request,
        "停用这块屏",
        "停用",
        DESK.url("screens"),
        warning="那台设备马上看不到数了，收不回来；要再开，重新发一个码。",
    )

    def act(_typed: Any) -> None:
        actions.revoke_screen(ref, by=request.actor)

    return answered(request, sheet, forms.Form(request.POST or None), act, said="停用了。")
