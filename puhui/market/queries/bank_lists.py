"""The bank desk's five lists (content.md §3.1): what their rows show, and nothing beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    Case,
    Count,
    F,
    Q,
    QuerySet,
    When,
    Window,
)

from puhui.kernel.actor import BANK, Actor, Role, query
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import database_now
from puhui.kernel.prepared import Prepared
from puhui.market.models import SetAside
from puhui.market.queries.bank_lines import ListedCase, Place, applicants_due, lines
from puhui.market.queries.banks import CARD, card, claimable
from puhui.market.terms import DemandCard
from puhui.parties import queries as parties

ROWS, OPEN_ROWS = 25, 40
"""Rows of one list on the desk, and of that of open demands; their counts are of all."""
FRESH = timedelta(minutes=10)
SOON_TO_BE_LONG = timedelta(days=4)

PICK = """
WITH mine AS (
  SELECT e.id, e.state, e.claimed_at, e.demand_id, e.first_attempt_at, e.call_again_at,
         e.callback_word, e.long_pending_since, r.money_word,
         (SELECT jsonb_object_agg(c.kind, c.due_at) FROM market_clock c
          WHERE c.engagement_id = e.id AND c.state IN ('running', 'breached')) AS due
  FROM market_engagement e LEFT JOIN market_loanreturn r ON r.engagement_id = e.id
  WHERE e.bank_id = %(bank)s AND e.ended_at IS NULL
    AND (e.state <> 'disbursed' OR r.money_word = 'denied'
         OR e.id IN (SELECT q.engagement_id FROM market_enquiry q WHERE q.answered_at IS NULL))
), listed AS (
  SELECT id, claimed_at, 'calls' AS list, '' AS enquiry, CASE
      WHEN state = 'claimed' AND first_attempt_at IS NULL THEN
        LEAST((due ->> 'callback_bank')::timestamptz,
          (SELECT max(c.due_at) FROM market_clock c WHERE c.demand_id = mine.demand_id
             AND c.engagement_id IS NULL AND c.kind = 'callback_applicant' AND c.state <> 'stopped'))
      WHEN state = 'claimed' THEN COALESCE(call_again_at, (due ->> 'supervision_bank')::timestamptz)
      END AS due_at
  FROM mine WHERE state = 'claimed' OR (state = 'called_back' AND callback_word = 'denied')
  UNION ALL
  SELECT id, claimed_at, 'visits', '', (due ->> 'investigation')::timestamptz
  FROM mine WHERE state IN ('kept', 'investigating')
  UNION ALL
  SELECT id, claimed_at, 'answers', '', COALESCE(
      (due ->> CASE state WHEN 'called_back' THEN 'plan' ELSE 'decision' END)::timestamptz)
  FROM mine WHERE state IN ('called_back', 'investigated')
  UNION ALL
  SELECT mine.id, claimed_at, 'answers', q.ref, q.due_at
  FROM mine JOIN market_enquiry q ON q.engagement_id = mine.id AND q.answered_at IS NULL
  UNION ALL
  SELECT id, claimed_at, 'returns', '', CASE state
      WHEN 'accepted' THEN (due ->> 'signing')::timestamptz
      WHEN 'signed' THEN (due ->> 'data_return')::timestamptz
      ELSE COALESCE(long_pending_since, (due ->> 'long_pending')::timestamptz) END
  FROM mine
  WHERE state IN ('accepted', 'signed') OR (state = 'disbursed' AND money_word = 'denied')
     OR (state <> 'disbursed' AND (long_pending_since IS NOT NULL
         OR (due ->> 'long_pending')::timestamptz < %(soon)s))
), ranked AS (
  SELECT id, list, enquiry, due_at,
         row_number() OVER (PARTITION BY list ORDER BY due_at NULLS FIRST, claimed_at, id, enquiry) AS place,
         count(*) OVER (PARTITION BY list) AS of_list
  FROM listed
)
SELECT id, list, enquiry, due_at, of_list FROM ranked WHERE place <= %(rows)s ORDER BY list, place
"""
FIGURES = """
SELECT n.now, o.name,
       (SELECT count(*) FROM market_engagement WHERE bank_id = o.id AND ended_at IS NULL
          AND state <> 'disbursed'),
       today.on_time, today.first_calls, today.confirmed,
       (SELECT count(*) FROM market_financingdemand WHERE directed_bank_id IS NULL
          AND published_at BETWEEN n.now - interval '25 hours' AND n.now - interval '24 hours')
FROM (SELECT clock_timestamp() AS now) n, parties_organisation o,
  LATERAL (
    SELECT count(*) FILTER (WHERE c.is_on_time) AS on_time, count(*) AS first_calls,
           count(*) FILTER (WHERE e.callback_word = 'confirmed') AS confirmed
    FROM market_callattempt c JOIN market_engagement e ON e.id = c.engagement_id
    WHERE e.bank_id = o.id AND c.number = 1
      AND c.started_at >= date_trunc('day', n.now, 'Asia/Shanghai')
  ) today
