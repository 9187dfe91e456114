"""Why a product fits, nearly fits or does not, in sentences (content.md §1.12). Pure.

Judged by the product's own terms and what the applicant said; nobody pays for a place. A record
without permission counts as not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from puhui.catalogue.terms import (
    NEED_PROOFS,
    PURPOSE_WORDS,
    Match,
    Need,
    ProductCard,
    Subject,
    Verdict,
    Wish,
)
from puhui.kernel.money import wan_text
from puhui.repayment.terms import add_months

FAR = 2
"""Twice too much or too little is not nearly any more."""
WISHED_METHODS = {
    "once": {"interest_with_principal", "borrow_repay_at_will"},
    "interest_first": {
        "interest_only_bullet",
        "quarterly_interest_bullet",
        "borrow_repay_at_will",
    },
    "monthly": {"equal_instalment", "equal_principal"},
    "grace": {"grace_period"},
    "at_will": {"borrow_repay_at_will"},
}
"""Which repayment methods suit each wish of content.md §1.2; any suits 听银行的."""
WISH_SAYS = {
    "once": "想卖了再一次还",
    "interest_first": "想平时只还利息",
    "monthly": "想每个月还一点",
    "grace": "想前几年只还利息",
    "at_will": "想随用随还",
}
PURPOSE_DOES = {"livestock": "养", "crops": "种", "orchard_greenhouse": "种"}
"""What people do with what a product is named after."""
METHOD_SAYS = {
    "interest_with_principal": "要到期一次还清",
    "interest_only_bullet": "每月都要还利息",
    "quarterly_interest_bullet": "每季都要还利息",
    "equal_instalment": "每月都要还",
    "equal_principal": "每月都要还",
    "grace_period": "前面只还利息、后面要还本",
    "borrow_repay_at_will": "是随用随还的",
}
SECURITY_SAYS = {
    "house": "房子",
    "land": "承包地、流转地",
    "facility_livestock": "大棚、圈舍、牲口",
    "machines": "农机、车、设备",
    "stock_orders": "货和订单",
    "guarantor": "保证人",
}
MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
ORDER = {Verdict.FITS: 0, Verdict.NEARLY: 1, Verdict.NOT: 2}


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence and what it means for the product."""

    verdict: Verdict
    words: str


def judged(products: Sequence[ProductCard], wish: Wish) -> list[Match]:
    """Every product judged: what fits first, then what costs least, then by name. Of what does not
    fit, what lacks a record alone comes first: the paper may be at home."""
    found = [match(one, wish) for one in products]
    with_children = [one.product.name for one in found if _opens_to_children(one, wish)]
    if with_children:
        found = [_with_children(one, wish, with_children) for one in found]
    return sorted(
        found,
        key=lambda one: (
            ORDER[Verdict(one.verdict)],
            not _lacks_only_a_record(one, wish),
            one.product.rate_max_ppm,
            one.product.name,
            one.product.ref,
        ),
    )


def _lacks_only_a_record(one: Match, wish: Wish) -> bool:
    """What does not fit for want of a record alone stands before what does not fit at all."""
    if one.verdict != Verdict.NOT or not set(one.product.needs) - wish.found:
        return False
    known = replace(wish, found=wish.found | set(one.product.needs))
    return match(one.product, known).verdict != Verdict.NOT


def match(product: ProductCard, wish: Wish) -> Match:
    """One product judged. The worst sentence decides; of a product that fits, only good ones stand."""
    said = [
        *_for_whom(product, wish),
        *_for_what(product, wish),
        *_how_much(product, wish),
        *_how_long(product, wish),
        *_how_repaid(product, wish),
        *_with_what(product, wish),
    ]
    worst = max((one.verdict for one in said), key=lambda one: ORDER[one], default=Verdict.FITS)
    words = [one.words for one in said if one.verdict is worst]
    return Match(product, worst.value, tuple(words or ["您说的数额和时间，都在这个的范围里。"]))


def _no(words: str) -> Said:
    return Said(Verdict.NOT, words)


def _nearly(words: str) -> Said:
    return Said(Verdict.NEARLY, words)


def _fits(words: str) -> Said:
    return Said(Verdict.FITS, words)


def _for_whom(product: ProductCard, wish: Wish) -> Iterator[Said]:
    if wish.subject and product.subjects and wish.subject not in product.subjects:
        whom = "、".join(Subject(one).label for one in product.subjects)
        yield _no(f"这个只给{whom}办，您是{Subject(wish.subject).label}。")
    if wish.township_code and product.areas and wish.township_code not in product.areas:
        only = Subject(product.subjects[0]).label if len(product.subjects) == 1 else ""
        yield _no(f"这个只做{product.area_words}的{only}客户。")
    for need in product.needs:
        if need not in wish.found:
            yield _no(f"这个要有{Need(need).label}，没查到您的（没授权也算没查到）。")
            yield _no(
                f"有的话照样能提：请带{NEED_PROOFS[Need(need)]}去{product.bank_name}网点核对。"
            )
    age = age_at_end(product, wish)
    if age is not None and product.age_max is not None and age > product.age_max:
        words = f"到期时您 {age} 岁，这个要求不超过 {product.age_max} 岁"
        signed = product.takes_co_signer
        yield _nearly(f"{words}，可以让儿女一起签。") if signed else _no(f"{words}。")


