"""Titles, notes and drawings of the eight places, read once from `places/*.toml`."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from puhui.content.terms import Place
from puhui.parties.terms import CountyCard

FOLDER = Path(__file__).parent / "places"


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the eight places as the home page shows it; `icon` is the path of a drawing."""

    title: str
    note: str
    address: str
    icon: str


@dataclass(frozen=True, slots=True)
class PlaceText:
    """What a place is called and what it is for."""

    title: str
    lead: str


@functools.cache
def _stored(place: str) -> dict[str, str]:
    return dict(tomllib.loads((FOLDER / f"{place}.toml").read_text(encoding="utf-8")))


def tiles(county: CountyCard) -> list[Tile]:
    """The eight places in their order."""
    found = []
    for place in Place.values:
        stored = _stored(place)
        address = "/products/" if place == Place.PRODUCTS else f"/places/{place}/"
        note = filled(stored["note"], county).replace("{家数}", str(county.banks))
        found.append(Tile(filled(stored["title"], county), note, address, stored["icon"]))
    return found


def text_of(place: str, county: CountyCard) -> PlaceText | None:
    """The head of a place; None for a name that is none, or that has pages of another kind."""
    if place not in Place.values or place == Place.PRODUCTS:
        return None
    stored = _stored(place)
    return PlaceText(filled(stored["title"], county), filled(stored["lead"], county))


def filled(words: str, county: CountyCard) -> str:
    """A text with the names of this county in its blanks."""
    return (
        words.replace("{县}", county.name)
        .replace("{简称}", county.short_name)
        .replace("{热线}", county.hotline)
    )
