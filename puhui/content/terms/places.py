"""The eight places of the home page and the sections (栏目) that each is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import TextChoices


class Place(TextChoices):
    """The eight places (M002), in the order of the home page."""

    NEWS = "news", "政策要闻"
    PRODUCTS = "products", "金融超市"
    EXPRESS = "express", "信贷直通车"
    CREDIT = "credit", "信用{简称}"
    VILLAGE = "village", "阳光村务"
    PROPERTY = "property", "产权交易"
    CUSTODY = "custody", "生产托管"
    LIVELIHOOD = "livelihood", "惠民服务"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a place. `form` names the columns of a table (`terms.tables.FORMS`); empty: articles.

    `by_village`: each village has its own, for a period; `rule`: where it is prescribed.
    """

    key: str
    title: str
    form: str = ""
    by_village: bool = False
    rule: str = ""


VILLAGE_RULE = "《农村集体经济组织法》、《村民委员会组织法》第三十条"
GUIDE = Section("guide", "办事指南")
SECTIONS: dict[Place, tuple[Section, ...]] = {
    Place.NEWS: (Section("national", "国家的新办法"), Section("county", "县里的"), GUIDE),
    Place.PRODUCTS: (),  # the shelf is its content
    Place.EXPRESS: (Section("online", "银行网上办的产品", "online"), GUIDE),
    Place.CREDIT: (Section("points", "积分换优惠", "points"), Section("notice", "通知"), GUIDE),
    Place.VILLAGE: (
        Section("assets", "集体资产", "assets", by_village=True, rule=VILLAGE_RULE),
        Section("transactions", "交易项目", "transactions", by_village=True, rule=VILLAGE_RULE),
        Section("inputs", "农资采购", "inputs", by_village=True, rule=VILLAGE_RULE),
        Section("notice", "村里的通知"),
        GUIDE,
    ),
    Place.PROPERTY: (Section("listings", "流转信息", "listings"), GUIDE),
    Place.CUSTODY: (Section("teams", "服务队名录", "teams"), GUIDE),
    Place.LIVELIHOOD: (
        Section("subsidies", "补贴一览", "subsidies"),
        Section("phones", "办事电话本", "phones"),
        Section("notice", "通知"),
        GUIDE,
    ),
}


def section_of(place: str, key: str) -> Section | None:
    """The section of that name in that place; None where there is none."""
    if place not in Place.values:
        return None
    return next((one for one in SECTIONS[Place(place)] if one.key == key), None)


def sections_by_village() -> tuple[Section, ...]:
    """The three tables that every village shows (M025)."""
    return tuple(one for one in SECTIONS[Place.VILLAGE] if one.by_village)


QUARTERS = {"1": "第一季度", "2": "第二季度", "3": "第三季度", "4": "第四季度"}
PERIOD = re.compile(r"(20[0-9]{2})Q([1-4])", re.ASCII)


def period_words(period: str) -> str:
    """2026Q3 → 2026 年第三季度; empty for anything else."""
    found = PERIOD.fullmatch(period)
    return f"{found[1]} 年{QUARTERS[found[2]]}" if found else ""
