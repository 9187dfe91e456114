"""A product as it was written on a day, in words: for whoever asked for it and whoever judges it."""

from __future__ import annotations

from puhui.catalogue.terms import ProductCard
from puhui.market.queries import AskedProduct


def terms_words(one: ProductCard) -> str:
    """年利率 4.35%–5.60%，3–50 万元，6–12 个月"""
    return f"年利率 {one.rate_words}，{one.amount_words}，{one.term_words}"


def asked_words(one: AskedProduct) -> str:
    """湖羊育肥贷（11 月 20 日写的：年利率 …）, and whether the shelf has changed since."""
    day = f"{one.on.month} 月 {one.on.day} 日写的"
    later = "银行后来改过或下架了。" if one.has_changed else ""
    product = one.product
    return f"{product.name}（{day}：{terms_words(product)}，{product.repayment_words}）。{later}"