def age_at_end(product: ProductCard, wish: Wish) -> int | None:
    """How old the applicant is when the loan ends, as long as they want it or the product lasts."""
    if wish.age is None:
        return None
    months = min(max(wish.months, product.months_min), product.months_max)
    return wish.age + months // 12


def _named(product: ProductCard, wish: Wish) -> list[str]:
    """What the product is for that the applicant spoke of."""
    return [one for one in product.industries if wish.story and one in wish.story]


def _for_what(product: ProductCard, wish: Wish) -> Iterator[Said]:
    named = _named(product, wish)
    if wish.purpose and product.purposes and wish.purpose not in product.purposes:
        offers = "、".join(PURPOSE_WORDS[one] for one in product.purposes)
        yield _no(f"您要的是“{PURPOSE_WORDS[wish.purpose]}”，这个只做{offers}。")
    elif named:
        does = PURPOSE_DOES.get(wish.purpose, "做")
        yield _fits(f"您{does}{named[0]}，这个就是给{does}{named[0]}的。")
    elif wish.purpose and product.purposes:
        yield _fits(f"您要的是“{PURPOSE_WORDS[wish.purpose]}”，这个就做这个。")


def _how_much(product: ProductCard, wish: Wish) -> Iterator[Said]:
    wanted, low, high = wish.amount_fen, product.amount_min_fen, product.amount_max_fen
    if not wanted or low <= wanted <= high:
        return
    if wanted > high:
        words = f"您要 {wan_text(wanted)}，这个最多 {wan_text(high)}。"
        yield _no(words) if wanted > high * FAR else _nearly(words)
    else:
        words = f"您要 {wan_text(wanted)}，这个 {wan_text(low)}起。"
        yield _no(words) if wanted * FAR < low else _nearly(words)


def _how_long(product: ProductCard, wish: Wish) -> Iterator[Said]:
    if not wish.months:
        return
    if wish.months > product.months_max:
        yield _nearly(f"您要用 {wish.months} 个月，这个最长 {product.months_max} 个月。")
    elif wish.months < product.months_min:
        yield _nearly(f"您要用 {wish.months} 个月，这个 {product.months_min} 个月起。")


def _how_repaid(product: ProductCard, wish: Wish) -> Iterator[Said]:
    suited = WISHED_METHODS.get(wish.repayment_wish)
    if suited is None or not product.methods:
        return
    if not suited & set(product.methods):
        says = METHOD_SAYS[product.methods[0]]
        yield _nearly(f"这个{says}，您说{WISH_SAYS[wish.repayment_wish]}。")
    elif wish.repayment_wish == "once" and "interest_with_principal" in product.methods:
        if wish.on and wish.months and product.months_min <= wish.months <= product.months_max:
            until = _month_words(add_months(wish.on, wish.months), wish.on)
            sold = _named(product, wish)[:1] if wish.purpose in PURPOSE_DOES else []
            yield _fits(f"能用到{until}，正好卖了{''.join(sold)}一次还。")
    else:
        yield _fits(f"您说{WISH_SAYS[wish.repayment_wish]}，这个正好。")


def _month_words(day: date, today: date) -> str:
    year = {0: "今年", 1: "明年", 2: "后年"}.get(day.year - today.year, f" {day.year} 年")
    return f"{year}{MONTHS[day.month - 1]}月"


def _with_what(product: ProductCard, wish: Wish) -> Iterator[Said]:
    if not wish.securities or not product.securities:
        return
    has = [one for one in wish.securities if one != "none"]
    if "none" in product.securities:
        if not has:
            yield _fits(f"您说没有抵押，这个不用抵押{_instead(product.security_words)}。")
        return
    usable = [SECURITY_SAYS[one] for one in has if one in product.securities]
    if usable:
        yield _fits(f"您有{'、'.join(usable)}，这个收。")
    elif has:
        held = "、".join(SECURITY_SAYS[one] for one in has)
        yield _nearly(f"您有的是{held}，这个要{product.security_words}。")
    else:
        yield _nearly(f"您说没有抵押，这个要{product.security_words}。")


def _instead(security_words: str) -> str:
    """What the bank takes without a mortgage: 夫妻共同签字就行; with conditions: its own words."""
    words = security_words.removeprefix("信用，")
    if any(mark in words for mark in "；（，") or words == "信用":
        return f"（{security_words}）"
    return f"，{words}就行"


def is_too_old(product: ProductCard, wish: Wish) -> bool:
    age, most = age_at_end(product, wish), product.age_max
    return age is not None and most is not None and age > most


def _opens_to_children(one: Match, wish: Wish) -> bool:
    return one.product.takes_co_signer and one.verdict != Verdict.NOT


def _with_children(one: Match, wish: Wish, names: Sequence[str]) -> Match:
    if one.product.takes_co_signer or not is_too_old(one.product, wish):
        return one
    words = f"可以让儿女一起签的有：{'、'.join(names[:3])}。"
    return replace(one, reasons=(*one.reasons, words))
