"""What can be asked of oversight; figures are counted by the floors below."""

from puhui.oversight.queries.bulletins import (
    bulletin,
    bulletin_file,
    bulletin_paper,
    bulletins,
    verified_bulletin,
)
from puhui.oversight.queries.indicators import board, coverage, indicators, past_days, prices
from puhui.oversight.queries.walls import screen_actor, screen_topics, screens, wall

__all__ = [
    "board",
    "bulletin",
    "bulletin_file",
    "bulletin_paper",
    "bulletins",
    "coverage",
    "indicators",
    "past_days",
    "prices",
    "screen_actor",
    "screen_topics",
    "screens",
    "verified_bulletin",
    "wall",
]
