"""Outreach at this desk: the pages are shared, the reach is the actor's."""

from __future__ import annotations

from django.http import HttpResponse

from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.outreach import pages
from puhui.desks.township.chrome import DESK
from puhui.market.queries import township_lists
from puhui.outreach import actions, queries


@page(township_lists, queries.events, queries.event_counts)
def events(request: Request) -> HttpResponse:
    """/township/outreach/"""
    return pages.events(request, DESK)


@page(township_lists, actions.plan_event, methods=("GET", "POST"))
def plan(request: Request) -> HttpResponse:
    """/township/outreach/plan"""
    return pages.plan(request, DESK)


@page(township_lists, actions.log_event, queries.event, methods=("GET", "POST"))
def log(request: Request, ref: str) -> HttpResponse:
    """/township/outreach/<ref>/log"""
    return pages.log(request, DESK, ref)


@page(township_lists, actions.cancel_event, queries.event, methods=("GET", "POST"))
def cancel(request: Request, ref: str) -> HttpResponse:
    """/township/outreach/<ref>/cancel"""
    return pages.cancel(request, DESK, ref)
