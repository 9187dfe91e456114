"""What a place's page shows: articles, rows of tables, the guide, and the ways to narrow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from puhui.content import queries
from puhui.content.queries.reading import Listing
from puhui.content.terms import CheckState, EntryCard, EntryPage, Place, Section, section_of
from puhui.content.terms.places import SECTIONS
from puhui.desks.public.place_texts import PlaceText, filled, text_of
from puhui.kernel.actor import Actor
from puhui.parties import queries as parties
from puhui.parties.terms import CountyCard

GUIDE_FIRST = {Place.EXPRESS, Place.CREDIT}
ROWS_AT_FIRST = 6
FIND_LETTERS = 20
EMPTY = {
    "national": "国家的新办法正在由县里对着原文核对，核对完的挂在这里。",
    "county": "县里还没有发布。有新办法会先挂在这里。",
    "notice": "现在没有通知。",
    "listings": "现在没有挂着的。想租出去，到镇里农经站登记。",
    "teams": "名录还没有公布。先问镇里农业服务中心。",
    "subsidies": "今年的一览表还没有公布。先问镇财政所。",
    "phones": "县里的电话本还没有公布，先打县热线。",
    "points": "换优惠的办法还没有公布。先问村委。",
    "online": "现在没有网上办的产品。可以看“金融超市”。",
}
CHECKS = {
    CheckState.UNCHECKED.value: "县里还没有核对原文",
    CheckState.SEEN.value: "见过公开转载，办事以原文为准",
    CheckState.CHECKED.value: "县里核对过原文",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    section: str
    find: str
    township: str
    page: int

    @property
    def is_narrowed(self) -> bool:
        return bool(self.section or self.find or self.township)

    def address(self, **facts: str) -> str:
        """The same, with some facts changed; a changed filter starts at the first page."""
        now = {"section": self.section, "q": self.find, "township": self.township, **facts}
        return "?" + urlencode({name: value for name, value in now.items() if value})


def asked(query: Mapping[str, str]) -> Asked:
    number = query.get("page", "1")
    is_number = number.isascii() and number.isdigit() and len(number) < 5
    return Asked(
        section=query.get("section", "")[:20],
        find=query.get("q", "").strip()[:FIND_LETTERS],
        township=query.get("township", "").strip()[:20],
        page=max(1, int(number)) if is_number else 1,
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row; `phone`: to be dialled."""

    heading: str
    words: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as a card: what it is called, its other cells that are not empty."""

    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section on the page. `more` leads to all of it; `files` to the tables it comes from."""

    key: str
    title: str
    cards: tuple[EntryCard, ...] = ()
    rows: tuple[Row, ...] = ()
    is_table: bool = False
    total: int = 0
    more: str = ""
    previous: str = ""
    next: str = ""
    empty: str = ""
    sources: tuple[EntryCard, ...] = ()
    guide: str = ""


@dataclass(frozen=True, slots=True)
class PlacePage:
    """The whole page."""

    place: str
    text: PlaceText
    asked: Asked
    tabs: tuple[tuple[str, str, bool], ...]
    townships: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def found(self) -> int:
        return sum(part.total for part in self.parts)


def place(actor: Actor, name: str, asked: Asked) -> PlacePage | None:
    """The page of a place; None where there is none."""
    county = parties.county(actor)
    text = text_of(name, county)
    if text is None:
        return None
    sections = [one for one in SECTIONS[Place(name)] if not one.by_village and one.key != "guide"]
    chosen = [one for one in sections if asked.section in ("", one.key)]
    if not chosen and asked.section:
        return None
    townships: dict[str, None] = {}
    parts = []
    for section in chosen:
        part, named = _part(actor, name, section, asked, alone=len(chosen) == 1)
        parts.append(part)
        townships.update(dict.fromkeys(named))
    if not asked.is_narrowed:
        parts = _with_guide(parts, name, guide(actor, name, county))
    elif len(parts) > 1:
        parts = [part for part in parts if part.total]
    tabs = tuple((one.title, f"?section={one.key}", one.key == asked.section) for one in sections)
    return PlacePage(
        name, text, asked, tabs if len(sections) > 1 else (), tuple(townships), tuple(parts)
    )


