"""Filling in for somebody of the village: the form, the page handed to them, the text message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.helping.flow import Flow, steps
from puhui.desks.shared.helping.forms import (
    PersonForm,
    RequestForm,
    answering_of,
    demand_of,
    registration_of,
)
from puhui.market import actions as market
from puhui.parties import queries as parties

BOTH = ("GET", "POST")
SAID = "短信发到尾号 {tail} 了。请他看手机，回 1 才算数。"
PAGES = ("village/form.html", "village/check.html", "/village/", SAID)
REQUEST = Flow("替人提需求", RequestForm, *PAGES)
REGISTRATION = Flow("只帮他登记", PersonForm, *PAGES)


@page(parties.own_villages, market.draft_for, methods=BOTH)
def request_for(request: Request) -> HttpResponse:
    """/village/request"""

    def act(typed: Mapping[str, Any]) -> None:
        market.draft_for(
            demand_of(typed),
            registration_of(typed),
            answering=answering_of(typed),
            by=request.actor,
        )

    return steps(request, REQUEST, act, tuple(parties.own_villages(request.actor)))


@page(parties.own_villages, market.register_for, methods=BOTH)
def registration_for(request: Request) -> HttpResponse:
    """/village/registration"""

    def act(typed: Mapping[str, Any]) -> None:
        market.register_for(registration_of(typed), answering=answering_of(typed), by=request.actor)

    return steps(request, REGISTRATION, act, tuple(parties.own_villages(request.actor)))
