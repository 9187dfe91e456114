"""The monitoring centre's five lists: the page, its part that refreshes itself, what figures mean."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from puhui.desks.county.chrome import DESK
from puhui.desks.county.lists_view import PANELS, People, by_bank, head, panels
from puhui.desks.shared.gate import Request, page
from puhui.kernel.actor import Role
from puhui.market import actions, queries
from puhui.oversight.terms import DEFINITIONS
from puhui.parties import queries as parties
from puhui.parties.queries.administration import roster_turns
from puhui.parties.queries.watching import responsible_banks


@page(queries.county_lists)
def lists_page(request: Request) -> HttpResponse:
    """/county/"""
    return DESK.page(request, "county/desk.html", _context(request))


@page(queries.county_lists)
def lists_part(request: Request) -> HttpResponse:
    """/county/lists: the same lists, for the page that is already open."""
    return render(request, "county/lists.html", _context(request))


@page(queries.county_lists)
def definitions(request: Request) -> HttpResponse:
    """/county/definitions: what each figure counts, over what, as of when."""
    limits = queries.county_rules(request.actor).limits
    context = {"limits": limits, "definitions": DEFINITIONS.values()}
    return DESK.page(request, "county/definitions.html", context)


def _context(request: Request) -> dict[str, Any]:
    actor, wanted = request.actor, request.GET.get("list", "")
    lists = queries.county_lists(actor)
    office = actor.organisation_ref if actor.is_county else ""
    mine = roster_turns(actor, lists.now, lists.now, office) if office else []
    may_act = actions.log_supervision.policy.allows(actor)  # type: ignore[attr-defined]
    return {
        "now": lists.now,
        "head": head(lists, mine),
        "panels": panels(
            lists,
            _people(request, lists),
            responsible_banks(actor, [one.village_code for one in lists.unclaimed]),
        ),
        "may_act": may_act,
        "shown_list": wanted if wanted in PANELS else "overdue",
    }


def _people(request: Request, lists: queries.CountyLists) -> People:
    """Whom to phone, where there is a bank to phone."""
    if not (request.actor.is_county and lists.overdue):
        return People({}, {})
    officers = parties.officers_on_duty_everywhere(request.actor, lists.now)
    heads = parties.duty_holders(request.actor, Role.BANK_ADMIN, now=lists.now)
    return People(by_bank(officers), by_bank(heads))
