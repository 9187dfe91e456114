"""What an applicant says of their own accord: I am ready, let us talk again, look at it again."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from puhui.desks.shared.gate import Request, page
from puhui.market import actions as market


@page(market.say_ready, methods=("POST",))
def ready(request: Request, ref: str, engagement: str) -> HttpResponse:
    """What the bank waited for is there: the days go on."""
    market.say_ready(engagement, by=request.actor)
    return redirect(f"/my/{ref}/?said=ready-yes")
