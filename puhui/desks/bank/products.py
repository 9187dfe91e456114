"""The bank's own shelf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from puhui.catalogue import actions
from puhui.catalogue import queries as catalogue
from puhui.catalogue.terms import ProductCard
from puhui.desks.bank.chrome import bank_page, bank_sheet
from puhui.desks.bank.forms import Nothing
from puhui.desks.bank.product_form import Product, initial
from puhui.desks.bank.product_view import changes_of, seen_by_people, shelf_rows
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import answered, sent, shown
from puhui.kernel.command import NOT_FOUND, Invalid, Refused
from puhui.market import queries as market
from puhui.parties import queries as parties

PREVIEW = "bank/product_seen.html"


@page(catalogue.own_products, catalogue.popular_products, market.product_deals)
def shelf(request: Request) -> HttpResponse:
    """/bank/products/"""
    rows = shelf_rows(
        catalogue.own_products(request.actor),
        catalogue.popular_products(request.actor),
        market.product_deals(request.actor),
    )
    return bank_page(request, "bank/products.html", {"rows": rows})


@page(actions.put_product, catalogue.own_products, parties.townships, methods=("GET", "POST"))
def put(request: Request, ref: str = "") -> HttpResponse:
    """/bank/products/new, /bank/products/<ref>: beside the form what people would see, as it is typed."""
    one = _own(request, ref) if ref else None
    form = _form(request, initial(one))

    def act(typed: Mapping[str, Any]) -> None:
        actions.put_product(form.product(ref), by=request.actor)

    seen = _seen(request, form, ref) if request.method == "POST" else {}
    sheet = bank_sheet(
        request,
        f"改产品：{one.name}" if one else "新产品",
        "上架" if one is None else "改好了",
        reverse("bank-products"),
        warning="上架以后全县马上看得到，照写的办。",
        after="bank/product_preview.html",
        second_verb="先看群众会看到什么",
        makes_new=True,
        more={"product_ref": ref, **seen},
    )
    if "preview" in request.POST:
        form.is_valid()
        return shown(request, sheet, form)
    return answered(request, sheet, form, act, said="货架上是新的了。")


@page(actions.put_product, catalogue.as_seen, methods=("POST",))
def seen(request: Request) -> HttpResponse:
    """/bank/products/seen: the card as people would see it, and the words that may not stand."""
    form = _form(request, {})
    return render(request, PREVIEW, _seen(request, form, ""))


def _form(request: Request, values: Mapping[str, Any]) -> Product:
    townships = [(one.code, one.name) for one in parties.townships(request.actor)]
    return Product(townships, sent(request), initial=values)


def _seen(request: Request, form: Product, ref: str) -> dict[str, Any]:
    """Judged as it is typed: only fields that are filled in are found fault with."""
    form.is_valid()
    draft = form.draft(ref)
    try:
        card, errors = catalogue.as_seen(request.actor, draft)
    except Invalid as invalid:
        return {"seen_errors": [one.sentence for one in invalid.errors]}
    filled = {name for name in form.fields if request.POST.get(name, "").strip()}
    told = [(str(form.fields[e.field].label), e.sentence) for e in errors if e.field in filled]
    return {"card": card, "seen_errors": told, "seen_rows": seen_by_people(card)}


@page(catalogue.own_versions)
def versions(request: Request, ref: str) -> HttpResponse:
    """/bank/products/<ref>/versions: what was put when, by whom, and what changed."""
    found = catalogue.own_versions(request.actor, ref)
    context = {"product": found[0].product if found else None, "rows": changes_of(found)}
    return bank_page(request, "bank/product_versions.html", context)


@page(actions.withdraw_product, catalogue.own_products, methods=("GET", "POST"))
def withdraw(request: Request, ref: str) -> HttpResponse:
    """/bank/products/<ref>/withdraw"""
    one = _own(request, ref)

    def act(typed: Mapping[str, Any]) -> None:
        actions.withdraw_product(ref, by=request.actor)

    sheet = bank_sheet(
        request,
        f"下架：{one.name}",
        "下架",
        reverse("bank-products"),
        warning="下架以后群众看不到、不能再点；已经在办的照办。要再上架得重新填。",
    )
    return answered(request, sheet, Nothing(sent(request)), act, said="下架了。")


def _own(request: Request, ref: str) -> ProductCard:
    for one in catalogue.own_products(request.actor):
        if one.ref == ref:
            return one
    raise Refused(NOT_FOUND)
