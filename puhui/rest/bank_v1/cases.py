"""Cases: what is due, one of them whole, its history; handed over, stuck, given back."""

from __future__ import annotations

from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.rest.bank_v1.door import bank, case_act
from puhui.rest.frame import cursors
from puhui.rest.frame.doors import Ask
from puhui.rest.frame.fields import Cursor, Limit, Page, Word
from puhui.rest.schemas.bank.acts import HandOverIn, ReleaseIn, WordsIn
from puhui.rest.schemas.bank.cases import CaseOut, DeskOut, EventOut
from puhui.rest.schemas.examples import HAND_OVER, OBSTACLE, RELEASE
from puhui.rest.schemas.work import EngagementOut, Ref


@bank.get("/desk", uses=queries.bank_lists)
def get_desk(ask: Ask) -> DeskOut:
    """此刻欠着什么：该打电话、该上门、该回话、该回填的，各自最急的在前，每样最多 60 条"""
    return DeskOut.of(queries.bank_lists(ask.by))


@bank.get("/engagements", uses=queries.bank_engagements)
def list_engagements(
    ask: Ask, state: Word = "", limit: Limit = 50, cursor: Cursor = ""
) -> Page[EngagementOut]:
    """本行的对接单，新的在前，可按状态筛选"""
    rows = queries.bank_engagements(
        ask.by,
        states=(state,) if state else (),
        limit=limit + 1,
        before=cursors.read(cursor, "list_engagements"),
    )
    items, following = cursors.page(rows, limit, "ref", "list_engagements")
    return Page[EngagementOut](
        items=[EngagementOut.model_validate(one) for one in items], next=following
    )


@bank.get(
    "/engagements/{ref}",
    uses=(queries.engagement, queries.talks, queries.visit_photos, market.view_contact),
    refuses=(NOT_FOUND,),
)
def get_engagement(ask: Ask, ref: str, contact: bool = True) -> CaseOut:
    """一张对接单：需求、时限、来电、方案、材料、照片、客户问的；办理期间带联系方式

    每次给出联系方式都记入台账，本人看得见；不需要时带 contact=false。
    结束后 contact 为空，contact_refused 说明原因。
    """
    case, shown, why_not = queries.engagement(ask.by, ref), None, None
    if contact:
        try:
            shown = market.view_contact(ref, by=ask.by)
        except Refused as refused:
            why_not = refused.reason.code
    talks, photos = queries.talks(ask.by, ref), queries.visit_photos(ask.by, ref)
    return CaseOut.of(case, talks, photos, shown, why_not)


@bank.get("/engagements/{ref}/events", uses=queries.bank_timeline, refuses=(NOT_FOUND,))
def list_engagement_events(ask: Ask, ref: str) -> Page[EventOut]:
    """这张单的经过，旧的在前：只有动作、时间和本行的工号，没有别家的动作"""
    found = queries.bank_timeline(ask.by, ref)
    own = ask.by.organisation_ref
    return Page[EventOut](items=[EventOut.of(one, own) for one in found])


@case_act("/release", Refusals.WORDS_EMPTY, uses=market.release, example=RELEASE)
def release_engagement(ask: Ask, ref: str, body: ReleaseIn) -> Ref:
    """出方案之前退单，写明原因；名额放开"""
    market.release(ref, body.reason, by=ask.by)
    return Ref(ref=ref)


@case_act(
    "/officer",
    Refusals.HAND_OVER_NOT_YOURS,
    Refusals.OFFICER_UNKNOWN,
    Refusals.OFFICER_SAME,
    Refusals.WORDS_EMPTY,
    uses=market.hand_over,
    example=HAND_OVER,
)
def hand_over_engagement(ask: Ask, ref: str, body: HandOverIn) -> Ref:
    """转给同事：以后联系方式给接手的人看

    负责人都能转；经办人转自己的；值班的人可以接过来。
    """
    market.hand_over(ref, body.officer, reason=body.reason, by=ask.by)
    return Ref(ref=ref)


@case_act("/obstacle", Refusals.WORDS_EMPTY, uses=market.note_obstacle, example=OBSTACLE)
def note_obstacle(ask: Ask, ref: str, body: WordsIn) -> Ref:
    """写卡在哪：镇里、县里看得到，时限照走"""
    market.note_obstacle(ref, body.words, by=ask.by)
    return Ref(ref=ref)
