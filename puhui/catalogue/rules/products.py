"""What a product must be like before it is put on the shelf, and how its figures read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from puhui.catalogue.terms import (
    FORBIDDEN,
    METHODS,
    PURPOSE_WORDS,
    PURPOSES,
    SECURITIES,
    FeeBasis,
    Need,
    ProductFee,
    ProductForm,
    Subject,
)
from puhui.kernel.command import FieldError
from puhui.kernel.money import FEN_PER_YUAN, per_ten_thousand_text, rate_text, wan_text
from puhui.search.tokens import index_tokens

HIGHEST_RATE_PPM = 240_000
"""24 % a year: above it no court or supervisor takes a price for sane; a slip of the decimal point."""
LOWEST_RATE_PPM = 1_000
SMALLEST_AMOUNT_FEN = 100_000
LARGEST_AMOUNT_FEN = 100_000_000_000
LONGEST_MONTHS = 360

WORDS = {
    "name": 20,
    "audience": 120,
    "term_words": 60,
    "repayment_words": 80,
    "security_words": 80,
    "season_words": 80,
    "documents_words": 80,
    "fees_words": 80,
}
"""The texts of a product and how long each may be."""
MOST_INDUSTRIES, LONGEST_INDUSTRY = 6, 8
MOST_FEES, LONGEST_FEE_NAME, HIGHEST_FEE_PPM = 6, 20, 100_000
MOST_DUE_DAYS = 4
PERIODS = (1, 3, 6, 12)
AGES = (40, 90)
LONGEST_ADDRESS = 200
ADDRESS = re.compile(
    r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}(?:[/?#][!-~]*)?", re.ASCII
)
"""The bank's own page: https, a name with a dot, no port, nobody's name and password."""
DUE_DAY = re.compile(r"\d\d-\d\d", re.ASCII)
LEAP_YEAR = 2028
NEEDED = ("name", "audience", "term_words", "repayment_words", "security_words")


def product_errors(form: ProductForm) -> list[FieldError]:
    """Everything wrong with a product: each field with its rule; empty when all is well."""
    return [
        *_text_errors(form),
        *_rate_errors(form),
        *_amount_errors(form),
        *_month_errors(form),
        *_code_errors(form),
        *_industry_errors(form),
        *_schedule_errors(form),
        *_fee_errors(form),
        *_age_errors(form),
        *_address_errors(form),
    ]


def _text_errors(form: ProductForm) -> Iterator[FieldError]:
    for field, most in WORDS.items():
        text = str(getattr(form, field))
        if field in NEEDED and not text.strip():
            yield FieldError(field, "empty", "这一项不能空着。")
        if len(text) > most:
            yield FieldError(field, "too_long", f"这一项最多写 {most} 个字。")
        yield from _forbidden(field, text)


def _forbidden(field: str, text: str) -> Iterator[FieldError]:
    """Empty promises (content.md §0.1), also when they are torn apart by spaces."""
    plain = "".join(text.split())
    for word in FORBIDDEN:
        if word in plain:
            yield FieldError(field, "forbidden_word", f"不能用“{word}”这样的说法，请改掉。")


def _rate_errors(form: ProductForm) -> Iterator[FieldError]:
    low, high = rate_text(LOWEST_RATE_PPM), rate_text(HIGHEST_RATE_PPM)
    for field in ("rate_min_ppm", "rate_max_ppm"):
        if not LOWEST_RATE_PPM <= getattr(form, field) <= HIGHEST_RATE_PPM:
            yield FieldError(field, "rate_out_of_range", f"年利率要在 {low} 到 {high} 之间。")
    if form.rate_min_ppm > form.rate_max_ppm:
        yield FieldError("rate_max_ppm", "out_of_order", "高的利率不能比低的还低。")
    if form.all_in_ppm is not None and not form.rate_min_ppm <= form.all_in_ppm <= HIGHEST_RATE_PPM:
        yield FieldError(
            "all_in_ppm", "rate_out_of_range", f"全部费用合一年，不能比利率低，也不能超过 {high}。"
        )


def _amount_errors(form: ProductForm) -> Iterator[FieldError]:
    low, high = SMALLEST_AMOUNT_FEN // FEN_PER_YUAN, wan_text(LARGEST_AMOUNT_FEN)
    for field in ("amount_min_fen", "amount_max_fen"):
        if not SMALLEST_AMOUNT_FEN <= getattr(form, field) <= LARGEST_AMOUNT_FEN:
            yield FieldError(field, "amount_out_of_range", f"数额要在 {low} 元到 {high}元之间。")
    if form.amount_min_fen > form.amount_max_fen:
        yield FieldError("amount_max_fen", "out_of_order", "多的数额不能比少的还少。")


def _month_errors(form: ProductForm) -> Iterator[FieldError]:
    for field in ("months_min", "months_max"):
        if not 1 <= getattr(form, field) <= LONGEST_MONTHS:
            yield FieldError(
                field, "months_out_of_range", f"时间要在 1 到 {LONGEST_MONTHS} 个月之间。"
            )
    if form.months_min > form.months_max:
        yield FieldError("months_max", "out_of_order", "长的时间不能比短的还短。")


def _code_errors(form: ProductForm) -> Iterator[FieldError]:
    known: dict[str, Iterable[str]] = {
        "purposes": PURPOSES,
        "subjects": Subject.values,
        "methods": METHODS,
        "securities": SECURITIES,
        "needs": Need.values,
    }
    for field, codes in known.items():
        given: tuple[str, ...] = getattr(form, field)
        if not set(given) <= set(codes):
            yield FieldError(field, "unknown_code", "有不认识的选项，请从给出的里面选。")
    if not form.methods:
        yield FieldError("methods", "empty", "请至少选一种还法。")


def _industry_errors(form: ProductForm) -> Iterator[FieldError]:
    if len(form.industries) > MOST_INDUSTRIES:
        yield FieldError("industries", "too_many", f"最多写 {MOST_INDUSTRIES} 个产业。")
    for one in form.industries:
        if not 1 <= len(one) <= LONGEST_INDUSTRY or not one.isalnum():
            yield FieldError(
                "industries", "bad_word", f"每个产业写 1 到 {LONGEST_INDUSTRY} 个字，不带标点。"
            )
        yield from _forbidden("industries", one)


def _schedule_errors(form: ProductForm) -> Iterator[FieldError]:
    """What the repayment preview needs must be there and agree with the methods."""
    has_grace = "grace_period" in form.methods
    if form.grace_months is not None and not has_grace:
        yield FieldError(
            "grace_months", "no_grace", "“怎么还”里没有选先还利息的还法，这一项要空着。"
        )
    if form.grace_months is not None and not 1 <= form.grace_months < form.months_max:
        yield FieldError("grace_months", "out_of_range", "只还利息的时间要比最长的期限短。")
    if form.months_per_period not in PERIODS:
        yield FieldError(
            "months_per_period", "unknown_code", "多久还一次本：每月、每季、半年或每年。"
        )
    elif form.grace_months is not None and form.grace_months % form.months_per_period:
        yield FieldError("grace_months", "out_of_step", "只还利息的时间要是还本间隔的整倍数。")
    if len(form.due_days) > MOST_DUE_DAYS:
        yield FieldError("due_days", "too_many", f"最多写 {MOST_DUE_DAYS} 个到期日。")
    if form.due_days and "interest_with_principal" not in form.methods:
        yield FieldError("due_days", "no_season", "到期日只配“到期一次还本付息”。")
    if not all(is_day_of_year(one) for one in form.due_days):
        yield FieldError("due_days", "not_a_day", "到期日写成 07-31 这样，月在前、日在后。")


def is_day_of_year(text: str) -> bool:
    if not DUE_DAY.fullmatch(text):
        return False
    try:
        date(LEAP_YEAR, int(text[:2]), int(text[3:]))
    except ValueError:
        return False
    return True


def _fee_errors(form: ProductForm) -> Iterator[FieldError]:
    if len(form.fees) > MOST_FEES:
        yield FieldError("fees", "too_many", f"最多写 {MOST_FEES} 样费用。")
    for fee in form.fees:
        if not 1 <= len(fee.name.strip()) <= LONGEST_FEE_NAME:
            yield FieldError("fees", "bad_name", f"费用的名称写 1 到 {LONGEST_FEE_NAME} 个字。")
        yield from _forbidden("fees", fee.name)
        if fee.basis not in FeeBasis.values:
            yield FieldError("fees", "unknown_code", "费用是一次收还是每年收，请写明。")
        if not _is_fee_sound(fee):
            yield FieldError(
                "fees", "out_of_range", "一样费用写一个数：比例不超过 10%，或写多少元。"
            )


def _is_fee_sound(fee: ProductFee) -> bool:
    share = 0 < fee.ppm <= HIGHEST_FEE_PPM and fee.fen == 0
    return share or (fee.ppm == 0 and 0 < fee.fen <= LARGEST_AMOUNT_FEN)


def _age_errors(form: ProductForm) -> Iterator[FieldError]:
    low, high = AGES
    if form.age_max is not None and not low <= form.age_max <= high:
        yield FieldError("age_max", "out_of_range", f"到期时的岁数写 {low} 到 {high}。")


def _address_errors(form: ProductForm) -> Iterator[FieldError]:
    given = form.online_address
    if given and (len(given) > LONGEST_ADDRESS or not ADDRESS.fullmatch(given)):
        yield FieldError(
            "online_address", "bad_address", "网址要以 https:// 开头，不带端口和密码。"
        )


def search_tokens(form: ProductForm) -> list[str]:
    """What a product is found by: its name, for whom, industries, purposes. Its bank is looked up."""
    purposes = [PURPOSE_WORDS[one] for one in form.purposes]
    return index_tokens(form.name, form.audience, *form.industries, *purposes, form.season_words)


KEPT = 4096
"""Figures of products are the same words in every list; as many are written once."""


def fee_words(fee: ProductFee) -> str:
    """担保费 0.5%/年 · 评估费 500 元"""
    per = "/年" if fee.basis == FeeBasis.YEARLY else ""
    size = rate_text(fee.ppm) if fee.ppm else f"{fee.fen // FEN_PER_YUAN:,} 元"
    return f"{fee.name} {size}{per}"


@lru_cache(KEPT)
def per_ten_thousand_words(low_ppm: int, high_ppm: int) -> str:
    """395–520 元: interest of 10,000 yuan for a year, from the lowest to the highest rate."""
    return _range(per_ten_thousand_text(low_ppm), per_ten_thousand_text(high_ppm), " 元")


@lru_cache(KEPT)
def rate_words(low_ppm: int, high_ppm: int) -> str:
    """3.95%–5.20%"""
    return _range(rate_text(low_ppm), rate_text(high_ppm), "")


@lru_cache(KEPT)
def amount_words(low_fen: int, high_fen: int) -> str:
    """0.5–20 万元"""
    return f"{_range(wan_text(low_fen), wan_text(high_fen), ' 万')}元"


def _range(low: str, high: str, unit: str) -> str:
    return high if low == high else f"{low.removesuffix(unit)}–{high}"


def sort_key(name: str) -> str:
    """Full pinyin, then initials: sorts Chinese where the database has no collation for it."""
    return f"{''.join(lazy_pinyin(name))} {''.join(lazy_pinyin(name, style=Style.FIRST_LETTER))}"
