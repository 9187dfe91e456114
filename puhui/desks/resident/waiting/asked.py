"""Questions that only the applicant can answer (W5, W8, W9, W11)."""

from __future__ import annotations

from collections.abc import Sequence

from puhui.desks.resident.waiting.parts import (
    answer,
    call_time,
    due_by,
    plan_steps,
    yes_no,
)
from puhui.desks.resident.waiting.terms import Button, Step, Waiting
from puhui.market.queries.views import DemandView, EngagementView
from puhui.market.terms import QuestionKind


def asked(demand: DemandView, live: Sequence[EngagementView]) -> Waiting | None:
    by_ref = {one.ref: one for one in live}
    for question in demand.questions:
        engagement = by_ref.get(question.engagement_ref)
        if question.kind == QuestionKind.CALLED and engagement is not None:
            return _has_called(demand, engagement)
        if question.kind == QuestionKind.VISITED and engagement is not None:
            return _has_come(demand, engagement)
        if question.kind == QuestionKind.PAUSE and engagement is not None:
            return _is_waiting(demand, engagement)
        if question.kind == QuestionKind.REASSIGN and demand.proposed_bank_name:
            return _shall_change(demand)
        if question.kind == QuestionKind.STILL_WANTED:
            return _still_wanted(demand)
        if question.kind == QuestionKind.OPEN_TO_ALL and demand.directed_bank_ref:
            return no_word(demand)
    return None


def _has_called(demand: DemandView, one: EngagementView) -> Waiting:
    return Waiting(
        "W9",
        f"{one.bank_name}说已经跟您通过话，对吗？",
        "您答什么都不影响办事。",
        buttons=yes_no(demand, QuestionKind.CALLED, one, "打过了", "没打过"),
        steps=plan_steps(demand, one),
    )


def _has_come(demand: DemandView, one: EngagementView) -> Waiting:
    decision = one.clock("decision")
    return Waiting(
        "W11",
        f"{one.bank_name}说已经到您家看过，对吗？",
        "您答什么都不影响办事。来的人不吃请、不收礼、不收费。",
        buttons=yes_no(demand, QuestionKind.VISITED, one, "人来过了", "人没来"),
        steps=(
            Step(due_by(decision, demand.now), f"{one.bank_name}给您准信", is_now=True),
            Step("有了准信", "您看过再选，选定了去网点签合同"),
        ),
    )


def _shall_change(demand: DemandView) -> Waiting:
    return Waiting(
        "Q2",
        f"县里想请{demand.proposed_bank_name}接着给您办，行不行？",
        "您同意，这家银行才能看到您的姓名、电话。不同意就不换，原来的银行接着办。",
        buttons=(
            answer(demand, QuestionKind.REASSIGN, None, "同意换", "yes"),
            answer(demand, QuestionKind.REASSIGN, None, "不换", "no"),
        ),
    )


def _is_waiting(demand: DemandView, one: EngagementView) -> Waiting:
    words = one.pause.words if one.pause else ""
    return Waiting(
        "Q1",
        f"{one.bank_name}说在等您准备东西，是这样吗？",
        f"它说：{words}。您说是，没备好前先不催它；您说不是，县里照旧催着。",
        buttons=yes_no(demand, QuestionKind.PAUSE, one, "是在等我", "不是"),
        steps=(Step("备好以后", "在这里点“我准备好了”，天数接着算", is_now=True),),
    )


def _still_wanted(demand: DemandView) -> Waiting:
    return Waiting(
        "W8",
        "银行给您打了三次，都没打通。这事还办吗？",
        "还办的话，换个您方便接电话的时间，或者等银行再打。",
        buttons=(
            answer(demand, QuestionKind.STILL_WANTED, None, "还办", "yes"),
            answer(demand, QuestionKind.STILL_WANTED, None, "不办了", "no"),
            call_time(demand),
        ),
    )


def no_word(demand: DemandView) -> Waiting:
    """The one bank asked is silent, or has said no: shall the others see it?"""
    bank = demand.directed_bank_name
    refusal = next((one for one in demand.engagements if one.state == "refused"), None)
    ask = "要不要让其他银行也看到？"
    if refusal is not None:
        return Waiting(
            "T1",
            f"{bank}这次没给您办。{ask}",
            "这次没办成，不会记成您的不良记录，也不会告诉村里。",
            buttons=(
                Button("让别家也看看", f"/my/{demand.ref}/open", is_main=True),
                Button("为什么没办成", f"/my/{demand.ref}/refused/{refusal.ref}"),
            ),
        )
    return Waiting(
        "W5",
        f"{bank}一直没回音。{ask}",
        "让别家看到，不耽误这家接着办。",
        buttons=(
            answer(demand, QuestionKind.OPEN_TO_ALL, None, "要", "yes", is_main=True),
            answer(demand, QuestionKind.OPEN_TO_ALL, None, f"再等等{bank}", "no"),
        ),
    )