WHERE o.id = %(bank)s
"""


@dataclass(frozen=True, slots=True)
class OpenDemand:
    """A demand to claim, and until when somebody has to call (content.md K1)."""

    card: DemandCard
    due_at: datetime | None
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class BankLists:
    """All that the bank desk shows. Figures of today: first calls, on time, confirmed; open cases."""

    now: datetime
    bank_name: str
    turns: tuple[parties.Turn, ...]
    """Turns of duty that touch today, in order of time."""
    calls: tuple[ListedCase, ...]
    open: tuple[OpenDemand, ...]
    visits: tuple[ListedCase, ...]
    answers: tuple[ListedCase, ...]
    returns: tuple[ListedCase, ...]
    counts: dict[str, int] = field(default_factory=dict)
    live: int = 0
    on_time: int = 0
    first_calls: int = 0
    confirmed: int = 0
    yesterday: int = 0
    """Demands to all banks in the hour before this time yesterday."""
    aside: int = 0
    """Open demands that the actor has hidden from the own list."""


@query(*BANK)
def bank_lists(actor: Actor) -> BankLists:
    """The five lists of the actor's bank, each with its most late first (M007, M008, M010).

    A case is in the list of what it waits for; one that pends long is in the last list as well.
    Six statements, and one for each kind of thing that only some lists show (papers, questions,
    pauses, obstacles, working days), whatever the number of rows.
    """
    bank = actor.organisation
    now, bank_name, *figures, yesterday = _statement(FIGURES, {"bank": bank})[0]
    soon = now + SOON_TO_BE_LONG
    picked = [Place(*row) for row in _statement(PICK, {"bank": bank, "soon": soon, "rows": ROWS})]
    begins = at_local(local_date(now), datetime.min.time())
    turns = parties.roster(actor, begins, begins + timedelta(days=1))
    lists, counts = lines(actor, picked, now, turns), {one.list: one.of_list for one in picked}
    found = _by_urgency(bank, actor.person, now - FRESH)
    in_all, aside = (found[0].in_all, found[0].aside) if found else (0, 0)
    live, on_time, first_calls, confirmed = figures
    return BankLists(
        now=now,
        bank_name=bank_name,
        turns=tuple(turns),
        calls=tuple(lists["calls"]),
        open=tuple(_open(row, now) for row in found if not row.is_hidden),
        visits=tuple(lists["visits"]),
        answers=tuple(lists["answers"]),
        returns=tuple(lists["returns"]),
        counts={**counts, "open": in_all - aside},
        live=live,
        on_time=on_time,
        first_calls=first_calls,
        confirmed=confirmed,
        yesterday=yesterday,
        aside=aside,
    )


# -- demands to claim ---------------------------------------------------------------------------


@query(Role.SYSTEM)
def newly_open(actor: Actor, ref: str) -> tuple[OpenDemand, datetime] | None:
    """A demand as the open list of every bank that does not work it shows it, and the database's
    time; None once it is not there any more. Two statements."""
    row, now = _unclaimed.first(ref), database_now()
    return None if row is None else (_open(row, now), now)


@query(*BANK)
def demands_aside(actor: Actor) -> list[DemandCard]:
    """What the actor has hidden and could still claim, newest first, at most forty."""
    now = database_now()
    rows = claimable(actor.organisation).filter(pk__in=_hidden(actor.person))
    newest = rows.order_by("-published_at", "id")[:OPEN_ROWS]
    return [card(row, now) for row in newest.values_list(*CARD, named=True)]


def _open(row: Any, now: datetime) -> OpenDemand:
    return OpenDemand(card(row, now), row.applicant_due_at, row.clock_start_at or now)


def _hidden(officer: UUID | None) -> QuerySet[SetAside, Any]:
    return SetAside.objects.filter(officer_id=officer).values("demand_id")


@Prepared
def _unclaimed(ref: str) -> QuerySet[Any, Any]:
    rows = claimable(None).filter(ref=ref).annotate(applicant_due_at=applicants_due("pk"))
    return rows.values_list(*CARD, "clock_start_at", "applicant_due_at", named=True)


@Prepared
def _by_urgency(bank: UUID, officer: UUID, fresh: datetime) -> QuerySet[Any, Any]:
    """Those of the last ten minutes first, the one that waits longest on top; then newest first;
    what the officer has hidden comes last. Each row knows how many there are of all."""
    since = When(clock_start_at__gte=fresh, then=F("clock_start_at"))
    rows = claimable(bank).annotate(
        is_hidden=Q(pk__in=_hidden(officer)),
        urgent_at=Case(since, default=None),
        in_all=Window(Count("pk")),
        aside=Window(Count("pk", filter=Q(is_hidden=True))),
        applicant_due_at=applicants_due("pk"),
    )
    shown = ("clock_start_at", "applicant_due_at", "is_hidden", "in_all", "aside")
    by_urgency = ("is_hidden", F("urgent_at").asc(nulls_last=True), "-published_at", "id")
    return rows.order_by(*by_urgency)[:OPEN_ROWS].values_list(*CARD, *shown, named=True)


def _statement(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
