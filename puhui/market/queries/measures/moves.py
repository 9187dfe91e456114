"""What just happened, for a public screen: where, what for, about how much; never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from puhui.kernel import journal
from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.command import database_now
from puhui.market.models import FinancingDemand
from puhui.market.terms import SMALLEST_GROUP
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
FEN_IN_WAN = 1_000_000
MOST_FEN = 2**62


AMONG = """
WITH asked AS (SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS a(town, low, high))
SELECT town, low,
  (SELECT count(*) FROM (SELECT 1 FROM market_financingdemand d WHERE d.township_id = town
    AND d.published_at > %s LIMIT %s) of_town),
  (SELECT count(*) FROM (SELECT 1 FROM market_financingdemand d WHERE d.township_id = town
    AND d.published_at > %s AND d.amount_fen >= low AND d.amount_fen < high LIMIT %s) of_band)
FROM asked
"""
YEAR = timedelta(days=365)
Among = tuple[int, int]
"""How many are of the same township, and of the same band there; never more than the smallest group."""


@dataclass(frozen=True, slots=True)
class LatestMove:
    """One move of one case. `band` in words; no reference, no village, no person.

    As on the public notice, nothing is told of a case that is true of fewer than five of a year:
    in a quiet township what for and how much are empty, elsewhere a band in which few asked is.
    """

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
    """The newest moves in the county, newest first, from the journal; four statements (M032)."""
    entries = journal.latest(SHOWN, limit)
    refs = {one.demand or one.subject[1] for one in entries}
    cases = {
        row.ref: row
        for row in FinancingDemand.objects.filter(ref__in=refs).select_related("township")
    }
    banks = {one.ref: one.sms_name for one in parties.banks(actor)}
    among = _among(list(cases.values()))
    return [
        _move(one, case, banks.get(str(one.facts.get("bank", "")), ""), among)
        for one in entries
        if (case := cases.get(one.demand or one.subject[1]))
    ]


def _move(
    entry: journal.Entry, case: FinancingDemand, bank: str, among: dict[tuple[str, int], Among]
) -> LatestMove:
    band = band_of(case.amount_fen)
    of_town, of_band = among[case.township_id, band[0]]
    return LatestMove(
        at=entry.at,
        action=entry.action,
        township_code=case.township_id,
        township=case.township.name,
        purpose=case.purpose if of_town >= SMALLEST_GROUP else "",
        band=band_words(*band) if of_band >= SMALLEST_GROUP else "",
        bank=bank,
    )


def _among(cases: list[FinancingDemand]) -> dict[tuple[str, int], Among]:
    """How many demands of a year share a case's township, and its township and band; five or more
    are five: no count goes further than that."""
    asked = sorted({(case.township_id, *band_of(case.amount_fen)) for case in cases})
    towns = [town for town, _low, _high in asked]
    lows, highs = [low for _town, low, _high in asked], [high for _town, _low, high in asked]
    counted: list[Any] = [database_now() - YEAR, SMALLEST_GROUP]
    with connection.cursor() as cursor:
        cursor.execute(AMONG, [towns, lows, highs, *counted, *counted])
        return {(town, low): (of_town, of_band) for town, low, of_town, of_band in cursor}


def band_of(amount_fen: int) -> tuple[int, int]:
    """The band's bounds in fen: the lower one belongs to it, the upper one does not."""
    low = 0
    for high in (wan * FEN_IN_WAN for wan in BANDS_WAN):
        if amount_fen < high:
            return low, high
        low = high
    return low, MOST_FEN


def band_words(low: int, high: int) -> str:
    """10–30 万, 5 万以下, 300 万以上"""
    if not low:
        return f"{high // FEN_IN_WAN} 万以下"
    if high == MOST_FEN:
        return f"{low // FEN_IN_WAN} 万以上"
    return f"{low // FEN_IN_WAN}–{high // FEN_IN_WAN} 万"
