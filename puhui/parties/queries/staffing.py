"""Whether every village has its specialist (M018): who is missing where, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now

GAPS = """
WITH live AS (
  SELECT d.area_id AS area FROM parties_duty d
  JOIN parties_staff s ON s.id = d.staff_id AND s.is_active
  JOIN parties_organisation o ON o.id = s.organisation_id AND o.is_active
  WHERE d.role = 'village_finance_commissioner' AND d.starts_at <= %(now)s
    AND (d.ends_at IS NULL OR d.ends_at > %(now)s)
), place AS (
  SELECT v.code, v.short_name, v.kind, v.parent_id, v.township_code, v.pinyin,
         EXISTS (SELECT FROM live WHERE live.area = v.code) AS has_own
  FROM parties_division v
  WHERE v.kind IN ('village', 'natural_village') AND v.is_active
    AND (%(towns)s::text[] IS NULL OR v.township_code = ANY(%(towns)s))
), beneath AS (
  SELECT parent_id, bool_or(has_own) AS has_any FROM place
  WHERE kind = 'natural_village' GROUP BY parent_id
)
SELECT p.code, p.short_name, p.kind, p.township_code, t.short_name, up.short_name,
       (SELECT max(d.ends_at) FROM parties_duty d
        WHERE d.role = 'village_finance_commissioner' AND d.area_id = p.code
          AND d.ends_at <= %(now)s)
FROM place p
JOIN parties_division t ON t.code = p.township_code
LEFT JOIN beneath own ON own.parent_id = p.code
LEFT JOIN place up ON up.code = p.parent_id
LEFT JOIN beneath siblings ON siblings.parent_id = p.parent_id
WHERE NOT p.has_own AND CASE p.kind
  WHEN 'village' THEN NOT COALESCE(own.has_any, false)
  ELSE NOT up.has_own AND COALESCE(siblings.has_any, false) END
ORDER BY t.pinyin, t.code, p.pinyin, p.code
"""
SUMMARY = """
WITH live AS (
  SELECT d.role, d.area_id AS area, s.id AS staff FROM parties_duty d
  JOIN parties_staff s ON s.id = d.staff_id AND s.is_active
  JOIN parties_organisation o ON o.id = s.organisation_id AND o.is_active
  WHERE d.role IN ('village_finance_commissioner', 'township_admin') AND d.starts_at <= %(now)s
    AND (d.ends_at IS NULL OR d.ends_at > %(now)s)
), held AS (
  SELECT v.township_code AS town,
         count(DISTINCT staff) FILTER (WHERE role = 'township_admin') AS deputies,
         count(DISTINCT staff) FILTER (WHERE role <> 'township_admin') AS specialists
  FROM live JOIN parties_division v ON v.code = live.area GROUP BY v.township_code
), places AS (
  SELECT township_code AS town, count(*) FILTER (WHERE kind = 'village') AS villages,
         count(*) FILTER (WHERE kind = 'natural_village') AS natural
  FROM parties_division WHERE is_active AND parent_id IS NOT NULL GROUP BY township_code
)
SELECT t.code, t.name, COALESCE(p.villages, 0), COALESCE(p.natural, 0),
       COALESCE(h.deputies, 0), COALESCE(h.specialists, 0)
FROM parties_division t
LEFT JOIN held h ON h.town = t.code
LEFT JOIN places p ON p.town = t.code
WHERE t.parent_id IS NULL AND t.is_active
ORDER BY t.pinyin, t.code
"""


@dataclass(frozen=True, slots=True)
class StaffGap:
    """A village, or a natural village, that nobody looks after. `vacant_since`: when the last one
    left; None where there never was one. `vacant_days` counts from that day."""

    code: str
    name: str
    kind: str
    township_code: str
    township: str
    village: str
    """Of a natural village the administrative one above it."""
    vacant_since: datetime | None
    vacant_days: int | None


@dataclass(frozen=True, slots=True)
class TownshipStaffing:
    """How a township stands: places, people, gaps."""

    code: str
    name: str
    villages: int
    natural_villages: int
    deputies: int
    specialists: int
    gaps: int


@query(Role.TOWNSHIP_ADMIN, *COUNTY, Role.AUDITOR)
def staff_gaps(
    actor: Actor, township_code: str = "", *, now: datetime | None = None
) -> list[StaffGap]:
    """Villages for which nobody holds the specialist's duty now, by township and pinyin (M018).

    A village is looked after by whoever is bound to it or to a natural village of it; where its
    specialists are bound to natural villages, each of these needs one. A deputy asks of the own
    township only. `now`: the instant of the page, else the database's. One statement.
    """
    towns: list[str] | None = [township_code] if township_code else None
    if actor.role is Role.TOWNSHIP_ADMIN:
        towns = sorted(actor.areas & {township_code} if township_code else actor.areas)
    now = now or database_now()
    today = local_date(now)
    return [
        StaffGap(
            code=code,
            name=name,
            kind=kind,
            township_code=town_code,
            township=town,
            village=above or "",
            vacant_since=since,
            vacant_days=(today - local_date(since)).days if since else None,
        )
        for code, name, kind, town_code, town, above, since in _rows(GAPS, now, towns)
    ]


@query(*COUNTY, Role.AUDITOR)
def staff_coverage(actor: Actor) -> list[TownshipStaffing]:
    """Places, people and gaps of every township-level unit, by pinyin. Two statements."""
    gaps: dict[str, int] = {}
    for gap in staff_gaps(actor):
        gaps[gap.township_code] = gaps.get(gap.township_code, 0) + 1
    return [
        TownshipStaffing(code, name, villages, natural, deputies, specialists, gaps.get(code, 0))
        for code, name, villages, natural, deputies, specialists in _rows(SUMMARY, database_now())
    ]


def _rows(statement: str, now: datetime, towns: list[str] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "towns": towns})
        return list(cursor.fetchall())
