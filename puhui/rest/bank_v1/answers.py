"""What the bank owes its customer in words: papers, enquiries, objections, a wait."""

from __future__ import annotations

from puhui.kernel.command import NOT_FOUND, FieldError, Invalid
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.rest.bank_v1.door import bank, case_act
from puhui.rest.frame.doors import Ask
from puhui.rest.frame.fields import Page
from puhui.rest.schemas.bank.acts import ObjectionAnswerIn, PapersIn, PauseIn, WordsIn
from puhui.rest.schemas.bank.cases import BankObjectionOut
from puhui.rest.schemas.examples import ANSWER, OBJECTION_ANSWER, PAPERS, PAUSE
from puhui.rest.schemas.work import Ref


@case_act(
    "/papers", Refusals.WORDS_EMPTY, uses=(market.check_papers, queries.engagement), example=PAPERS
)
def check_papers(ask: Ask, ref: str, body: PapersIn) -> Ref:
    """材料：哪几样收到了，还要哪几样

    received 是已经收到的全部，按名称；没写进去的算还差。more 是这次新要的，会告诉本人。
    """
    ids = {one.name: one.id for one in queries.engagement(ask.by, ref).engagement.papers}
    unknown = [place for place, name in enumerate(body.received) if name not in ids]
    if unknown:
        raise Invalid(
            [FieldError(f"received.{n}", "paper_unknown", "没有要过这样材料。") for n in unknown]
        )
    received = [ids[name] for name in body.received]
    market.check_papers(ref, received=received, more=body.more, by=ask.by)
    return Ref(ref=ref)


@bank.post(
    "/enquiries/{ref}/answer",
    uses=market.answer_enquiry,
    refuses=(NOT_FOUND, Refusals.WORDS_EMPTY),
    example=ANSWER,
)
def answer_enquiry(ask: Ask, ref: str, body: WordsIn) -> Ref:
    """回答客户问的（编号在 get_engagement 的 enquiries 里）；下一个工作日之内要回"""
    market.answer_enquiry(ref, body.words, by=ask.by)
    return Ref(ref=ref)


@bank.get("/objections", uses=queries.bank_objections)
def list_objections(ask: Ask) -> Page[BankObjectionOut]:
    """客户对没办成的不同意见：没答复的在前，最多 200 条"""
    found = queries.bank_objections(ask.by)
    return Page[BankObjectionOut](items=[BankObjectionOut.model_validate(one) for one in found])


@case_act(
    "/objection/answer",
    Refusals.WORDS_EMPTY,
    uses=market.answer_objection,
    example=OBJECTION_ANSWER,
)
def answer_objection(ask: Ask, ref: str, body: ObjectionAnswerIn) -> Ref:
    """答复不同意见（本行负责人）：5 个工作日内，本人看得到"""
    market.answer_objection(ref, body.outcome, body.words, by=ask.by)
    return Ref(ref=ref)


@case_act(
    "/pause",
    Refusals.WORDS_EMPTY,
    Refusals.PAUSE_OPEN,
    Refusals.PAUSE_TODAY,
    Refusals.PAUSE_IN_VAIN,
    uses=market.pause,
    status=201,
    example=PAUSE,
)
def pause_engagement(ask: Ask, ref: str, body: PauseIn) -> Ref:
    """等客户：写明等什么；本人回 1 以后才算，长期未办结的天数停住"""
    market.pause(ref, body.words, by=ask.by)
    return Ref(ref=ref)


@case_act("/pause", method="DELETE", uses=market.resume)
def resume_engagement(ask: Ask, ref: str) -> Ref:
    """不等了：天数接着算"""
    market.resume(ref, by=ask.by)
    return Ref(ref=ref)
