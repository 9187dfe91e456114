"""How the directory of banks is narrowed, grouped and counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from puhui.catalogue.terms import ProductCard
from puhui.parties.terms import BankCard, BranchCard, DivisionCard


@dataclass(frozen=True, slots=True)
class BankRow:
    """One bank in the list with its outlets of the township asked for."""

    bank: BankCard
    products: int
    branches: tuple[BranchCard, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One township and how many outlets it has: the map without foreign tiles."""

    code: str
    name: str
    outlets: int
    banks: int


def rows(
    banks: Sequence[BankCard],
    branches: Sequence[BranchCard],
    products: Sequence[ProductCard],
    words: str,
    township: DivisionCard | None,
) -> list[BankRow]:
    """Banks in the county's order; of a township those with an outlet there, of words those that
    hold them in name, type or an outlet."""
    counted = Counter(one.bank_ref for one in products)
    own: dict[str, list[BranchCard]] = defaultdict(list)
    for branch in branches:
        own[branch.bank_ref].append(branch)
    made = [BankRow(bank, counted[bank.ref], tuple(own[bank.ref])) for bank in banks]
    if township is not None:
        made = [row for row in made if row.branches]
    return [row for row in made if not words or _holds(row, words)]


def _holds(row: BankRow, words: str) -> bool:
    texts = (row.bank.name, row.bank.sms_name, row.bank.type_name)
    outlets = (f"{one.name}{one.address}{one.township}" for one in row.branches)
    return any(words in text for text in (*texts, *outlets))


def tiles(townships: Sequence[DivisionCard], branches: Sequence[BranchCard]) -> list[Tile]:
    """Every township with its outlets, as an even field of tiles by pinyin."""
    there: dict[str, list[BranchCard]] = defaultdict(list)
    for branch in branches:
        there[branch.township_code].append(branch)
    return [
        Tile(
            one.code,
            one.short_name,
            len(there[one.code]),
            len({b.bank_ref for b in there[one.code]}),
        )
        for one in townships
    ]


def by_township(branches: Sequence[BranchCard]) -> list[tuple[str, list[BranchCard]]]:
    """Outlets under the name of their township, in the order given."""
    found: dict[str, list[BranchCard]] = {}
    for branch in branches:
        found.setdefault(branch.township, []).append(branch)
    return list(found.items())


def host_of(address: str) -> str:
    """Whose page it is, to be read before one goes there."""
    return urlsplit(address).netloc
