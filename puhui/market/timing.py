"""The rules in force at a moment: limits, duty hours, working days. One statement to read."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from puhui.kernel.calendar import UnknownYear, WorkingCalendar
from puhui.kernel.clock import end_of_day, local_date
from puhui.market.rules import limits as rules
from puhui.market.rules.duty_hours import CallWish, DutyHours, clock_start
from puhui.market.terms import ClockLimits

READ = """
SELECT (SELECT limits FROM market_clockrules WHERE valid_from <= %(at)s
        ORDER BY valid_from DESC LIMIT 1),
       (SELECT json_agg(json_build_array(day, to_char(opens, 'HH24:MI'), to_char(closes, 'HH24:MI')))
        FROM market_dutyday WHERE day BETWEEN %(today)s AND %(horizon)s),
       (SELECT json_agg(json_build_array(year, loaded_at)) FROM kernel_calendaryear)
"""
HORIZON = timedelta(days=61)

_calendar: tuple[str, WorkingCalendar] = ("", WorkingCalendar({}))


@dataclass(frozen=True, slots=True)
class Timing:
    """What computes every deadline of the main job."""

    now: datetime
    limits: ClockLimits
    hours: DutyHours
    calendar: WorkingCalendar

    def clock_start(self, at: datetime, wish: str) -> datetime:
        """When clocks that begin at `at` start to run: duty hours, and the applicant's wish."""
        try:
            return clock_start(at, self.hours, CallWish(wish), self.calendar)
        except UnknownYear:
            return clock_start(at, self._every_day, CallWish(wish), self.calendar)

    def is_duty(self, at: datetime) -> bool:
        """Whether somebody calls at that moment."""
        try:
            return self.hours.is_open(at, self.calendar)
        except UnknownYear:
            return self._every_day.is_open(at, self.calendar)

    @property
    def _every_day(self) -> DutyHours:
        """A county that calls on working days calls on every day of a year whose table it lacks:
        nobody's request may fail for it."""
        return replace(self.hours, weekdays_only=False)

    def end_of_working_day(self, start: datetime, working_days: int) -> datetime | None:
        """23:59:59 of the working day so many after `start`; None while its year is not loaded."""
        try:
            return end_of_day(self.calendar.add_working_days(local_date(start), working_days))
        except UnknownYear:
            return None

    def working_day_of(self, start: datetime) -> int | None:
        """Which working day now is after `start`; its own day does not count (民法典 第201条)."""
        first, today = local_date(start), local_date(self.now)
        try:
            return self.calendar.working_days_between(first, today) if today > first else 0
        except UnknownYear:
            return None


def timing(now: datetime) -> Timing:
    """Read the rules in force at `now`."""
    today = local_date(now) - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(READ, {"at": now, "today": today, "horizon": today + HORIZON})
        stored, days, years = (_loaded(value) for value in cursor.fetchone())
    limits = rules.read(stored or {})
    single_days = {day: (opens, closes) for day, opens, closes in days or []}
    return Timing(
        now, limits, rules.duty_hours(limits, single_days), _working_calendar(years or [])
    )


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) else value


def _working_calendar(years: list[list[Any]]) -> WorkingCalendar:
    """The loaded calendar, kept in this process until a year is loaded anew."""
    global _calendar
    version = json.dumps(sorted(years, key=str))
    if _calendar[0] != version:
        _calendar = (version, WorkingCalendar.from_rows(_days()))
    return _calendar[1]


def _days() -> list[tuple[date, bool]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT year, working FROM kernel_calendaryear ORDER BY year")
        return [
            (date(year, 1, 1) + timedelta(days=step), mark == "1")
            for year, working in cursor.fetchall()
            for step, mark in enumerate(working)
        ]
