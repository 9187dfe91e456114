"""Enterprises that the caller acts for: another legal representative, and their closing (M035)."""

from __future__ import annotations

from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions as market
from puhui.market.terms import Refusals
from puhui.parties import actions as parties
from puhui.parties import queries
from puhui.parties.subject_terms import SubjectRefusals
from puhui.rest.frame.doors import Ask
from puhui.rest.frame.fields import Page
from puhui.rest.resident_v1.door import resident
from puhui.rest.schemas.examples import SUCCESSOR, TAKE_OVER
from puhui.rest.schemas.resident import StandingOut, SuccessionOut, SuccessorIn, TakeOverIn
from puhui.rest.schemas.work import Ref

WITHOUT_CONSENT = TakeOverIn()


@resident.get("/enterprises", uses=queries.my_standings)
def list_my_enterprises(ask: Ask) -> Page[StandingOut]:
    """我能替哪些单位办，能办哪几样"""
    found = queries.my_standings(ask.by)
    return Page[StandingOut](items=[StandingOut.model_validate(one) for one in found])


@resident.post(
    "/enterprises/{ref}/succession",
    uses=market.name_successor,
    status=201,
    refuses=(
        NOT_FOUND,
        SubjectRefusals.AGENT_UNKNOWN,
        SubjectRefusals.SUCCESSOR_SELF,
        SubjectRefusals.SUCCESSION_OPEN,
    ),
    example=SUCCESSOR,
)
def name_successor(ask: Ask, ref: str, body: SuccessorIn) -> Ref:
    """换法定代表人：请一位登记过的人接任；他（她）同意以前什么都不变

    给出的编号是这次变更的。
    """
    return Ref(ref=market.name_successor(ref, body.name, body.phone, by=ask.by))


@resident.get("/enterprises/{ref}/succession", uses=queries.succession_of, refuses=(NOT_FOUND,))
def get_succession(ask: Ask, ref: str) -> SuccessionOut:
    """正在等谁接任；document 不空的是县里凭证明在办的"""
    found = queries.succession_of(ask.by, ref)
    if found is None:
        raise Refused(NOT_FOUND)
    return SuccessionOut.model_validate(found)


@resident.post(
    "/enterprises/{ref}/closure",
    uses=market.close_enterprise,
    refuses=(NOT_FOUND, Refusals.ENTERPRISE_BUSY),
)
def close_enterprise(ask: Ask, ref: str) -> Ref:
    """单位注销：马上生效，名称、代码和写的话都抹掉，找不回来

    还有没办完的不能注销。
    """
    market.close_enterprise(ref, by=ask.by)
    return Ref(ref=ref)


@resident.get("/successions", uses=queries.successions_to_me)
def list_my_successions(ask: Ask) -> Page[SuccessionOut]:
    """哪些单位请我接任法定代表人"""
    found = queries.successions_to_me(ask.by)
    return Page[SuccessionOut](items=[SuccessionOut.model_validate(one) for one in found])


@resident.post(
    "/successions/{ref}/acceptance",
    uses=market.take_over,
    subject="ref",
    recheck=queries.my_enterprise,
    refuses=(NOT_FOUND, Refusals.CONSENT_MISSING),
    example=TAKE_OVER,
)
def take_over_enterprise(ask: Ask, ref: str, body: TakeOverIn = WITHOUT_CONSENT) -> Ref:
    """同意接任：单位从此由我办，没办完的接着办；给出的编号是单位的

    有没办完的要带 consent：接了单的银行可以看到我的姓名、电话、村庄。
    """
    return Ref(ref=market.take_over(ref, consent_given=body.consent, by=ask.by))


@resident.delete("/successions/{ref}", uses=parties.drop_succession, refuses=(NOT_FOUND,))
def drop_succession(ask: Ask, ref: str) -> Ref:
    """不换了：请人的撤回，或被请的说不是"""
    parties.drop_succession(ref, by=ask.by)
    return Ref(ref=ref)
