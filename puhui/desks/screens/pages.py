"""A wall screen: bound to its device by a code, live, and nothing personal on it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render

from puhui.desks.screens.wall_view import context
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.qr import public_address, qr
from puhui.kernel.actor import Actor
from puhui.kernel.command import Refused
from puhui.oversight import actions, queries
from puhui.parties import queries as parties

SCREEN_COOKIE = "puhui_screen"
YEAR = 366 * 86_400


@page(actions.open_screen, methods=("GET", "POST"))
def opening(request: Request) -> HttpResponse:
    """/screens/: the code that the county issued binds this device."""
    typed = request.POST.get("code", request.GET.get("code", ""))[:40]
    if request.method != "POST":
        return render(request, "screens/opening.html", {"typed": typed})
    try:
        token = actions.open_screen(typed, by=request.actor)
    except Refused as refused:
        found = {"typed": typed, "sentence": refused.sentence}
        return render(request, "screens/opening.html", found, status=refused.reason.status)
    return with_screen(redirect("wall"), token)


def with_screen(response: HttpResponse, token: str) -> HttpResponse:
    """The device keeps the screen's token; scripts cannot read it."""
    response.set_cookie(
        SCREEN_COOKIE,
        token,
        max_age=YEAR,
        httponly=True,
        secure=settings.PUHUI_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@page(queries.screen_actor, queries.wall)
def wall(request: Request) -> HttpResponse:
    """/screens/wall"""
    return _shown(request, "screens/wall.html")


@page(queries.screen_actor, queries.wall)
def wall_part(request: Request) -> HttpResponse:
    """/screens/wall/part: what changes, for the screen that is already up."""
    return _shown(request, "screens/wall_part.html")


def _shown(request: Request, template: str) -> HttpResponse:
    try:
        asker = _asker(request)
    except Refused as refused:
        found = {"sentence": refused.sentence}
        return render(request, "screens/opening.html", found, status=refused.reason.status)
    return render(request, template, _context(request, asker))


def _asker(request: Request) -> Actor:
    """County staff as themselves; any other device as the screen that it is."""
    if queries.wall.policy.allows(request.actor):  # type: ignore[attr-defined]
        return request.actor
    return queries.screen_actor(request.actor, request.COOKIES.get(SCREEN_COOKIE, ""))


def _context(request: Request, asker: Actor) -> dict[str, Any]:
    home = public_address("/", request.get_host())
    name = parties.county(asker).short_name
    is_staff = asker.is_county or asker is request.actor
    return {**context(queries.wall(asker), name, is_staff=is_staff), "qr": qr(home)}
