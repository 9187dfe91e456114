"""One product in rows of plain words, and the numbers that its preview starts with."""

from __future__ import annotations

from typing import Any

from puhui.catalogue.terms import METHOD_WORDS, Need, ProductCard, ProductFee, Subject
from puhui.kernel.money import FEN_PER_WAN, per_ten_thousand_text, rate_text, yuan_text

USUAL_FEN = 10_000_000
"""The 100,000 yuan with which a preview starts where the product allows them."""
USUAL_MONTHS = 12


def facts(one: ProductCard) -> dict[str, Any]:
    """What stands on the page beside the product's own words."""
    return {
        "cost": per_ten_thousand_text(one.rate_max_ppm),
        "rows": rows(one),
        "start": starting(one),
        "methods": [(code, METHOD_WORDS[code]) for code in one.methods],
    }


def rows(one: ProductCard) -> list[tuple[str, str]]:
    """Label and words, in the order in which people ask; what is not known is left out."""
    all_in = f"{rate_text(one.all_in_ppm)}（最高）" if one.all_in_ppm else ""
    found = [
        ("费用都算上，合一年", all_in),
        ("别的费用", fees_words(one) or "没有"),
        ("能用多少", one.amount_words),
        ("能用多久", one.term_words),
        ("怎么还", one.repayment_words),
        ("拿什么作保", one.security_words),
        ("谁能办", who_words(one)),
        ("哪里能办", f"只做{one.area_words}" if one.area_words else "全县"),
        ("要查到什么", "、".join(Need(need).label for need in one.needs)),
        ("什么时候用合适", one.season_words),
        ("备好什么", one.documents_words),
    ]
    return [(label, words) for label, words in found if words]


def who_words(one: ProductCard) -> str:
    whom = "、".join(Subject(code).label for code in one.subjects) or "不限"
    age = f"；到期时不超过 {one.age_max} 岁" if one.age_max else ""
    child = "，可以让儿女一起签" if one.age_max and one.takes_co_signer else ""
    return f"{whom}{age}{child}"


def fees_words(one: ProductCard) -> str:
    """What the bank wrote; else its fees one by one."""
    return one.fees_words or "；".join(fee_words(fee) for fee in one.fees)


def fee_words(fee: ProductFee) -> str:
    """担保费 0.50%/年 · 评估费 500 元"""
    per = "/年" if fee.basis == "yearly" else ""
    size = rate_text(fee.ppm) if fee.ppm else yuan_text(fee.fen, drop_zero_fen=True)
    return f"{fee.name} {size}{per}"


def starting(one: ProductCard) -> dict[str, str]:
    """What a preview starts with: a usual loan within the product's bounds, at its highest rate."""
    fen = min(max(USUAL_FEN, one.amount_min_fen), one.amount_max_fen)
    months = min(max(USUAL_MONTHS, one.months_min), one.months_max)
    return {
        "amount": wan_typed(fen),
        "months": str(months),
        "rate": percent_typed(one.rate_max_ppm),
    }


def wan_typed(fen: int) -> str:
    whole, rest = divmod(fen, FEN_PER_WAN)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def percent_typed(ppm: int) -> str:
    return rate_text(ppm).removesuffix("%")
