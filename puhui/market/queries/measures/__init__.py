"""Counts of the main job from one statement of facts; the lists behind them come from it too."""

from puhui.market.queries.measures.day import CallbackCounts, DayCounts, callback_counts, day_counts
from puhui.market.queries.measures.facts import FIGURES, UNAPPROVED, UNPAID, Span
from puhui.market.queries.measures.funnel import (
    Funnel,
    MonthRate,
    Standing,
    Whereabouts,
    funnel,
    standing,
    whereabouts,
)
from puhui.market.queries.measures.moves import LatestMove, latest_moves
from puhui.market.queries.measures.tables import (
    BankMeasures,
    TownshipMeasures,
    Voices,
    bank_measures,
    bank_punctuality,
    township_measures,
    voices,
)

__all__ = [
    "FIGURES",
    "UNAPPROVED",
    "UNPAID",
    "BankMeasures",
    "CallbackCounts",
    "DayCounts",
    "Funnel",
    "LatestMove",
    "MonthRate",
    "Span",
    "Standing",
    "TownshipMeasures",
    "Voices",
    "Whereabouts",
    "bank_measures",
    "bank_punctuality",
    "callback_counts",
    "day_counts",
    "funnel",
    "latest_moves",
    "standing",
    "township_measures",
    "voices",
    "whereabouts",
]
