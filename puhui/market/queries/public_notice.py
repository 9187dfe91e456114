"""The live public notice of banks (银行机构对接实时通报): three statuses, by rule, without persons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from puhui.kernel.actor import SYSTEM, Actor, Role, query
from puhui.kernel.command import database_now
from puhui.market.terms import SMALLEST_GROUP, ClockLimits, NoticeStatus
from puhui.market.timing import timing
from puhui.parties import queries as parties

ROWS = 100
"""Rows of one status on the page; its count is of all."""

LISTED = """
WITH busy AS (
  SELECT township_id FROM market_financingdemand
  WHERE published_at > %(now)s - interval '365 days'
  GROUP BY township_id HAVING count(*) >= %(smallest)s
), uncalled AS (
  SELECT e.demand_id, e.bank_id, e.clock_start_at AS since,
         (SELECT max(c.due_at) FROM market_clock c
          WHERE c.engagement_id = e.id AND c.kind = 'callback_bank') AS due_at
  FROM market_engagement e WHERE e.state = 'claimed' AND e.first_attempt_at IS NULL
  UNION ALL
  SELECT d.id, NULL, d.clock_start_at,
         (SELECT max(c.due_at) FROM market_clock c WHERE c.demand_id = d.id
          AND c.engagement_id IS NULL AND c.kind = 'callback_applicant')
  FROM market_financingdemand d
  WHERE d.state = 'published' AND d.first_claimed_at IS NULL AND d.first_attempt_at IS NULL
), listed AS (
  SELECT demand_id, bank_id, since, CASE WHEN due_at < %(now)s THEN 'overdue' ELSE 'waiting' END
    AS status FROM uncalled
  UNION ALL
  SELECT e.demand_id, e.bank_id, e.long_pending_since, CASE WHEN EXISTS
      (SELECT 1 FROM market_customerpause p WHERE p.engagement_id = e.id
       AND p.confirmed_at IS NOT NULL AND p.ended_at IS NULL) THEN 'paused' ELSE 'long_pending' END
  FROM market_engagement e
  WHERE e.long_pending_since IS NOT NULL AND e.ended_at IS NULL
    AND e.state NOT IN ('signed', 'disbursed')
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY status ORDER BY since, demand_id) AS place
  FROM listed
)
SELECT r.status, d.ref, o.ref, r.since, r.place,
       CASE WHEN busy.township_id IS NULL THEN '' ELSE t.name END
FROM ranked r JOIN market_financingdemand d ON d.id = r.demand_id
JOIN parties_division t ON t.code = d.township_id
LEFT JOIN busy ON busy.township_id = d.township_id
LEFT JOIN parties_organisation o ON o.id = r.bank_id
ORDER BY r.status, r.place
"""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One case by its reference; `township` is empty where naming it could point at somebody."""

    status: str
    demand_ref: str
    bank_name: str
    township: str
    since: datetime


@dataclass(frozen=True, slots=True)
class NoticeBank:
    """One bank's counts; the last line, without a name, is of demands that nobody has taken."""

    name: str
    waiting: int
    overdue: int
    long_pending: int
    paused: int


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """What is so at `now`, with the limits that made it so. References and townships, no persons."""

    now: datetime
    banks: tuple[NoticeBank, ...]
    rows: tuple[NoticeRow, ...]
    totals: dict[str, int]
    limits: ClockLimits


@query(Role.ANYONE)
def public_notice(actor: Actor) -> PublicNotice:
    """Which cases wait, are overdue, or pend long, per bank, as of this moment (M104).

    A case changes its status at its deadline, whether or not a sweeper has been by: after the
    callback limit it is overdue, after the long-pending working days it pends long. What waits for
    the customer, who has agreed, is counted apart and listed nowhere.
    """
    now = database_now()
    with connection.cursor() as cursor:
        cursor.execute(LISTED, {"now": now, "smallest": SMALLEST_GROUP})
        found = cursor.fetchall()
    banks = parties.banks(SYSTEM)
    names = {one.ref: one.name for one in banks}
    counts = Counter((bank, status) for status, _ref, bank, *_rest in found)
    lines = [_line(names.get(ref or "", ""), ref, counts) for ref in (*names, None)]
    return PublicNotice(
        now=now,
        banks=tuple(one for one in lines if one.name or one.waiting or one.overdue),
        rows=tuple(
            NoticeRow(status, ref, names.get(bank, ""), township, since)
            for status, ref, bank, since, place, township in found
            if place <= ROWS and status != NoticeStatus.PAUSED
        ),
        totals={status: sum(row[0] == status for row in found) for status in NoticeStatus.values},
        limits=timing(now).limits,
    )


def _line(name: str, ref: str | None, counts: Counter[tuple[str | None, str]]) -> NoticeBank:
    return NoticeBank(name, *(counts[ref, status] for status in NoticeStatus.values))
