"""A registered resident found by name: for whoever comes to the county without number or phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from puhui.desks.county.chrome import DESK
from puhui.desks.county.people.organisations import towns
from puhui.desks.county.people.words import page, picked
from puhui.desks.shared import gate
from puhui.desks.shared.gate import Request
from puhui.desks.shared.searching import is_reference
from puhui.desks.shared.watching import case_table
from puhui.desks.shared.watching.words import DEMAND_STATES
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused
from puhui.market import queries as market
from puhui.market.queries.of_people import OwnCase, cases_of_people
from puhui.parties import actions
from puhui.parties.queries.names import Found, NamesFound

TAB = "county-people-residents"


class Sought(forms.Form):
    """A name and, of many of that name, their township."""

    q = forms.CharField(max_length=40, required=False)
    township = forms.CharField(max_length=12, required=False)


@gate.page(actions.find_residents, cases_of_people, methods=("GET", "POST"))
def residents(request: Request) -> HttpResponse:
    """/county/people/residents/: what is typed is posted, whom it found is journalled."""
    form = Sought(request.POST)
    form.is_valid()
    words, township = (form.cleaned_data.get(name, "").strip() for name in ("q", "township"))
    context: dict[str, Any] = {
        "words": words,
        "towns": picked(towns(request.actor), township, "全县"),
        "is_sought": request.method == "POST",
    }
    status = 200
    if request.method == "POST":
        try:
            context |= _found(request, words, township)
        except Refused as refused:
            context["sentence"], status = refused.sentence, refused.reason.status
    response = page(request, "county/people/residents.html", TAB, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _found(request: Request, words: str, township: str) -> dict[str, Any]:
    found: NamesFound = actions.find_residents(words, township=township, by=request.actor)
    cases = cases_of_people(request.actor, [one.id for one in found.people])
    return {"people": [_row(one, cases) for one in found.people], "is_cut": found.is_cut}


def _row(one: Found, cases: dict[UUID, tuple[int, tuple[OwnCase, ...]]]) -> dict[str, Any]:
    count, newest = cases.get(one.id, (0, ()))
    return {
        "one": one,
        "more": count - len(newest),
        "cases": [
            {
                "ref": case.ref,
                "address": DESK.case(case.ref),
                "state": DEMAND_STATES.get(case.state, case.state),
                "on": f"{local_date(case.published_at):%Y-%m-%d}",
            }
            for case in newest
        ],
    }


@gate.page(market.county_lists, market.cases, actions.find_residents, methods=("POST",))
def find(request: Request) -> HttpResponse:
    """/county/find: the bar takes a case's number, or a name where the duty may look one up."""
    words = request.POST.get("q", "").strip()
    may_seek = actions.find_residents.policy.allows(request.actor)  # type: ignore[attr-defined]
    if words and not is_reference(words) and may_seek:
        return residents(request)
    return case_table.find(request, DESK)
