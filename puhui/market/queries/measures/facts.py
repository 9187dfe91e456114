"""One row of facts per request: approved when and how much, paid when and how much, and where it is.

Everything that is counted, and every list behind a count, is read from this one statement, so that
a figure is the length of its list. Approved: a bank gave a firm offer (准信) or returned a contract.
Paid: the bank returned its four fields. Whereabouts are exclusive and leave nothing out. The first
that holds is taken: paid · approved: waiting, lapsed, unused · open · withdrawn · nobody took it in
time · papers missing (R10, or the township closed it so) · a visit was agreed · somebody talked on
the phone · unreached. Source: M028, content.md §4.6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import at_local
from puhui.market.reach import demands

FACTS = """
SELECT d.id, d.ref, d.township_id, d.state, d.published_at, d.amount_fen,
       g.approved_at, g.approved_fen, g.paid_out_on, g.paid_fen, g.rate_ppm, g.due_on,
       CASE WHEN g.paid_out_on IS NOT NULL THEN 'paid'
            WHEN g.approved_at IS NOT NULL AND g.is_offer_live THEN 'approved_waiting'
            WHEN g.approved_at IS NOT NULL AND g.is_offer_lapsed THEN 'approved_lapsed'
            WHEN g.approved_at IS NOT NULL THEN 'approved_unused'
            WHEN d.state IN ('published', 'in_progress') THEN 'open'
            WHEN d.state = 'withdrawn' THEN 'withdrawn'
            WHEN g.demand_id IS NULL THEN 'nobody'
            WHEN g.is_missing OR EXISTS (
              SELECT 1 FROM market_followup u
              WHERE u.demand_id = d.id AND u.destination = 'missing_until') THEN 'missing'
            WHEN g.is_visited THEN 'visited'
            WHEN g.is_called THEN 'phone'
            ELSE 'unreached' END AS whereabouts
FROM market_financingdemand d
LEFT JOIN (
  SELECT e.demand_id,
         min(coalesce(p.submitted_at, r.signed_at,
             CASE WHEN e.state IN ('offered', 'accepted', 'signed', 'disbursed', 'settled', 'lapsed')
                  THEN e.state_since END)) AS approved_at,
         coalesce(max(p.amount_fen) FILTER (WHERE r.engagement_id IS NOT NULL
                                              AND p.superseded_at IS NULL),
                  max(p.amount_fen) FILTER (WHERE e.state = 'accepted'
                                              AND p.superseded_at IS NULL),
                  max(p.amount_fen) FILTER (WHERE p.superseded_at IS NULL),
                  max(r.amount_fen)) AS approved_fen,
         max(r.paid_out_on) FILTER (WHERE r.returned_at IS NOT NULL) AS paid_out_on,
         max(r.amount_fen) FILTER (WHERE r.returned_at IS NOT NULL) AS paid_fen,
         max(r.rate_ppm) FILTER (WHERE r.returned_at IS NOT NULL) AS rate_ppm,
         max(r.due_on) FILTER (WHERE r.returned_at IS NOT NULL) AS due_on,
         bool_or(e.state IN ('offered', 'accepted', 'signed')) AS is_offer_live,
         bool_or(e.state = 'lapsed') AS is_offer_lapsed,
         bool_or(e.refusal_code = 'R10') AS is_missing,
         bool_or(e.visit_at IS NOT NULL) AS is_visited,
         bool_or(e.callback_word <> '') AS is_called
  FROM market_engagement e
  LEFT JOIN market_proposal p ON p.engagement_id = e.id AND p.kind = 'offer'
  LEFT JOIN market_loanreturn r ON r.engagement_id = e.id
  GROUP BY e.demand_id
) g ON g.demand_id = d.id
WHERE d.published_at IS NOT NULL
"""

UNAPPROVED = ("withdrawn", "phone", "visited", "missing", "unreached", "open", "nobody")
UNPAID = ("approved_unused", "approved_lapsed", "approved_waiting")

Condition = tuple[str, str]
"""Which day a span is about, and what else must hold."""

FIGURES: Mapping[str, Condition] = {
    "applied": ("published_at", "true"),
    "approved": ("approved_at", "approved_at IS NOT NULL"),
    "disbursed": ("paid_out_on", "paid_out_on IS NOT NULL"),
    "unapproved": ("published_at", "approved_at IS NULL AND paid_out_on IS NULL"),
    "unpaid": ("approved_at", "approved_at IS NOT NULL AND paid_out_on IS NULL"),
    **{f"where_{one}": ("published_at", f"whereabouts = '{one}'") for one in UNAPPROVED},
    **{f"where_{one}": ("approved_at", f"whereabouts = '{one}'") for one in UNPAID},
}
"""Figures whose cases can be listed, by the facts; `CaseFilter.figure` takes these names."""

EVERYWHERE = frozenset(
    {Role.SYSTEM, Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN, Role.AUDITOR, Role.SCREEN}
)
"""Who counts the whole county. A screen counts it and lists nothing."""


@dataclass(frozen=True, slots=True)
class Span:
    """Local days, both included; an absent end is open."""

    since: date | None = None
    until: date | None = None

    def where(self, column: str) -> tuple[str, list[Any]]:
        """The condition that `column` (an instant or a day) lies in the span."""
        parts, values = [], []
        if self.since:
            parts.append(f"{column} >= %s")
            values.append(self.since if column == "paid_out_on" else at_local(self.since, time(0)))
        if self.until:
            after = self.until + timedelta(days=1)
            parts.append(f"{column} < %s")
            values.append(after if column == "paid_out_on" else at_local(after, time(0)))
        return " AND ".join(parts) or "true", values


def scoped(actor: Actor, alias: str = "d") -> tuple[str, list[Any]]:
    """The condition that a request lies in the actor's reach, for these statements."""
    if actor.role in EVERYWHERE:
        return "true", []
    sql, values = demands(actor).values("pk").query.sql_with_params()
    return f"{alias}.id IN ({sql})", list(values)


def facts(actor: Actor) -> tuple[str, list[Any]]:
    """The statement of facts in the actor's reach, to select from."""
    reach, values = scoped(actor)
    return f"{FACTS} AND {reach}", values


def cases_of(figure: str, span: Span) -> tuple[str, list[Any]]:
    """The ids of the requests that a figure counts; the caller narrows to its own reach."""
    column, condition = FIGURES[figure]
    within, values = span.where(column)
    return f"SELECT id FROM ({FACTS}) f WHERE {condition} AND {within}", values


def rows(statement: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    """The rows of a statement by column name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def published_between(since: date | None, until: date | None, prefix: str = "") -> Q:
    """Published from the first midnight of `since` to the last moment of `until`, local days."""
    found = Q()
    if since:
        found &= Q(**{f"{prefix}published_at__gte": at_local(since, time(0))})
    if until:
        found &= Q(**{f"{prefix}published_at__lt": at_local(until + timedelta(days=1), time(0))})
    return found
