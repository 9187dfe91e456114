"""Nouns of oversight: definitions of figures, what is shown of them, why something is refused."""

from puhui.oversight.terms.definitions import (
    BY_FIGURE,
    DEFINITIONS,
    FEWEST,
    ROLL,
    TOO_FEW,
    Definition,
)
from puhui.oversight.terms.refusals import Refusals
from puhui.oversight.terms.views import (
    PART_NAMES,
    Board,
    BulletinLine,
    BulletinView,
    Coverage,
    Indicator,
    Indicators,
    PlaceCoverage,
    Prices,
    ScreenCard,
    Tile,
    Verified,
    Wall,
)

__all__ = [
    "BY_FIGURE",
    "DEFINITIONS",
    "FEWEST",
    "PART_NAMES",
    "ROLL",
    "TOO_FEW",
    "Board",
    "BulletinLine",
    "BulletinView",
    "Coverage",
    "Definition",
    "Indicator",
    "Indicators",
    "PlaceCoverage",
    "Prices",
    "Refusals",
    "ScreenCard",
    "Tile",
    "Verified",
    "Wall",
]
