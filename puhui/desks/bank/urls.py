"""Addresses of the bank pages."""

from django.urls import URLPattern, path

from puhui.desks.bank import (
    calls,
    case,
    claims,
    lists,
    pauses,
    products,
    proposals,
    returns,
    roster,
    supervisions,
    table,
    visits,
)

CASE = "engagements/<str:ref>/"

urlpatterns: list[URLPattern] = [
    path("", lists.lists_page, name="bank-desk"),
    path("lists", lists.lists_part, name="bank-lists"),
    path("demands/<str:ref>/claim", claims.claim, name="bank-claim"),
    path("engagements/", table.table, name="bank-table"),
    path("engagements.<str:form>", table.export, name="bank-export"),
    path(CASE, case.case, name="bank-case"),
    path(f"{CASE}dial", calls.dial, name="bank-dial"),
    path(f"{CASE}result", calls.result, name="bank-result"),
    path(f"{CASE}again", calls.again, name="bank-again"),
    path(f"{CASE}contact", calls.contact, name="bank-contact"),
    path(f"{CASE}release", claims.release, name="bank-release"),
    path(f"{CASE}plan", proposals.plan, name="bank-plan"),
    path(f"{CASE}offer", proposals.offer, name="bank-offer"),
    path(f"{CASE}refuse", proposals.refuse, name="bank-refuse"),
    path(f"{CASE}documents", proposals.documents, name="bank-documents"),
    path(f"{CASE}visit", visits.visit, name="bank-visit"),
    path(f"{CASE}report", visits.report, name="bank-report"),
    path(f"{CASE}pause", pauses.pause, name="bank-pause"),
    path(f"{CASE}resume", pauses.resume, name="bank-resume"),
    path(f"{CASE}sign", returns.sign, name="bank-sign"),
    path(f"{CASE}disburse", returns.disburse, name="bank-disburse"),
    path(f"{CASE}settle", returns.settle, name="bank-settle"),
    path("supervisions/", supervisions.records, name="bank-supervisions"),
    path(
        "supervisions/<str:ref>/answer",
        returns.answer_supervision,
        name="bank-answer-supervision",
    ),
    path("roster/", roster.roster, name="bank-roster"),
    path("products/", products.shelf, name="bank-products"),
    path("products/new", products.put, name="bank-product-new"),
    path("products/<str:ref>", products.put, name="bank-product"),
    path("products/<str:ref>/withdraw", products.withdraw, name="bank-product-withdraw"),
]
