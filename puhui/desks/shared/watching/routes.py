"""Addresses of pages that two desks share: one table of them, each page bound to its desk."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.watching.desk import WatchingDesk

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Route:
    """One shared page: its address and name beneath a desk, what draws it, what it uses."""

    address: str
    name: str
    view: Callable[..., HttpResponse]
    uses: tuple[Callable[..., Any], ...]
    methods: tuple[str, ...] = GET


def routes_of(
    desk: WatchingDesk, routes: Iterable[Route], *gate: Callable[..., Any]
) -> list[URLPattern]:
    """These pages at this desk, named `<desk>-<page>`. `gate`: what lets somebody in before the
    page's own uses."""
    return [
        path(one.address, _bound(desk, one, gate), name=f"{desk.name}-{one.name}") for one in routes
    ]


def _bound(
    desk: WatchingDesk, route: Route, gate: tuple[Callable[..., Any], ...]
) -> Callable[..., HttpResponse]:
    @page(*gate, *route.uses, methods=route.methods)
    @functools.wraps(route.view)
    def shown(request: Request, **named: Any) -> HttpResponse:
        return route.view(request, desk, **named)

    return shown