def _with_guide(parts: list[Part], place: str, html: SafeString) -> list[Part]:
    if not html:
        return parts
    one = Part("guide", "", guide=html)
    return [one, *parts] if place in GUIDE_FIRST else [*parts, one]


def guide(actor: Actor, place: str, county: CountyCard) -> SafeString:
    return with_names(queries.guide(actor, place), county)


def with_names(html: str, county: CountyCard) -> SafeString:
    """Safe HTML with the county's names in its blanks."""
    plain = CountyCard(
        escape(county.name), escape(county.short_name), escape(county.hotline), "", 0, ""
    )
    return mark_safe(filled(html, plain))  # noqa: S308 - rendered with HTML off, names escaped


def _part(
    actor: Actor, place: str, section: Section, asked: Asked, *, alone: bool
) -> tuple[Part, Sequence[str]]:
    if section.form:
        return _table_part(actor, place, section, asked, alone=alone)
    listing = queries.entries(
        actor, place, section=section.key, find=asked.find, page=asked.page if alone else 1
    )
    return _articles(section, asked, listing, alone=alone), ()


def _articles(section: Section, asked: Asked, listing: Listing, *, alone: bool) -> Part:
    more = "" if alone or listing.pages == 1 else asked.address(section=section.key)
    return Part(
        section.key,
        section.title,
        cards=listing.cards,
        total=listing.total,
        more=more,
        previous=_turn(asked, listing.page - 1, listing.pages) if alone else "",
        next=_turn(asked, listing.page + 1, listing.pages) if alone else "",
        empty=EMPTY.get(section.key, ""),
    )


def _turn(asked: Asked, page: int, pages: int) -> str:
    return asked.address(page=str(page)) if 1 <= page <= pages else ""


def _table_part(
    actor: Actor, place: str, section: Section, asked: Asked, *, alone: bool
) -> tuple[Part, Sequence[str]]:
    found = queries.table(
        actor,
        place,
        section.key,
        find=asked.find,
        township=asked.township,
        page=asked.page if alone else 1,
    )
    rows = rows_of(found.table.keys, found.table.headings, found.table.rows)
    shown = rows if alone else rows[:ROWS_AT_FIRST]
    part = Part(
        section.key,
        section.title,
        rows=shown,
        is_table=True,
        total=found.table.total,
        more="" if len(shown) == found.table.total or alone else asked.address(section=section.key),
        previous=_turn(asked, found.page - 1, found.pages) if alone else "",
        next=_turn(asked, found.page + 1, found.pages) if alone else "",
        empty=EMPTY.get(section.key, ""),
        sources=found.sources,
    )
    return part, found.townships


def rows_of(
    keys: Sequence[str], headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[Row, ...]:
    """Rows as cards: the first cell names the row, empty cells are left out."""
    found = []
    for row in rows:
        cells = tuple(
            Cell(heading, cell, cell if key == "phone" else "")
            for key, heading, cell in list(zip(keys, headings, row, strict=True))[1:]
            if cell
        )
        found.append(Row(row[0], cells))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One entry's page."""

    page: EntryPage
    place: str
    place_title: str
    section: str
    html: SafeString
    rows: tuple[Row, ...]
    check: str
    previous: str
    next: str
    back: str


def entry(actor: Actor, place: str, ref: str, number: int) -> EntryShown | None:
    """One entry's page; None when it is not in that place."""
    county = parties.county(actor)
    found = queries.entry(actor, ref, page=number)
    text = text_of(place, county)
    section = section_of(place, found.card.section)
    if text is None or section is None or found.card.place != place:
        return None
    return shown_entry(found, county, number, text.title, section)


def shown_entry(
    found: EntryPage, county: CountyCard, number: int, title: str, section: Section
) -> EntryShown:
    rows: tuple[Row, ...] = ()
    last = 1
    if found.table:
        rows = rows_of(found.table.keys, found.table.headings, found.table.rows)
        last = max(1, -(-found.table.total // 20))
    card = found.card
    back = f"/places/village/of/{card.division_code}/" if section.by_village else ""
    return EntryShown(
        found,
        card.place,
        title,
        section.title,
        with_names(found.html, county),
        rows,
        CHECKS.get(card.check, ""),
        f"?page={number - 1}" if 1 < number <= last else "",
        f"?page={number + 1}" if number < last else "",
        back or f"/places/{card.place}/",
    )
