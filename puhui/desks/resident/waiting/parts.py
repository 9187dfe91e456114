"""Pieces that sentences of the waiting page share: deadlines in words, the track, the buttons."""

from __future__ import annotations

from datetime import datetime

from puhui.desks.resident.waiting.terms import Button, Mark, Step, Track
from puhui.desks.resident.words import by_words, until_words
from puhui.market.queries.views import ClockView, DemandView, EngagementView
from puhui.market.terms import QuestionKind


def is_late(clock: ClockView | None, now: datetime) -> bool:
    if clock is None or clock.due_at is None:
        return False
    return clock.state == "breached" or (clock.state == "running" and clock.due_at < now)


def due_words(clock: ClockView | None, now: datetime) -> str:
    """The last day or minute: 最晚 11 月 26 日."""
    return until_words(clock.due_at if clock else None, now)


def due_by(clock: ClockView | None, now: datetime) -> str:
    """Before which it comes: 11 月 26 日前, 明天之内."""
    return by_words(clock.due_at if clock else None, now)


def track(
    start: datetime,
    due: datetime | None,
    last: datetime | None,
    demand: DemandView,
    one: EngagementView | None,
) -> Track | None:
    if due is None or last is None or last <= start:
        return None
    is_own = one is None or one.clock_start_at == demand.clock_start_at
    gone = max(0, min(20, (demand.now - start) * 20 // (last - start)))
    end = "县里出面催" if one else "有专人管"
    marks = (
        Mark(start, "您发出" if is_own else "银行接单"),
        Mark(due, "银行该来电"),
        Mark(last, end),
    )
    return Track(marks, gone)


def answer(
    demand: DemandView,
    kind: QuestionKind,
    one: EngagementView | None,
    words: str,
    value: str,
    *,
    is_main: bool = False,
) -> Button:
    address = f"/my/{demand.ref}/answer"
    return Button(words, address, value, str(kind), one.ref if one else "", is_main)


def yes_no(
    demand: DemandView, kind: QuestionKind, one: EngagementView, yes: str, no: str
) -> tuple[Button, Button]:
    return answer(demand, kind, one, yes, "yes"), answer(demand, kind, one, no, "no")


def call_time(demand: DemandView, words: str = "改接电话时间") -> Button:
    return Button(words, f"/my/{demand.ref}/call-time")


def let_others(demand: DemandView) -> tuple[Button, ...]:
    """Only a demand that asked one bank can still be opened; all others are."""
    if not demand.directed_bank_ref:
        return ()
    return (Button("让别家也看看", f"/my/{demand.ref}/open"),)


def ask_township(demand: DemandView) -> Button:
    return Button("请镇里帮我看看", f"/my/{demand.ref}/help", value="help")


def call_bank(one: EngagementView, words: str) -> Button:
    return Button(words, f"tel:{one.bank_phone}")


def plan_steps(demand: DemandView, one: EngagementView) -> tuple[Step, ...]:
    return (
        Step(
            due_by(one.clock("plan"), demand.now),
            f"{one.bank_name}给您算方案",
            is_now=True,
        ),
        Step("方案来了", "您看过，留下 1 家或 2 家往下办"),
    )
