"""What a product costs: the repayment preview, and the statement of all costs (明示表)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from puhui.catalogue import queries as catalogue
from puhui.desks.public import costs_form, costs_view
from puhui.desks.shared.gate import Request, page
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now


@page(catalogue.preview, catalogue.product, catalogue.due_dates)
def repay(request: Request, ref: str) -> HttpResponse:
    """Each instalment with its day, to the fen; amount, term, method and start are the reader's."""
    return _computed(request, ref, "public/repay.html")


@page(catalogue.preview, catalogue.product, catalogue.due_dates)
def statement(request: Request, ref: str) -> HttpResponse:
    """综合融资成本明示表: every cost, who takes it, simple and compound yearly rates; to be printed."""
    return _computed(request, ref, "public/statement.html")


def _computed(request: Request, ref: str, template: str) -> HttpResponse:
    product = catalogue.product(request.actor, ref)
    today = local_date(database_now())
    asked = costs_form.asked_of(request.GET, product, today)
    found = costs_form.computed(product, asked)
    context = {
        "product": product,
        "asked": asked,
        "today": today,
        **costs_view.shown(product, asked, found),
    }
    return render(request, template, context, status=422 if asked.errors else 200)
