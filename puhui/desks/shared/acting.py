"""For whom the reader acts: themselves, or an enterprise chosen after sign-in; kept in this browser."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

from puhui.desks.shared.gate import Request
from puhui.kernel.actor import Role
from puhui.parties import queries as parties
from puhui.parties.subject_terms import Standing

FOR_COOKIE = "puhui_for"
THIRTY_DAYS = 30 * 86_400


def chosen(request: Request, standings: list[Standing] | None = None) -> Standing | None:
    """The enterprise chosen in this browser, while the reader may still act for it; None: oneself."""
    ref = request.COOKIES.get(FOR_COOKIE, "")[:20]
    if not ref or request.actor.role is not Role.RESIDENT or request.actor.person is None:
        return None
    found = parties.my_standings(request.actor) if standings is None else standings
    return next((one for one in found if one.ref == ref), None)


def choose(response: HttpResponse, ref: str) -> HttpResponse:
    """Keep the choice; an empty reference is oneself. It opens nothing: rights are asked each time."""
    if not ref:
        response.delete_cookie(FOR_COOKIE, samesite="Lax")
        return response
    response.set_cookie(
        FOR_COOKIE,
        ref,
        max_age=THIRTY_DAYS,
        httponly=True,
        samesite="Lax",
        secure=settings.PUHUI_COOKIE_SECURE,
    )
    return response
