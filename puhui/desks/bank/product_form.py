"""A product as its bank types it."""

from __future__ import annotations

from typing import Any

from django import forms

from puhui.catalogue.terms import ProductCard, ProductForm, Subject
from puhui.desks.bank.forms import METHODS
from puhui.desks.shared.typed import Percent, Picks, Wan, Whole, Words
from puhui.market.terms import Purpose, Security

MANY = ("purposes", "subjects", "methods", "securities")


class Product(forms.Form):
    """Every field of the shelf; the shelf's own rules judge them."""

    name = Words("产品名称", 20)
    audience = Words("给谁、干什么", 120, wide=True)
    rate_min_ppm = Percent("年利率，低的")
    rate_max_ppm = Percent("年利率，高的")
    amount_min_fen = Wan("能用多少，少的")
    amount_max_fen = Wan("能用多少，多的")
    months_min = Whole("用多久，短的", 1, 360, unit="个月")
    months_max = Whole("用多久，长的", 1, 360, unit="个月")
    term_words = Words("用多久，一句话", 60, wide=True)
    methods = Picks("怎么还", METHODS, empty="请至少选一种还法。")
    repayment_words = Words("怎么还，一句话", 80, wide=True)
    security_words = Words("拿什么作保", 80, wide=True)
    securities = Picks("收哪些作保", Security.choices, required=False)
    purposes = Picks("做哪些用途", Purpose.choices, required=False, help_text="都不选就是不限。")
    subjects = Picks("给哪些人", Subject.choices, required=False)
    season_words = Words("时令", 80, required=False, wide=True)
    documents_words = Words("要带什么", 80, required=False, wide=True)
    fees_words = Words("别的费用", 80, required=False, wide=True, help_text="没有就空着。")
    all_in_ppm = Percent("费用都算上合一年", required=False)

    def product(self, ref: str) -> ProductForm:
        typed: dict[str, Any] = dict(self.cleaned_data)
        for name in MANY:
            typed[name] = tuple(typed.get(name) or ())
        return ProductForm(**typed, ref=ref)


def initial(one: ProductCard | None) -> dict[str, Any]:
    """A product on the shelf as the values of its form."""
    if one is None:
        return {}
    return {name: getattr(one, name) for name in Product.base_fields}
