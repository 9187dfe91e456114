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

OUT_OF_AREA = "R01"
SMALLER = "R05"
ELSEWHERE = ("R02", "R11")
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


@dataclass(frozen=True, slots=True)
class Way:
    """Where what would help begins: a link, or a button that asks again with `answer`."""

    words: str
    address: str
    answer: str = ""
    is_button: bool = False


ASKS_AGAIN = ("R03", "R05", "R06", "R08", "R09", "R10")
HOTLINE = "hotline"
"""Stands for the county's number, which every page knows."""


def ways(one: EngagementView, demand: DemandView, township: str) -> tuple[Way, ...]:
    """For each reason what its advice leads to (content.md §1.9, the right column). `township`: code
    of the applicant's own, where the reason is about it."""
    fit = Way("按您说的，挑挑别家的产品", f"/products/fit?for={demand.ref}")
    elsewhere = _elsewhere(one, demand) or fit
    found = {
        "R01": (Way("看看哪家银行管您那片", f"/banks/?township={township}"), elsewhere),
        "R02": (fit,),
        "R03": (_again(demand, "时间短一点，再提一次", "shorter"), fit),
        "R04": (Way("怎么免费查征信报告，错了怎么改", "/places/credit/"),),
        "R05": (_again(demand, _smaller(one), f"less:{one.ref}"),),
        "R06": (_again(demand, "还掉一些了，再提一次"),),
        "R07": (Way("看看农担担保的产品", "/products/?q=农担"), fit),
        "R08": (_again(demand, "备好了，再提一次"),),
        "R09": (Way("不是您交的？打县热线", HOTLINE), _again(demand, "核对好了，再提一次")),
        "R10": (_again(demand, "补齐了，再提一次"),),
        "R11": (fit,),
        "R12": (Way("看看续贷的产品", "/products/?q=续贷"), elsewhere),
        "R13": (Way("打 12368 问法院", "tel:12368"),),
        "R14": (elsewhere,),
        "R15": (Way("请镇里金融干部帮您问问", f"/my/{demand.ref}/help", is_button=True),),
    }
    return found.get(one.refusal_code, (elsewhere,))


def _elsewhere(one: EngagementView, demand: DemandView) -> Way | None:
    """To what other banks have proposed, or to other banks; nothing where neither is open."""
    others = [each for each in demand.engagements if each.ref != one.ref]
    if any(each.offer and each.ended_at is None for each in others):
        return Way("看看别家的准信", f"/my/{demand.ref}/offers")
    if any(each.plan and each.ended_at is None for each in others):
        return Way("看看别家的方案", f"/my/{demand.ref}/plans")
    if demand.directed_bank_ref and demand.state in ("published", "in_progress"):
        return Way("让别的银行也看看", f"/my/{demand.ref}/open")
    return None


def _again(demand: DemandView, words: str, answer: str = "") -> Way:
    return Way(words, f"/my/{demand.ref}/again", answer, is_button=True)


def _smaller(one: EngagementView) -> str:
    if one.refusal_amount_fen:
        return f"按 {wan_text(one.refusal_amount_fen)}再提一次"
    return "少用一点，再提一次"


def again(one: EngagementView, demand: DemandView) -> str:
    """The words of the button that asks again with the old answers; empty where nothing calls for it,
    or where the advice has one of its own."""
    is_over = demand.state in ("unmet", "expired", "withdrawn") and not demand.republished_as
    return "再提一次" if is_over and one.refusal_code not in ASKS_AGAIN else ""


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
