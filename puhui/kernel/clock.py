"""Chinese time and its words. Instants are aware datetimes; the county lives in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST_SECOND = time(23, 59, 59)
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
WEEKDAYS = "一二三四五六日"
DURATIONS = (
    (86400, "天", "天", 3600, "{} 小时"),
    (3600, "小时", "小时", 60, "{:02d} 分"),
    (60, "分", "分钟", 1, "{:02d} 秒"),
)


def local(at: datetime) -> datetime:
    """The same instant on the county's clock; a datetime without a zone is refused."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(SHANGHAI)


def local_date(at: datetime) -> date:
    return local(at).date()


def at_local(on: date, of_day: time) -> datetime:
    """The instant when the county's clock shows this time on this day."""
    return datetime.combine(on, of_day.replace(tzinfo=None), SHANGHAI)


def end_of_day(on: date) -> datetime:
    """23:59:59: a limit counted in days runs to the end of the last one (民法典 203)."""
    return at_local(on, LAST_SECOND)


def day_text(on: date) -> str:
    """11 月 24 日 周二"""
    return f"{on.month} 月 {on.day} 日 周{WEEKDAYS[on.weekday()]}"


def time_text(at: datetime) -> str:
    """14:07:28"""
    return f"{local(at):%H:%M:%S}"


def minute_text(at: datetime) -> str:
    """7:30, 14:07"""
    shown = local(at)
    return f"{shown.hour}:{shown.minute:02d}"


def moment_text(at: datetime, *, now: datetime) -> str:
    """今天 17:00, 明天 7:30, else 11-26 10:00; of another year 2027-01-05 10:00."""
    on, today = local_date(at), local_date(now)
    if on == today:
        return f"今天 {minute_text(at)}"
    if on == today + timedelta(days=1):
        return f"明天 {minute_text(at)}"
    day = f"{on:%m-%d}" if on.year == today.year else on.isoformat()
    return f"{day} {minute_text(at)}"


def duration_text(span: timedelta) -> str:
    """30 秒, 3 分 20 秒, 4 分 02 秒, 2 小时 32 分, 3 天 4 小时: the two largest units, cut off.

    A negative span is the caller's to word (late or early); it is refused.
    """
    seconds = _whole_seconds(span)
    for size, unit, alone, part, words in DURATIONS:
        if seconds >= size:
            count, rest = seconds // size, seconds % size // part
            return f"{count} {unit} {words.format(rest)}" if rest else f"{count} {alone}"
    return f"{seconds} 秒"


def countdown_text(left: timedelta) -> str:
    """1:42, 1:02:03; past its time 超 3:10."""
    if left < timedelta(0):
        return f"超 {countdown_text(-left)}"
    minutes, seconds = divmod(_whole_seconds(left), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _whole_seconds(span: timedelta) -> int:
    if span < timedelta(0):
        raise ValueError("a duration cannot be negative")
    return span // timedelta(seconds=1)


def day_from(text: str) -> date:
    """A day as an address, a form or a table spells it. Raises ValueError for what is none, and for
    a year that nobody means: the first and the last days that there are have no day beside them."""
    day = date.fromisoformat(text)
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError("a year that nobody means")
    return day
