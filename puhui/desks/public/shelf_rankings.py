"""The two rankings, with their definitions and what stands behind each number."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from puhui.catalogue import queries as catalogue
from puhui.desks.shared.gate import Request, page
from puhui.kernel.clock import day_text, local_date
from puhui.kernel.command import database_now
from puhui.kernel.money import wan_text
from puhui.market import queries as market

PLACES = 10


@page(catalogue.popular_products, market.product_deals)
def rankings(request: Request) -> HttpResponse:
    """人气榜 and 成交榜 (content.md §4.2)."""
    deals = market.product_deals(request.actor)
    context = {
        "popular": catalogue.popular_products(request.actor)[:PLACES],
        "deals": [
            (words, [(one, wan_text(one.amount_fen)) for one in deals[group][:PLACES]])
            for group, (words, _) in market.DEAL_GROUPS.items()
        ],
        "as_of": day_text(local_date(database_now())),
    }
    return render(request, "public/rankings.html", context)
