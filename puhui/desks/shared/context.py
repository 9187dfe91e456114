"""What every template knows: the county, whether this is a demo, the reader's large type."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from puhui.desks.shared.gate import CARE_COOKIE
from puhui.kernel.actor import ANYONE
from puhui.kernel.installation import is_demo
from puhui.parties import queries as parties


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The county's card, the demo mark, large type, and where live changes are heard."""
    host = request.get_host().rsplit(":", 1)[0]
    port = settings.PUHUI_STREAM_PORT
    return {
        "county": parties.county(ANYONE),
        "is_demo": is_demo(),
        "is_care": request.COOKIES.get(CARE_COOKIE) == "1",
        "actor": getattr(request, "actor", ANYONE),
        "stream_address": f"{request.scheme}://{host}:{port}/stream" if port else "/stream",
    }
