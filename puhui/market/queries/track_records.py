"""How banks did for other people: called in five minutes, kept to what they first said (说到做到)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.command import database_now

DAYS = 90
FEWEST = 20
"""Fewer cases than this say nothing and are not shown (content.md §1.7)."""

KEPT = """
SELECT o.ref, count(*), count(*) FILTER (
    WHERE COALESCE(r.amount_fen, f.amount_fen) = p.amount_fen
      AND COALESCE(r.rate_ppm, f.rate_ppm) = p.rate_ppm)
FROM market_proposal f
JOIN market_engagement e ON e.id = f.engagement_id
JOIN parties_organisation o ON o.id = e.bank_id
JOIN market_proposal p ON p.engagement_id = e.id AND p.kind = 'plan' AND p.superseded_at IS NULL
LEFT JOIN market_loanreturn r ON r.engagement_id = e.id
WHERE f.kind = 'offer' AND f.submitted_at >= %(since)s AND o.ref = ANY(%(banks)s)
GROUP BY o.ref
"""
CALLED = """
SELECT o.ref, count(*), count(*) FILTER (
    WHERE NOT e.callback_late AND e.callback_word <> 'denied' AND e.first_attempt_at IS NOT NULL)
FROM market_engagement e JOIN parties_organisation o ON o.id = e.bank_id
WHERE e.claimed_at >= %(since)s AND o.ref = ANY(%(banks)s)
  AND (e.first_attempt_at IS NOT NULL OR e.callback_late)
GROUP BY o.ref
"""


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Whole percents; None with too few cases."""

    called_percent: int | None
    called_of: int
    kept_percent: int | None
    kept_of: int


@query(Role.RESIDENT, Role.SYSTEM)
def track_records(actor: Actor, banks: tuple[str, ...]) -> dict[str, TrackRecord]:
    """Of each bank, by reference, over the last 90 days (content.md §1.7).

    `kept`: the final amount and rate (as paid out, else as firmly offered) equal the plan in force,
    out of all cases with a plan and a firm offer in that time. `called`: dialled within the limit
    and not denied by the applicant, out of all cases claimed in that time and dialled or late.
    Fewer than twenty cases give no percentage. Two statements.
    """
    values: dict[str, Any] = {"since": database_now() - timedelta(days=DAYS), "banks": list(banks)}
    kept, called = _counted(KEPT, values), _counted(CALLED, values)
    return {
        ref: TrackRecord(
            _percent(*called.get(ref, (0, 0))),
            called.get(ref, (0, 0))[0],
            _percent(*kept.get(ref, (0, 0))),
            kept.get(ref, (0, 0))[0],
        )
        for ref in banks
    }


def _counted(sql: str, values: dict[str, Any]) -> dict[str, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {ref: (of, good) for ref, of, good in cursor.fetchall()}


def _percent(of: int, good: int) -> int | None:
    return (good * 100 + of // 2) // of if of >= FEWEST else None
