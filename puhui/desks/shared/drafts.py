"""The token of a request that somebody is filling in: only their browser holds it."""

from __future__ import annotations

from puhui.desks.shared.gate import Request

DRAFT_COOKIE = "puhui_draft"


def token_of(request: Request) -> str:
    return request.COOKIES.get(DRAFT_COOKIE, "")[:100]
