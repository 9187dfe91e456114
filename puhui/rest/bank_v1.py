"""A bank's systems: see open demands, claim, call, plan, visit, decide, return; products, webhooks."""

from __future__ import annotations

from puhui.catalogue import actions as catalogue
from puhui.catalogue.terms import Refusals as ProductRefusals
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.notices import actions as notices
from puhui.notices import queries as told
from puhui.notices.terms import Refusals as WebhookRefusals
from puhui.rest.frame import cursors
from puhui.rest.frame.doors import Ask, Doors
from puhui.rest.frame.fields import Cursor, Limit, Page, Word
from puhui.rest.schemas.bank import (
    CallbackIn,
    CallStartedOut,
    CardOut,
    CaseOut,
    ClaimedOut,
    ClaimIn,
    DisbursementIn,
    ProductIn,
    RefusalIn,
    ReleaseIn,
    SigningIn,
    StateOut,
    VisitedOut,
    VisitIn,
    WebhookIn,
    WebhookKeyOut,
    WebhookOut,
)
from puhui.rest.schemas.examples import (
    CALLBACK,
    CLAIM,
    DISBURSEMENT,
    OFFER,
    PLAN,
    PRODUCT,
    REFUSAL,
    RELEASE,
    SIGNING,
    VISIT,
    WEBHOOK,
)
from puhui.rest.schemas.work import EngagementOut, OfferIn, ProposalIn, Ref

bank = Doors.of("bank")
CASE = (NOT_FOUND, Refusals.STATE)
NO_OFFICER, NO_HASH = ClaimIn(), SigningIn()


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
    "/engagements/{ref}", uses=(queries.engagement, market.view_contact), refuses=(NOT_FOUND,)
)
def get_engagement(ask: Ask, ref: str, contact: bool = True) -> CaseOut:
    """一张对接单：需求、时限、来电、方案；办理期间带联系方式

    每次给出联系方式都记入台账，本人看得见；不需要时带 contact=false。
    结束后 contact 为空，contact_refused 说明原因。
    """
    case, shown, why_not = queries.engagement(ask.by, ref), None, None
    if contact:
        try:
            shown = market.view_contact(ref, by=ask.by)
        except Refused as refused:
            why_not = refused.reason.code
    return CaseOut.of(case, shown, why_not)


@bank.post(
    "/engagements/{ref}/calls",
    uses=market.start_call,
    status=201,
    subject="engagement_ref",
    recheck=queries.has_engagement,
    refuses=CASE,
)
def start_call(ask: Ask, ref: str) -> CallStartedOut:
    """开始拨号：平台记下此刻，是否准时只看它"""
    return CallStartedOut.of(ref, market.start_call(ref, by=ask.by))


@bank.post(
    "/engagements/{ref}/callback",
    uses=market.record_callback,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=(
        *CASE,
        Refusals.CALL_NOT_STARTED,
        Refusals.CALL_RECORDED,
        Refusals.DURATION_BAD,
    ),
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


@bank.post(
    "/engagements/{ref}/release",
    uses=market.release,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=(*CASE, Refusals.WORDS_EMPTY),
    example=RELEASE,
)
def release_engagement(ask: Ask, ref: str, body: ReleaseIn) -> Ref:
    """出方案之前退单，写明原因；名额放开"""
    market.release(ref, body.reason, by=ask.by)
    return Ref(ref=ref)


@bank.post(
    "/engagements/{ref}/plan",
    uses=market.submit_plan,
    status=201,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=CASE,
    example=PLAN,
)
def submit_plan(ask: Ask, ref: str, body: ProposalIn) -> Ref:
    """给初步方案：不查征信、不上门之前"""
    market.submit_plan(ref, body.form(), by=ask.by)
    return Ref(ref=ref)


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
    "/engagements/{ref}/investigation/report",
    uses=market.report_investigation,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=CASE,
)
def report_investigation(ask: Ask, ref: str) -> VisitedOut:
    """报告已经上门；会问本人是否来过"""
    return VisitedOut(ref=ref, is_on_time=market.report_investigation(ref, by=ask.by))


@bank.post(
    "/engagements/{ref}/offer",
    uses=market.submit_offer,
    status=201,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=(*CASE, Refusals.CHANGE_UNEXPLAINED),
    example=OFFER,
)
def submit_offer(ask: Ask, ref: str, body: OfferIn) -> Ref:
    """给准信；和初步方案不一样的地方要写明理由"""
    market.submit_offer(ref, body.form(body.valid_days), by=ask.by)
    return Ref(ref=ref)


@bank.post(
    "/engagements/{ref}/refusal",
    uses=market.refuse,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=(*CASE, Refusals.REFUSAL_WORDS),
    example=REFUSAL,
)
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


@bank.post(
    "/engagements/{ref}/signing",
    uses=market.record_signing,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=(*CASE, Refusals.RETURN_BAD, Refusals.PAYOUT_BAD),
    example=SIGNING,
)
def record_signing(ask: Ask, ref: str, body: SigningIn = NO_HASH) -> Ref:
    """回填：合同已签"""
    market.record_signing(
        ref, contract_hash=body.contract_hash, pays_out_on=body.pays_out_on, by=ask.by
    )
    return Ref(ref=ref)


@bank.post(
    "/engagements/{ref}/disbursement",
    uses=market.record_disbursement,
    subject="ref",
    recheck=queries.has_engagement,
    refuses=CASE,
    example=DISBURSEMENT,
)
def record_disbursement(ask: Ask, ref: str, body: DisbursementIn) -> Ref:
    """回填：已放款（金额、利率、到期日、放款日）"""
    market.record_disbursement(ref, body.form(), by=ask.by)
    return Ref(ref=ref)


@bank.put(
    "/products",
    uses=catalogue.put_product,
    refuses=(NOT_FOUND, ProductRefusals.NAME_TAKEN),
    example=PRODUCT,
)
def put_product(ask: Ask, body: ProductIn) -> Ref:
    """上架一个产品，或改一个在架的（带 ref）"""
    return Ref(ref=catalogue.put_product(body.form(), by=ask.by))


@bank.delete("/products/{ref}", uses=catalogue.withdraw_product, refuses=(NOT_FOUND,))
def withdraw_product(ask: Ask, ref: str) -> Ref:
    """下架一个产品"""
    catalogue.withdraw_product(ref, by=ask.by)
    return Ref(ref=ref)


@bank.put(
    "/webhook",
    uses=notices.register_webhook,
    refuses=(
        WebhookRefusals.URL_BAD,
        WebhookRefusals.URL_UNRESOLVED,
        WebhookRefusals.URL_INWARD,
        WebhookRefusals.EVENTS_BAD,
    ),
    example=WEBHOOK,
)
def register_webhook(ask: Ask, body: WebhookIn) -> WebhookOut:
    """登记接收事件的地址；新的代替旧的"""
    notices.register_webhook(body.url, body.events, by=ask.by)
    return WebhookOut(url=body.url, events=body.events)


@bank.get("/webhook/key", uses=told.get_webhook_key)
def get_webhook_key(ask: Ask) -> WebhookKeyOut:
    """验证我方签名的公钥"""
    return WebhookKeyOut(public_key=told.get_webhook_key(ask.by))
