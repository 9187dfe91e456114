"""Why a bank did not lend, what would help, and what the applicant can do (content.md §1.9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from puhui.catalogue.terms import ProductCard
from puhui.desks.resident.words import until_words
from puhui.kernel.money import wan_text
from puhui.market.queries.views import DemandView, EngagementView
from puhui.market.terms import REFUSAL_CODES, ClockKind, ObjectionOutcome

SMALLER = "R05"
ELSEWHERE = ("R02", "R11")
ASK_AGAIN = {"R08": "备好了，再提一次", "R10": "补齐了，再提一次"}
"""Where what would help ends in asking again: the words of the button that does it."""
MOST_PRODUCTS = 3
WITH_WORDS = {
    "R09": ("银行核对时，{words}对不上。", "请把{words}核对好。不是您交的，请打县热线。"),
    "R10": ("还差{words}，到时没补上。", ""),
}
"""Where the bank's words belong inside the sentence."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why, what would help, in the applicant's words; `is_silent` where the bank said nothing."""

    words: str
    helps: str
    is_silent: bool
    seen_by: str
    is_automated: bool = False


def refusal(one: EngagementView) -> Refusal:
    """The refusal table's words, with what the bank filled in."""
    code = REFUSAL_CODES.get(one.refusal_code)
    if code is None:
        silent = f"{one.bank_name}没有说明原因。县里已经记下，正在要求他们补上。"
        helps = "可以让别的银行也看看。"
        return Refusal(silent, helps, True, "这一条您和县里看得到，计入通报。")
    said = one.refusal_words.strip()
    why, helps = code.words, code.helps
    if not why:
        why = said
    elif said and one.refusal_code in WITH_WORDS:
        with_words, helped = WITH_WORDS[one.refusal_code]
        why, helps = with_words.format(words=said), helped.format(words=said) or helps
    elif said:
        why = f"{why}{said}" + ("" if said.endswith("。") else "。")
    if one.refusal_code == SMALLER and one.refusal_amount_fen:
        helps = f"把数额降到 {wan_text(one.refusal_amount_fen)}元左右，或把时间拉长。"
    seen = "只有您自己看得到" if code.applicant_only else "您和县里看得到"
    if code.township_too:
        seen = "您、县里和镇里看得到"
    return Refusal(why, helps, False, f"这个原因{seen}。", one.is_refusal_automated)


def again(one: EngagementView, demand: DemandView) -> str:
    """The words of the button that asks again with the old answers; empty where nothing calls for it."""
    if demand.republished_as:
        return ""
    is_over = demand.state in ("unmet", "expired", "withdrawn")
    return ASK_AGAIN.get(one.refusal_code, "再提一次" if is_over else "")


def suggested(
    one: EngagementView, demand: DemandView, shelf: Sequence[ProductCard]
) -> list[ProductCard]:
    """The products that the bank named; else others' that take this purpose and this amount."""
    if one.refusal_code not in ELSEWHERE:
        return []
    by_ref = {card.ref: card for card in shelf}
    named = [by_ref[ref] for ref in one.refusal_products if ref in by_ref]
    if named:
        return named
    others = [
        card
        for card in shelf
        if card.bank_ref != one.bank_ref
        and demand.purpose in card.purposes
        and card.amount_min_fen <= demand.amount_fen <= card.amount_max_fen
    ]
    return others[:MOST_PRODUCTS]


@dataclass(frozen=True, slots=True)
class Objection:
    """Where the applicant's objection stands, in words."""

    head: str
    words: str
    is_answered: bool


def objection(one: EngagementView, now: datetime) -> Objection | None:
    """The open or answered objection to this refusal, if there is one."""
    found = one.objection
    if found is None:
        return None
    if found.answered_at is not None:
        label = ObjectionOutcome(found.outcome).label
        return Objection(f"{one.bank_name}答复了：{label}。", found.answer_words, True)
    clock = one.clock(ClockKind.OBJECTION)
    by = until_words(clock.due_at, now) if clock and clock.due_at else "5 个工作日内"
    person = "会有人（不是电脑）再看一遍，" if found.is_against_automation else "已经请人再看一遍，"
    return Objection("您的不同意见收到了。", f"{person}{by}前答复您。过了没答复，县里会催。", False)
