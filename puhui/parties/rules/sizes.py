"""Size classes of firms (统计上的划型口径): pure, from tables that are dated.

Source: 工信部联企业〔2011〕300号 第四条. Large, medium and small need every criterion of the trade at or
above its line; a firm that misses one falls to the next class down. Agriculture has one criterion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from puhui.parties.subject_terms import Industry, SizeClass

WAN_FEN = 1_000_000
Lines = tuple[int, int, int]
"""Large, medium and small begin here, the line itself included."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """The lines of one trade: people, revenue of a year and assets in 万元."""

    staff: Lines | None = None
    revenue: Lines | None = None
    assets: Lines | None = None


@dataclass(frozen=True, slots=True)
class SizeRule:
    """One edition of the table, and from which day it holds."""

    since: date
    source: str
    table: Mapping[Industry, Criteria]


RULES = (
    SizeRule(
        date(2011, 6, 18),
        "工信部联企业〔2011〕300号",
        {
            Industry.AGRI: Criteria(revenue=(20_000, 500, 50)),
            Industry.INDUSTRY: Criteria((1_000, 300, 20), (40_000, 2_000, 300)),
            Industry.CONSTRUCTION: Criteria(
                revenue=(80_000, 6_000, 300), assets=(80_000, 5_000, 300)
            ),
            Industry.WHOLESALE: Criteria((200, 20, 5), (40_000, 5_000, 1_000)),
            Industry.RETAIL: Criteria((300, 50, 10), (20_000, 500, 100)),
            Industry.TRANSPORT: Criteria((1_000, 300, 20), (30_000, 3_000, 200)),
            Industry.STORAGE: Criteria((200, 100, 20), (30_000, 1_000, 100)),
            Industry.POST: Criteria((1_000, 300, 20), (30_000, 2_000, 100)),
            Industry.LODGING: Criteria((300, 100, 10), (10_000, 2_000, 100)),
            Industry.CATERING: Criteria((300, 100, 10), (10_000, 2_000, 100)),
            Industry.TELECOM: Criteria((2_000, 100, 10), (100_000, 1_000, 100)),
            Industry.SOFTWARE: Criteria((300, 100, 10), (10_000, 1_000, 50)),
            Industry.REAL_ESTATE: Criteria(
                revenue=(200_000, 1_000, 100), assets=(10_000, 5_000, 2_000)
            ),
            Industry.PROPERTY: Criteria((1_000, 300, 100), (5_000, 1_000, 500)),
            Industry.LEASING: Criteria((300, 100, 10), assets=(120_000, 8_000, 100)),
            Industry.OTHER: Criteria((300, 100, 10)),
        },
    ),
)
"""Oldest first."""
DOWNWARDS = (SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL)


def rule_on(day: date) -> SizeRule:
    """The table that holds on a day; before the first one, the first."""
    return next((one for one in reversed(RULES) if one.since <= day), RULES[0])


def needed(industry: Industry, on: date) -> tuple[str, ...]:
    """Which of staff, revenue and assets a trade is classed by, in that order."""
    criteria = rule_on(on).table[industry]
    return tuple(name for name in ("staff", "revenue", "assets") if getattr(criteria, name))


def size_class(
    industry: Industry,
    *,
    staff: int | None,
    revenue_wan: Decimal | None,
    assets_wan: Decimal | None,
    on: date,
) -> SizeClass | None:
    """The class of a firm; None while a figure that its trade is classed by is missing."""
    criteria = rule_on(on).table[industry]
    pairs = (
        (criteria.staff, None if staff is None else Decimal(staff)),
        (criteria.revenue, revenue_wan),
        (criteria.assets, assets_wan),
    )
    judged = [(lines, value) for lines, value in pairs if lines is not None]
    if any(value is None for _lines, value in judged):
        return None
    for place, size in enumerate(DOWNWARDS):
        if all(value is not None and value >= lines[place] for lines, value in judged):
            return size
    return SizeClass.MICRO


def wan(fen: int | None) -> Decimal | None:
    """Fen as 万元, exact."""
    return None if fen is None else Decimal(fen) / WAN_FEN
