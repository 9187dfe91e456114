"""When the clocks of a demand start and what they make due: pure arithmetic on duty hours.

A demand of the night starts its clocks at the next opening; a time that the applicant asked for
outranks both (M009 to M011). Every limit is an argument, for the county's dated clock rules decide
it; the defaults are the shipped ones.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from puhui.kernel.calendar import WorkingCalendar
from puhui.kernel.clock import at_local, end_of_day, local, local_date

ONE_DAY = timedelta(days=1)
MIDNIGHT = time(0)
SEARCH_DAYS = 60

Hours = tuple[time, time]

ROUND_THE_CLOCK: Hours = (MIDNIGHT, MIDNIGHT)
CALLBACK_WITHIN = timedelta(minutes=5)
SUPERVISION_AFTER = timedelta(minutes=10)
INVESTIGATION_WORKING_DAYS = 3


class CallWish(enum.StrEnum):
    """When the applicant wants to be called (screen 3 of the request)."""

    NOW = "now"
    NOON = "noon"
    EVENING = "evening"
    TOMORROW_MORNING = "tomorrow_morning"


WISHED_HOURS: Mapping[CallWish, Hours] = {
    CallWish.NOON: (time(12), time(13, 30)),
    CallWish.EVENING: (time(18), time(21, 30)),
}


class NoOpening(Exception):
    """The county has closed its duty hours for longer than anyone may wait."""


@dataclass(frozen=True, slots=True)
class DutyHours:
    """Hours in which banks call, local time; the opening minute is inside, the closing one outside.

    A closing time of 00:00 is the end of the day, so (00:00, 00:00) is round the clock. `days`
    overrules `default` for single days (None: no duty that day); with `weekdays_only` the default
    holds on working days alone.
    """

    default: Hours = (time(7, 30), time(21, 30))
    days: Mapping[date, Hours | None] = field(default_factory=dict)
    weekdays_only: bool = False

    def __post_init__(self) -> None:
        for hours in (self.default, *self.days.values()):
            if hours and hours[1] != MIDNIGHT and hours[0] >= hours[1]:
                raise ValueError("duty hours must open before they close")

    def on(self, day: date, working: WorkingCalendar | None = None) -> Hours | None:
        """The day's hours; raises UnknownYear where working days decide and none are loaded."""
        if day in self.days:
            return self.days[day]
        if not self.weekdays_only:
            return self.default
        if working is None:
            raise ValueError("hours on working days need the table of working days")
        return self.default if working.is_working(day) else None

    def is_open(self, at: datetime, working: WorkingCalendar | None = None) -> bool:
        hours = self.on(local_date(at), working)
        return hours is not None and _is_within(local(at).time(), hours)

    def next_open(self, at: datetime, working: WorkingCalendar | None = None) -> datetime:
        """`at` itself while open, else the next opening; raises NoOpening after 60 closed days."""
        if self.is_open(at, working):
            return at
        for step in range(SEARCH_DAYS + 1):
            day = local_date(at) + ONE_DAY * step
            hours = self.on(day, working)
            if hours and at_local(day, hours[0]) >= at:
                return at_local(day, hours[0])
        raise NoOpening


def _is_within(moment: time, hours: Hours) -> bool:
    opens, closes = hours
    return opens <= moment and (closes == MIDNIGHT or moment < closes)


def clock_start(
    published_at: datetime,
    hours: DutyHours,
    wished: CallWish | None = None,
    working: WorkingCalendar | None = None,
) -> datetime:
    """The instant from which both clocks of a demand (or a direction) run, never before it.

    Noon and evening hold whatever the duty hours say, from the next such window, or at once inside
    one. Tomorrow morning is the next day's opening; a day without duty passes on to the next one.
    """
    if wished and wished in WISHED_HOURS:
        return _next_window(published_at, WISHED_HOURS[wished])
    if wished is CallWish.TOMORROW_MORNING:
        return hours.next_open(at_local(local_date(published_at) + ONE_DAY, MIDNIGHT), working)
    return hours.next_open(published_at, working)


def _next_window(at: datetime, window: Hours) -> datetime:
    today = local_date(at)
    if _is_within(local(at).time(), window):
        return at
    opens = at_local(today, window[0])
    return opens if at < opens else at_local(today + ONE_DAY, window[0])


def callback_due_at(start: datetime, within: timedelta = CALLBACK_WITHIN) -> datetime:
    """Last instant of a punctual first call, itself included (M009)."""
    return start + within


def supervise_at(start: datetime, after: timedelta = SUPERVISION_AFTER) -> datetime:
    """When the county steps in if nobody has reached the applicant (M011)."""
    return start + after


def investigation_due_on(
    start: datetime,
    first_callback_at: datetime | None,
    working: WorkingCalendar,
    *,
    working_days: int = INVESTIGATION_WORKING_DAYS,
    within: timedelta = CALLBACK_WITHIN,
) -> date:
    """Working days from the first call's date, at the latest from the callback's limit (M010).

    So a late or missing call wins no days. Raises UnknownYear.
    """
    latest = callback_due_at(start, within)
    counted_from = min(first_callback_at, latest) if first_callback_at else latest
    return working.add_working_days(local_date(counted_from), working_days)


def investigation_due_at(due_on: date) -> datetime:
    return end_of_day(due_on)
