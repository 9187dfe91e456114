"""The live notice of banks, for anybody: three statuses by rule, no persons (M104)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from puhui.desks.shared.gate import Request, page
from puhui.kernel.clock import duration_text, moment_text
from puhui.market import queries
from puhui.market.queries import NoticeRow, PublicNotice
from puhui.market.terms import ClockLimits, NoticeStatus

SHOWN = (NoticeStatus.OVERDUE, NoticeStatus.LONG_PENDING, NoticeStatus.WAITING)
"""The most late first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One case: its number, who has it, where, since when."""

    ref: str
    bank: str
    township: str
    since: str


@dataclass(frozen=True, slots=True)
class Section:
    """One status with its count, its rule and its first rows."""

    name: str
    code: str
    count: int
    rule: str
    lines: tuple[Line, ...]
    more: int


@page(queries.public_notice)
def notice(request: Request) -> HttpResponse:
    """/notice/: as of this moment; the page fetches itself anew every minute."""
    found = queries.public_notice(request.actor)
    context = {
        "notice": found,
        "at": moment_text(found.now, now=found.now),
        "sections": [section(status, found) for status in SHOWN],
        "paused": found.totals[NoticeStatus.PAUSED],
    }
    return render(request, "public/notice.html", context)


def section(status: NoticeStatus, found: PublicNotice) -> Section:
    """One status in words."""
    rows = [row for row in found.rows if row.status == status]
    count = found.totals[status]
    return Section(
        status.label,
        status.value,
        count,
        rule(status, found.limits),
        tuple(_line(row, found) for row in rows),
        count - len(rows),
    )


def rule(status: NoticeStatus, limits: ClockLimits) -> str:
    """When a case comes to stand here, by the county's limits of today."""
    call = _span(limits.callback_seconds)
    days, with_mortgage = (
        limits.long_pending_working_days,
        limits.long_pending_mortgage_working_days,
    )
    rules = {
        NoticeStatus.WAITING: f"提出来还没接上话，还没过{call}。",
        NoticeStatus.OVERDUE: f"从提出（银行从接单）起过了{call}，还没有打电话。打了就移走。",
        NoticeStatus.LONG_PENDING: (
            f"接单后 {days} 个工作日（有抵押的 {with_mortgage} 个）没有办结。"
            "等客户准备、客户也说是的，另外数，不列在这里。"
        ),
    }
    return rules[status]


def _span(seconds: int) -> str:
    return f" {seconds // 60} 分钟" if seconds % 60 == 0 else f" {seconds} 秒"


def _line(row: NoticeRow, found: PublicNotice) -> Line:
    since = max(found.now - row.since, found.now - found.now)
    days = since.days
    words = f"{days} 天" if days else duration_text(since)
    return Line(row.demand_ref, row.bank_name or "还没有银行接", row.township or "本县", words)
