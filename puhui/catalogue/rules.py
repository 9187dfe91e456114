"""What a product must be like before it is put on the shelf, and how its figures read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pypinyin import Style, lazy_pinyin

from puhui.catalogue.terms import FORBIDDEN, METHODS, PURPOSES, SECURITIES, ProductForm, Subject
from puhui.kernel.command import FieldError
from puhui.kernel.money import FEN_PER_YUAN, per_ten_thousand_text, rate_text, wan_text

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
NEEDED = ("name", "audience", "term_words", "repayment_words", "security_words")


def product_errors(form: ProductForm) -> list[FieldError]:
    """Everything wrong with a product: each field with its rule; empty when all is well."""
    return [
        *_text_errors(form),
        *_rate_errors(form),
        *_amount_errors(form),
        *_month_errors(form),
        *_code_errors(form),
    ]


def _text_errors(form: ProductForm) -> Iterator[FieldError]:
    for field, most in WORDS.items():
        text = str(getattr(form, field))
        if field in NEEDED and not text.strip():
            yield FieldError(field, "empty", "这一项不能空着。")
        if len(text) > most:
            yield FieldError(field, "too_long", f"这一项最多写 {most} 个字。")
        for word in FORBIDDEN:
            if word in text:
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
    }
    for field, codes in known.items():
        given: tuple[str, ...] = getattr(form, field)
        if not set(given) <= set(codes):
            yield FieldError(field, "unknown_code", "有不认识的选项，请从给出的里面选。")
    if not form.methods:
        yield FieldError("methods", "empty", "请至少选一种还法。")


def per_ten_thousand_words(low_ppm: int, high_ppm: int) -> str:
    """395–520 元: interest of 10,000 yuan for a year, from the lowest to the highest rate."""
    return _range(per_ten_thousand_text(low_ppm), per_ten_thousand_text(high_ppm), " 元")


def rate_words(low_ppm: int, high_ppm: int) -> str:
    """3.95%–5.20%"""
    return _range(rate_text(low_ppm), rate_text(high_ppm), "")


def amount_words(low_fen: int, high_fen: int) -> str:
    """0.5–20 万元"""
    return f"{_range(wan_text(low_fen), wan_text(high_fen), ' 万')}元"


def _range(low: str, high: str, unit: str) -> str:
    return high if low == high else f"{low.removesuffix(unit)}–{high}"


def sort_key(name: str) -> str:
    """Full pinyin, then initials: sorts Chinese where the database has no collation for it."""
    return f"{''.join(lazy_pinyin(name))} {''.join(lazy_pinyin(name, style=Style.FIRST_LETTER))}"
