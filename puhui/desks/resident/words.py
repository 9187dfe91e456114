"""Words for the codes of the main job, as residents say them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol

from puhui.kernel.clock import local, local_date, minute_text
from puhui.market.terms import Purpose, RepaymentWish, Term

NB = "\u00a0"
"""A blank that never ends a line: dates stay in one piece on a narrow phone."""
JOINER = "\u2060"
HYPHEN_IN_NUMBER = re.compile(r"(?<=\d)-(?=\d)")

CALL_WISHES = {
    "now": "现在就行",
    "noon": "中午 12 点到 1 点半",
    "evening": "傍晚 6 点到晚上 9 点半",
    "tomorrow_morning": "明天上午",
}
SHORT_WISHES = {
    RepaymentWish.ONCE: "卖了一次还清",
    RepaymentWish.INTEREST_FIRST: "平时还利息，到期还本",
    RepaymentWish.MONTHLY: "每个月还一点",
    RepaymentWish.GRACE: "前几年只还利息",
    RepaymentWish.AT_WILL: "随用随还",
    RepaymentWish.BANK: "怎么还听银行的",
}
USED_FOR = {
    Term.MONTHS_3: (3, "用三个月"),
    Term.MONTHS_6: (6, "用半年"),
    Term.YEAR_1: (12, "用一年"),
    Term.YEARS_3: (36, "用三年"),
    Term.LONGER: (60, "用五年"),
    Term.UNSURE: (12, "用一年"),
}
"""Months and words of the time that plans are compared over."""


class Wanted(Protocol):
    """A form or a demand: what the money is for."""

    @property
    def purpose(self) -> str: ...
    @property
    def purpose_words(self) -> str: ...
    @property
    def scale(self) -> int | None: ...
    @property
    def scale_unit(self) -> str: ...
    @property
    def story(self) -> str: ...


def purpose_words(wanted: Wanted) -> str:
    """养殖：120 只。想买羊羔……"""
    label = str(Purpose(wanted.purpose).label)
    if wanted.purpose == Purpose.OTHER and wanted.purpose_words:
        label = wanted.purpose_words
    parts = [f"{wanted.scale} {wanted.scale_unit}".strip() if wanted.scale else "", wanted.story]
    more = "，".join(part for part in parts if part)
    return f"{label}：{more}" if more else label


def wish_words(code: str) -> str:
    return SHORT_WISHES[RepaymentWish(code)]


def call_wish_words(code: str) -> str:
    return CALL_WISHES.get(code, "现在就行")


def until_words(due_at: datetime | None, now: datetime) -> str:
    """今天 17:00 前, 11 月 26 日 前; a deadline that has no date yet says so."""
    if due_at is None:
        return "（日子待定）"
    on, today = local_date(due_at), local_date(now)
    if (local(due_at).hour, local(due_at).minute) == (23, 59):
        return _day(on, today)
    return f"{_day(on, today)} {minute_text(due_at)}"


def by_words(due_at: datetime | None, now: datetime) -> str:
    """明天 17:00 前, 11 月 26 日前, 今天之内: a day itself still counts, which 明天前 would not say."""
    if due_at is None:
        return "按规定的日子"
    words = until_words(due_at, now)
    if (local(due_at).hour, local(due_at).minute) != (23, 59):
        return f"{words} 前"
    return f"{words}之内" if words in ("今天", "明天") else f"{words}前"


def at_words(at: datetime, now: datetime) -> str:
    """14:09 of today, 明天 7:30, 11 月 26 日 10:00."""
    on, today = local_date(at), local_date(now)
    return minute_text(at) if on == today else f"{_day(on, today)} {minute_text(at)}"


def _day(on: date, today: date) -> str:
    if on == today:
        return "今天"
    if on == today + timedelta(days=1):
        return "明天"
    if on.year != today.year:
        return f"{on.year}{NB}年{NB}{on.month}{NB}月{NB}{on.day}{NB}日"
    return f"{on.month}{NB}月{NB}{on.day}{NB}日"


def iso_day(on: date) -> str:
    """2027-05-27, in one piece."""
    return on.isoformat().replace("-", f"-{JOINER}")


def spaced(words: str) -> str:
    """A day or time inside a sentence: a blank where a figure meets a character, none elsewhere."""
    before = " " if words[:1].isdigit() else ""
    return f"{before}{words} " if words[-1:].isdigit() else f"{before}{words}"


def unbroken(words: str) -> str:
    """Telephone numbers and days of a text in one piece: 0000-1100 never ends a line in its middle."""
    return HYPHEN_IN_NUMBER.sub(f"-{JOINER}", words)


def joined(names: Iterable[str]) -> str:
    return "、".join(names)
