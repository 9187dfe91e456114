"""The words of township and county for states, clocks, follow-ups and spans of time."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from puhui.kernel.clock import duration_text, local_date, minute_text, moment_text
from puhui.kernel.money import wan_text
from puhui.market.terms import CaseEnd, ClockKind, Purpose, Term

DEMAND_STATES = {
    "published": "等银行接",
    "in_progress": "银行在办",
    "funded": "已放款",
    "closed": "已还清",
    "withdrawn": "本人撤回",
    "expired": "到期没人接",
    "unmet": "没办成",
}
ENDS = {**{end.value: end.label for end in CaseEnd}, "owed": "还没说清"}
"""Where ended cases went."""
ENGAGEMENT_STATES = {
    "claimed": "等首次电话",
    "called_back": "等初步方案",
    "planned": "等群众挑选",
    "kept": "等上门",
    "investigating": "上门中",
    "investigated": "等准信",
    "offered": "等群众定",
    "accepted": "等签合同",
    "signed": "等放款回填",
    "disbursed": "已放款",
    "settled": "已还清",
    "refused": "没办成",
    "not_selected": "群众选了别家",
    "released": "银行退回了",
    "cancelled": "随需求结束",
    "lapsed": "准信过期",
}
STEPS_OWED = {
    ClockKind.PLAN: "等初步方案",
    ClockKind.CHOICE: "等群众挑选",
    ClockKind.INVESTIGATION: "等上门",
    ClockKind.DECISION: "等准信",
    ClockKind.OFFER_VALIDITY: "准信快过期，等群众定",
    ClockKind.SIGNING: "等签合同",
    ClockKind.DATA_RETURN: "等放款回填",
    ClockKind.LONG_PENDING: "长期未办结",
}
FOLLOW_UPS = {
    "unclaimed": "没银行接",
    "three_refused": "三家都没办成",
    "asked_for_help": "群众请镇里帮忙",
    "choice": "方案等群众挑",
    "unmet": "没办成",
    "no_reply": "联系不上本人",
    "directed_refused": "只找的那家没办成",
}
CALLBACKS = {
    "confirmed": "按时 · 群众确认",
    "self_reported": "按时 · 银行自报",
    "denied": "群众说没接到",
    "late": "超时",
    "": "还没到时候",
}
SUPERVISIONS = {
    "first_callback": "超 10 分钟没打首次电话",
    "objection": "不同意见到期没答复",
    "investigation": "上门超期",
    "decision": "准信超期",
}
NOTE_KINDS = {"note": "记事", "visit": "走访", "phone": "打电话", "nudge": "催办"}
CALL_WISHES = {
    "now": "现在就行",
    "noon": "中午",
    "evening": "傍晚 6 点后",
    "tomorrow_morning": "明天上午",
}


@lru_cache(maxsize=1024)
def purpose_words(purpose: str, amount_fen: int, term: str = "") -> str:
    """养殖 10 万 · 半年"""
    words = f"{Purpose(purpose).label} {wan_text(amount_fen)}"
    return f"{words} · {Term(term).label}" if term else words


def waited(since: datetime, now: datetime) -> str:
    """47 分钟, 2 小时 05 分; nothing has waited less than a moment."""
    return duration_text(max(now - since, timedelta(0)))


def in_short(since: datetime, now: datetime) -> str:
    """The largest unit alone: 47 分, 3 小时, 5 天."""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < 60:
        return f"{seconds} 秒"
    if seconds < 3600:
        return f"{seconds // 60} 分"
    if seconds < 86_400:
        return f"{seconds // 3600} 小时"
    return f"{seconds // 86_400} 天"


def due_words(at: datetime, now: datetime) -> str:
    """今天到期, 后天到期, 11-26 到期; past: 超 2 天."""
    if at < now:
        return f"超 {in_short(at, now)}"
    days = (local_date(at) - local_date(now)).days
    return (
        ("今天到期", "明天到期", "后天到期")[days] if days < 3 else f"{local_date(at):%m-%d} 到期"
    )


def due_tone(at: datetime, now: datetime) -> str:
    """late, soon on its last day, else nothing."""
    if at < now:
        return "late"
    return "soon" if local_date(at) == local_date(now) else ""


def at_words(at: datetime, now: datetime) -> str:
    """14:07 today, else 11-26 10:00."""
    return minute_text(at) if local_date(at) == local_date(now) else moment_text(at, now=now)
