"""Chinese texts of instants and spans, as the pages show them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from puhui.kernel import clock

AFTERNOON = clock.at_local(date(2026, 11, 24), time(14, 7, 28))


def test_local_time_is_eight_hours_ahead() -> None:
    late = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    assert clock.local(late).isoformat() == "2026-11-21T00:30:00+08:00"
    assert clock.local_date(late) == date(2026, 11, 21)
    assert clock.at_local(date(2026, 11, 21), time(0, 30)) == late


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        clock.local(datetime(2026, 11, 20))


def test_a_day_ends_one_second_before_the_next() -> None:
    assert clock.end_of_day(date(2026, 11, 25)).isoformat() == "2026-11-25T23:59:59+08:00"


def test_day_and_time() -> None:
    assert clock.day_text(date(2026, 11, 24)) == "11 月 24 日 周二"
    assert clock.day_text(date(2026, 11, 29)) == "11 月 29 日 周日"
    assert clock.time_text(AFTERNOON) == "14:07:28"
    assert clock.time_text(AFTERNOON.astimezone(UTC)) == "14:07:28"
    assert clock.minute_text(clock.at_local(date(2026, 11, 24), time(9, 3))) == "9:03"


@pytest.mark.parametrize(
    ("on", "of_day", "text"),
    [
        (date(2026, 11, 24), time(17), "今天 17:00"),
        (date(2026, 11, 25), time(7, 30), "明天 7:30"),
        (date(2026, 11, 26), time(10), "11-26 10:00"),
        (date(2026, 11, 23), time(23, 59), "11-23 23:59"),
        (date(2027, 1, 5), time(10), "2027-01-05 10:00"),
    ],
)
def test_a_moment_seen_from_now(on: date, of_day: time, text: str) -> None:
    assert clock.moment_text(clock.at_local(on, of_day), now=AFTERNOON) == text


def test_today_is_the_countys_today() -> None:
    after_midnight = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    before_midnight = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    assert clock.moment_text(after_midnight, now=before_midnight) == "明天 0:30"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 秒"),
        (30, "30 秒"),
        (60, "1 分钟"),
        (200, "3 分 20 秒"),
        (242, "4 分 02 秒"),
        (3599, "59 分 59 秒"),
        (3600, "1 小时"),
        (9120, "2 小时 32 分"),
        (18_299, "5 小时 04 分"),
        (86_400, "1 天"),
        (3 * 86_400 + 4 * 3_600 + 59, "3 天 4 小时"),
    ],
)
def test_durations(seconds: int, text: str) -> None:
    assert clock.duration_text(timedelta(seconds=seconds)) == text


def test_a_negative_duration_is_refused() -> None:
    with pytest.raises(ValueError):
        clock.duration_text(timedelta(seconds=-1))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(102, "1:42"), (5, "0:05"), (3_723, "1:02:03"), (-190, "超 3:10"), (0, "0:00")],
)
def test_countdowns(seconds: int, text: str) -> None:
    assert clock.countdown_text(timedelta(seconds=seconds)) == text
