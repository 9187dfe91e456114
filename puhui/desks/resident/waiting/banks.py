"""The bank that has come furthest: plans, visits, decisions, offers (W10–W13, P, O, A)."""

from __future__ import annotations

from collections.abc import Sequence

from puhui.desks.resident.waiting.calls import claimed
from puhui.desks.resident.waiting.parts import (
    answer,
    ask_township,
    call_bank,
    due_by,
    due_words,
    is_late,
    plan_steps,
    yes_no,
)
from puhui.desks.resident.waiting.terms import Button, Step, Waiting
from puhui.desks.resident.words import at_words, joined, spaced, until_words
from puhui.market.queries.views import ClockView, DemandView, EngagementView
from puhui.market.terms import QuestionKind


def _accepted(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    one = found[0]
    signing = one.clock("signing")
    if is_late(signing, demand.now):
        return _late(demand, one, signing)
    return Waiting(
        "A",
        f"您选了{one.bank_name}。去网点签合同。",
        "带身份证、结婚证、银行卡。合同只在银行签，签之前银行要给您看一张《综合融资成本明示表》，"
        f"上面没写的费用一分都不用交。{_others_told(demand)}签字前您随时能反悔。",
        buttons=(
            Button("看准信", f"/my/{demand.ref}/offers"),
            answer(demand, QuestionKind.MONEY, one, "钱已经到了", "yes"),
        ),
        steps=(
            Step(due_by(signing, demand.now), f"到{one.bank_name}网点签合同", is_now=True),
            Step("签了以后", "银行把钱打到您的卡上"),
        ),
    )


def _others_told(demand: DemandView) -> str:
    declined = [one for one in demand.engagements if one.state == "not_selected"]
    return "没选的我们已经替您回了。" if declined else ""


def _offered(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    names = joined(one.bank_name for one in found)
    count = len(found)
    return Waiting(
        "O",
        f"{names}给了准信，您看看。" if count == 1 else f"{count} 家给了准信，您选一家。",
        _kept_until(demand, found),
        buttons=(Button("看准信", f"/my/{demand.ref}/offers", is_main=True),),
        steps=(
            Step("现在", "您看准信，选一家", is_now=True),
            Step("选定以后", "去网点签合同，签字前随时能反悔"),
        ),
    )


def _kept_until(demand: DemandView, found: Sequence[EngagementView]) -> str:
    ends = [one.offer.valid_until for one in found if one.offer and one.offer.valid_until]
    return (
        f"准信保留到{spaced(until_words(min(ends), demand.now)).rstrip()}，过期要重新算。"
        if ends
        else ""
    )


def _planned(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    due = [clock for one in found if (clock := one.clock("choice")) and clock.due_at]
    by = min((clock.due_at for clock in due if clock.due_at), default=None)
    asked = f"{at_words(by, demand.now)} 前没选，会有人打电话问您。" if by else ""
    return Waiting(
        "P",
        f"有 {len(found)} 家给您出了初步方案。",
        f"留 1 家或 2 家往下办就行。{asked}",
        buttons=(Button("看方案，放一块儿比", f"/my/{demand.ref}/plans", is_main=True),),
        steps=(
            Step("现在", "您看方案，留下 1 家或 2 家", is_now=True),
            Step("留下以后 3 个工作日内", "银行到您家看看"),
        ),
    )


def _decision(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    one = found[0]
    clock = one.clock("decision")
    if is_late(clock, demand.now):
        return _late(demand, one, clock)
    missing = f"还差：{one.missing_words}。" if one.missing_words else ""
    call = (call_bank(one, "补材料：打给银行"),) if one.missing_words and one.bank_phone else ()
    return Waiting(
        "W12",
        f"{one.bank_name}看过了，{due_by(clock, demand.now)}给准信。",
        f"{missing}到时不管成不成都会告诉您。",
        buttons=call,
        steps=(
            Step(due_by(clock, demand.now), f"{one.bank_name}给您准信", is_now=True),
            Step("有了准信", "您看过再选，选定了去网点签合同"),
        ),
    )


def _visit(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    one = min(found, key=lambda each: (each.visit_at is None, each.visit_at or demand.now))
    clock = one.clock("investigation")
    if is_late(clock, demand.now):
        return _late(demand, one, clock)
    latest = spaced(due_words(clock, demand.now)).rstrip()
    if one.visit_at is None:
        big = f"{one.bank_name}会到您家看看，最晚{latest}（3 个工作日）。"
    else:
        at = spaced(until_words(one.visit_at, demand.now))
        big = f"{one.bank_name}约好{at}到您家看看，最晚{latest}（3 个工作日）。"
    prepare = one.missing_words or "身份证、户口本，地和圈舍的凭据，买卖单据"
    buttons = yes_no(demand, QuestionKind.VISITED, one, "人来过了", "人没来")
    call = (call_bank(one, "改日子：打给银行"),) if one.bank_phone else ()
    return Waiting(
        "W11",
        big,
        f"备好：{prepare}。来的人不吃请、不收礼、不收费。",
        buttons=(*buttons, *call) if one.visit_at and one.visit_at <= demand.now else call,
        steps=(
            Step(due_by(clock, demand.now), f"{one.bank_name}到您家看看", is_now=True),
            Step("看过以后", "银行给您准信，不管成不成都告诉您"),
        ),
    )


def _plan_due(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    one = found[0]
    clock = one.clock("plan")
    if is_late(clock, demand.now):
        return _late(demand, one, clock)
    has_plans = any(other.plan for other in demand.engagements)
    others = (Button("看已有方案", f"/my/{demand.ref}/plans"),) if has_plans else ()
    return Waiting(
        "W10",
        f"{one.bank_name}在给您算方案，{due_by(clock, demand.now)}给您。",
        "别家也在谈的话，可以等齐了再选。",
        buttons=others,
        steps=plan_steps(demand, one),
    )


def _late(demand: DemandView, one: EngagementView, clock: ClockView | None) -> Waiting:
    """W13: past its time; the county knows."""
    due = clock.due_at if clock else None
    planned = spaced(until_words(due, demand.now)).rstrip() if due else ""
    days = clock.late_working_days if clock else None
    late = f"，已晚 {days} 个工作日" if days else ""
    opens = (Button("让别家也看看", f"/my/{demand.ref}/open"),) if demand.directed_bank_ref else ()
    return Waiting(
        "W13",
        f"{one.bank_name}超了时间，县里已记下来，正在催。",
        f"原定{planned}{late}。",
        buttons=(*opens, ask_township(demand)),
        steps=(Step("现在", f"县里正在催{one.bank_name}。您不用做什么", is_now=True),),
    )


FURTHEST = (
    (("accepted",), _accepted),
    (("offered",), _offered),
    (("planned",), _planned),
    (("investigated",), _decision),
    (("kept", "investigating"), _visit),
    (("called_back",), _plan_due),
    (("claimed",), claimed),
)
"""What is said first: a choice to be made, then the bank that has come furthest."""


def furthest(demand: DemandView, live: Sequence[EngagementView]) -> Waiting | None:
    for states, say in FURTHEST:
        found = [one for one in live if one.state in states]
        if found:
            return say(demand, found)
    return None
