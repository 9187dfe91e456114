"""A village's own tables, and what its people asked (M025)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from puhui.content.models import Entry, VillageReport
from puhui.content.reach import published
from puhui.content.showing import attached, card_of, page_of
from puhui.content.terms import EntryCard, EntryPage, ReportCard, Section, sections_by_village
from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.parties import queries as parties

EARLIER = 8
ANSWERS, ARTICLES = 5, 20


@dataclass(frozen=True, slots=True)
class VillageTable:
    """One of the three tables: the newest that is published, and earlier ones.

    `beneath`: the newest of each natural village that has one of its own.
    """

    section: Section
    newest: EntryPage | None
    earlier: tuple[EntryCard, ...]
    beneath: tuple[EntryCard, ...] = ()


@dataclass(frozen=True, slots=True)
class _Around:
    """The administrative village of a place, and the natural villages that belong on its page."""

    home: str
    township: str
    beneath: frozenset[str]


def _around(actor: Actor, code: str) -> _Around:
    """Refuses NOT_FOUND for what is no village."""
    place = parties.division(actor, code)
    if place.kind == "natural_village":
        return _Around(place.parent_code, place.township_code, frozenset({code}))
    if place.kind != "village":
        raise Refused(NOT_FOUND)
    others = parties.villages(actor, place.township_code)
    beneath = frozenset(one.code for one in others if one.parent_code == code)
    return _Around(code, place.township_code, beneath)


@query(Role.ANYONE)
def village_tables(actor: Actor, village_code: str) -> list[VillageTable]:
    """集体资产, 交易项目 and 农资采购 of a village, each with its newest table and up to eight
    earlier ones. Refuses NOT_FOUND for what is no village. Source: M025."""
    around, today = _around(actor, village_code), local_date(database_now())
    rows = list(
        published()
        .filter(place="village", division__in={around.home, *around.beneath}, kind="table")
        .order_by("section", "-period", "-published_at")
    )
    found = []
    for section in sections_by_village():
        here = [row for row in rows if row.section == section.key]
        own = [row for row in here if row.division_id == around.home]
        newest = own[0] if own else None
        page = (
            page_of(newest, newest.live, today, attached(newest))
            if newest and newest.live
            else None
        )
        earlier = tuple(card_of(row, row.live, today) for row in own[1 : EARLIER + 1])
        found.append(VillageTable(section, page, earlier, _beneath(here, around, today)))
    return found


def _beneath(rows: list[Entry], around: _Around, today: date) -> tuple[EntryCard, ...]:
    newest: dict[str, Entry] = {}
    for row in rows:
        if row.division_id in around.beneath:
            newest.setdefault(str(row.division_id), row)
    return tuple(card_of(row, row.live, today) for row in newest.values())


@query(Role.ANYONE)
def village_articles(actor: Actor, village_code: str) -> list[EntryCard]:
    """What is published for a village in words: its own, its natural villages' and its township's,
    the newest first, ended ones last, at most twenty. Refuses NOT_FOUND for what is no village."""
    around, today = _around(actor, village_code), local_date(database_now())
    rows = published().filter(
        place="village",
        kind="article",
        division__in={around.home, around.township, *around.beneath},
    )
    newest = rows.exclude(section="guide").order_by("position", "-published_at", "ref")
    cards = [card_of(row, row.live, today) for row in newest[:ARTICLES]]
    return sorted(cards, key=lambda card: card.is_ended)


@query(Role.ANYONE)
def villages_shown(actor: Actor, township_code: str) -> set[str]:
    """Codes of the villages of a township that have published at least one table."""
    rows = published().filter(place="village", township_code=township_code, kind="table")
    return set(rows.values_list("division_id", flat=True).distinct())


@query(Role.ANYONE)
def public_answers(actor: Actor, village_code: str) -> list[ReportCard]:
    """The newest five questions of a village that were answered in public; nobody is named."""
    rows = VillageReport.objects.select_related("village").filter(
        village=village_code, is_public=True, state="answered"
    )
    now = database_now()
    return [report_card(row, now) for row in rows.order_by("-answered_at")[:ANSWERS]]


@query(Role.RESIDENT)
def own_reports(actor: Actor) -> list[ReportCard]:
    """Everything that the signed-in villager has sent, the newest first."""
    if actor.person is None:
        raise Refused(NOT_FOUND)
    rows = VillageReport.objects.select_related("village").filter(resident_id=actor.person)
    now = database_now()
    return [report_card(row, now) for row in rows.order_by("-sent_at")[:50]]


def report_card(row: VillageReport, now: datetime) -> ReportCard:
    """A report as anybody may see it who may see it at all."""
    until = row.answered_at or now
    return ReportCard(
        ref=row.ref,
        kind=row.kind,
        section=row.section,
        words=row.words,
        village_code=row.village_id,
        village_name=row.village.short_name,
        state=row.state,
        owner=row.owner,
        sent_at=row.sent_at,
        due_at=row.due_at,
        is_late=until > row.due_at,
        may_be_public=row.may_be_public,
        is_public=row.is_public,
        answer=row.answer or "",
        answered_at=row.answered_at,
        answered_by=row.answered_by_ref,
    )
