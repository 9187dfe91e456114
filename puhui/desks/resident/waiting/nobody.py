"""Nobody works it: just sent, at night, unclaimed, refused by all (W1, W5–W7, T)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from puhui.desks.resident.waiting.asked import no_word
from puhui.desks.resident.waiting.parts import (
    call_time,
    is_late,
    track,
)
from puhui.desks.resident.waiting.terms import Button, Step, Waiting
from puhui.desks.resident.words import at_words, call_wish_words
from puhui.kernel.clock import minute_text
from puhui.market.queries.views import DemandView, FollowUpLine


def nobody(demand: DemandView, banks: Callable[[], int]) -> Waiting:
    kinds = {line.kind: line for line in demand.follow_ups}
    if "three_refused" in kinds:
        return _three_refused(demand, kinds["three_refused"])
    if demand.clock_start_at and demand.clock_start_at > demand.now:
        return later(demand)
    unclaimed = demand.clock("unclaimed")
    is_unclaimed = "unclaimed" in kinds or is_late(unclaimed, demand.now)
    if is_unclaimed:
        return _unclaimed(demand, kinds.get("unclaimed"))
    if demand.directed_bank_ref:
        return no_word(demand)
    callback = demand.clock("callback_applicant")
    last = demand.clock("supervision_applicant")
    due = callback.due_at if callback else None
    end = (unclaimed or last).due_at if (unclaimed or last) else None  # type: ignore[union-attr]
    if due and demand.now <= due and callback and callback.state == "running":
        return _just_sent(demand, due, end, f" {count} 家" if (count := banks()) else "全县的")
    asked = bool(demand.engagements)
    return Waiting(
        "W1",
        "别的银行还能接着办，正在等银行接。" if asked else "已经发给全县的银行了，还没有银行接。",
        f"{minute_text(end)} 还没人接，就有专人管您这件事。" if end else "手机别静音，听着点。",
        buttons=(call_time(demand),),
        steps=(
            Step(f"{minute_text(end)} 前" if end else "随时", "银行接您的需求", is_now=True),
            Step("接了以后 5 分钟内", "银行给您打电话"),
        ),
    )


def _just_sent(demand: DemandView, due: datetime, last: datetime | None, to: str) -> Waiting:
    assert demand.clock_start_at
    return Waiting(
        "W1",
        f"已经发给{to}银行了。",
        "手机别静音，听着点。",
        until=due,
        after="内应有银行给您打电话。",
        buttons=(call_time(demand),),
        track=track(demand.clock_start_at, due, last, demand, None),
        steps=(
            Step(f"{minute_text(due)} 前", "银行给您打电话", is_now=True),
            Step(f"{minute_text(last)} 还没人接" if last else "没人接", "有专人管您这件事"),
            Step("通话以后 1 个工作日内", "银行给您算方案"),
        ),
    )


def _unclaimed(demand: DemandView, line: FollowUpLine | None) -> Waiting:
    who = f"{line.owner}同志跟进，" if line and line.owner else "镇里和县里跟进，"
    return Waiting(
        "W5",
        "暂时没有银行接，已经有专人管您这件事。",
        f"{who}{_promised(demand, line)}",
        steps=(
            Step(_when(demand, line) if line else "今天", "有人给您打电话", True),
            Step("同时", "别的银行还能接您的需求"),
        ),
    )


def _promised(demand: DemandView, line: FollowUpLine | None, more: str = "") -> str:
    """By when somebody rings; past that time the page says so and what one can do."""
    if line is None:
        return "会给您打电话。"
    at = at_words(line.due_at, demand.now)
    if line.due_at < demand.now:
        return f"说好 {at} 前给您打电话，晚了，县里看得见。着急请打县热线。"
    return f"{at} 前给您打电话{more}。"


def _when(demand: DemandView, line: FollowUpLine) -> str:
    is_late = line.due_at < demand.now
    return "现在" if is_late else f"{at_words(line.due_at, demand.now)} 前"


def _three_refused(demand: DemandView, line: FollowUpLine) -> Waiting:
    who = f"镇里{line.owner}同志" if line.owner else "镇里"
    return Waiting(
        "T",
        "这次几家都没办成，有人管。",
        f"{who} {_promised(demand, line, '，跟您一起看看卡在哪儿、换个法子行不行')}",
        buttons=(
            Button("不用打了", f"/my/{demand.ref}/no-call", value="no-call"),
            call_time(demand, "换个时间打"),
        ),
        steps=(
            Step(_when(demand, line), f"{who}给您打电话", is_now=True),
            Step("同时", "别的银行还能接您的需求"),
        ),
    )


def later(demand: DemandView) -> Waiting:
    """W6 at night, W7 where the applicant asked for a time."""
    assert demand.clock_start_at
    at = at_words(demand.clock_start_at, demand.now)
    steps = (
        Step(f"{at} 起 5 分钟内", "银行给您打电话", is_now=True),
        Step("通话以后 1 个工作日内", "银行给您算方案"),
    )
    if demand.call_wish == "now":
        return Waiting(
            "W6",
            "收到了。现在是夜里，先不打扰您。",
            f"{at} 起银行给您打电话。",
            buttons=(call_time(demand),),
            steps=steps,
        )
    return Waiting(
        "W7",
        f"{at} 银行给您打电话。",
        f"您选的是{call_wish_words(demand.call_wish)}。",
        buttons=(call_time(demand),),
        steps=steps,
    )
