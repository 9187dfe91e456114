"""The cookie of a session, and from which address somebody asks."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from puhui.desks.shared.gate import SESSION_COOKIE

STAFF_HOURS = 12


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


def drop_session(response: HttpResponse) -> None:
    response.delete_cookie(SESSION_COOKIE, samesite="Lax")


def address_of(request: HttpRequest) -> str:
    """The address that limits count by (config.middleware.caller)."""
    return str(request.META.get("REMOTE_ADDR", ""))
