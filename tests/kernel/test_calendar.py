"""Working days: the cases, the shipped table against its source, and tables that are refused."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from puhui.kernel.calendar import (
    ParsedTable,
    RowReason,
    UnknownYear,
    WorkingCalendar,
    parse_table,
    shipped_table,
)

CASES = json.loads((Path(__file__).parents[1] / "cases/calendar_sla.json").read_text())["cases"]
ADDED = [case for case in CASES if "working_days" in case["input"]]
ROLLED = [case for case in CASES if "date" in case["input"]]
HEADING = "日期,安排,说明\n"
HOLIDAYS = "2027-01-01,放假,元旦\n2027-05-01,放假,劳动节\n2027-10-01,放假,国庆节\n"


@cache
def shipped() -> WorkingCalendar:
    return WorkingCalendar.from_rows((each.day, each.is_working) for each in shipped_table().days)


def reasons(table: ParsedTable) -> list[tuple[int, RowReason]]:
    return [(error.row, error.reason) for error in table.errors]


@pytest.mark.parametrize("case", ADDED, ids=lambda case: case["id"])
def test_l2_working_days_are_added(case: dict[str, dict[str, str]]) -> None:
    start = date.fromisoformat(case["input"]["start"])
    due = shipped().add_working_days(start, int(case["input"]["working_days"]))
    assert due == date.fromisoformat(case["expected"]["due"])


@pytest.mark.parametrize("case", ROLLED, ids=lambda case: case["id"])
def test_l2_due_dates_are_rolled(case: dict[str, dict[str, str]]) -> None:
    mode = case["input"]["mode"]
    assert mode in ("FOLLOWING", "MODIFIED")
    rolled = shipped().roll(date.fromisoformat(case["input"]["date"]), mode)
    assert rolled == date.fromisoformat(case["expected"]["rolled"])


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [("2026-09-30", 3, "2026-10-10"), ("2026-02-13", 3, "2026-02-25")],
)
def test_l2_long_holidays_with_make_up_days(start: str, count: int, due: str) -> None:
    added = shipped().add_working_days(date.fromisoformat(start), count)
    assert added == date.fromisoformat(due)


def test_l2_due_in_the_national_holiday_moves_behind_it() -> None:
    assert shipped().roll(date(2026, 10, 1), "FOLLOWING") == date(2026, 10, 8)


def test_l2_every_shipped_day_agrees_with_the_source() -> None:
    day = date(2024, 1, 1)
    while day.year < 2027:
        assert shipped().is_working(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)
    assert shipped().years == (2024, 2025, 2026)


def test_l2_an_unknown_year_is_never_guessed() -> None:
    with pytest.raises(UnknownYear) as caught:
        shipped().add_working_days(date(2026, 12, 30), 2)
    assert caught.value.year == 2027
    assert shipped().add_working_days(date(2026, 12, 30), 1) == date(2026, 12, 31)
    for question in (shipped().is_working, lambda day: shipped().roll(day, "FOLLOWING")):
        with pytest.raises(UnknownYear):
            question(date(2023, 12, 31))
    with pytest.raises(UnknownYear):
        shipped().working_days_between(date(2026, 12, 1), date(2027, 1, 1))


def test_l2_modified_rolling_needs_no_table_of_the_next_month() -> None:
    december = WorkingCalendar({date(2027, 12, day): day < 25 for day in range(1, 32)})
    assert december.roll(date(2027, 12, 31), "MODIFIED") == date(2027, 12, 24)
    with pytest.raises(UnknownYear):
        december.roll(date(2027, 12, 31), "FOLLOWING")


def test_l2_a_year_with_holes_is_not_a_known_year() -> None:
    holes = WorkingCalendar({date(2028, 1, 3): True, date(2028, 1, 5): True})
    assert holes.years == ()
    with pytest.raises(UnknownYear):
        holes.add_working_days(date(2028, 1, 3), 1)


DAYS = st.dates(date(2024, 1, 1), date(2026, 11, 30))


@settings(deadline=None)
@given(DAYS, st.integers(0, 10), st.integers(0, 9))
def test_l2_adding_is_monotone_and_ends_on_a_working_day(
    start: date, count: int, later: int
) -> None:
    calendar = shipped()
    due = calendar.add_working_days(start, count)
    if count:
        assert due > start and calendar.is_working(due)
    assert calendar.add_working_days(start, count + 1) > due
    assert calendar.add_working_days(start + timedelta(days=later), count) >= due
    assert calendar.working_days_between(start, due) == count


@settings(deadline=None)
@given(DAYS)
def test_l2_rolling_gives_the_nearest_working_day(day: date) -> None:
    calendar = shipped()
    following = calendar.roll(day, "FOLLOWING")
    assert following >= day and calendar.is_working(following)
    assert calendar.working_days_between(day, following) == (following > day)
    modified = calendar.roll(day, "MODIFIED")
    assert calendar.is_working(modified) and modified.month == day.month
    assume(following.month == day.month)
    assert modified == following


def test_counting_backward_is_refused() -> None:
    with pytest.raises(ValueError):
        shipped().add_working_days(date(2026, 1, 5), -1)
    with pytest.raises(ValueError):
        shipped().working_days_between(date(2026, 1, 5), date(2026, 1, 4))


def test_a_table_fills_its_whole_year() -> None:
    table = parse_table(
        "\ufeff" + HEADING + "2027,全年,文号\n" + HOLIDAYS + "2027-10-09,上班,国庆节\n\n"
    )
    assert table.errors == ()
    assert len(table.days) == 365
    calendar = WorkingCalendar.from_rows((each.day, each.is_working) for each in table.days)
    assert calendar.years == (2027,)
    assert not calendar.is_working(date(2027, 10, 1))
    assert calendar.is_working(date(2027, 10, 9))
    assert not calendar.is_working(date(2027, 10, 10))
    assert calendar.is_working(date(2027, 10, 11))
    assert table.days[0].note == "元旦"


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("2027-02-30,放假,\n", [(6, RowReason.DATE)]),
        ("2027/3/1,放假,\n", [(6, RowReason.DATE)]),
        ("20270301,放假,\n", [(6, RowReason.DATE)]),
        ("2027-03-06,休息,\n", [(6, RowReason.ARRANGEMENT)]),
        ("2027-03-06\n", [(6, RowReason.ARRANGEMENT)]),
        ("2027-01-01,放假,\n", [(6, RowReason.TWICE)]),
        ("2027,全年,\n", [(6, RowReason.TWICE)]),
        ("27,全年,\n", [(6, RowReason.YEAR)]),
        ("2027-03-01,上班,\n", [(6, RowReason.ALREADY_WORKING)]),
        ("2028-01-01,放假,元旦\n", [(6, RowReason.YEAR_NOT_DECLARED)]),
        ("2028,全年,\n", [(6, RowReason.NOT_COMPLETE)]),
        ("x,放假,\n2027-03-06,y,\n", [(6, RowReason.DATE), (7, RowReason.ARRANGEMENT)]),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_taken(
    rows: str, found: list[tuple[int, RowReason]]
) -> None:
    table = parse_table(HEADING + "2027,全年,\n" + HOLIDAYS + rows)
    assert reasons(table) == found
    assert table.days == ()
    assert all(error.sentence for error in table.errors)


def test_a_table_without_heading_or_year_is_refused() -> None:
    assert reasons(parse_table("")) == [(1, RowReason.COLUMNS)]
    assert reasons(parse_table("2027,全年,\n")) == [(1, RowReason.COLUMNS)]
    assert reasons(parse_table(HEADING)) == [(1, RowReason.EMPTY)]
    undeclared = parse_table(HEADING + "2027-01-01,放假,元旦\n")
    assert reasons(undeclared) == [(2, RowReason.YEAR_NOT_DECLARED)]


def test_a_table_that_is_no_text_is_refused() -> None:
    oversized = parse_table(HEADING + "2027,全年," + "长" * 200_000)
    assert [reason for _, reason in reasons(oversized)] == [RowReason.UNREADABLE]
