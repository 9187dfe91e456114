"""What has been typed so far: kept on the server under a token that only this browser holds."""

from __future__ import annotations

import functools
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from puhui.desks.shared.drafts import DRAFT_COOKIE, token_of
from puhui.desks.shared.gate import Request, View
from puhui.kernel.crypto import new_token
from puhui.market import actions as market
from puhui.market import queries as asking

SEVEN_DAYS = 7 * 86_400
LONGEST_ANSWER = 400
"""Characters of one answer that are kept; more than any rule allows, so that rules can judge."""

Answers = dict[str, Any]


def kept(request: Request) -> Answers:
    """What this browser has typed."""
    return asking.kept_draft(request.actor, token_of(request))


def keep(request: Request, response: HttpResponse, answers: Answers) -> HttpResponse:
    """Keep answers on the server and the token in the browser."""
    token = token_of(request) or new_token()
    market.keep_draft(token, answers, by=request.actor)
    response.set_cookie(
        DRAFT_COOKIE,
        token,
        max_age=SEVEN_DAYS,
        httponly=True,
        samesite="Lax",
        secure=settings.PUHUI_COOKIE_SECURE,
    )
    return response


def drop(request: Request, response: HttpResponse) -> None:
    """Forget what was typed, here and there."""
    if token := token_of(request):
        market.drop_draft(token, by=request.actor)
        response.delete_cookie(DRAFT_COOKIE, samesite="Lax")


def typed(request: Request, *names: str) -> Answers:
    """The named answers of this form as typed, cut to a length that rules can judge."""
    return {name: request.POST.get(name, "").strip()[:LONGEST_ANSWER] for name in names}


def ticked(request: Request, name: str) -> list[str]:
    """All values of a group of boxes."""
    return [value[:LONGEST_ANSWER] for value in request.POST.getlist(name)][:20]


def scripted(view: View) -> View:
    """With scripts the page posts by itself: a redirect becomes the address in `X-Next`, so that a
    network that drops leaves the page and everything typed on it where they are."""

    @functools.wraps(view)
    def answer(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.headers.get("X-Part") == "next" and response.status_code == HTTPStatus.FOUND:
            response.status_code = HTTPStatus.NO_CONTENT
            response["X-Next"] = response["Location"]
            del response["Location"]
        return response

    return answer
