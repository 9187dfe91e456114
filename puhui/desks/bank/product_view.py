"""The bank's shelf in rows: what people see, how many looked and borrowed, what changed when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from puhui.catalogue.terms import Need, Popular, ProductCard, Subject, VersionCard
from puhui.desks.bank.product_form import Product
from puhui.kernel.money import rate_text, wan_text
from puhui.market.queries import Deals


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One product of the bank: people in 30 days, loans in 90."""

    product: ProductCard
    phones: int
    loans: int
    lent: str


def shelf_rows(
    own: Sequence[ProductCard],
    popular: Sequence[Popular],
    deals: Mapping[str, Sequence[Deals]],
) -> list[ShelfRow]:
    phones = {one.product.ref: one.phones for one in popular}
    lent: dict[str, tuple[int, int]] = {}
    for group in deals.values():
        for one in group:
            count, fen = lent.get(one.product.ref, (0, 0))
            lent[one.product.ref] = (count + one.count, fen + one.amount_fen)
    return [
        ShelfRow(
            one,
            phones.get(one.ref, 0),
            lent.get(one.ref, (0, 0))[0],
            f"{wan_text(lent[one.ref][1])}元" if one.ref in lent else "",
        )
        for one in own
    ]


def seen_by_people(one: ProductCard) -> list[tuple[str, str]]:
    """The product's page, row by row, as far as it is filled in."""
    rows = [
        ("每借 1 万元用一年，利息", f"{one.per_ten_thousand}（年利率 {one.rate_words}）"),
        ("费用都算上，合一年", rate_text(one.all_in_ppm) if one.all_in_ppm else ""),
        ("能用多少", one.amount_words),
        ("能用多久", one.term_words),
        ("怎么还", one.repayment_words),
        ("拿什么作保", one.security_words),
        ("谁能办", "、".join(Subject(code).label for code in one.subjects) or "不限"),
        ("哪里能办", f"只做{one.area_words}" if one.area_words else "全县"),
        ("要查到什么", "、".join(Need(code).label for code in one.needs)),
        ("产业", "、".join(one.industries)),
        ("时令", one.season_words),
        ("备好什么", one.documents_words),
    ]
    return [(label, words) for label, words in rows if words]


@dataclass(frozen=True, slots=True)
class Change:
    """One version: its number, when, by whom, and each field that changed from the one before."""

    number: int
    at: datetime
    by: str
    fields: tuple[tuple[str, str, str], ...]


def changes_of(versions: Sequence[VersionCard]) -> list[Change]:
    """Newest first; the first version changed nothing."""
    found = []
    for place, one in enumerate(versions):
        older = versions[place + 1].product if place + 1 < len(versions) else None
        found.append(
            Change(
                one.number,
                one.put_at,
                one.by_ref or "系统",
                _differences(older, one.product) if older else (),
            )
        )
    return found


SHOWN = {
    "rate_words": "年利率",
    "amount_words": "能用多少",
    "area_words": "只在哪些乡镇做",
    **{name: str(field.label) for name, field in Product.base_fields.items()},
}


def _differences(old: ProductCard, new: ProductCard) -> tuple[tuple[str, str, str], ...]:
    hidden = {"rate_min_ppm", "rate_max_ppm", "amount_min_fen", "amount_max_fen", "areas"}
    names = [one.name for one in fields(ProductCard) if one.name in SHOWN.keys() - hidden]
    return tuple(
        (SHOWN[name], _text(getattr(old, name)), _text(getattr(new, name)))
        for name in names
        if getattr(old, name) != getattr(new, name)
    )


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(str(getattr(one, "name", one)) for one in value) or "（空）"
    return str(value) if value not in (None, "") else "（空）"
