"""The cookie of a session, and from which address somebody asks."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from puhui.access.terms import SignedIn
from puhui.desks.shared.gate import SESSION_COOKIE

STAFF_HOURS = 12
RESIDENT_HOURS = 30 * 24
DEVICE_COOKIE = "puhui_known"
"""By it a phone's owner is told when somebody signs in on another device (content.md S24)."""
AS_LONG_AS_BROWSERS_KEEP = 400 * 86_400


def keep_session(response: HttpResponse, token: str, *, hours: int) -> None:
    """Let the browser keep a session; scripts cannot read it."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=hours * 3600,
        httponly=True,
        secure=settings.PUHUI_COOKIE_SECURE,
        samesite="Lax",
    )


def drop_session(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(SESSION_COOKIE, samesite="Lax")
    return response


def device_of(request: HttpRequest) -> str:
    """The token that this browser got when somebody first signed in on it."""
    return request.COOKIES.get(DEVICE_COOKIE, "")


def keep_device(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        DEVICE_COOKIE,
        token,
        max_age=AS_LONG_AS_BROWSERS_KEEP,
        httponly=True,
        secure=settings.PUHUI_COOKIE_SECURE,
        samesite="Lax",
    )


def keep_resident(response: HttpResponse, opened: SignedIn) -> HttpResponse:
    """Let the browser keep a resident's session, and that it is known to the phone."""
    keep_session(response, opened.token, hours=RESIDENT_HOURS)
    keep_device(response, opened.device_token)
    return response


def address_of(request: HttpRequest) -> str:
    """The address that limits count by (config.middleware.caller)."""
    return str(request.META.get("REMOTE_ADDR", ""))
