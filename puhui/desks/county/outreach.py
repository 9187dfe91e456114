"""Outreach at this desk: the pages are shared, the reach is the actor's."""

from __future__ import annotations

from django.http import HttpResponse

from puhui.desks.county.chrome import DESK
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.outreach import pages
from puhui.market.queries import county_lists
from puhui.outreach import actions, queries


@page(county_lists, queries.events, queries.event_counts)
def events(request: Request) -> HttpResponse:
    """/county/outreach/"""
    return pages.events(request, DESK)


@page(county_lists, actions.plan_event, methods=("GET", "POST"))
def plan(request: Request) -> HttpResponse:
    """/county/outreach/plan"""
    return pages.plan(request, DESK)


@page(county_lists, actions.log_event, queries.event, methods=("GET", "POST"))
def log(request: Request, ref: str) -> HttpResponse:
    """/county/outreach/<ref>/log"""
    return pages.log(request, DESK, ref)


@page(county_lists, actions.cancel_event, queries.event, methods=("GET", "POST"))
def cancel(request: Request, ref: str) -> HttpResponse:
    """/county/outreach/<ref>/cancel"""
    return pages.cancel(request, DESK, ref)
