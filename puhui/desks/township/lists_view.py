"""From the deputy's lists to rows: the clock, which village, what for, one main button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from puhui.desks.shared.rows import Button, Panel, Row
from puhui.desks.shared.watching.filters import LISTED
from puhui.desks.shared.watching.words import (
    FOLLOW_UPS,
    STEPS_OWED,
    due_tone,
    due_words,
    in_short,
    purpose_words,
    waited,
)
from puhui.desks.township.chrome import DESK
from puhui.desks.township.people_view import people_rows
from puhui.kernel.clock import countdown_text, day_text, local_date, moment_text, time_text
from puhui.market.queries import TownshipLists, TownshipVillages
from puhui.market.queries.township_lists import DueRow, FollowUpRow, MonthFigures, UnreachedRow
from puhui.market.terms import REFUSAL_CODES, ClockKind
from puhui.parties.terms import BankCard, StaffCard

COUNTED_SECONDS = 3600
PANELS = {
    "waiting": ("群众等我出面", "等我出面", "今天没有群众等您出面。"),
    "unreached": ("还没接上话", "没接上话", "本镇的电话都打上了。"),
    "due": ("银行在办、快到日子", "快到日子", "没有快到期的。"),
    "ended": ("没办成要回个话", "要回个话", "没办成的都说清了。"),
    "people": ("我的村和人", "村和人", "每个村都有人。"),
}
FOOTERS = {
    "unreached": "“催一下”发给该行值班的人，留痕。",
    "due": "只看到哪一步、哪天到期、卡在哪儿；看不到各家的利率、方案和拒绝理由（本人同意的、缺材料的除外）。",
}


@dataclass(frozen=True, slots=True)
class Head:
    """Who this desk is, the month's figures, what was handed to another deputy."""

    place: str
    who: str
    month: str
    figures: MonthFigures
    handed_over: int
    handed_to: str
    day: str
    time: str


def head(
    lists: TownshipLists, places: Sequence[str], me: StaffCard, banks: Sequence[BankCard]
) -> Head:
    """河湾镇 · 金融副镇长 陈*长（来自：试验一号银行）"""
    origin = next((bank.name for bank in banks if bank.ref == me.seconded_from_ref), "")
    sent = f"（来自：{origin}）" if origin else ""
    return Head(
        place="、".join(places) or "没有分到乡镇",
        who=f"金融副镇长 {me.name_masked}{sent}",
        month=f"{local_date(lists.figures.since).month} 月",
        figures=lists.figures,
        handed_over=lists.handed_over,
        handed_to="、".join(lists.handed_to),
        day=day_text(local_date(lists.now)),
        time=time_text(lists.now),
    )


def panels(lists: TownshipLists, villages: TownshipVillages) -> tuple[Panel, ...]:
    """The five lists in the order of what to do first."""
    now = lists.now
    people, people_count = people_rows(villages)
    rows: dict[str, tuple[Row, ...]] = {
        "waiting": tuple(_waiting(one, now) for one in lists.waiting),
        "unreached": tuple(_unreached(one, now) for one in lists.unreached),
        "due": tuple(_due(one, now) for one in lists.due),
        "ended": tuple(_ended(one, now) for one in lists.ended),
        "people": people,
    }
    oldest = {
        "waiting": _oldest([one.waits_since for one in lists.waiting], now),
        "unreached": _oldest([one.clock_start_at for one in lists.unreached], now),
        "ended": _oldest([one.waits_since for one in lists.ended], now),
    }
    counts = {**lists.counts, "people": people_count}
    feet = {name: _foot(name, counts[name] - len(rows[name])) for name in PANELS}
    return tuple(
        Panel(
            name=name,
            title=title,
            tab=tab,
            rows=rows[name],
            count=counts[name],
            empty=empty,
            oldest=oldest.get(name, ""),
            footer=feet[name][0],
            more=feet[name][1],
            is_loud=name == "waiting",
        )
        for name, (title, tab, empty) in PANELS.items()
    )


