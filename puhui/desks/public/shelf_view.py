"""How the shelf is narrowed and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from puhui.catalogue.terms import PURPOSES, ProductCard
from puhui.market.terms import Purpose
from puhui.parties.terms import BankCard

REF_LETTERS = 16


@dataclass(frozen=True, slots=True)
class ShelfFilter:
    """What the address asks for; anything unknown asks for nothing."""

    purpose: str
    bank_ref: str

    @property
    def is_set(self) -> bool:
        return bool(self.purpose or self.bank_ref)

    @property
    def purposes(self) -> list[tuple[str, str, bool]]:
        """Code, words, whether chosen."""
        return [(one.value, str(one.label), one.value == self.purpose) for one in Purpose]


def filter_of(asked: Mapping[str, str]) -> ShelfFilter:
    purpose = asked.get("purpose", "")
    bank = asked.get("bank", "")[:REF_LETTERS]
    return ShelfFilter(purpose if purpose in PURPOSES else "", bank)


@dataclass(frozen=True, slots=True)
class BankRow:
    bank: BankCard
    products: int


def bank_rows(banks: Sequence[BankCard], products: Sequence[ProductCard]) -> list[BankRow]:
    """Banks in the county's order with the number of their products."""
    counted = Counter(one.bank_ref for one in products)
    return [BankRow(bank, counted[bank.ref]) for bank in banks]
