"""The deputy's cases: all of them, one of them, what can be done."""

from __future__ import annotations

from django.http import HttpResponse

from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.watching import case_pages, case_table, ledger
from puhui.desks.township.chrome import DESK
from puhui.market import actions, queries


@page(queries.township_lists, queries.cases)
def cases(request: Request) -> HttpResponse:
    """/township/cases/"""
    return case_table.cases(request, DESK)


@page(queries.township_lists, queries.cases, methods=("POST",))
def find(request: Request) -> HttpResponse:
    """/township/find"""
    return case_table.find(request, DESK)


@page(queries.township_lists, queries.supervision_ledger)
def supervision(request: Request) -> HttpResponse:
    """/township/supervision/: what the county asked of banks in the deputy's own cases."""
    return ledger.ledger(request, DESK)


@page(queries.township_lists, queries.watched_case, queries.timeline)
def case(request: Request, ref: str) -> HttpResponse:
    """/township/cases/<ref>/"""
    return case_pages.case(
        request,
        DESK,
        ref,
        hides=True,
        may_act=True,
        may_nudge=True,
        may_keep=True,
        **case_pages.addresses(DESK),
    )


@page(queries.township_lists, actions.view_phone, methods=("POST",))
def phone(request: Request, ref: str) -> HttpResponse:
    """/township/cases/<ref>/phone"""
    return case_pages.phone(request, DESK, ref)


@page(queries.township_lists, actions.add_note, methods=("GET", "POST"))
def note(request: Request, ref: str) -> HttpResponse:
    """/township/cases/<ref>/note"""
    return case_pages.note(request, DESK, ref)


@page(queries.township_lists, actions.close_follow_up, methods=("GET", "POST"))
def where_to(request: Request, ref: str, follow_up: str) -> HttpResponse:
    """/township/cases/<ref>/follow-ups/<follow_up>"""
    return case_pages.where_to(request, DESK, ref, follow_up)


@page(queries.township_lists, actions.nudge, methods=("POST",))
def nudge(request: Request, ref: str, engagement: str) -> HttpResponse:
    """/township/cases/<ref>/engagements/<engagement>/nudge"""
    return case_pages.nudge(request, DESK, ref, engagement)


@page(queries.township_lists, actions.keep_all_unreached, methods=("GET", "POST"))
def keep_all(request: Request, ref: str) -> HttpResponse:
    """/township/cases/<ref>/keep-all"""
    return case_pages.keep_all(request, DESK, ref)
