"""The demo's enterprises and a household: invented names, credit codes of a region never given out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from puhui.kernel.actor import SYSTEM, Actor
from puhui.kernel.command import history
from puhui.parties import actions as parties
from puhui.parties import queries
from puhui.parties.identifiers import credit_code_of
from puhui.parties.subject_terms import EnterpriseForm

REGION = "990525"
WAN = 1_000_000


@dataclass(frozen=True, slots=True)
class Firm:
    """One enterprise: registrar and kind of its code, what it does, its figures in 万元 and people."""

    serial: int
    prefix: str
    kind: str
    name: str
    industry: str
    revenue: int
    staff: int
    assets: int


FIRMS = {
    "mushroom": Firm(1, "91", "enterprise", "梁堂鲜伞菌业有限公司", "industry", 1_900, 46, 1_200),
    "trusteeship": Firm(
        2, "93", "cooperative", "北馆陶丰禾农机服务农民专业合作社", "agri", 320, 18, 460
    ),
    "bearings": Firm(3, "91", "enterprise", "辛集圆达轴承有限公司", "industry", 3_600, 85, 2_800),
    "cold_store": Firm(4, "93", "cooperative", "斜店鲜果满园农民专业合作社", "agri", 210, 12, 330),
    "garments": Firm(5, "91", "enterprise", "烟庄春衫服装有限公司", "industry", 860, 62, 540),
    "guardrails": Firm(
        6, "91", "enterprise", "崇文平安护栏有限公司", "industry", 4_200, 120, 3_900
    ),
    "steel": Firm(
        7, "91", "enterprise", "开发区亮板金属制品有限公司", "industry", 9_800, 140, 7_600
    ),
    "cattle": Firm(8, "92", "family_farm", "万善牧歌家庭农场", "agri", 68, 4, 120),
}
"""By the key that a request names."""


def founded(key: str, head: Actor, at: datetime) -> str:
    """Register an enterprise whose legal representative is `head`, at `at`; its reference."""
    one = FIRMS[key]
    person = queries.applicant(head)
    form = EnterpriseForm(
        kind=one.kind,
        name=one.name,
        credit_code=credit_code_of(f"{one.prefix}{REGION}", f"MA9{one.serial:05d}").full,
        industry=one.industry,
        village_code=person.village_code,
        revenue_fen=one.revenue * WAN,
        staff_count=one.staff,
        assets_fen=one.assets * WAN,
    )
    with history(at, by=SYSTEM):
        ref = parties.register_enterprise(form, by=head)
        if one.serial % 3:
            parties.check_enterprise(ref, by=SYSTEM)
    return ref


def settle_households(famous: Mapping[str, Actor]) -> None:
    """The son's household, with his mother on the same phone."""
    son, mother = famous["son"], famous["granny"]
    parties.found_household((mother.ref,), by=son)
