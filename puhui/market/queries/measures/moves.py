"""What just happened, for a public screen: where, what for, about how much; never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from puhui.kernel import journal
from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.market.models import FinancingDemand
from puhui.parties import queries as parties

SHOWN = (
    "financing_demand.publish",
    "engagement.claim",
    "engagement.direct",
    "engagement.start_call",
    "engagement.record_callback",
    "engagement.submit_plan",
    "engagement.start_investigation",
    "engagement.submit_offer",
    "engagement.accept_offer",
    "engagement.record_disbursement",
)
BANDS_WAN = (5, 10, 30, 50, 100, 300)


@dataclass(frozen=True, slots=True)
class LatestMove:
    """One move of one case. `band` in words; no reference, no village, no person."""

    at: datetime
    action: str
    township_code: str
    township: str
    purpose: str
    band: str
    bank: str
    """Short name; empty where no bank acts."""


@query(*COUNTY, Role.AUDITOR, Role.SCREEN)
def latest_moves(actor: Actor, limit: int = 7) -> list[LatestMove]:
    """The newest moves in the county, newest first, from the journal; three statements (M032)."""
    entries = journal.latest(SHOWN, limit)
    refs = {one.demand or one.subject[1] for one in entries}
    cases = {
        row.ref: row
        for row in FinancingDemand.objects.filter(ref__in=refs).select_related("township")
    }
    banks = {one.ref: one.sms_name for one in parties.banks(actor)}
    return [
        LatestMove(
            at=one.at,
            action=one.action,
            township_code=case.township_id,
            township=case.township.name,
            purpose=case.purpose,
            band=amount_band(case.amount_fen),
            bank=banks.get(str(one.facts.get("bank", "")), ""),
        )
        for one in entries
        if (case := cases.get(one.demand or one.subject[1]))
    ]


def amount_band(amount_fen: int) -> str:
    """10–30 万: the lower bound belongs to the band."""
    wan = amount_fen / 1_000_000
    low = 0
    for high in BANDS_WAN:
        if wan < high:
            return f"{low}–{high} 万" if low else f"{high} 万以下"
        low = high
    return f"{low} 万以上"
