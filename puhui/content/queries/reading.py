"""What anybody may read: published entries, tables, guides, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When

from puhui.content.finding import holding
from puhui.content.models import Entry
from puhui.content.reach import published
from puhui.content.rendering import html_of
from puhui.content.showing import attached, card_of, columns_of, page_of, table_of
from puhui.content.terms import FORMS, EntryCard, EntryPage, Place, TablePage, section_of
from puhui.content.terms.tables import typed
from puhui.files import queries as files
from puhui.files.terms import CleanFile
from puhui.kernel.actor import SYSTEM, Actor, Role, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.search.tokens import holds, index_tokens, query_words
from puhui.sheets.terms import Page
from puhui.sheets.writing import workbook

CARDS_A_PAGE = 12
MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of cards."""

    cards: tuple[EntryCard, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class TableRows:
    """Rows of all tables of a section: one page of them, the townships that they name, sources."""

    table: TablePage
    page: int
    pages: int
    townships: tuple[str, ...]
    sources: tuple[EntryCard, ...]


@query(Role.ANYONE)
def entries(
    actor: Actor,
    place: str,
    *,
    section: str = "",
    find: str = "",
    division: str = "",
    page: int = 1,
) -> Listing:
    """Published articles of a place, the county's order and the newest first, ended ones last.

    `find` looks in titles and texts; `division` narrows to a village or township and what is the
    whole county's. Guides are not among them.
    """
    now = database_now()
    today = local_date(now)
    rows = published().filter(place=place, kind="article").exclude(section="guide")
    if section:
        rows = rows.filter(section=section)
    if division:
        rows = rows.filter(Q(division=division) | Q(division__isnull=True))
    wanted = holding(find, "live__tokens")
    if wanted is not None:
        rows = rows.filter(wanted)
    ended = Case(
        When(live__valid_until__lt=today, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    ordered = rows.annotate(is_ended=ended).order_by("is_ended", "position", "-published_at", "ref")
    total = rows.count()
    pages = max(1, -(-total // CARDS_A_PAGE))
    here = min(max(1, page), pages)
    start = (here - 1) * CARDS_A_PAGE
    cards = tuple(card_of(row, row.live, today) for row in ordered[start : start + CARDS_A_PAGE])
    return Listing(cards, total, here, pages)


@query(Role.ANYONE)
def entry(actor: Actor, ref: str, *, page: int = 1) -> EntryPage:
    """One published entry; of a table one page of rows. Refuses NOT_FOUND."""
    row = _published_one(ref)
    today = local_date(database_now())
    if row.live is None:
        raise Refused(NOT_FOUND)
    return page_of(row, row.live, today, attached(row), min(max(1, page), MOST_PAGES))


@query(Role.ANYONE)
def guide(actor: Actor, place: str) -> str:
    """The guide of a place as safe HTML: what the county published, else what comes with the
    program. It may hold {县}, {简称} and {热线}. Refuses NOT_FOUND."""
    if place not in Place.values:
        raise Refused(NOT_FOUND)
    rows = published().filter(place=place, section="guide").order_by("position", "-published_at")
    bodies = [row.live.body for row in rows if row.live]
    return html_of("\n\n".join(bodies) if bodies else shipped_guide(place))


def shipped_guide(place: str) -> str:
    """The guide that comes with the program, in Markdown; empty where there is none."""
    source = resources.files("puhui.content").joinpath(f"shipped/{place}.md")
    return source.read_text(encoding="utf-8") if source.is_file() else ""


@query(Role.ANYONE)
def table(
    actor: Actor, place: str, section: str, *, find: str = "", township: str = "", page: int = 1
) -> TableRows:
    """Rows of all published tables of a section that are not a village's own, one page of them.

    `township` keeps rows whose township cell names it; `find` looks in all cells.
    """
    known = section_of(place, section)
    if known is None or not known.form:
        raise Refused(NOT_FOUND)
    columns = FORMS[known.form]
    today = local_date(database_now())
    sources = list(
        published()
        .filter(place=place, section=section)
        .order_by("position", "-published_at", "ref")
    )
    rows = [row for one in sources if one.live for row in one.live.rows]
    townships = _townships(rows)
    kept = [row for row in rows if _is_wanted(row, find, township)]
    pages = max(1, -(-len(kept) // 20))
    here = min(max(1, page), pages)
    return TableRows(
        table_of(columns, kept, here),
        here,
        pages,
        townships,
        tuple(card_of(one, one.live, today) for one in sources),
    )


def _townships(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Each that is named, once, in the order of the tables; 兰沃乡、清水镇 names two."""
    named: dict[str, None] = {}
    for row in rows:
        for one in str(row.get("township", "")).replace("，", "、").split("、"):
            if one.strip():
                named[one.strip()] = None
    return tuple(named)


def _is_wanted(row: Mapping[str, Any], find: str, township: str) -> bool:
    if township and township not in str(row.get("township", "")):
        return False
    words = query_words(find)
    return not words or holds(
        index_tokens(*(str(cell) for cell in row.values() if isinstance(cell, str))), words
    )


@query(Role.ANYONE)
def table_file(actor: Actor, ref: str) -> tuple[str, bytes]:
    """A published table as xlsx: its name without ending, its bytes. Refuses NOT_FOUND."""
    row = _published_one(ref)
    columns = columns_of(row)
    if not columns or row.live is None:
        raise Refused(NOT_FOUND)
    name = f"{row.division.short_name if row.division else ''}{row.live.title}"
    return name, workbook(Page(name, columns, [typed(columns, cells) for cells in row.live.rows]))


@query(Role.ANYONE)
def attachment(actor: Actor, ref: str, number: int) -> tuple[str, CleanFile]:
    """A file of a published entry: its name, its content. Refuses NOT_FOUND."""
    return file_of(_published_one(ref), number)


def file_of(row: Entry, number: int) -> tuple[str, CleanFile]:
    """A file of this entry. Refuses NOT_FOUND."""
    held = row.attachments.filter(number=number, removed_at__isnull=True).first()
    if held is None:
        raise Refused(NOT_FOUND)
    return held.name, files.kept(SYSTEM, held.file_id)


def _published_one(ref: str) -> Entry:
    row = published().filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return row
