"""The deputy's fifth list as rows: who to phone, which village has nobody, where nobody has been."""

from __future__ import annotations

from datetime import datetime

from puhui.desks.shared.rows import Button, Row
from puhui.desks.shared.watching.words import at_words, in_short
from puhui.desks.township.chrome import DESK
from puhui.market.queries import TownshipVillages
from puhui.market.queries.villages import DraftRow, RecheckRow, UnvisitedRow, VacancyRow

SHOWN = 24


def people_rows(found: TownshipVillages) -> tuple[tuple[Row, ...], int]:
    """Rows to show, and how many there are: what one can do something about comes first."""
    now = found.now
    waiting = [one for one in found.vacant if one.reported_at is None]
    told = [one for one in found.vacant if one.reported_at is not None]
    rows = (
        *(_recheck(one, now) for one in found.rechecks),
        *(_vacant(one, now) for one in waiting),
        *(_unvisited(one, now) for one in found.unvisited),
        *(_draft(one, now) for one in found.drafts),
        *(_vacant(one, now) for one in told),
    )
    return rows[:SHOWN], len(rows)


def _recheck(one: RecheckRow, now: datetime) -> Row:
    tried = f" · 打过 {one.attempts} 次没接" if one.attempts else ""
    return Row(
        key=f"c{one.ref}",
        when="抽查",
        small=in_short(one.listed_at, now),
        tone="soon",
        code=one.village,
        title=f"上周代填 {one.helped} 笔，抽 {one.drawn} 笔核实",
        facts=f"{one.demand_ref} · {one.helper_masked} 帮着填的{tried} · 种子号 {one.seed}",
        address=DESK.case(one.demand_ref),
        main=Button("打电话核实", DESK.url("recheck-phone", one.ref), "look"),
        others=(Button("记结果", DESK.url("recheck", one.ref)),),
    )


def _vacant(one: VacancyRow, now: datetime) -> Row:
    since = "一直没有金融专员" if one.days is None else f"专员调走，空岗 {max(one.days, 1)} 天"
    if one.reported_at is not None:
        at = at_words(one.reported_at, now)
        return Row(f"v{one.code}", "已报", "", "", one.village, since, f"{at} 报给县里了，等补人")
    return Row(
        key=f"v{one.code}",
        when="空岗",
        small="",
        tone="soon",
        code=one.village,
        title=since,
        facts="请村里推一个人，报县里登记",
        main=Button("报补人", DESK.url("vacancy", one.code)),
    )


def _unvisited(one: UnvisitedRow, now: datetime) -> Row:
    return Row(
        key=f"u{one.case_ref}",
        when=in_short(one.since, now),
        small="没人去",
        tone="",
        code=one.village,
        title=f"{one.cases} 笔等着",
        facts=f"30 天没人去过 · 等得最久的是 {one.case_ref}",
        address=DESK.case(one.case_ref),
        main=Button("记一笔走访", DESK.url("note", one.case_ref, query="kind=visit")),
    )


def _draft(one: DraftRow, now: datetime) -> Row:
    until = f"，{at_words(one.void_at, now)} 没回就作废" if one.void_at else ""
    return Row(
        key=f"d{one.ref}",
        when=in_short(one.drafted_at, now),
        small="等回 1",
        tone="",
        code=one.village,
        title="代填的本人没确认",
        facts=f"{one.helper_masked} 帮着填的{until}",
    )
