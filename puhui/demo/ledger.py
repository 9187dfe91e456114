"""The demo county's ledger to 31 March 2024 (content.md §4.6): how many cases went where, of what sums.

Everything is exact: shares by largest remainder, sums to the fen. A smaller ledger has the same shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WAN_FEN = 1_000_000
FIRST_DAY, LAST_DAY = date(2022, 7, 5), date(2024, 3, 31)
FATES = {
    "disbursed": 11_243,
    "unused": 97,
    "lapsed": 32,
    "waiting": 22,
    "phone_refused": 3_920,
    "withdrawn": 4_180,
    "visit_refused": 3_310,
    "documents": 1_760,
    "unreached": 1_240,
    "expired": 410,
    "open": 1_231,
}
"""What became of 27,445 demands. The first four were approved."""
APPROVED = ("disbursed", "unused", "lapsed", "waiting")
APPROVED_FEN, DISBURSED_FEN = 431_000_000_000, 413_000_000_000
CLASSES = {"farmer": 80, "trader": 14, "firm": 6}
MEAN_WAN = {"farmer": 16, "trader": 38, "firm": 310}
SPREAD = (3, 5, 6, 8, 10, 12, 16, 20)
"""Sums of a class in tenths of its mean, in turn."""
MONTHS = (9, 6, 11, 10, 7, 9, 6, 6, 10, 10, 7, 9)
HOURS = {(8, 11): 32, (11, 14): 15, (14, 18): 24, (18, 21): 23, (21, 24): 6}
FIRST_RATE_PPM, LAST_RATE_PPM = 61_800, 46_400
CLASS_SPREAD_PPM = {"farmer": 4_000, "trader": 1_500, "firm": -2_500}


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """`total` split by `weights`, by largest remainder; the earlier part wins a tie."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    rest = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), n))
    for place in rest[: total - sum(parts)]:
        parts[place] += 1
    return parts


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger of `demands` cases; the whole one, or one of the same shape."""

    demands: int = sum(FATES.values())

    @property
    def fates(self) -> dict[str, int]:
        return dict(zip(FATES, shares(self.demands, list(FATES.values())), strict=True))

    @property
    def approved(self) -> int:
        return sum(count for fate, count in self.fates.items() if fate in APPROVED)

    @property
    def disbursed_fen(self) -> int:
        return DISBURSED_FEN * self.fates["disbursed"] // FATES["disbursed"]

    @property
    def approved_fen(self) -> int:
        return APPROVED_FEN * self.approved // sum(FATES[fate] for fate in APPROVED)

    def classes(self, fate: str) -> list[str]:
        """The class of each case of a fate, the firms first."""
        counts = dict(zip(CLASSES, shares(self.fates[fate], list(CLASSES.values())), strict=True))
        return [one for one in ("firm", "trader", "farmer") for _ in range(counts[one])]

    def loans(self) -> list[int]:
        """Sums paid out, in the order of `classes("disbursed")`: together `disbursed_fen`."""
        sums = _usual(self.classes("disbursed"))
        return fitted(sums, self.disbursed_fen, self.classes("disbursed").count("firm"))

    def offers(self) -> dict[str, list[int]]:
        """Sums approved, by fate: together `approved_fen`, and never less than what was paid out."""
        found = {fate: _usual(self.classes(fate)) for fate in APPROVED[1:]}
        left = self.approved_fen - sum(map(sum, found.values()))
        firms = self.classes("disbursed").count("firm")
        return {"disbursed": fitted(self.loans(), left, firms), **found}

    def months(self) -> list[tuple[int, int, int]]:
        """Year, month, how many were asked for."""
        every = [(2022, m) for m in range(7, 13)] + [(2023, m) for m in range(1, 13)]
        every += [(2024, m) for m in range(1, 4)]
        counts = shares(self.demands, [MONTHS[month - 1] for _year, month in every])
        return [(year, month, n) for (year, month), n in zip(every, counts, strict=True)]


def _usual(classes: Sequence[str]) -> list[int]:
    return [
        MEAN_WAN[one] * WAN_FEN * SPREAD[place % len(SPREAD)] // 10
        for place, one in enumerate(classes)
    ]


def fitted(sums: list[int], total: int, first: int) -> list[int]:
    """`sums` whose first so many (at least one) take up what is missing to `total`, in whole yuan as
    far as that goes; the first of all takes the rest."""
    many = max(1, first)
    each, rest = divmod(total - sum(sums), many * 100)
    found = [one + each * 100 if place < many else one for place, one in enumerate(sums)]
    found[0] += rest
    return found


def rate_of_month(year: int, month: int) -> int:
    """The weighted rate of the loans paid out in a month, in ppm: an even way down."""
    step = (year - 2022) * 12 + month - 7
    return FIRST_RATE_PPM - (FIRST_RATE_PPM - LAST_RATE_PPM) * step // 20
