"""Home, and the switch to large type."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from puhui.desks.public import place_texts
from puhui.desks.shared.context import county_of
from puhui.desks.shared.gate import CARE_COOKIE, Request, page
from puhui.kernel.actor import Role
from puhui.parties import queries as parties

A_YEAR = 31_536_000


@page(parties.county, parties.own_commissioner)
def home(request: Request) -> HttpResponse:
    """The big button, how far one has come, the eight places (content.md §1.0)."""
    is_known = request.actor.role is Role.RESIDENT
    context = {
        "tiles": place_texts.tiles(county_of(request)),
        "helper": parties.own_commissioner(request.actor) if is_known else None,
    }
    return render(request, "public/home.html", context)


@page(parties.county)
def care(request: Request, size: str) -> HttpResponse:
    """Large type on or off, remembered; back to where the reader was."""
    wanted = request.GET.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    response = redirect(wanted if is_ours and wanted.startswith("/") else "/")
    if size == "on":
        response.set_cookie(CARE_COOKIE, "1", max_age=A_YEAR, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(CARE_COOKIE, samesite="Lax")
    return response


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or not the reader's: the same words for both (F1)."""
    return render(request, "public/missing.html", status=404)
