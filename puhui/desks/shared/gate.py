"""The gate before every page: who asks, whether the duty may, and what a refusal looks like."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, reverse
from django.utils.http import urlencode

from puhui.access import queries as access
from puhui.kernel.actor import ANYONE, STAFF, Actor, NotAllowed, Policy, Via, policy_of
from puhui.kernel.command import NOT_FOUND, Refused

SESSION_COOKIE = "puhui_session"
CARE_COOKIE = "puhui_care"


class Request(HttpRequest):
    """A request as pages see it, with its actor."""

    actor: Actor
    htmx: Any


View = Callable[..., HttpResponse]


def actor_of(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: find the actor of the session cookie; without one, anyone."""

    def answer(request: HttpRequest) -> HttpResponse:
        token = request.COOKIES.get(SESSION_COOKIE, "")
        asked = cast(Request, request)
        asked.actor = access.actor_of_session(token, Via.PAGE) if token else ANYONE
        return get_response(request)

    return answer


def page(*uses: Callable[..., Any], methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Declare a page by the actions and queries it uses; the first one's policy is its gate."""
    policies = tuple(policy_of(function) for function in uses)
    if not policies:
        raise RuntimeError("a page names the action or query that it shows")

    def declare(view: View) -> View:
        @functools.wraps(view)
        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            asked = cast(Request, request)
            if asked.method not in methods and not (asked.method == "HEAD" and "GET" in methods):
                return HttpResponseNotAllowed(methods)
            if not policies[0].allows(asked.actor):
                return _not_allowed(asked, policies[0])
            if _holds_nul(asked, kwargs):
                raise Http404
            try:
                return view(asked, *args, **kwargs)
            except NotAllowed as refused:
                if refused.signed_in:
                    raise Http404 from None
                return _not_allowed(asked, policies[0])
            except Refused as refused:
                return refusal(asked, refused)

        gate.policies = policies  # type: ignore[attr-defined]
        return gate

    return declare


def _holds_nul(request: Request, named: dict[str, Any]) -> bool:
    """Whether address, query or form hold what no column can: nobody types it, and no page has it."""
    sent = [text for form in (request.GET, request.POST) for row in form.lists() for text in row[1]]
    return any("\x00" in text for text in (*named.values(), *sent) if isinstance(text, str))


def _not_allowed(request: Request, policy: Policy) -> HttpResponse:
    """Sign-in for whoever is not signed in; for all others the page does not exist."""
    if request.actor.is_signed_in:
        raise Http404
    door = "staff-sign-in" if policy.roles <= STAFF else "sign-in"
    address = f"{reverse(door)}?{urlencode({'next': request.get_full_path()})}"
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return redirect(address)


def refusal(request: Request, refused: Refused) -> HttpResponse:
    """A refusal that no page handled itself: its sentence, and the way back."""
    if refused.reason == NOT_FOUND:
        raise Http404
    template = "shared/refusal.html"
    if getattr(request, "htmx", False):
        template = "shared/refusal_fragment.html"
    context = {"sentence": refused.sentence, "errors": refused.errors}
    response = render(request, template, context, status=refused.reason.status)
    response["Cache-Control"] = "private, no-store"
    return response


def unguarded_routes(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Names of routes whose view declares no policy; any of them keeps the program from starting."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from unguarded_routes(one.url_patterns)
            continue
        policies = getattr(one.callback, "policies", ())
        if not policies or not all(isinstance(policy, Policy) for policy in policies):
            yield str(one.name or one.pattern)


def require_policies(patterns: list[URLPattern | URLResolver]) -> None:
    """Refuse to start with a route that nobody guards (figure F2)."""
    missing = sorted(unguarded_routes(patterns))
    if missing:
        raise RuntimeError(f"routes without a policy: {', '.join(missing)}")
