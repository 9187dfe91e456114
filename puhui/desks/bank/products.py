"""The bank's own shelf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from puhui.catalogue import actions
from puhui.catalogue import queries as catalogue
from puhui.catalogue.terms import ProductCard
from puhui.desks.bank.chrome import bank_page, bank_sheet
from puhui.desks.bank.forms import Nothing
from puhui.desks.bank.product_form import Product, initial
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.sheets import answered, sent
from puhui.kernel.command import NOT_FOUND, Refused


@page(catalogue.own_products)
def shelf(request: Request) -> HttpResponse:
    """/bank/products/"""
    return bank_page(
        request, "bank/products.html", {"products": catalogue.own_products(request.actor)}
    )


@page(actions.put_product, catalogue.own_products, methods=("GET", "POST"))
def put(request: Request, ref: str = "") -> HttpResponse:
    """/bank/products/new, /bank/products/<ref>"""
    one = _own(request, ref) if ref else None
    form = Product(sent(request), initial=initial(one))

    def act(typed: Mapping[str, Any]) -> None:
        actions.put_product(form.product(ref), by=request.actor)

    sheet = bank_sheet(
        request,
        f"改产品：{one.name}" if one else "新产品",
        "上架" if one is None else "改好了",
        reverse("bank-products"),
        warning="上架以后全县马上看得到，照写的办。",
    )
    return answered(request, sheet, form, act, said="货架上是新的了。")


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
