"""An applicant's own demands: publish, follow, choose, confirm, withdraw, rate."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from puhui.access import actions as access
from puhui.kernel.actor import Actor, Role, Via
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.parties import actions as parties
from puhui.parties.subject_terms import SubjectRefusals
from puhui.rest.frame import cursors
from puhui.rest.frame.doors import Ask
from puhui.rest.frame.fields import Cursor, Limit, Page
from puhui.rest.resident_v1.door import resident
from puhui.rest.schemas.examples import DEMAND, KEEPING, OBJECTION, RATING, REPORT, TALK, WITHDRAWAL
from puhui.rest.schemas.resident import (
    DemandIn,
    KeepingIn,
    MyDemandOut,
    ObjectionIn,
    PublishedOut,
    RatingIn,
    RegistrationIn,
    ReportIn,
    TalkIn,
    WithdrawIn,
)
from puhui.rest.schemas.work import PhotoOut, PictureOut, Ref

OWN = frozenset({Role.RESIDENT})
WITHOUT_REASON = WithdrawIn()
ANY_PLAN = KeepingIn()


def _sessions_own(ask: Ask, body: DemandIn) -> Actor:
    """Whose key it is: who registers with the demand is nobody yet, and somebody at the retry."""
    if body.registration is None or ask.by.session is None:
        return ask.by
    return replace(ask.by, ref=f"session:{ask.by.session}")


@resident.post(
    "/demands",
    uses=(market.publish, parties.register_resident, access.adopt_registered),
    status=201,
    subject="ref",
    recheck=queries.my_demand,
    keyed_by=_sessions_own,
    refuses=(NOT_FOUND, Refusals.ALREADY_OPEN, Refusals.FROZEN, SubjectRefusals.SCOPE_LACKING),
    example=DEMAND,
)
def publish_demand(ask: Ask, body: DemandIn) -> PublishedOut:
    """提一份需求

    手机号上还没有登记人时，带上 registration，登记和提需求一次办成。
    """
    by = ask.by if body.registration is None else _registered(body.registration, ask.by)
    sent = market.publish(body.form(), consent_given=body.consent, another=body.another, by=by)
    return PublishedOut.model_validate(sent)


def _registered(registration: RegistrationIn, by: Actor) -> Actor:
    person = parties.register_resident(registration.form(), via=str(Via.REST), by=by)
    return access.adopt_registered(person.id, by=by)


@resident.get("/demands", uses=queries.my_demands)
def list_my_demands(ask: Ask, limit: Limit = 20, cursor: Cursor = "") -> Page[MyDemandOut]:
    """我提过的需求，新的在前"""
    before = cursors.read(cursor, "list_my_demands")
    rows = queries.my_demands(ask.by, limit=limit + 1, before=before)
    items, following = cursors.page(rows, limit, "ref", "list_my_demands")
    return Page[MyDemandOut](
        items=[MyDemandOut.model_validate(one) for one in items], next=following
    )


@resident.get("/demands/{ref}", uses=queries.my_demand, refuses=(NOT_FOUND,))
def get_my_demand(ask: Ask, ref: str) -> MyDemandOut:
    """我的一份需求：走到哪一步，哪些银行在办"""
    return MyDemandOut.model_validate(queries.my_demand(ask.by, ref))


@resident.post(
    "/demands/{ref}/withdrawal",
    uses=market.withdraw,
    subject="ref",
    recheck=queries.my_demand,
    refuses=(NOT_FOUND, Refusals.ALREADY_SIGNED, Refusals.STATE, SubjectRefusals.SCOPE_LACKING),
    example=WITHDRAWAL,
)
def withdraw_demand(ask: Ask, ref: str, body: WithdrawIn = WITHOUT_REASON) -> Ref:
    """不办了，撤回；签合同之前随时可以"""
    market.withdraw(ref, reason=body.reason, by=ask.by)
    return Ref(ref=ref)


@resident.post(
    "/engagements/{ref}/keeping",
    uses=market.keep_plan,
    subject="ref",
    recheck=queries.reaches_engagement,
    refuses=(
        NOT_FOUND,
        Refusals.STATE,
        Refusals.PLAN_CHANGED,
        Refusals.KEPT_TWO,
        SubjectRefusals.SCOPE_LACKING,
    ),
    example=KEEPING,
)
def keep_plan(ask: Ask, ref: str, body: KeepingIn = ANY_PLAN) -> Ref:
    """留下这家的方案；最多留两家，只有留下的才上门

    带上看过的那份方案的 submitted_at，银行中间改过就不算数，要再看一遍。
    """
    market.keep_plan(ref, seen=body.seen, by=ask.by)
    return Ref(ref=ref)


@resident.post(
    "/engagements/{ref}/acceptance",
    uses=market.accept_offer,
    subject="ref",
    recheck=queries.reaches_engagement,
    refuses=(NOT_FOUND, Refusals.STATE, SubjectRefusals.SCOPE_LACKING),
)
def accept_offer(ask: Ask, ref: str) -> Ref:
    """选定这家的准信；合同在银行签"""
    market.accept_offer(ref, by=ask.by)
    return Ref(ref=ref)


@resident.post(
    "/demands/{ref}/reports",
    uses=market.confirm_report,
    subject="ref",
    recheck=queries.my_demand,
    refuses=(NOT_FOUND, Refusals.ANSWER_BAD),
    example=REPORT,
)
def confirm_report(ask: Ask, ref: str, body: ReportIn) -> Ref:
    """说一声：打了没打，来过没来，钱到了没到"""
    market.confirm_report(ref, body.kind, body.answer, engagement_ref=body.engagement, by=ask.by)
    return Ref(ref=ref)


@resident.post(
    "/engagements/{ref}/rating",
    uses=market.rate_service,
    subject="ref",
    recheck=queries.reaches_engagement,
    refuses=(NOT_FOUND, Refusals.STATE, Refusals.ANSWER_BAD),
    example=RATING,
)
def rate_service(ask: Ask, ref: str, body: RatingIn) -> Ref:
    """评一评这家办得怎么样"""
    market.rate_service(ref, **body.model_dump(), by=ask.by)
    return Ref(ref=ref)


@resident.post(
    "/engagements/{ref}/objection",
    uses=market.open_objection,
    status=201,
    subject="ref",
    recheck=queries.reaches_engagement,
    refuses=(NOT_FOUND, Refusals.STATE, Refusals.OBJECTED, Refusals.WORDS_EMPTY),
    example=OBJECTION,
)
def open_objection(ask: Ask, ref: str, body: ObjectionIn) -> Ref:
    """有不同意见：请人再看一遍，5 个工作日内答复"""
    market.open_objection(ref, words=body.words, by=ask.by)
    return Ref(ref=ref)


@resident.post(
    "/engagements/{ref}/readiness",
    uses=market.say_ready,
    subject="ref",
    recheck=queries.reaches_engagement,
    refuses=(NOT_FOUND, Refusals.STATE),
)
def say_ready(ask: Ask, ref: str) -> Ref:
    """我准备好了：银行接着办，天数接着算"""
    market.say_ready(ref, by=ask.by)
    return Ref(ref=ref)


@resident.post(
    "/demands/{ref}/talk",
    uses=market.ask_to_talk,
    status=201,
    subject="ref",
    recheck=queries.my_demand,
    refuses=(NOT_FOUND, Refusals.STATE, Refusals.WORDS_EMPTY, Refusals.TALKED),
    example=TALK,
)
def ask_to_talk(ask: Ask, ref: str, body: TalkIn) -> Ref:
    """都不合适，再谈谈：告诉给了方案的银行想怎么改"""
    market.ask_to_talk(ref, tuple(body.wishes), words=body.words, by=ask.by)
    return Ref(ref=ref)


@resident.get(
    "/engagements/{ref}/photos",
    uses=(queries.visit_photos, queries.reaches_engagement),
    only=OWN,
    refuses=(NOT_FOUND,),
)
def list_my_visit_photos(ask: Ask, ref: str) -> Page[PhotoOut]:
    """银行上门时留的照片"""
    queries.reaches_engagement(ask.by, ref)
    found = queries.visit_photos(ask.by, ref)
    return Page[PhotoOut](items=[PhotoOut.of(one) for one in found])


@resident.get("/photos/{ref}", uses=queries.visit_photo, only=OWN, refuses=(NOT_FOUND,))
def get_my_visit_photo(ask: Ask, ref: str) -> PictureOut:
    """一张上门照片"""
    try:
        photo = UUID(ref)
    except ValueError:
        raise Refused(NOT_FOUND) from None
    return PictureOut.of(queries.visit_photo(ask.by, photo))
