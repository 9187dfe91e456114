"""How much of the county's people is registered, with both numbers and what they count (M027)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now

YOUNGEST, OLDEST = 18, 65
"""Who counts as of an age to ask for money: from 18 to 65, by year of birth (适龄)."""

DEFINITION = (
    "已注册：登记过的本县群众，按身份证号一人算一个。常住适龄人口：人口底册里常住本县、"
    "年满 {youngest} 至 {oldest} 岁（按出生年）的人。覆盖率是前一个数除以后一个数。"
)
COUNTS = """
SELECT d.township_code, sum(c.eligible), sum(c.registered) FROM (
  SELECT village_id, count(*) AS eligible, 0 AS registered FROM parties_populationentry
  WHERE lives_here AND birth_year BETWEEN %(first)s AND %(last)s GROUP BY village_id
  UNION ALL
  SELECT village_id, 0, count(*) FROM parties_resident
  WHERE registered_at < %(now)s AND erased_at IS NULL GROUP BY village_id
) c JOIN parties_division d ON d.code = c.village_id GROUP BY d.township_code ORDER BY 1
"""
"""The roll is counted from its index alone."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Registered people of an area, out of its resident people of the age."""

    township_code: str
    registered: int
    eligible: int

    @property
    def permille(self) -> int | None:
        """Tenths of a percent, half up; None while no roll is loaded."""
        if not self.eligible:
            return None
        return (2000 * self.registered + self.eligible) // (2 * self.eligible)


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """The county and its townships, at one instant, with what the numbers count."""

    as_of: datetime
    definition: str
    county: Coverage
    townships: tuple[Coverage, ...]


@query(*COUNTY, Role.TOWNSHIP_ADMIN, Role.AUDITOR, Role.SYSTEM)
def coverage(actor: Actor, on: date | None = None) -> CoverageTable:
    """Registered and resident age-eligible people, by township and for the county (M027, M032).

    `on`: the day by which ages are told, absent today. Counts only, of nobody in particular. One
    statement over the roll: keep the answer where it is shown often.
    """
    now = database_now()
    year = (on or local_date(now)).year
    facts: dict[str, Any] = {"now": now, "first": year - OLDEST, "last": year - YOUNGEST}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, facts)
        rows = [
            Coverage(code, int(registered), int(eligible))
            for code, eligible, registered in cursor.fetchall()
        ]
    whole = Coverage(
        "",
        sum(one.registered for one in rows),
        sum(one.eligible for one in rows),
    )
    words = DEFINITION.format(youngest=YOUNGEST, oldest=OLDEST)
    return CoverageTable(now, words, whole, tuple(rows))
