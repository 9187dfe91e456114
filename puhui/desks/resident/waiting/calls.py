"""Somebody has it and has not reached the applicant yet (W2–W4, W8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from puhui.desks.resident.waiting.nobody import later
from puhui.desks.resident.waiting.parts import (
    call_bank,
    call_time,
    let_others,
    track,
    yes_no,
)
from puhui.desks.resident.waiting.terms import Button, Step, Waiting
from puhui.desks.resident.words import at_words
from puhui.kernel.clock import minute_text
from puhui.market.queries.views import DemandView, EngagementView
from puhui.market.terms import QuestionKind


def claimed(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    """W2–W4, W6–W8: somebody has it and has not reached the applicant yet."""
    waiting_for = sorted(found, key=lambda one: (one.attempts == 0, one.claimed_at))
    for one in waiting_for:
        if one.attempts:
            return _tried(demand, one)
    one = min(found, key=lambda each: each.clock_start_at)
    if one.clock_start_at > demand.now:
        return later(demand)
    callback, supervision = one.clock("callback_bank"), one.clock("supervision_bank")
    due = callback.due_at if callback else None
    last = supervision.due_at if supervision else None
    line = track(one.clock_start_at, due, last, demand, one)
    is_only = demand.directed_bank_ref == one.bank_ref
    if due and demand.now <= due:
        taken = f"已接 {len(found)} 家，最多 {demand.slots} 家。"
        return Waiting(
            "W2",
            f"已经发给{one.bank_name}了，" if is_only else f"{one.bank_name}接了您的需求，",
            f"{'只找了这一家。' if is_only else taken}来电先报 {demand.contact_code}。",
            until=due,
            after="内给您打电话。",
            buttons=yes_no(demand, QuestionKind.CALLED, one, "已经打了", "还没打"),
            track=line,
            steps=_call_steps(one.bank_name, due, last),
        )
    if last and demand.now <= last:
        return Waiting(
            "W3",
            f"{one.bank_name}晚了，还没给您打。再过",
            "您不用做什么。",
            until=last,
            after="还没打，县里就出面催。",
            buttons=(
                *yes_no(demand, QuestionKind.CALLED, one, "已经打了", "还没打"),
                *let_others(demand),
            ),
            track=line,
            steps=_call_steps(one.bank_name, None, last),
        )
    return _county_urges(demand, one, last)


def _county_urges(demand: DemandView, one: EngagementView, last: datetime | None) -> Waiting:
    told = f"{minute_text(last)} 已提醒该行负责人。" if last else "已提醒该行负责人。"
    is_open = not demand.directed_bank_ref
    return Waiting(
        "W4",
        f"县里正在催{one.bank_name}。",
        told + ("名额已放开，别的银行也能接。" if is_open else "您也可以让别家也看看。"),
        buttons=(
            *yes_no(demand, QuestionKind.CALLED, one, "已经打了", "还没打"),
            *let_others(demand),
        ),
        steps=(
            Step("现在", f"县里正在催{one.bank_name}。您不用做什么", is_now=True),
            Step("通话以后 1 个工作日内", "银行给您算方案"),
        ),
    )


def _call_steps(bank: str, due: datetime | None, last: datetime | None) -> tuple[Step, ...]:
    first = Step(f"{minute_text(due)} 前" if due else "马上", f"{bank}给您打电话", is_now=True)
    urge = (Step(f"{minute_text(last)} 还没打", "县里就出面催。您不用做什么"),) if last else ()
    return (first, *urge, Step("通话以后 1 个工作日内", "银行给您算方案"))


def _to_family(demand: DemandView, one: EngagementView) -> tuple[Button, ...]:
    """Somebody of the family whom the applicant named, and asked, takes the next call."""
    if not demand.relative_words:
        return ()
    address = f"/my/{demand.ref}/family/{one.ref}"
    return (Button(f"打给{demand.relative_words}", address, value="family"),)


def _tried(demand: DemandView, one: EngagementView) -> Waiting:
    """W8: called, not reached."""
    call = max(one.calls, key=lambda each: each.started_at) if one.calls else None
    called_at = call.started_at if call else one.first_attempt_at or demand.now
    if call is not None and not call.result:
        return Waiting(
            "W2",
            f"{one.bank_name}正在给您打电话，请接听。",
            f"来电先报 {demand.contact_code}，报不出来的请挂掉。",
            buttons=yes_no(demand, QuestionKind.CALLED, one, "已经打了", "还没打"),
            steps=(Step("现在", f"{one.bank_name}给您打电话", is_now=True),),
        )
    again = f"{at_words(one.call_again_at, demand.now)} 再打一次。" if one.call_again_at else ""
    phone = one.bank_phone
    return Waiting(
        "W8",
        f"{one.bank_name} {at_words(called_at, demand.now)} 给您打过，没打通。",
        again + (f"也可以您打过去：{phone}。" if phone else ""),
        buttons=(
            *((call_bank(one, "我打过去"),) if phone else ()),
            call_time(demand, "换时间"),
            *_to_family(demand, one),
        ),
        steps=(
            Step(
                at_words(one.call_again_at, demand.now) if one.call_again_at else "稍后",
                f"{one.bank_name}再给您打一次",
                is_now=True,
            ),
        ),
    )
