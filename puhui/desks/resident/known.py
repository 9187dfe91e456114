"""Who is reading, as far as the session says; the session's own cookie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from puhui.desks.shared.gate import SESSION_COOKIE, Request
from puhui.kernel.actor import Role
from puhui.parties import queries as parties
from puhui.parties.subject_terms import Standing
from puhui.parties.terms import Applicant

THIRTY_DAYS = 30 * 86_400
FURTHER = "further_person"
"""The answer that says: for somebody of the family who is not registered yet (content.md K9)."""


def known_person(request: Request) -> Applicant | None:
    """The resident of the session; None before anybody on the phone is picked."""
    actor = request.actor
    if actor.role is not Role.RESIDENT or actor.person is None:
        return None
    return parties.applicant(actor)


def person_asking(request: Request, answers: Mapping[str, Any]) -> Applicant | None:
    """The person whom a request is for, unless it is for a further member of the family."""
    return None if answers.get(FURTHER) else known_person(request)


def known_enterprise(request: Request, answers: Mapping[str, Any]) -> Standing | None:
    """The enterprise that the request is for, while the reader may act for it."""
    ref = answers.get("enterprise", "")
    if not ref or person_asking(request, answers) is None:
        return None
    return next((one for one in parties.my_standings(request.actor) if one.ref == ref), None)


def keep_session(response: HttpResponse, token: str) -> HttpResponse:
    """Put the session's token into this browser for thirty days."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=THIRTY_DAYS,
        httponly=True,
        samesite="Lax",
        secure=settings.PUHUI_COOKIE_SECURE,
    )
    return response


def drop_session(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(SESSION_COOKIE, samesite="Lax")
    return response


def address_of(request: Request) -> str:
    """Where the request came from, for limits alone."""
    return str(request.META.get("REMOTE_ADDR", ""))
