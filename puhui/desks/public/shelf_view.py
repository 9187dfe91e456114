"""How the shelf is narrowed, sorted, paged and counted; all of it lives in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from puhui.catalogue.terms import (
    METHOD_WORDS,
    MOST_COMPARED,
    PURPOSE_WORDS,
    SECURITY_WORDS,
    ProductCard,
    ShelfFilter,
    ShelfPage,
    Subject,
)
from puhui.kernel.money import FEN_PER_YUAN, AmountError, parse_wan
from puhui.parties.terms import BankCard

CODE_LETTERS, WORD_LETTERS = 40, 40
PAGE_ROWS = 20
MONTHS = ((3, "3 个月"), (6, "半年"), (12, "1 年"), (24, "2 年"), (36, "3 年"), (60, "5 年"))
SORTS = {
    "": "县里的次序",
    "cost": "利息从少到多",
    "limit": "能用的从多到少",
    "term": "用得长的在前",
}
SECURITY_CHOICES = {**SECURITY_WORDS, "none": "不用抵押，不找人担保"}
CHOICES: dict[str, Mapping[str, str]] = {
    "purpose": PURPOSE_WORDS,
    "who": dict(Subject.choices),
    "method": METHOD_WORDS,
    "security": SECURITY_CHOICES,
    "months": {str(number): words for number, words in MONTHS},
}
LABELS = {
    "q": "找",
    "purpose": "干什么",
    "amount": "用多少",
    "months": "用多久",
    "method": "怎么还",
    "security": "作保",
    "who": "给谁",
    "industry": "产业",
    "bank": "银行",
}
NAMES = (*LABELS, "sort")


@dataclass(frozen=True, slots=True)
class Pick:
    """One list to choose from."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of the filter that is set, and the address without it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; a code that is none asks for nothing, a bad amount is told."""

    values: Mapping[str, str]
    chosen: tuple[str, ...]
    page: int
    amount_error: str = ""
    amount_fen: int | None = None

    @property
    def is_set(self) -> bool:
        return any(self.values[name] for name in LABELS)

    @property
    def filter(self) -> ShelfFilter:
        of = self.values
        return ShelfFilter(
            words=of["q"],
            bank_ref=of["bank"],
            purpose=of["purpose"],
            subject=of["who"],
            method=of["method"],
            security=of["security"],
            industry=of["industry"],
            amount_fen=self.amount_fen,
            months=int(of["months"]) if of["months"] else None,
        )

    def address(self, base: str = "/products/", **changes: str) -> str:
        """The address of the same shelf with something changed; pages begin anew."""
        values = {**self.values, **changes}
        pairs = [(name, value) for name, value in values.items() if value]
        pairs += [("p", ref) for ref in self.chosen]
        return f"{base}?{urlencode(pairs)}" if pairs else base


def asked_of(query: QueryDict) -> Asked:
    values = {name: query.get(name, "").strip()[:WORD_LETTERS] for name in NAMES}
    for name, known in {**CHOICES, "sort": SORTS}.items():
        values[name] = values[name] if values[name] in known else ""
    fen, error = _amount(values["amount"])
    page = query.get("page", "1")
    return Asked(
        values=values,
        chosen=chosen_of(query),
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 4 else 1,
        amount_error=error,
        amount_fen=fen,
    )


def chosen_of(query: QueryDict) -> tuple[str, ...]:
    """The products ticked, each once, no more than can stand side by side and one beyond it."""
    refs = [ref[:CODE_LETTERS] for ref in query.getlist("p") if ref]
    return tuple(dict.fromkeys(refs))[: MOST_COMPARED + 1]


def _amount(typed: str) -> tuple[int | None, str]:
    if not typed:
        return None, ""
    try:
        return parse_wan(typed), ""
    except AmountError as error:
        return None, error.sentence


def picks(
    asked: Asked, banks: Sequence[BankCard], industries: Sequence[tuple[str, int]]
) -> list[Pick]:
    """The lists of the filter, in the order in which people think."""
    lists = {
        **CHOICES,
        "industry": {name: f"{name}（{count}）" for name, count in industries},
        "bank": {bank.ref: bank.name for bank in banks},
    }
    order = ("purpose", "months", "method", "security", "who", "industry", "bank")
    found = [_pick(name, LABELS[name], lists[name], asked.values[name]) for name in order]
    return [*found, _pick("sort", "排法", SORTS, asked.values["sort"])]


def _pick(name: str, label: str, options: Mapping[str, str], chosen: str) -> Pick:
    rows = [(value, words, value == chosen) for value, words in options.items()]
    if "" not in options:
        rows.insert(0, ("", "都看", not chosen))
    return Pick(name, label, tuple(rows))


def chips(asked: Asked, banks: Sequence[BankCard]) -> list[Chip]:
    """Everything that narrows the shelf now, each to be taken away."""
    words: dict[str, Mapping[str, str]] = {**CHOICES, "bank": {b.ref: b.name for b in banks}}
    return [
        Chip(f"{label}：{words.get(name, {}).get(value, value)}", asked.address(**{name: ""}))
        for name, label in LABELS.items()
        if (value := asked.values[name])
    ]


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a product's rates lie on the axis of the page, in hundredths of its width."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Row:
    product: ProductCard
    bar: Bar
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of the shelf. The axis is in yuan that 10,000 yuan cost for a year."""

    rows: tuple[Row, ...]
    count: int
    axis: tuple[int, int, int]
    page: int
    pages: int
    before: str
    after: str


def shown(found: ShelfPage, asked: Asked) -> Shown:
    low, high = axis_of(found.cards)
    page, pages = found.page, found.pages
    return Shown(
        rows=tuple(Row(one, bar(one, low, high), one.ref in asked.chosen) for one in found.cards),
        count=found.count,
        axis=(low, (low + high) // 2, high),
        page=page,
        pages=pages,
        before=asked.address(page=str(page - 1)) if page > 1 else "",
        after=asked.address(page=str(page + 1)) if page < pages else "",
    )


def axis_of(cards: Sequence[ProductCard]) -> tuple[int, int]:
    """Whole hundreds of yuan that hold every rate shown."""
    if not cards:
        return 0, 100
    low = min(one.rate_min_ppm for one in cards) // FEN_PER_YUAN
    high = max(one.rate_max_ppm for one in cards) // FEN_PER_YUAN
    return low // 100 * 100, (high // 100 + 1) * 100


def bar(one: ProductCard, low: int, high: int) -> Bar:
    span = (high - low) * FEN_PER_YUAN
    start = (one.rate_min_ppm - low * FEN_PER_YUAN) * 1000 // span
    end = (one.rate_max_ppm - low * FEN_PER_YUAN) * 1000 // span
    return Bar(_tenths(start), _tenths(max(end - start, 15)))


def _tenths(value: int) -> str:
    return f"{value // 10}.{value % 10}"


def banks_words(institutions: Sequence[tuple[str, BankCard]]) -> str:
    """33 家银行、13 家担保公司、2 家保险公司"""
    labels = {"bank": "家银行", "guarantor": "家担保公司", "insurer": "家保险公司"}
    counted = Counter(kind for kind, _ in institutions)
    return "、".join(f"{counted[kind]} {label}" for kind, label in labels.items() if counted[kind])


def without(asked: Asked, ref: str) -> str:
    """The shelf as it is, one product less in the tray."""
    return replace(asked, chosen=tuple(one for one in asked.chosen if one != ref)).address()
