"""按我的需求挑: every product judged in words against what the reader wants."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from puhui.catalogue import queries as catalogue
from puhui.catalogue.terms import SECURITY_WORDS, Match, Verdict
from puhui.desks.public import wishes
from puhui.desks.public.product_view import wan_typed
from puhui.desks.shared.gate import Request, page
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now

MOST_SHOWN = 30


@page(catalogue.matches)
def fit(request: Request) -> HttpResponse:
    """What fits, what nearly fits, what does not, and why; nobody pays for a place."""
    form = wishes.typed(request.GET, local_date(database_now()))
    wish = None if form.amount_error else wishes.known(request)
    found = catalogue.matches(request.actor, wish) if wish else []
    context = {
        "form": form,
        "picks": wishes.picks(form),
        "securities": [(c, w, c in form.securities) for c, w in SECURITY_WORDS.items()],
        "wish": wish,
        "wanted": wan_typed(wish.amount_fen) if wish and wish.amount_fen else "",
        "groups": [_group(found, one) for one in Verdict] if wish else [],
    }
    return render(request, "public/fit.html", context, status=422 if form.amount_error else 200)


def _group(found: list[Match], verdict: Verdict) -> dict[str, object]:
    rows = [one for one in found if one.verdict == verdict]
    return {
        "title": verdict.label,
        "code": verdict.value,
        "is_open": verdict is Verdict.NOT and len(rows) == len(found),
        "all": len(rows),
        "rows": rows[:MOST_SHOWN],
    }
