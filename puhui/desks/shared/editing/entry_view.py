"""What the editor's pages show: the list, one entry, its table, its files, its versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from puhui.content import queries
from puhui.content.queries.editing import EditorFilter
from puhui.content.terms import (
    SECTIONS,
    CheckState,
    EntryCard,
    EntryPage,
    EntryState,
    Place,
    Section,
    period_words,
    section_of,
)
from puhui.desks.shared.watching.desk import WatchingDesk
from puhui.kernel.actor import COUNTY, Actor, Role
from puhui.kernel.clock import day_text, local_date, minute_text, moment_text
from puhui.kernel.command import database_now
from puhui.parties import queries as parties

TONES = {"published": "fine", "scheduled": "soon", "withdrawn": "late"}
QUARTERS_BACK = 6


def place_title(place: str, short_name: str) -> str:
    return str(Place(place).label).replace("{简称}", short_name)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in the list."""

    card: EntryCard
    place: str
    state: str
    tone: str
    at: str
    check: str


def lines(actor: Actor, wanted: EditorFilter, page: int) -> dict[str, Any]:
    """The list with its filters; they live in the address."""
    found = queries.editor_entries(actor, wanted, page=page)
    short, now = parties.county(actor).short_name, database_now()
    waiting, due = queries.reports_waiting(actor)
    given = {
        "place": wanted.place,
        "state": wanted.state,
        "check": wanted.check,
        "q": wanted.find,
    }
    kept = {name: value for name, value in given.items() if value}
    return {
        "lines": [
            Line(
                one,
                f"{place_title(one.place, short)} · {section_title(one)}",
                state_words(one),
                TONES.get(one.state, ""),
                moment_text(one.updated_at, now=now),
                str(CheckState(one.check).label),
            )
            for one in found.cards
        ],
        "total": found.total,
        "wanted": wanted,
        "is_narrowed": bool(kept),
        "places": [
            (one.value, place_title(one.value, short), one.value == wanted.place)
            for one in Place
            if SECTIONS[one]
        ],
        "states": [(o.value, o.label, o.value == wanted.state) for o in EntryState],
        "checks": [(o.value, o.label, o.value == wanted.check) for o in CheckState],
        "previous": _turned(kept, found.page - 1, found.pages),
        "next": _turned(kept, found.page + 1, found.pages),
        "waiting": waiting,
        "due": day_text(local_date(due)) if due else "",
        "may_load": actor.role is Role.COUNTY_ADMIN,
        "may_write": may_write(actor),
    }


def _turned(kept: Mapping[str, str], page: int, pages: int) -> str:
    return urlencode({**kept, "page": str(page)}) if 1 <= page <= pages else ""


def may_write(actor: Actor) -> bool:
    return actor.role in COUNTY or actor.role is Role.TOWNSHIP_ADMIN


def state_words(card: EntryCard) -> str:
    label = str(EntryState(card.state).label)
    return f"{label}，有改动没发" if card.is_changed else label


def section_title(card: EntryCard) -> str:
    section = section_of(card.place, card.section)
    return section.title if section else card.section


def asked(query: Mapping[str, str]) -> EditorFilter:
    """What the list's address asks for; anything unknown asks for nothing."""

    def one_of(name: str, known: Any) -> str:
        value = query.get(name, "")
        return value if value in known else ""

    return EditorFilter(
        place=one_of("place", Place.values),
        state=one_of("state", EntryState.values),
        check=one_of("check", CheckState.values),
        find=query.get("q", "").strip()[:20],
    )


def sections(actor: Actor) -> list[tuple[str, str]]:
    """Where the actor may write: a township only what belongs to its villages."""
    short = parties.county(actor).short_name
    return [
        (f"{place.value}:{one.key}", f"{place_title(place.value, short)} · {one.title}")
        for place, known in SECTIONS.items()
        for one in known
        if actor.role in COUNTY or (place is Place.VILLAGE and one.key != "guide")
    ]


def townships(actor: Actor) -> list[tuple[str, str]]:
    """To choose from; a township only itself."""
    own = actor.role is Role.TOWNSHIP_ADMIN
    found = [
        (one.code, one.name)
        for one in parties.townships(actor)
        if not own or one.code in actor.areas
    ]
    return found if own else [("", "全县"), *found]


def villages(actor: Actor, section: Section, township: str) -> list[tuple[str, str]]:
    """The villages of a township; where it is not a village's own, the township itself first."""
    if not township:
        return []
    found = [
        (one.code, one.short_name)
        for one in parties.villages(actor, township)
        if one.kind == "village"
    ]
    if section.by_village:
        return [("", "请选村"), *found]
    return [(township, parties.division(actor, township).name), *found]


def periods(section: Section, today: date) -> list[tuple[str, str]]:
    """The last quarters, the newest that is over first."""
    if not section.by_village:
        return []
    year, quarter = today.year, (today.month - 1) // 3
    found = []
    for _ in range(QUARTERS_BACK):
        if quarter == 0:
            year, quarter = year - 1, 4
        found.append((f"{year}Q{quarter}", period_words(f"{year}Q{quarter}")))
        quarter -= 1
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry at the desk."""

    page: EntryPage
    place: str
    section: Section
    html: SafeString
    state: str
    tone: str
    check: str
    address: str
    when: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    previous: str
    next: str
    is_live: bool


def shown(actor: Actor, desk: WatchingDesk, ref: str, page: int) -> Shown:
    """One entry with everything that can be done with it. Refuses NOT_FOUND."""
    found = queries.editor_entry(actor, ref, page=page)
    card = found.card
    section = section_of(card.place, card.section)
    if section is None:
        raise RuntimeError(f"an entry is in no section: {card.section}")
    start = (page - 1) * 20
    table = found.table
    last = max(1, -(-table.total // 20)) if table else 1
    return Shown(
        page=found,
        place=place_title(card.place, parties.county(actor).short_name),
        section=section,
        html=mark_safe(found.html),  # noqa: S308 - rendered from Markdown with HTML off
        state=state_words(card),
        tone=TONES.get(card.state, ""),
        check=str(CheckState(card.check).label),
        address=f"/places/{card.place}/{card.ref}/" if card.state == "published" else "",
        when=_when(card),
        rows=tuple(enumerate(table.rows, start + 1)) if table else (),
        previous=f"?page={page - 1}" if 1 < page <= last else "",
        next=f"?page={page + 1}" if page < last else "",
        is_live=card.state == "published",
    )


def _when(card: EntryCard) -> str:
    if card.publish_at:
        return f"{day_text(local_date(card.publish_at))} {minute_text(card.publish_at)}发布"
    return f"{day_text(card.published_on)}发布" if card.published_on else "还没发布过"
