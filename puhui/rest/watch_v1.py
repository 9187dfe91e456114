"""Township and county: who waits, who is late, a case to another bank, a few honest figures."""

from __future__ import annotations

from uuid import UUID

from puhui.kernel.command import NOT_FOUND
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.oversight import queries as oversight
from puhui.rest.frame import cursors
from puhui.rest.frame.doors import Ask, Doors
from puhui.rest.frame.fields import Cursor, Day, Limit, Page, Word
from puhui.rest.schemas.examples import PROPOSAL, REASSIGNMENT
from puhui.rest.schemas.watch import (
    IndicatorsOut,
    OverdueOut,
    ReassignedOut,
    ReassignIn,
    ReassignmentProposalIn,
    SupervisedOut,
)
from puhui.rest.schemas.work import Ref

watch = Doors.of("watch")


@watch.get("/demands", uses=queries.supervised_demands)
def list_supervised_demands(
    ask: Ask, state: Word = "", limit: Limit = 50, cursor: Cursor = ""
) -> Page[SupervisedOut]:
    """本辖区的需求，新的在前；乡镇只看本乡镇"""
    rows = queries.supervised_demands(
        ask.by,
        states=(state,) if state else (),
        limit=limit + 1,
        before=cursors.read(cursor, "list_supervised_demands"),
    )
    items, following = cursors.page(rows, limit, "ref", "list_supervised_demands")
    return Page[SupervisedOut](
        items=[SupervisedOut.model_validate(one) for one in items], next=following
    )


@watch.get("/overdue-engagements", uses=queries.overdue_engagements)
def list_overdue_engagements(ask: Ask, limit: Limit = 50, cursor: Cursor = "") -> Page[OverdueOut]:
    """超时还没办的对接单，最晚的在前；一张单每过一个时限列一次"""
    after = cursors.read(cursor, "list_overdue_engagements")
    rows = queries.overdue_engagements(
        ask.by, limit=limit + 1, after=UUID(after) if after else None
    )
    items, following = cursors.page(rows, limit, "clock_id", "list_overdue_engagements")
    return Page[OverdueOut](items=[OverdueOut.model_validate(one) for one in items], next=following)


@watch.post(
    "/engagements/{ref}/reassignment",
    uses=market.reassign,
    status=201,
    subject="engagement_ref",
    recheck=queries.reaches_engagement,
    refuses=(
        NOT_FOUND,
        Refusals.STATE,
        Refusals.REASSIGN_CONSENT,
        Refusals.BANK_UNKNOWN,
        Refusals.ALREADY_ENGAGED,
    ),
    example=REASSIGNMENT,
)
def reassign_demand(ask: Ask, ref: str, body: ReassignIn) -> ReassignedOut:
    """本人同意后改派另一家银行；原来的对接单留作历史"""
    fresh = market.reassign(ref, body.bank, applicant_agreed=body.applicant_agreed, by=ask.by)
    return ReassignedOut(engagement_ref=fresh, released_ref=ref)


@watch.post(
    "/engagements/{ref}/reassignment/proposal",
    uses=market.propose_reassignment,
    status=201,
    subject="ref",
    recheck=queries.reaches_engagement,
    refuses=(
        NOT_FOUND,
        Refusals.STATE,
        Refusals.BANK_UNKNOWN,
        Refusals.ALREADY_ENGAGED,
        Refusals.REASSIGN_ASKED,
    ),
    example=PROPOSAL,
)
def propose_reassignment(ask: Ask, ref: str, body: ReassignmentProposalIn) -> Ref:
    """问本人要不要换一家银行：本人在短信或页面上同意才改派"""
    market.propose_reassignment(ref, body.bank, by=ask.by)
    return Ref(ref=ref)


@watch.get("/indicators", uses=oversight.indicators)
def get_indicators(ask: Ask, on: Day | None = None) -> IndicatorsOut:
    """当天的数和累计的数：每个数带名称、定义、分母和日期

    五分钟来电按本人的话分开数：本人说打了、银行自报、本人说没打、没打。
    """
    return IndicatorsOut.model_validate(oversight.indicators(ask.by, on))
