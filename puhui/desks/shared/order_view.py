"""A written supervision order in words, for the county that issues it and the bank that answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from puhui.kernel.clock import day_text, local, local_date, minute_text
from puhui.market.queries import OrderView
from puhui.market.terms import ClockKind

STEPS = {
    ClockKind.PLAN: "初步方案",
    ClockKind.INVESTIGATION: "上门调查",
    ClockKind.DECISION: "准信",
    ClockKind.SIGNING: "签合同",
    ClockKind.DATA_RETURN: "放款回填",
    ClockKind.LONG_PENDING: "长期未办结",
}


def order_view(one: OrderView, now: datetime) -> dict[str, Any]:
    """What an order's page and its row show."""
    is_late = one.answered_at is None and one.due_at < now
    state = (
        "了结了"
        if one.closed_at
        else "答复了，等县里看"
        if one.answered_at
        else "过了日子没答复"
        if is_late
        else "等答复"
    )
    return {
        "one": one,
        "state": state,
        "tone": "fine" if one.closed_at else "late" if is_late else "soon",
        "issued": f"{local(one.issued_at):%Y 年 }{day_text(local_date(one.issued_at))} "
        f"{minute_text(one.issued_at)}",
        "due": f"{day_text(local_date(one.due_at))} 下班前",
        "answered": f"{local(one.answered_at):%Y-%m-%d %H:%M}" if one.answered_at else "",
        "items": [
            {"ref": ref, "step": STEPS.get(ClockKind(kind), kind), "due": day}
            for ref, kind, day in one.items
        ],
    }
