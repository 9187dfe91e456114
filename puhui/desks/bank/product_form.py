"""A product as its bank types it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from puhui.catalogue.terms import Need, ProductCard, ProductFee, ProductForm, Subject
from puhui.desks.bank.forms import METHODS
from puhui.desks.shared.typed import Percent, Pick, Picks, ProductFees, Wan, Whole, Words
from puhui.market.terms import Purpose, Security

MANY = ("purposes", "subjects", "methods", "securities", "needs", "areas")
LISTED = ("industries", "due_days")
PERIODS = (("1", "每月"), ("3", "每季"), ("6", "每半年"), ("12", "每年"))
BETWEEN = re.compile(r"[\s、，,；;]+")


class Product(forms.Form):
    """Every field of the shelf; the shelf's own rules judge them."""

    name = Words("产品名称", 20)
    industries = Words(
        "产业", 60, required=False, help_text="让人搜得到：羊、酥梨、小店，用顿号分开。"
    )
    audience = Words("给谁、干什么", 120, wide=True)
    rate_min_ppm = Percent("年利率，低的")
    rate_max_ppm = Percent("年利率，高的")
    fees = ProductFees("别的费用", help_text="一行一样。没有就空着，以后不能再收。")
    fees_words = Words("别的费用，一句话", 80, required=False)
    all_in_ppm = Percent("费用都算上合一年", required=False)
    amount_min_fen = Wan("能用多少，少的")
    amount_max_fen = Wan("能用多少，多的")
    months_min = Whole("用多久，短的", 1, 360, unit="个月")
    months_max = Whole("用多久，长的", 1, 360, unit="个月")
    term_words = Words("用多久，一句话", 60, wide=True)
    methods = Picks("怎么还", METHODS, empty="请至少选一种还法。")
    grace_months = Whole(
        "头多少个月只还利息", 1, 360, required=False, unit="个月", help_text="先还利息的还法才填。"
    )
    months_per_period = Pick("多久还一次", PERIODS, listed=True, required=False)
    due_days = Words(
        "只在哪几天到期", 40, required=False, help_text="随季还的才填，比如 07-31、11-30。"
    )
    repayment_words = Words("怎么还，一句话", 80, wide=True)
    security_words = Words("拿什么作保", 80, wide=True)
    securities = Picks("收哪些作保", Security.choices, required=False)
    purposes = Picks("做哪些用途", Purpose.choices, required=False, help_text="都不选就是不限。")
    subjects = Picks("给哪些人", Subject.choices, required=False)
    age_max = Whole("到期时不超过", 40, 90, required=False, unit="岁")
    takes_co_signer = Pick(
        "儿女能不能一起签", (("", "不能"), ("yes", "能")), listed=True, required=False
    )
    needs = Picks(
        "要查到什么记录", Need.choices, required=False, help_text="查不到的人看到“不合适”。"
    )
    areas = Picks("只在哪些乡镇做", [], required=False, help_text="都不选就是全县。")
    season_words = Words("时令", 80, required=False, wide=True)
    documents_words = Words("要带什么", 80, required=False, wide=True)
    online_address = Words(
        "贵行网上入口", 200, required=False, wide=True, help_text="以 https:// 开头，没有就空着。"
    )

    def __init__(self, townships: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["areas"].choices = list(townships)  # type: ignore[attr-defined]

    def product(self, ref: str) -> ProductForm:
        return ProductForm(**_typed(self.cleaned_data), ref=ref)

    def draft(self, ref: str) -> ProductForm:
        """What can be read so far, the rest filled up, so that it can be shown as it is typed."""
        given = _typed(self.cleaned_data)
        return ProductForm(
            **{**EMPTY, **{n: v for n, v in given.items() if v is not None}}, ref=ref
        )


EMPTY: dict[str, Any] = {
    **dict.fromkeys(("name", "audience", "term_words", "repayment_words", "security_words"), "……"),
    "rate_min_ppm": 0,
    "rate_max_ppm": 0,
    "amount_min_fen": 0,
    "amount_max_fen": 0,
    "months_min": 1,
    "months_max": 1,
    "methods": (),
}
"""What stands in the preview where nothing is typed yet."""


def _typed(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The form's values as the shelf takes them; only what was read."""
    typed = dict(cleaned)
    for name in set(MANY) & set(typed):
        typed[name] = tuple(typed[name] or ())
    for name in set(LISTED) & set(typed):
        typed[name] = tuple(one for one in BETWEEN.split(typed[name]) if one)
    if "fees" in typed:
        typed["fees"] = tuple(ProductFee(*fee) for fee in typed["fees"])
    typed["months_per_period"] = int(typed.get("months_per_period") or 1)
    typed["takes_co_signer"] = typed.get("takes_co_signer") == "yes"
    return typed


def initial(one: ProductCard | None) -> dict[str, Any]:
    """A product on the shelf as the values of its form."""
    if one is None:
        return {}
    values = {name: getattr(one, name) for name in Product.base_fields}
    return values | {
        "industries": "、".join(one.industries),
        "due_days": "、".join(one.due_days),
        "fees": tuple((fee.name, fee.basis, fee.ppm, fee.fen) for fee in one.fees),
        "takes_co_signer": "yes" if one.takes_co_signer else "",
    }
