"""What editors see: all their entries, versions, previews; reports to be answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F

from puhui.content.finding import holding
from puhui.content.queries.reading import Listing, file_of
from puhui.content.queries.villages import report_card
from puhui.content.reach import EDITORS, answerable, editable, editable_one
from puhui.content.rendering import html_of
from puhui.content.showing import attached, card_of, columns_of, page_of
from puhui.content.terms import EntryForm, EntryPage, ReportCard, VersionCard
from puhui.content.terms.tables import typed
from puhui.files.terms import CleanFile
from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.sheets.terms import Page
from puhui.sheets.writing import template, workbook

READERS = (*COUNTY, Role.TOWNSHIP_ADMIN, Role.AUDITOR)
CARDS_A_PAGE = 50
MOST_REPORTS = 100
MOST_VERSIONS = 50


@dataclass(frozen=True, slots=True)
class EditorFilter:
    """What the editor's list is narrowed to; empty: not."""

    place: str = ""
    section: str = ""
    state: str = ""
    check: str = ""
    division: str = ""
    find: str = ""


@query(*READERS)
def editor_entries(actor: Actor, wanted: EditorFilter, *, page: int = 1) -> Listing:
    """The actor's entries in whatever state, the last written first, 50 on a page."""
    rows = editable(actor)
    given = {
        "place": wanted.place,
        "section": wanted.section,
        "state": wanted.state,
        "latest__check_state": wanted.check,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if wanted.division:
        rows = rows.filter(division=wanted.division) | rows.filter(township_code=wanted.division)
    holds = holding(wanted.find, "latest__tokens")
    if holds is not None:
        rows = rows.filter(holds)
    total = rows.count()
    pages = max(1, -(-total // CARDS_A_PAGE))
    here = min(max(1, page), pages)
    start = (here - 1) * CARDS_A_PAGE
    today = local_date(database_now())
    ordered = rows.order_by(F("latest__at").desc(nulls_last=True), "ref")
    cards = tuple(card_of(row, row.latest, today) for row in ordered[start : start + CARDS_A_PAGE])
    return Listing(cards, total, here, pages)


@query(*READERS)
def editor_entry(actor: Actor, ref: str, *, page: int = 1) -> EntryPage:
    """The latest version of one entry as its readers would see it. Refuses NOT_FOUND."""
    row = editable_one(actor, ref)
    if row.latest is None:
        raise Refused(NOT_FOUND)
    return page_of(row, row.latest, local_date(database_now()), attached(row), max(1, page))


@query(*READERS)
def versions(actor: Actor, ref: str) -> list[VersionCard]:
    """The last fifty versions of one entry, the newest first. Refuses NOT_FOUND."""
    row = editable_one(actor, ref)
    kept = row.versions.order_by("-number").only("number", "title", "at", "by_ref")
    return [
        VersionCard(one.number, one.title, one.at, one.by_ref, one.pk == row.live_id)
        for one in kept[:MOST_VERSIONS]
    ]


@query(*READERS)
def version_text(actor: Actor, ref: str, number: int) -> EntryPage:
    """One kept version as its readers saw it. Refuses NOT_FOUND."""
    row = editable_one(actor, ref)
    one = row.versions.filter(number=number).first()
    if one is None:
        raise Refused(NOT_FOUND)
    return page_of(row, one, local_date(database_now()), attached(row))


@query(*EDITORS)
def preview(actor: Actor, form: EntryForm) -> str:
    """An article's safe HTML before it is saved."""
    return html_of(form.body)


@query(*READERS)
def file_of_version(actor: Actor, ref: str, *, is_form: bool = False) -> tuple[str, bytes]:
    """The latest rows of a table as xlsx, or as a form to fill in and send back: name, bytes.

    Refuses NOT_FOUND for what is no table.
    """
    row = editable_one(actor, ref)
    columns = columns_of(row)
    if not columns or row.latest is None:
        raise Refused(NOT_FOUND)
    rows = [typed(columns, cells) for cells in row.latest.rows]
    name = row.latest.title
    if is_form:
        shown = tuple(replace(one, help=one.help or one.example) for one in columns)
        return f"{name}（填写用）", template(name, shown, rows=rows)
    return name, workbook(Page(name, columns, rows))


@query(*READERS)
def attachment_for_editor(actor: Actor, ref: str, number: int) -> tuple[str, CleanFile]:
    """A file of an entry that the actor edits, published or not. Refuses NOT_FOUND."""
    return file_of(editable_one(actor, ref), number)


@query(*READERS)
def reports(actor: Actor, *, state: str = "open") -> list[ReportCard]:
    """Villagers' reports that the actor answers or oversees: open by what is due first, answered by
    the newest; at most a hundred."""
    rows = answerable(actor).filter(state=state)
    ordered = rows.order_by("due_at", "ref") if state == "open" else rows.order_by("-answered_at")
    now = database_now()
    return [report_card(row, now) for row in ordered[:MOST_REPORTS]]


@query(*READERS)
def reports_waiting(actor: Actor) -> tuple[int, datetime | None]:
    """How many reports are open for the actor, and the first due time."""
    rows = answerable(actor).filter(state="open").order_by("due_at")
    first = rows.first()
    return rows.count(), first.due_at if first else None
