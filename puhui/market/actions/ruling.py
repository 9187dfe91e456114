"""The county's rules as dated data: limits, duty days, working days."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.calendar import ParsedTable, parse_table
from puhui.kernel.command import FieldError, Invalid, Work, command
from puhui.kernel.models import CalendarYear
from puhui.market.actions.breaching import fill_awaiting
from puhui.market.models import ClockRules, DutyDay
from puhui.market.rules import limits as rules
from puhui.market.terms import ClockLimits
from puhui.market.timing import timing


@command(Role.COUNTY_ADMIN)
def set_clock_rules(work: Work, changes: Mapping[str, Any], *, by: Actor) -> ClockLimits:
    """Change limits from now on; clocks that already run keep theirs. Returns all limits.

    Seconds, days and times as in `ClockLimits`. Refuses every field out of its bounds.
    """
    after = rules.changed(timing(work.now).limits, changes)
    ClockRules.objects.create(valid_from=work.now, limits=rules.stored(after), set_by=by.ref)
    work.record(
        "clock_rules.set",
        ("clock_rules", work.now.isoformat()),
        topics=("county",),
        **dict(changes),
    )
    return after


@command(Role.COUNTY_ADMIN)
def set_duty_day(
    work: Work, day: date, opens: time | None, closes: time | None, *, by: Actor
) -> None:
    """Set one day's duty hours (除夕, 初一); both empty: nobody calls that day."""
    if (opens is None) != (closes is None) or (opens and closes and opens >= closes):
        raise Invalid(
            [FieldError("closes", "order", "下班时间要晚于上班时间；不值班就两格都空着。")]
        )
    DutyDay.objects.update_or_create(day=day, defaults={"opens": opens, "closes": closes})
    work.record("duty_day.set", ("duty_day", day.isoformat()), topics=("county",))


@command(Role.COUNTY_ADMIN)
def load_calendar(
    work: Work, table: str, *, source: str, dry_run: bool = False, by: Actor
) -> ParsedTable:
    """Load whole years of working days from CSV; open due dates that waited for them are filled.

    Returns the parsed table with its row errors; with any error, or in a dry run, nothing changes.
    """
    parsed = parse_table(table)
    if parsed.errors or dry_run:
        return parsed
    store_years(work, parsed, source)
    work.record(
        "calendar.load",
        ("calendar", "working_days"),
        topics=("county",),
        years=sorted({day.day.year for day in parsed.days}),
        sha256=hashlib.sha256(table.encode()).hexdigest(),
    )
    fill_awaiting(by=SYSTEM)
    return parsed


def store_years(work: Work, parsed: ParsedTable, source: str) -> None:
    """Write each whole year of a parsed table, replacing an older table of the same year."""
    years: dict[int, list[str]] = {}
    for day in parsed.days:
        years.setdefault(day.day.year, []).append("1" if day.is_working else "0")
    for year, marks in years.items():
        CalendarYear.objects.update_or_create(
            year=year,
            defaults={"working": "".join(marks), "loaded_at": work.now, "source": source},
        )
