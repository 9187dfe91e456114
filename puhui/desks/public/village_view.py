"""What the village pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from puhui.content import queries
from puhui.content.terms import (
    EntryCard,
    EntryPage,
    ReportCard,
    ReportForm,
    ReportKind,
    ReportState,
    sections_by_village,
)
from puhui.desks.public.place_view import Row, rows_of
from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import day_text, local_date
from puhui.kernel.command import FieldError, Refused, database_now
from puhui.parties import queries as parties
from puhui.parties.terms import DivisionCard

ROWS_AT_FIRST = 8


@dataclass(frozen=True, slots=True)
class Pickable:
    """A village to pick; `is_shown`: it has published."""

    code: str
    name: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Picker:
    """Townships, or the villages of the one that was picked."""

    townships: tuple[DivisionCard, ...]
    township: DivisionCard | None
    villages: tuple[Pickable, ...]
    find: str
    own: DivisionCard | None


def picker(actor: Actor, query: Mapping[str, str]) -> Picker:
    """What to pick from; one's own village first, once it is known."""
    townships = tuple(parties.townships(actor))
    code, find = query.get("township", ""), query.get("village", "").strip()[:20]
    chosen = next((one for one in townships if one.code == code), None)
    villages: tuple[Pickable, ...] = ()
    if chosen:
        shown = queries.villages_shown(actor, chosen.code)
        villages = tuple(
            Pickable(one.code, one.short_name, one.code in shown)
            for one in parties.villages(actor, chosen.code)
            if one.kind == "village" and _is_meant(one, find)
        )
    return Picker(townships, chosen, villages, find, _home(actor))


def _is_meant(one: DivisionCard, find: str) -> bool:
    low = find.lower()
    return not low or low in one.name or one.pinyin.startswith(low) or f" {low}" in one.pinyin


def _home(actor: Actor) -> DivisionCard | None:
    if actor.role is not Role.RESIDENT or actor.person is None:
        return None
    home = parties.division(actor, parties.applicant(actor).village_code)
    return home if home.parent_code else None


@dataclass(frozen=True, slots=True)
class TableShown:
    """One of the three tables as the village's page shows it."""

    key: str
    title: str
    page: EntryPage | None
    rows: tuple[Row, ...]
    on: str
    earlier: tuple[EntryCard, ...]
    beneath: tuple[EntryCard, ...]

    @property
    def is_empty(self) -> bool:
        return self.page is not None and not self.rows

    @property
    def more(self) -> int:
        """Rows that the page leaves to the table's own page."""
        total = self.page.table.total if self.page and self.page.table else 0
        return max(0, total - len(self.rows))


@dataclass(frozen=True, slots=True)
class VillagePage:
    """A village's page."""

    village: DivisionCard
    township: DivisionCard
    articles: tuple[EntryCard, ...]
    tables: tuple[TableShown, ...]
    answers: tuple[ReportCard, ...]


def village(actor: Actor, code: str) -> VillagePage:
    """A village's page. Refuses NOT_FOUND."""
    tables = tuple(
        TableShown(
            one.section.key,
            one.section.title,
            one.newest,
            _rows(one.newest),
            _day(one.newest),
            one.earlier,
            one.beneath,
        )
        for one in queries.village_tables(actor, code)
    )
    found = parties.division(actor, code)
    township = parties.division(actor, found.township_code)
    answers = tuple(queries.public_answers(actor, code))
    articles = tuple(queries.village_articles(actor, code))
    return VillagePage(found, township, articles, tables, answers)


def _rows(page: EntryPage | None) -> tuple[Row, ...]:
    if page is None or page.table is None:
        return ()
    table = page.table
    return rows_of(table.keys, table.headings, table.rows[:ROWS_AT_FIRST])


def _day(page: EntryPage | None) -> str:
    on = page.card.published_on if page else None
    return f"{on.year} 年 {on.month} 月 {on.day} 日" if on else ""


@dataclass(frozen=True, slots=True)
class Asking:
    """The form as it stands."""

    village: DivisionCard
    form: ReportForm
    kinds: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    errors: tuple[FieldError, ...] = ()
    sentence: str = ""

    def refused(self, refused: Refused) -> Asking:
        return replace(self, errors=refused.errors, sentence=refused.sentence)

    @property
    def by_field(self) -> dict[str, str]:
        return {one.field: one.sentence for one in self.errors}


def asking(actor: Actor, code: str, sent: Mapping[str, str] | None, section: str) -> Asking:
    """The form, empty or as it was sent, with what is wrong in it."""
    place = parties.division(actor, code)
    given = sent or {}
    form = ReportForm(
        kind=given.get("kind", ReportKind.QUESTION.value if sent is None else ""),
        words=given.get("words", ""),
        section=given.get("section", section),
        may_be_public=given.get("may_be_public") == "1",
        to_county=given.get("to_county") == "1",
    )
    return Asking(
        place,
        form,
        tuple((one.value, str(one.label)) for one in ReportKind),
        tuple((one.key, one.title) for one in sections_by_village()),
    )


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One thing that I asked, in words."""

    card: ReportCard
    kind: str
    sent: str
    state: str
    is_answered: bool


def own(actor: Actor) -> list[OwnRow]:
    now = database_now()
    return [_own_row(one, now) for one in queries.own_reports(actor)]


def _own_row(card: ReportCard, now: datetime) -> OwnRow:
    who = "县里" if card.owner == "county" else "镇里"
    answered = card.state == ReportState.ANSWERED
    if answered and card.answered_at:
        state = f"{who} {day_text(local_date(card.answered_at))}答复了。"
    elif card.is_late:
        state = f"{who}该在 {day_text(local_date(card.due_at))}前答复，已经晚了，县里看得见。"
    else:
        state = f"{who} {day_text(local_date(card.due_at))}前答复您。"
    return OwnRow(
        card,
        str(ReportKind(card.kind).label),
        day_text(local_date(card.sent_at)),
        state,
        answered,
    )
