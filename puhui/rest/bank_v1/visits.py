"""The visit: agreed or moved, arrived, reported."""

from __future__ import annotations

from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.rest.bank_v1.door import CASE, bank
from puhui.rest.frame.doors import Ask
from puhui.rest.schemas.bank.acts import VisitIn
from puhui.rest.schemas.bank.cases import VisitedOut
from puhui.rest.schemas.examples import VISIT
from puhui.rest.schemas.work import Ref


@bank.post(
    "/engagements/{ref}/investigation",
    uses=market.start_investigation,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=(*CASE, Refusals.VISIT_EMPTY),
    example=VISIT,
)
def start_investigation(ask: Ask, ref: str, body: VisitIn) -> Ref:
    """约定上门的时间，或改期"""
    market.start_investigation(ref, body.visit_at, by=ask.by)
    return Ref(ref=ref)


@bank.post(
    "/engagements/{ref}/investigation/arrival",
    uses=market.record_arrival,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=CASE,
)
def record_arrival(ask: Ask, ref: str) -> Ref:
    """到了：平台记下此刻；再报一次，还是第一次的时间"""
    market.record_arrival(ref, by=ask.by)
    return Ref(ref=ref)


@bank.post(
    "/engagements/{ref}/investigation/report",
    uses=market.report_investigation,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=CASE,
)
def report_investigation(ask: Ask, ref: str) -> VisitedOut:
    """报告已经上门；会问本人是否来过"""
    return VisitedOut(ref=ref, is_on_time=market.report_investigation(ref, by=ask.by))
