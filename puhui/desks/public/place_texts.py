"""The texts of the places, read once from `places/*.toml`; the county's names fill the blanks."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from puhui.parties.terms import CountyCard

FOLDER = Path(__file__).parent / "places"
ORDER = ("news", "products", "express", "credit", "village", "property", "custody", "livelihood")


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the eight places as the home page shows it; `icon` is the path of a drawing."""

    title: str
    note: str
    address: str
    icon: str


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: a headline with its source and what it means, or a row with its phone."""

    title: str
    note: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    heading: str
    words: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class PlaceText:
    """A place: what it is for, its parts, the day up to which it was checked."""

    title: str
    lead: str
    as_of: str
    parts: tuple[Part, ...]


@functools.cache
def _stored(place: str) -> dict[str, Any] | None:
    path = FOLDER / f"{place}.toml"
    if place not in ORDER or not path.is_file():
        return None
    return tomllib.loads(path.read_text(encoding="utf-8"))


def tiles(county: CountyCard, banks: int) -> list[Tile]:
    """The eight places in their order."""
    found = []
    for place in ORDER:
        stored = _stored(place) or {}
        address = "/products/" if place == "products" else f"/places/{place}/"
        note = _filled(stored["note"], county).replace("{家数}", str(banks))
        found.append(Tile(_filled(stored["title"], county), note, address, stored["icon"]))
    return found


def text_of(place: str, county: CountyCard) -> PlaceText | None:
    """The page of a place; None for a name that is none, or that has a page of another kind."""
    stored = _stored(place)
    if stored is None or "part" not in stored:
        return None
    return PlaceText(
        title=_filled(stored["title"], county),
        lead=_filled(stored["lead"], county),
        as_of=str(stored["as_of"]),
        parts=tuple(_part(part, county) for part in stored["part"]),
    )


def _part(part: dict[str, Any], county: CountyCard) -> Part:
    return Part(
        heading=_filled(part["heading"], county),
        words=tuple(_filled(words, county) for words in part.get("words", ())),
        items=tuple(
            Item(**{key: _filled(value, county) for key, value in item.items()})
            for item in part.get("items", ())
        ),
    )


def _filled(words: str, county: CountyCard) -> str:
    """A place with the names of this county (content.md writes {县})."""
    return (
        words.replace("{县}", county.name)
        .replace("{简称}", county.short_name)
        .replace("{热线}", county.hotline)
    )
