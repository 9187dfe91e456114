"""Where a page leads next, when a form or an address says so."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme

from puhui.desks.shared.gate import Request


def way_back(request: Request, otherwise: str) -> str:
    """The page that `next` names if it is one of ours, else `otherwise`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else otherwise
