"""A case in a few words: what, how much, where; how late, and in what tone."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from django.urls import reverse

from puhui.kernel.clock import duration_text, local_date
from puhui.kernel.money import wan_text
from puhui.market.queries import BankCase, ListedCase
from puhui.market.terms import Purpose, Term

SOON = timedelta(minutes=2)
CALL_WISHES = {
    "now": "",
    "noon": "中午接电话",
    "evening": "傍晚 6 点后接电话",
    "tomorrow_morning": "明天上午接电话",
}


def what(case: BankCase | ListedCase) -> str:
    """养殖 120 只"""
    scale = f" {case.scale} {case.scale_unit}" if case.scale else ""
    return f"{Purpose(case.purpose).label}{scale}"


def how_much(case: BankCase | ListedCase) -> str:
    """10 万 · 半年"""
    return f"{wan_text(case.amount_fen)} · {Term(case.term).label}"


def place(case: BankCase | ListedCase) -> str:
    return f"{case.township}{case.village}"


def case_address(ref: str) -> str:
    return step("case", ref)


def step(name: str, ref: str, query: str = "") -> str:
    """Where a step is taken, by the step's name and what it is taken with, such as a case."""
    before, after = _around(f"bank-{name}")
    return f"{before}{ref}{after}{query}"


@cache
def _around(name: str) -> tuple[str, str]:
    """An address before and after its one reference; a page of rows asks for hundreds."""
    before, _, after = reverse(name, args=["REF"]).partition("REF")
    return before, after


def day_words(at: datetime, now: datetime) -> str:
    """今天, 明天, 11-26; past: 超 2 天."""
    days = (local_date(at) - local_date(now)).days
    if at < now:
        late = now - at
        return f"超 {late.days} 天" if late.days else f"超 {duration_text(late)}"
    if days < 2:
        return ("今天", "明天")[days]
    return f"{local_date(at):%m-%d}"


def ago_words(age: timedelta) -> str:
    """刚刚, 18 分钟前, 3 小时前, 7 天前"""
    for size, unit in ((86_400, "天"), (3600, "小时"), (60, "分钟")):
        count = age // timedelta(seconds=size)
        if count:
            return f"{count} {unit}前"
    return "刚刚"


def day_tone(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    if at < now:
        return "late"
    return "soon" if (local_date(at) - local_date(now)).days < 1 else ""


def tone_of(at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    if at < now:
        return "late"
    return "soon" if at - now <= SOON else ""


def iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
