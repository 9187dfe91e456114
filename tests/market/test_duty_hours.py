"""When the clocks of a demand start, and what they make due."""

import json
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puhui.kernel.calendar import UnknownYear, WorkingCalendar, shipped_table
from puhui.kernel.clock import SHANGHAI, at_local, local_date
from puhui.market.rules.duty_hours import (
    ROUND_THE_CLOCK,
    CallWish,
    DutyHours,
    NoOpening,
    callback_due_at,
    clock_start,
    investigation_due_at,
    investigation_due_on,
    supervise_at,
)

CASES = json.loads((Path(__file__).parents[1] / "cases/calendar_sla.json").read_text())["cases"]
CLOCKS = [case for case in CASES if case["id"].startswith("SLA-")]
MODES = {
    "24x7": DutyHours(default=ROUND_THE_CLOCK),
    "SERVICE_HOURS": DutyHours(default=(time(8, 30), time(17, 30)), weekdays_only=True),
}
FRIDAY = date(2026, 11, 20)
SATURDAY = date(2026, 11, 21)


@cache
def working() -> WorkingCalendar:
    return WorkingCalendar.from_rows((each.day, each.is_working) for each in shipped_table().days)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def on_friday(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return at_local(FRIDAY, time(hour, minute, second))


@pytest.mark.parametrize("case", CLOCKS, ids=lambda case: case["id"])
def test_l2_clocks_of_a_demand(case: dict[str, dict[str, str]]) -> None:
    given_, expected = case["input"], case["expected"]
    start = clock_start(instant(given_["published_at"]), MODES[given_["mode"]], None, working())
    assert start == instant(expected["clock_start"])
    assert callback_due_at(start) == instant(expected["callback_due"])
    assert supervise_at(start) == instant(expected["supervise_at"])
    due_on = investigation_due_on(start, instant(given_["callback_done_at"]), working())
    assert due_on == date.fromisoformat(expected["investigation_due_date"])
    assert investigation_due_at(due_on) == instant(expected["investigation_due_at"])


@pytest.mark.parametrize(
    ("called_at", "due_on"),
    [
        ("2026-11-20T23:58:00", date(2026, 11, 24)),
        ("2026-11-27T10:00:00", date(2026, 11, 25)),
        (None, date(2026, 11, 25)),
    ],
)
def test_m010_a_late_or_missing_call_wins_no_days(called_at: str | None, due_on: date) -> None:
    """Published Thursday 23:57:30 shifted by a day: the limit of the call falls on Friday."""
    start = at_local(date(2026, 11, 19), time(23, 57, 30))
    called = instant(called_at) - timedelta(days=1) if called_at else None
    assert investigation_due_on(start, called, working()) == due_on


def test_m010_an_investigation_into_an_unknown_year_is_not_guessed() -> None:
    with pytest.raises(UnknownYear):
        investigation_due_on(at_local(date(2026, 12, 29), time(10)), None, working())


@pytest.mark.parametrize(
    ("hour", "minute", "second", "is_open"),
    [
        (7, 29, 59, False),
        (7, 30, 0, True),
        (21, 29, 59, True),
        (21, 30, 0, False),
        (0, 0, 0, False),
    ],
)
def test_m009_opening_is_inside_and_closing_outside(
    hour: int, minute: int, second: int, is_open: bool
) -> None:
    assert DutyHours().is_open(on_friday(hour, minute, second)) is is_open


def test_m009_round_the_clock_has_no_closed_second() -> None:
    for moment in (time(0), time(12), time(23, 59, 59, 999_999)):
        assert MODES["24x7"].is_open(at_local(FRIDAY, moment))


@pytest.mark.parametrize(
    ("published_at", "start"),
    [
        (on_friday(14, 4), on_friday(14, 4)),
        (on_friday(6), on_friday(7, 30)),
        (on_friday(21, 30), at_local(SATURDAY, time(7, 30))),
        (on_friday(23, 0), at_local(SATURDAY, time(7, 30))),
    ],
)
@pytest.mark.parametrize("wished", [None, CallWish.NOW])
def test_m009_a_demand_of_the_night_starts_at_the_next_opening(
    published_at: datetime, start: datetime, wished: CallWish | None
) -> None:
    assert clock_start(published_at, DutyHours(), wished) == start


@pytest.mark.parametrize(
    ("published_at", "wished", "start"),
    [
        (on_friday(9), CallWish.NOON, on_friday(12)),
        (on_friday(12, 40), CallWish.NOON, on_friday(12, 40)),
        (on_friday(13, 30), CallWish.NOON, at_local(SATURDAY, time(12))),
        (on_friday(9), CallWish.EVENING, on_friday(18)),
        (on_friday(2), CallWish.EVENING, on_friday(18)),
        (on_friday(19), CallWish.EVENING, on_friday(19)),
        (on_friday(21, 30), CallWish.EVENING, at_local(SATURDAY, time(18))),
        (on_friday(9), CallWish.TOMORROW_MORNING, at_local(SATURDAY, time(7, 30))),
        (on_friday(23), CallWish.TOMORROW_MORNING, at_local(SATURDAY, time(7, 30))),
    ],
)
def test_m009_a_time_the_applicant_asked_for_outranks_the_clock(
    published_at: datetime, wished: CallWish, start: datetime
) -> None:
    assert clock_start(published_at, DutyHours(), wished) == start


def test_m009_a_wished_evening_outranks_office_hours() -> None:
    start = clock_start(on_friday(10), MODES["SERVICE_HOURS"], CallWish.EVENING, working())
    assert start == on_friday(18)


def test_m009_tomorrow_morning_in_office_hours_is_the_next_working_morning() -> None:
    start = clock_start(on_friday(10), MODES["SERVICE_HOURS"], CallWish.TOMORROW_MORNING, working())
    assert start == at_local(date(2026, 11, 23), time(8, 30))


def test_m009_a_make_up_sunday_is_on_duty_in_office_hours() -> None:
    sunday = at_local(date(2026, 9, 20), time(9))
    assert clock_start(sunday, MODES["SERVICE_HOURS"], None, working()) == sunday


def test_m009_the_county_sets_single_days() -> None:
    hours = DutyHours(days={FRIDAY: (time(9), time(12)), SATURDAY: None})
    assert clock_start(on_friday(8), hours) == on_friday(9)
    assert clock_start(on_friday(12), hours) == at_local(date(2026, 11, 22), time(7, 30))
    office = DutyHours(weekdays_only=True, days={SATURDAY: (time(9), time(12))})
    assert clock_start(on_friday(22), office, None, working()) == at_local(SATURDAY, time(9))


def test_m009_hours_that_never_open_are_an_error_not_a_loop() -> None:
    closed = {FRIDAY + timedelta(days=step): None for step in range(100)}
    with pytest.raises(NoOpening):
        clock_start(on_friday(8), DutyHours(days=closed))


def test_m009_office_hours_without_a_table_are_not_guessed() -> None:
    with pytest.raises(ValueError):
        MODES["SERVICE_HOURS"].is_open(on_friday(9))
    with pytest.raises(UnknownYear):
        MODES["SERVICE_HOURS"].is_open(at_local(date(2027, 1, 4), time(9)), working())


@pytest.mark.parametrize("hours", [(time(9), time(9)), (time(21), time(7))])
def test_hours_that_close_before_they_open_are_refused(hours: tuple[time, time]) -> None:
    with pytest.raises(ValueError):
        DutyHours(default=hours)
    with pytest.raises(ValueError):
        DutyHours(days={FRIDAY: hours})


@settings(deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 30), timezones=st.just(SHANGHAI)),
    st.sampled_from([None, *CallWish]),
    st.sampled_from([DutyHours(), *MODES.values()]),
)
def test_m009_clocks_start_within_reach_and_never_before_publication(
    published_at: datetime, wished: CallWish | None, hours: DutyHours
) -> None:
    start = clock_start(published_at, hours, wished, working())
    assert start >= published_at
    if wished not in (CallWish.NOON, CallWish.EVENING):
        assert hours.is_open(start, working())
    if wished is CallWish.TOMORROW_MORNING:
        assert local_date(start) > local_date(published_at)
    elif wished is None and hours.is_open(published_at, working()):
        assert start == published_at