def _foot(name: str, left: int) -> tuple[str, Button | None]:
    """What stands under a list, and where that leads."""
    if not left:
        return FOOTERS.get(name, ""), None
    if name not in LISTED:
        return f"还有 {left} 条，办掉前面的就出来。", None
    return f"还有 {left} 条。", Button("看全部", DESK.url("cases", query=f"list={name}"), "link")


def _oldest(times: Sequence[datetime], now: datetime) -> str:
    return f"最久：等了 {waited(min(times), now)}" if times else ""


def _waiting(one: FollowUpRow, now: datetime) -> Row:
    taken = " · 刚有银行接了，问问群众再填去处" if one.live and one.kind == "unclaimed" else ""
    return Row(
        key=f"f{one.ref}",
        when=f"{in_short(one.waits_since, now)}",
        small="等了" if one.due_at > now else "过了今天的时限",
        tone="late" if one.due_at <= now else "soon",
        code=one.demand_ref,
        title=f"{one.village} · {purpose_words(one.purpose, one.amount_fen)}",
        facts=f"{FOLLOW_UPS.get(one.kind, one.kind)}{taken}",
        address=DESK.case(one.demand_ref),
        main=Button("填去处", DESK.url("where-to", one.demand_ref, one.ref)),
        others=(Button("看电话（会留痕）", DESK.url("phone", one.demand_ref), "look"),),
    )


def _unreached(one: UnreachedRow, now: datetime) -> Row:
    is_late = one.due_at < now
    is_counted = abs((now - one.due_at).total_seconds()) < COUNTED_SECONDS
    tried = f"打过 {one.attempts} 次没接上" if one.attempts else "没打"
    return Row(
        key=f"e{one.engagement_ref}",
        when=countdown_text(one.due_at - now) if is_counted else due_words(one.due_at, now),
        small="县里已督导" if one.is_supervised else "",
        tone="late" if is_late else "",
        code=one.demand_ref,
        title=f"{one.village} · {purpose_words(one.purpose, one.amount_fen)}",
        facts=f"{one.bank_name} {tried}",
        address=DESK.case(one.demand_ref),
        main=Button("催一下", DESK.url("nudge", one.demand_ref, one.engagement_ref), "post"),
        due=one.due_at.isoformat() if is_counted else "",
    )


def _due(one: DueRow, now: datetime) -> Row:
    visit = (
        f"约 {moment_text(one.visit_at, now=now)}" if one.visit_at and one.visit_at > now else ""
    )
    missing = f"还差材料：{one.missing_words}" if one.missing_words else ""
    stuck = f"卡在：{one.obstacle}" if one.obstacle else ""
    facts = (one.bank_name, STEPS_OWED[ClockKind(one.clock)], stuck, visit, missing)
    return Row(
        key=f"d{one.engagement_ref}",
        when=due_words(one.due_at, now),
        small=_last_word(one.clock),
        tone=due_tone(one.due_at, now),
        code=one.demand_ref,
        title=f"{one.village} · {purpose_words(one.purpose, one.amount_fen)}",
        facts=" · ".join(fact for fact in facts if fact),
        address=DESK.case(one.demand_ref),
        main=Button("记一笔走访", DESK.url("note", one.demand_ref, query="kind=visit")),
    )


def _last_word(clock: str) -> str:
    return "等群众" if clock in (ClockKind.CHOICE, ClockKind.OFFER_VALIDITY) else "等银行"


def _ended(one: FollowUpRow, now: datetime) -> Row:
    reasons = [
        f"{REFUSAL_CODES[code].bank_words}{f'（{words}）' if words else ''}"
        for code, words in one.told_reasons
    ]
    why = f"原因：{'、'.join(reasons)}" if reasons else "原因只告诉了本人，问本人就知道"
    return Row(
        key=f"f{one.ref}",
        when=in_short(one.waits_since, now),
        small="等着回话",
        tone="late" if one.due_at <= now else "",
        code=one.demand_ref,
        title=f"{one.village} · {purpose_words(one.purpose, one.amount_fen)}",
        facts=why,
        address=DESK.case(one.demand_ref),
        main=Button("填去处", DESK.url("where-to", one.demand_ref, one.ref)),
        others=(Button("看电话（会留痕）", DESK.url("phone", one.demand_ref), "look"),),
    )
