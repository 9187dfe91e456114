"""Where banks' months and the platform do not agree (content.md §3.3 ③)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from puhui.desks.county.chrome import DESK
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.return_words import difference_words
from puhui.market import actions, queries


@page(queries.sheet_differences)
def differences(request: Request) -> HttpResponse:
    """/county/returns/: what banks reported by month and the platform has otherwise."""
    rows = [
        (one, difference_words(one.kind, one.facts), _case(one))
        for one in queries.sheet_differences(request.actor)
    ]
    return DESK.page(request, "county/returns.html", {"rows": rows})


def _case(one: queries.OpenDifference) -> str:
    """Where its case stands; a row that the platform does not know has none."""
    return DESK.case(one.demand_ref) if one.demand_ref else ""


@page(actions.settle_difference, methods=("POST",))
def settle(request: Request, difference: UUID) -> HttpResponse:
    """/county/returns/<difference>/settle: asked and found out."""
    actions.settle_difference(difference, by=request.actor)
    return redirect("county-returns")
