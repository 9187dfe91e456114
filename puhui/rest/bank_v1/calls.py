"""The first call: dialled, answered or not, later."""

from __future__ import annotations

from puhui.market import actions as market
from puhui.market.terms import Refusals
from puhui.rest.bank_v1.door import case_act
from puhui.rest.frame.doors import Ask
from puhui.rest.schemas.bank.acts import CallAgainIn, CallbackIn
from puhui.rest.schemas.bank.cases import CallStartedOut, StateOut
from puhui.rest.schemas.examples import CALL_AGAIN, CALLBACK
from puhui.rest.schemas.work import Ref


@case_act("/calls", uses=market.start_call, status=201, subject="engagement_ref")
def start_call(ask: Ask, ref: str) -> CallStartedOut:
    """开始拨号：平台记下此刻，是否准时只看它"""
    return CallStartedOut.of(ref, market.start_call(ref, by=ask.by))


@case_act(
    "/callback",
    Refusals.CALL_NOT_STARTED,
    Refusals.CALL_RECORDED,
    Refusals.DURATION_BAD,
    uses=market.record_callback,
    example=CALLBACK,
)
def record_callback(ask: Ask, ref: str, body: CallbackIn) -> StateOut:
    """登记一次来电的结果和时长"""
    state = market.record_callback(
        ref,
        body.call,
        body.result,
        duration_seconds=body.duration_seconds,
        again_at=body.again_at,
        by=ask.by,
    )
    return StateOut(ref=ref, state=state)


@case_act("/call-again", method="PUT", uses=market.set_call_again, example=CALL_AGAIN)
def set_call_again(ask: Ask, ref: str, body: CallAgainIn) -> Ref:
    """改时间再打：客户约的下一次；要在以后"""
    market.set_call_again(ref, body.again_at, by=ask.by)
    return Ref(ref=ref)
