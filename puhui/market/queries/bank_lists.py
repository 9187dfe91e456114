"""The bank desk's five lists (content.md §3.1), by a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, F, Q, QuerySet, When

from puhui.kernel.actor import BANK, Actor, Role, query
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.prepared import Prepared
from puhui.market.models import Engagement, FinancingDemand, SetAside, Supervision
from puhui.market.queries.banks import bank_case, card, case_of, cases_of, claimable
from puhui.market.queries.shaping import filled, supervision_views, supervisions, with_parties
from puhui.market.queries.views import BankCase, EnquiryView, SupervisionView
from puhui.market.reach import is_on_duty
from puhui.market.terms import DemandCard
from puhui.market.timing import timing

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
SELECT (SELECT count(*) FROM market_engagement WHERE bank_id = %(bank)s AND ended_at IS NULL
          AND state <> 'disbursed'),
       count(*) FILTER (WHERE c.is_on_time), count(*),
       count(*) FILTER (WHERE e.callback_word = 'confirmed'),
       (SELECT count(*) FROM market_financingdemand WHERE directed_bank_id IS NULL
          AND published_at BETWEEN %(yesterday)s - interval '1 hour' AND %(yesterday)s)
FROM market_callattempt c JOIN market_engagement e ON e.id = c.engagement_id
WHERE e.bank_id = %(bank)s AND c.number = 1 AND c.started_at >= %(midnight)s
"""
APPLICANT_DUE = """
SELECT demand_id, max(due_at) FROM market_clock
WHERE demand_id = ANY(%(demands)s) AND engagement_id IS NULL AND kind = 'callback_applicant'
  AND state <> 'stopped' GROUP BY demand_id
"""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case in a list. `due_at`: the limit that orders the list; `applicant_due_at`: the
    applicant's own five minutes; `supervision`: one that still waits for the bank's answer."""

    case: BankCase
    due_at: datetime | None
    applicant_due_at: datetime | None
    supervision: SupervisionView | None
    open_call: str
    """Reference of a call that was started and has no result yet."""
    enquiry: EnquiryView | None = None
    """In the list of answers owed: what the applicant asked; nothing: a plan or a decision is owed."""
    working_day: int | None = None
    """Which working day it is since the claim; None while its year's table is not loaded."""


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
    Eighteen statements whatever the number of rows.
    """
    now = database_now()
    picked = _statement(
        PICK, {"bank": actor.organisation, "soon": now + SOON_TO_BE_LONG, "rows": ROWS}
    )
    open_rows = _open_rows(actor, now)
    open_count, aside = _open_counts(actor)
    cases = _cases(actor, [row[0] for row in picked])
    due = _applicant_due([row.pk for row in open_rows] + [one.demand_id for one in cases.values()])
    waiting = _unanswered(actor)
    lists: dict[str, list[ListedCase]] = defaultdict(list)
    counts = {"open": open_count}
    is_here, rules = is_on_duty(actor, now), timing(now)
    for pk, name, enquiry, due_at, of_list in picked:
        counts[name] = of_list
        if pk in cases:  # it may have ended between two statements
            row = cases[pk]
            knows = is_here or row.officer_id == actor.person
            one = _listed(row, due_at, due.get(row.demand_id), waiting, now, knows, enquiry)
            if name == "returns":
                one = replace(one, working_day=rules.working_day_of(row.claimed_at))
            lists[name].append(one)
    midnight = at_local(local_date(now), datetime.min.time())
    live, on_time, first_calls, confirmed, yesterday = _statement(
        FIGURES,
        {"bank": actor.organisation, "midnight": midnight, "yesterday": now - timedelta(days=1)},
    )[0]
    return BankLists(
        now=now,
        calls=tuple(lists["calls"]),
        open=tuple(
            OpenDemand(card(row, now), due.get(row.pk), row.clock_start_at or now)
            for row in open_rows
        ),
        visits=tuple(lists["visits"]),
        answers=tuple(lists["answers"]),
        returns=tuple(lists["returns"]),
        counts=counts,
        live=live,
        on_time=on_time,
        first_calls=first_calls,
        confirmed=confirmed,
        yesterday=yesterday,
        aside=aside,
    )


@Prepared
def _unclaimed(ref: str) -> QuerySet[FinancingDemand]:
    return claimable(None).filter(ref=ref)


@query(Role.SYSTEM)
def newly_open(actor: Actor, ref: str) -> tuple[OpenDemand, datetime] | None:
    """A demand as the open list of every bank that does not work it shows it, and the database's
    time; None once it is not there any more. Three statements."""
    row, now = _unclaimed.first(ref), database_now()
    if row is None:
        return None
    due = _applicant_due([row.pk]).get(row.pk)
    return OpenDemand(card(row, now), due, row.clock_start_at or now), now


@query(*BANK)
def demands_aside(actor: Actor) -> list[DemandCard]:
    """What the actor has hidden and could still claim, newest first, at most forty."""
    now = database_now()
    rows = claimable(actor.organisation).filter(pk__in=_hidden(actor.person))
    return [card(row, now) for row in rows.order_by("-published_at", "id")[:OPEN_ROWS]]


def _hidden(officer: UUID | None) -> QuerySet[SetAside, Any]:
    return SetAside.objects.filter(officer_id=officer).values("demand_id")


@Prepared
def _by_urgency(bank: UUID, officer: UUID, fresh: datetime) -> QuerySet[FinancingDemand]:
    since = When(clock_start_at__gte=fresh, then=F("clock_start_at"))
    rows = (
        claimable(bank)
        .exclude(pk__in=_hidden(officer))
        .annotate(urgent_at=Case(since, default=None))
    )
    return rows.order_by(F("urgent_at").asc(nulls_last=True), "-published_at", "id")[:OPEN_ROWS]


@Prepared
def _by_hiding(bank: UUID, officer: UUID) -> QuerySet[Any, Any]:
    rows = claimable(bank).order_by().annotate(is_hidden=Q(pk__in=_hidden(officer)))
    return rows.values("is_hidden").annotate(n=Count("pk")).values_list("is_hidden", "n")


@Prepared
def _unanswered_of(bank: UUID) -> QuerySet[Supervision]:
    rows = Supervision.objects.filter(
        bank_id=bank, answered_at__isnull=True, engagement__ended_at__isnull=True
    )
    return with_parties(rows)


def _open_counts(actor: Actor) -> tuple[int, int]:
    """How many demands are open to claim, and how many of all the actor has hidden."""
    counts = dict(_by_hiding(actor.organisation, actor.person))
    return counts.get(False, 0), counts.get(True, 0)


@query(*BANK)
def listed_case(actor: Actor, ref: str) -> ListedCase:
    """One case as the lists show it. Refuses NOT_FOUND, alike for another bank's and a missing one."""
    now = database_now()
    rows = filled(case_of(actor.organisation, ref))
    if not rows:
        raise Refused(NOT_FOUND)
    row = rows[0]
    due = _applicant_due([row.demand_id])
    knows = row.officer_id == actor.person or is_on_duty(actor, now)
    return _listed(row, None, due.get(row.demand_id), _unanswered(actor), now, knows)


