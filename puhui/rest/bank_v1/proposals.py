"""What the bank says of the money: a plan, a better one, a firm offer, a refusal with its reason."""

from __future__ import annotations

from puhui.market import actions as market
from puhui.market.terms import Refusals
from puhui.rest.bank_v1.door import case_act
from puhui.rest.frame.doors import Ask
from puhui.rest.schemas.bank.acts import ExplanationIn, RefusalIn
from puhui.rest.schemas.examples import OFFER, PLAN, REFUSAL
from puhui.rest.schemas.work import OfferIn, PlanIn, Ref


@case_act("/plan", uses=market.submit_plan, status=201, example=PLAN)
def submit_plan(ask: Ask, ref: str, body: PlanIn) -> Ref:
    """给初步方案：不查征信、不上门之前"""
    market.submit_plan(ref, body.form(), by=ask.by)
    return Ref(ref=ref)


@case_act("/plan/improvement", uses=market.improve_plan, example=PLAN)
def improve_plan(ask: Ask, ref: str, body: PlanIn) -> Ref:
    """重新给方案：群众想再谈谈时，代替还没被留下的那一份"""
    market.improve_plan(ref, body.form(), by=ask.by)
    return Ref(ref=ref)


@case_act(
    "/offer", Refusals.CHANGE_UNEXPLAINED, uses=market.submit_offer, status=201, example=OFFER
)
def submit_offer(ask: Ask, ref: str, body: OfferIn) -> Ref:
    """给准信；和初步方案不一样的地方要写明理由"""
    market.submit_offer(ref, body.form(body.valid_days), by=ask.by)
    return Ref(ref=ref)


@case_act("/refusal", Refusals.REFUSAL_WORDS, uses=market.refuse, example=REFUSAL)
def refuse_engagement(ask: Ask, ref: str, body: RefusalIn) -> Ref:
    """办不了：从 R01–R15 里选原因，本人会看到能怎么办"""
    market.refuse(
        ref,
        body.code,
        words=body.words,
        amount_fen=body.amount_fen,
        products=tuple(body.products),
        automated=body.automated,
        by=ask.by,
    )
    return Ref(ref=ref)


@case_act("/refusal/reason", Refusals.REFUSAL_WORDS, uses=market.explain_refusal, example=REFUSAL)
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
