"""What oversight shows: figures with their pedigree, coverage, price, the wall, bulletins, screens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from puhui.market.queries import (
    BankMeasures,
    CallbackCounts,
    DayCounts,
    Funnel,
    LatestMove,
    MonthRate,
    Whereabouts,
)
from puhui.oversight.terms.definitions import DEFINITIONS, FEWEST

PART_NAMES = {
    "overall": "一、总体",
    "banks": "二、银行（表前的话）",
    "townships": "三、乡镇（表前的话）",
    "voices": "四、群众反映",
    "first": "五、下月要做的第一件事",
    "second": "第二件事",
    "third": "第三件事",
}
"""The parts of a bulletin whose words may be edited, in their order."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure. `denominator` is None where the figure is not a share of anything."""

    code: str
    value: int
    denominator: int | None
    on: date

    @property
    def name(self) -> str:
        return DEFINITIONS[self.code].name

    @property
    def definition(self) -> str:
        return DEFINITIONS[self.code].counts

    @property
    def denominator_words(self) -> str:
        return DEFINITIONS[self.code].denominator


@dataclass(frozen=True, slots=True)
class Indicators:
    """The figures of one day and all in all; `as_of` is the database's time of counting."""

    as_of: datetime
    figures: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class PlaceCoverage:
    """One township: how many are registered of how many; no denominator, no share."""

    code: str
    name: str
    registered: int
    people: int | None
    as_of: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Registered of age-eligible residents, by place and in all.

    `people` of the whole is None unless every place has a number of the same day.
    """

    places: tuple[PlaceCoverage, ...]
    registered: int
    people: int | None
    as_of: date | None
    source: str
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class Prices:
    """Weighted rates by month and what was saved since the base month (fen); M029."""

    months: tuple[MonthRate, ...]
    base: MonthRate | None
    saved_fen: int | None

    @property
    def latest(self) -> MonthRate | None:
        """The last month with enough payouts."""
        enough = [one for one in self.months if one.loans >= FEWEST]
        return enough[-1] if enough else None


@dataclass(frozen=True, slots=True)
class Board:
    """What the indicator page shows, counted at one moment."""

    as_of: datetime
    today: DayCounts
    funnel: Funnel
    whereabouts: Whereabouts
    coverage: Coverage
    prices: Prices


@dataclass(frozen=True, slots=True)
class Tile:
    """One township-level unit on the wall."""

    code: str
    name: str
    total: int
    today: int


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything on the wall screen, counted at one moment; no case and no person is in it."""

    as_of: datetime
    today: DayCounts
    calls: CallbackCounts
    call_days: int
    """Over how many days the headline counts: 1, 7 or 30, the first with enough cases."""
    funnel: Funnel
    whereabouts: Whereabouts
    tiles: tuple[Tile, ...]
    banks: tuple[BankMeasures, ...]
    bank_days: int
    moves: tuple[LatestMove, ...]


@dataclass(frozen=True, slots=True)
class ScreenCard:
    """A screen as the county sees it. `is_open`: a device holds it."""

    ref: str
    name: str
    created_at: datetime
    opened_at: datetime | None
    revoked_at: datetime | None
    waits_until: datetime | None

    @property
    def state(self) -> str:
        if self.revoked_at:
            return "revoked"
        return "open" if self.opened_at else "waiting"


@dataclass(frozen=True, slots=True)
class BulletinLine:
    """An edition in the list."""

    ref: str
    month: date
    edition: int
    state: str
    counted_at: datetime
    drafted_by: str
    issued_at: datetime | None
    issued_by: str
    correction: str


@dataclass(frozen=True, slots=True)
class BulletinView:
    """One edition whole: figures, the words as generated and as edited, its files' hashes."""

    ref: str
    month: date
    edition: int
    state: str
    figures: dict[str, Any]
    generated: dict[str, str]
    edited: dict[str, str]
    counted_at: datetime
    drafted_by: str
    edited_by: str
    issued_by: str
    issued_at: datetime | None
    verify_code: str
    correction: str
    corrects: str
    hashes: dict[str, str] = field(default_factory=dict)

    def words(self, part: str) -> str:
        return self.edited.get(part, self.generated.get(part, ""))


@dataclass(frozen=True, slots=True)
class Verified:
    """What the public page says of a printed bulletin."""

    county: str
    month: date
    edition: int
    issued_at: datetime
    office: str
    overall: str
    sha256: str
    is_latest: bool
