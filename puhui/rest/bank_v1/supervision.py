"""What the county asks of the bank: supervision records and written orders, read and answered."""

from __future__ import annotations

from puhui.kernel.command import NOT_FOUND
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.terms import Refusals
from puhui.rest.bank_v1.door import CASE, bank
from puhui.rest.frame.doors import Ask
from puhui.rest.frame.fields import Page
from puhui.rest.schemas.bank.acts import WordsIn
from puhui.rest.schemas.bank.office import OrderOut, SupervisionOut
from puhui.rest.schemas.examples import ORDER_ANSWER, SUPERVISION_ANSWER
from puhui.rest.schemas.work import Ref


@bank.get("/supervisions", uses=queries.bank_supervisions)
def list_supervisions(ask: Ask) -> Page[SupervisionOut]:
    """本行的督导记录，新的在前，最多 200 条；answered_at 空的还没写原因"""
    found = queries.bank_supervisions(ask.by)
    return Page[SupervisionOut](items=[SupervisionOut.model_validate(one) for one in found])


@bank.post(
    "/supervisions/{ref}/answer",
    uses=market.answer_supervision,
    subject="ref",
    recheck=queries.bank_supervision,
    refuses=(NOT_FOUND, Refusals.WORDS_EMPTY),
    example=SUPERVISION_ANSWER,
)
def answer_supervision(ask: Ask, ref: str, body: WordsIn) -> Ref:
    """写原因，记进督导记录；可以再补写"""
    market.answer_supervision(ref, body.words, by=ask.by)
    return Ref(ref=ref)


@bank.get("/orders", uses=queries.orders)
def list_orders(ask: Ask) -> Page[OrderOut]:
    """给本行的书面督办单，新的在前，最多 200 张"""
    return Page[OrderOut](items=[OrderOut.of(one) for one in queries.orders(ask.by)])


@bank.get("/orders/{ref}", uses=queries.order, refuses=(NOT_FOUND,))
def get_order(ask: Ask, ref: str) -> OrderOut:
    """一张督办单：哪几笔、欠哪一步、到哪天、怎么答复的"""
    return OrderOut.of(queries.order(ask.by, ref))


@bank.post(
    "/orders/{ref}/answer",
    uses=market.answer_order,
    subject="ref",
    recheck=queries.order,
    refuses=(*CASE, Refusals.WORDS_EMPTY),
    example=ORDER_ANSWER,
)
def answer_order(ask: Ask, ref: str, body: WordsIn) -> Ref:
    """书面答复督办单；县里销号以前可以再写"""
    market.answer_order(ref, body.words, by=ask.by)
    return Ref(ref=ref)
