"""Demands before a claim: seen, claimed, put out of sight."""

from __future__ import annotations

from puhui.kernel.command import NOT_FOUND
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.rest.bank_v1.door import bank
from puhui.rest.frame import cursors
from puhui.rest.frame.doors import Ask
from puhui.rest.frame.fields import Cursor, Limit, Page
from puhui.rest.schemas.bank.acts import ClaimIn
from puhui.rest.schemas.bank.cases import CardOut, ClaimedOut
from puhui.rest.schemas.examples import CLAIM
from puhui.rest.schemas.work import Ref

NO_OFFICER = ClaimIn()


@bank.get("/demands", uses=queries.open_demands)
def list_open_demands(ask: Ask, limit: Limit = 50, cursor: Cursor = "") -> Page[CardOut]:
    """可以接的需求，新的在前

    接单前只有这些字段：没有姓名、电话、村、身份证号，也看不到别家银行的动作。
    """
    before = cursors.read(cursor, "list_open_demands")
    rows = queries.open_demands(ask.by, limit=limit + 1, before=before)
    items, following = cursors.page(rows, limit, "ref", "list_open_demands")
    return Page[CardOut](items=[CardOut.model_validate(one) for one in items], next=following)


@bank.post(
    "/demands/{ref}/claim",
    uses=market.claim,
    status=201,
    subject="engagement_ref",
    recheck=queries.has_engagement,
    refuses=(
        NOT_FOUND,
        Refusals.NOT_OPEN,
        Refusals.SLOTS_FULL,
        Refusals.ALREADY_ENGAGED,
        Refusals.NOT_ON_DUTY,
        Refusals.TOO_MANY_UNCALLED,
    ),
    example=CLAIM,
)
def claim_demand(ask: Ask, ref: str, body: ClaimIn = NO_OFFICER) -> ClaimedOut:
    """接单：占一个名额，来电的 5 分钟从此开始

    指定的经办人要正在值班。姓名、电话、对接号由 get_engagement 给出。
    """
    return ClaimedOut.model_validate(market.claim(ref, officer=body.officer, by=ask.by))


@bank.get("/aside", uses=queries.demands_aside)
def list_demands_aside(ask: Ask) -> Page[CardOut]:
    """这位经办人收起来、还能接的需求，最多 60 条"""
    found = queries.demands_aside(ask.by)
    return Page[CardOut](items=[CardOut.model_validate(one) for one in found])


@bank.put("/demands/{ref}/aside", uses=market.set_aside, refuses=(NOT_FOUND,))
def set_demand_aside(ask: Ask, ref: str) -> Ref:
    """不感兴趣：只从这位经办人的单子里收起来，同事照看，不扣分"""
    market.set_aside(ref, by=ask.by)
    return Ref(ref=ref)


@bank.delete("/demands/{ref}/aside", uses=market.put_back, refuses=(NOT_FOUND,))
def put_demand_back(ask: Ask, ref: str) -> Ref:
    """把收起来的放回去"""
    market.put_back(ref, by=ask.by)
    return Ref(ref=ref)
