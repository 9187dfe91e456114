"""A village's own tables, and what its people asked (M025)."""

from __future__ import annotations

from dataclasses import dataclass

from puhui.content.models import VillageReport
from puhui.content.reach import published
from puhui.content.showing import attached, card_of, page_of
from puhui.content.terms import EntryCard, EntryPage, ReportCard, Section, sections_by_village
from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.parties import queries as parties

EARLIER = 8
ANSWERS = 5


@dataclass(frozen=True, slots=True)
class VillageTable:
    """One of the three tables: the newest that is published, and earlier ones."""

    section: Section
    newest: EntryPage | None
    earlier: tuple[EntryCard, ...]


@query(Role.ANYONE)
def village_tables(actor: Actor, village_code: str) -> list[VillageTable]:
    """集体资产, 交易项目 and 农资采购 of a village, each with its newest table and up to eight
    earlier ones. Refuses NOT_FOUND for what is no village. Source: M025."""
    village = parties.division(actor, village_code)
    if village.kind not in ("village", "natural_village"):
        raise Refused(NOT_FOUND)
    home = village.parent_code if village.kind == "natural_village" else village.code
    today = local_date(database_now())
    rows = list(
        published()
        .filter(place="village", division=home, kind="table")
        .order_by("section", "-period", "-published_at")
    )
    found = []
    for section in sections_by_village():
        own = [row for row in rows if row.section == section.key]
        newest = own[0] if own else None
        page = (
            page_of(newest, newest.live, today, attached(newest))
            if newest and newest.live
            else None
        )
        earlier = tuple(card_of(row, row.live, today) for row in own[1 : EARLIER + 1])
        found.append(VillageTable(section, page, earlier))
    return found


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
    return [report_card(row) for row in rows.order_by("-answered_at")[:ANSWERS]]


@query(Role.RESIDENT)
def own_reports(actor: Actor) -> list[ReportCard]:
    """Everything that the signed-in villager has sent, the newest first."""
    if actor.person is None:
        raise Refused(NOT_FOUND)
    rows = VillageReport.objects.select_related("village").filter(resident_id=actor.person)
    return [report_card(row) for row in rows.order_by("-sent_at")[:50]]


def report_card(row: VillageReport) -> ReportCard:
    """A report as anybody may see it who may see it at all."""
    until = row.answered_at or database_now()
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
