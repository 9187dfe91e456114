"""How products stand side by side: each with the same sum for the same time, sorted as asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from puhui.catalogue import queries as catalogue
from puhui.catalogue.terms import FEWEST_COMPARED, MOST_COMPARED, ProductCard
from puhui.desks.public.product_view import fees_words, who_words
from puhui.desks.public.shelf_view import Bar, axis_of, bar, chosen_of
from puhui.kernel.actor import ANYONE
from puhui.kernel.money import AmountError, parse_wan, rate_text, wan_text, yuan_text

SORTS = {"cost": "一共多花", "rate": "利率", "limit": "能用多少", "term": "能用多久"}
USUAL = {"amount": "10", "months": "12"}
LONGEST = 360


@dataclass(frozen=True, slots=True)
class Asked:
    refs: tuple[str, ...]
    amount: str
    months: str
    sort: str
    amount_fen: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    def address(self, **changes: Any) -> str:
        values = {"amount": self.amount, "months": self.months, "sort": self.sort, **changes}
        refs = values.pop("refs", self.refs)
        pairs = [*(("p", ref) for ref in refs), *((n, str(v)) for n, v in values.items() if v)]
        return f"/products/compare?{urlencode(pairs)}"


@dataclass(frozen=True, slots=True)
class Side:
    """One product of the comparison."""

    product: ProductCard
    bar: Bar
    cost_fen: int | None
    cost_words: str
    note: str
    all_in: str
    fees: str
    who: str
    without: str


@dataclass(frozen=True, slots=True)
class Compared:
    sides: tuple[Side, ...]
    axis: tuple[int, int, int]
    sorts: tuple[tuple[str, str, bool], ...]
    shelf: str
    sentence: str


def asked_of(query: QueryDict) -> Asked:
    amount = query.get("amount", "").strip()[:20] or USUAL["amount"]
    months = query.get("months", "").strip()[:4] or USUAL["months"]
    errors, fen = {}, 0
    try:
        fen = parse_wan(amount)
    except AmountError as error:
        errors["amount"] = error.sentence
    if not (months.isascii() and months.isdigit() and 1 <= int(months) <= LONGEST):
        errors["months"] = f"用多少个月，填 1 到 {LONGEST} 的整数。"
    sort = query.get("sort", "")
    return Asked(chosen_of(query), amount, months, sort if sort in SORTS else "cost", fen, errors)


def compared(cards: Sequence[ProductCard], asked: Asked, today: date) -> Compared:
    low, high = axis_of(cards)
    sides = [_side(one, asked, today, bar(one, low, high)) for one in cards]
    keys: dict[str, Any] = {
        "cost": lambda one: (one.cost_fen is None, one.cost_fen or 0, one.product.rate_max_ppm),
        "rate": lambda one: (one.product.rate_max_ppm, one.product.rate_min_ppm),
        "limit": lambda one: (-one.product.amount_max_fen, one.product.amount_min_fen),
        "term": lambda one: (-one.product.months_max, one.product.months_min),
    }
    return Compared(
        sides=tuple(sorted(sides, key=keys[asked.sort])),
        axis=(low, (low + high) // 2, high),
        sorts=tuple(
            (asked.address(sort=code), words, code == asked.sort) for code, words in SORTS.items()
        ),
        shelf="/products/?" + urlencode([("p", one.ref) for one in cards]),
        sentence=_sentence(len(cards), len(asked.refs)),
    )


def _sentence(found: int, ticked: int) -> str:
    if ticked > MOST_COMPARED:
        return f"一次最多比 {MOST_COMPARED} 个，请去掉几个。"
    if found < FEWEST_COMPARED:
        gone = "有的产品已经下架了。" if ticked >= FEWEST_COMPARED else ""
        return f"{gone}至少选 {FEWEST_COMPARED} 个产品，才能放一块儿比。"
    return ""


def _side(one: ProductCard, asked: Asked, today: date, drawn: Bar) -> Side:
    cost, note = None, ""
    if asked.amount_fen and "months" not in asked.errors:
        cost, note = _cost(one, asked, today)
    return Side(
        product=one,
        bar=drawn,
        cost_fen=cost,
        cost_words=yuan_text(cost).removesuffix(" 元") if cost is not None else "",
        note=note,
        all_in=rate_text(one.all_in_ppm) if one.all_in_ppm else "",
        fees=fees_words(one) or "没有",
        who=who_words(one),
        without=asked.address(refs=[ref for ref in asked.refs if ref != one.ref]),
    )


def _cost(one: ProductCard, asked: Asked, today: date) -> tuple[int | None, str]:
    """What the same loan costs here, at the highest rate; or why it cannot be had."""
    months = int(asked.months)
    if asked.amount_fen > one.amount_max_fen:
        return None, f"最多 {wan_text(one.amount_max_fen)}"
    if asked.amount_fen < one.amount_min_fen:
        return None, f"{wan_text(one.amount_min_fen)}起"
    if months > one.months_max:
        return None, f"最长 {one.months_max} 个月"
    cost = catalogue.cost_if_used(ANYONE, one, asked.amount_fen, months, today)
    note = f"这个 {one.months_min} 个月起，按提前还清算" if months < one.months_min else ""
    return cost, note
