"""What every template knows: the county, whether this is a demo, the reader's large type."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from puhui.desks.shared.gate import CARE_COOKIE
from puhui.kernel.actor import ANYONE, STAFF
from puhui.notices import queries as notices
from puhui.parties import queries as parties
from puhui.parties.terms import CountyCard


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The county's card, the demo mark, large type, and where live changes are heard."""
    host = request.get_host().rsplit(":", 1)[0]
    port = settings.PUHUI_STREAM_PORT
    county = county_of(request)
    return {
        "county": county,
        "is_demo": county.is_demo,
        "is_care": request.COOKIES.get(CARE_COOKIE) == "1",
        "actor": getattr(request, "actor", ANYONE),
        "staff_unread": lambda: _unread(request),
        "stream_address": f"{request.scheme}://{host}:{port}/stream" if port else "/stream",
    }


def county_of(request: HttpRequest) -> CountyCard:
    """The county's card, asked for once a request."""
    kept = vars(request)
    if "_county" not in kept:
        kept["_county"] = parties.county(ANYONE)
    return kept["_county"]  # type: ignore[no-any-return]


def _unread(request: HttpRequest) -> int:
    """Lines of the inbox that a member of staff has not read; asked only where a page shows it."""
    actor = getattr(request, "actor", ANYONE)
    return notices.unread(actor) if actor.role in STAFF else 0