@query(*BANK)
def bank_supervisions(actor: Actor, *, limit: int = 200) -> tuple[SupervisionView, ...]:
    """The supervision records of the actor's bank, newest first (M011)."""
    mine = Supervision.objects.filter(bank_id=actor.organisation)
    newest = mine.order_by("-opened_at", "-id").values("pk")[:limit]
    return supervisions(Supervision.objects.filter(pk__in=newest))


@query(*BANK)
def case_supervisions(actor: Actor, engagement_ref: str) -> tuple[SupervisionView, ...]:
    """Supervision of one engagement of the actor's bank, newest first."""
    mine = Supervision.objects.filter(bank_id=actor.organisation)
    return supervisions(mine.filter(engagement__ref=engagement_ref))


@query(*BANK)
def bank_supervision(actor: Actor, ref: str) -> SupervisionView:
    """One supervision record of the actor's bank. Refuses NOT_FOUND."""
    found = supervisions(Supervision.objects.filter(bank_id=actor.organisation, ref=ref))
    if not found:
        raise Refused(NOT_FOUND)
    return found[0]


def _open_rows(actor: Actor, now: datetime) -> list[FinancingDemand]:
    """Those of the last ten minutes first, the one that waits longest on top; then newest first."""
    return _by_urgency(actor.organisation, actor.person, now - FRESH)


def _statement(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _cases(actor: Actor, ids: list[UUID]) -> dict[UUID, Engagement]:
    rows = filled(cases_of(actor.organisation, ids)) if ids else ()
    return {row.pk: row for row in rows}


def _applicant_due(demands: list[UUID]) -> dict[UUID, datetime]:
    return dict(_statement(APPLICANT_DUE, {"demands": demands}))


def _unanswered(actor: Actor) -> dict[str, SupervisionView]:
    """Supervision that waits for the bank's reason, by the engagement's reference."""
    found = supervision_views(_unanswered_of(actor.organisation))
    return {one.engagement_ref: one for one in found}


def _listed(
    row: Engagement,
    due_at: datetime | None,
    applicant_due_at: datetime | None,
    waiting: dict[str, SupervisionView],
    now: datetime,
    knows: bool,
    enquiry: str = "",
) -> ListedCase:
    opened = [call.ref for call in row.calls.all() if call.recorded_at is None]
    case = bank_case(row, now, knows=knows)
    asked = next((one for one in case.engagement.enquiries if one.ref == enquiry), None)
    return ListedCase(
        case=case,
        due_at=due_at,
        applicant_due_at=applicant_due_at,
        supervision=waiting.get(row.ref),
        open_call=opened[-1] if opened else "",
        enquiry=asked,
    )
