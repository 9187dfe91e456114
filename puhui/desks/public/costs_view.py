"""The preview in words: what is paid when, what it costs in all, the rows of the cost statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from puhui.catalogue.terms import METHOD_WORDS, Preview, ProductCard
from puhui.desks.public.costs_form import Asked, Computed
from puhui.desks.public.product_view import fee_words
from puhui.kernel.money import rate_text, rmb_capitals, wan_text, yuan_text
from puhui.repayment.daily import Settlement

FIXED_MONTHLY = "equal_instalment"
LONG_FEN = 10_000_000
"""From a hundred thousand yuan on, an instalment takes two lines on a phone."""


@dataclass(frozen=True, slots=True)
class Line:
    """One instalment, in yuan."""

    number: int
    day: str
    principal: str
    interest: str
    payment: str
    balance: str


@dataclass(frozen=True, slots=True)
class CostRow:
    """One row of the statement: what, how it is charged, who takes it, how much."""

    name: str
    how: str
    who: str
    yuan: str


def shown(product: ProductCard, asked: Asked, found: Computed) -> dict[str, Any]:
    """Everything the preview and the statement show."""
    one = found.preview
    return {
        "methods": [(code, METHOD_WORDS[code]) for code in product.methods],
        "dues": [(str(day), day_text(day)) for day in asked.due_dates],
        "found": one,
        "sentence": sentence(one) if one else "",
        "sums": sums(one) if one else [],
        "lines": lines(one) if one else [],
        "costs": cost_rows(product, one) if one else [],
        "is_long": bool(one and one.principal_fen >= LONG_FEN),
        "capitals": rmb_capitals(one.cost_fen) if one else "",
        "will": will_lines(found),
        "will_total": yuan_text(sum(each.interest_fen for each in found.settled)),
    }


def yuan(fen: int) -> str:
    return yuan_text(fen).removesuffix(" 元")


def day_text(on: date) -> str:
    """With its year: a schedule runs over many."""
    return f"{on.year} 年 {on.month} 月 {on.day} 日"


def sentence(one: Preview) -> str:
    """What comes out, first: how much, how often, until when."""
    first, last = one.instalments[0], one.instalments[-1]
    until = f"{day_text(last.due_on)}还清"
    if len(one.instalments) == 1:
        return f"中间不用还，{day_text(last.due_on)}一次还 {yuan_text(last.payment_fen)}。"
    if one.method == FIXED_MONTHLY:
        return f"每次还 {yuan_text(first.payment_fen)}，还 {len(one.instalments)} 次，{until}。"
    principal = next(each for each in one.instalments if each.principal_fen)
    if principal is last:
        return (
            f"平时只还利息，头一次 {yuan_text(first.payment_fen)}；"
            f"{day_text(last.due_on)}还本带利 {yuan_text(last.payment_fen)}。"
        )
    if first.principal_fen:
        return f"头一次还 {yuan_text(first.payment_fen)}，以后一次比一次少，{until}。"
    return (
        f"前面每次只还利息 {yuan_text(first.payment_fen)}；从{day_text(principal.due_on)}起还本，"
        f"那次还 {yuan_text(principal.payment_fen)}，以后一次比一次少，{until}。"
    )


def sums(one: Preview) -> list[tuple[str, str]]:
    fees = [(name, yuan_text(fen)) for name, fen in one.fees]
    return [
        ("借", f"{wan_text(one.principal_fen)}元，年利率 {rate_text(one.rate_ppm)}"),
        ("利息一共", yuan_text(one.interest_fen)),
        *fees,
        ("一共多花", yuan_text(one.cost_fen)),
        ("连本一共还", yuan_text(one.total_fen)),
        ("费用都算上，合一年（单利）", rate_text(one.simple_ppm)),
        ("按复利算合一年（IRR）", rate_text(one.compound_ppm)),
    ]


def lines(one: Preview) -> list[Line]:
    return [
        Line(
            number,
            f"{each.due_on:%Y-%m-%d}",
            yuan(each.principal_fen) if each.principal_fen else "—",
            yuan(each.interest_fen),
            yuan(each.payment_fen),
            yuan(each.balance_fen),
        )
        for number, each in enumerate(one.instalments, start=1)
    ]


def cost_rows(product: ProductCard, one: Preview) -> list[CostRow]:
    """Interest first, then every fee: nothing else may be charged."""
    how = {fee.name: fee_words(fee).removeprefix(fee.name).strip() for fee in product.fees}
    return [
        CostRow(
            "利息",
            f"年利率 {rate_text(one.rate_ppm)}（单利），{METHOD_WORDS[one.method]}",
            product.bank_name,
            yuan(one.interest_fen),
        ),
        *(CostRow(name, how.get(name, ""), "按合同写明", yuan(fen)) for name, fen in one.fees),
    ]


def will_lines(found: Computed) -> list[tuple[str, str, str, str]]:
    """A line drawn at will: from, to, days and balance, and what each settlement debits."""
    spans = [
        (f"{each.from_on:%Y-%m-%d}", f"{each.until_on:%Y-%m-%d}", f"{each.days} 天，欠 ", each)
        for each in found.parts
    ]
    drawn = [(a, b, f"{words}{yuan_text(part.balance_fen)}", "") for a, b, words, part in spans]
    return [*drawn, *(_settled(each) for each in found.settled)]


def _settled(each: Settlement) -> tuple[str, str, str, str]:
    days = (each.until_on - each.from_on).days
    return (
        f"{each.from_on:%Y-%m-%d}",
        f"{each.until_on:%Y-%m-%d}",
        f"这 {days} 天的利息",
        yuan(each.interest_fen),
    )
