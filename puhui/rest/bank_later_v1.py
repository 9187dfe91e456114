"""What a bank's systems do beside the main way: wait for a customer, talk again, answer an objection."""

from __future__ import annotations

from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.rest.bank_v1 import CASE, bank
from puhui.rest.frame.doors import Ask
from puhui.rest.schemas.bank import ExplanationIn, ObjectionAnswerIn, PauseIn, PayoutIn
from puhui.rest.schemas.examples import OBJECTION_ANSWER, PAUSE, PAYOUT, PLAN, REFUSAL
from puhui.rest.schemas.work import ProposalIn, Ref

__all__ = ["bank"]


@bank.post(
    "/engagements/{ref}/refusal/reason",
    uses=market.explain_refusal,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=(*CASE, Refusals.REFUSAL_WORDS),
    example=REFUSAL,
)
def explain_refusal(ask: Ask, ref: str, body: ExplanationIn) -> Ref:
    """补上没办成的原因；当时没写的照样计入通报"""
    market.explain_refusal(
        ref,
        body.code,
        words=body.words,
        amount_fen=body.amount_fen,
        products=tuple(body.products),
        by=ask.by,
    )
    return Ref(ref=ref)


@bank.post(
    "/engagements/{ref}/objection/answer",
    uses=market.answer_objection,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=(*CASE, Refusals.WORDS_EMPTY),
    example=OBJECTION_ANSWER,
)
def answer_objection(ask: Ask, ref: str, body: ObjectionAnswerIn) -> Ref:
    """答复不同意见（本行负责人）：5 个工作日内，本人看得到"""
    market.answer_objection(ref, body.outcome, body.words, by=ask.by)
    return Ref(ref=ref)


@bank.post(
    "/engagements/{ref}/plan/improvement",
    uses=market.improve_plan,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=CASE,
    example=PLAN,
)
def improve_plan(ask: Ask, ref: str, body: ProposalIn) -> Ref:
    """重新给方案：群众想再谈谈时，代替还没被留下的那一份"""
    market.improve_plan(ref, body.form(), by=ask.by)
    return Ref(ref=ref)


@bank.put(
    "/engagements/{ref}/payout-day",
    uses=market.expect_payout,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=(*CASE, Refusals.PAYOUT_BAD),
    example=PAYOUT,
)
def expect_payout(ask: Ask, ref: str, body: PayoutIn) -> Ref:
    """改放款日：放款那天之内要回填"""
    market.expect_payout(ref, body.pays_out_on, by=ask.by)
    return Ref(ref=ref)


@bank.post(
    "/engagements/{ref}/pause",
    uses=market.pause,
    status=201,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=(
        *CASE,
        Refusals.WORDS_EMPTY,
        Refusals.PAUSE_OPEN,
        Refusals.PAUSE_TODAY,
        Refusals.PAUSE_IN_VAIN,
    ),
    example=PAUSE,
)
def pause_engagement(ask: Ask, ref: str, body: PauseIn) -> Ref:
    """等客户：写明等什么；本人回 1 以后才算，长期未办结的天数停住"""
    market.pause(ref, body.words, by=ask.by)
    return Ref(ref=ref)


@bank.delete(
    "/engagements/{ref}/pause",
    uses=market.resume,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=CASE,
)
def resume_engagement(ask: Ask, ref: str) -> Ref:
    """不等了：天数接着算"""
    market.resume(ref, by=ask.by)
    return Ref(ref=ref)
