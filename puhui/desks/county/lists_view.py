"""From the county's lists to rows: which bank to phone now, with the words and the number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from puhui.desks.county.chrome import DESK
from puhui.desks.county.mismatch_view import mismatch_row
from puhui.desks.county.survey_view import integrity_row, survey_row
from puhui.desks.shared.rows import Button, OwnRow, Panel, Row
from puhui.desks.shared.watching.filters import address
from puhui.desks.shared.watching.words import at_words, in_short, purpose_words, waited
from puhui.kernel.clock import day_text, local_date, minute_text, time_text
from puhui.market.queries import CountyLists
from puhui.market.queries.county_lists import (
    OverdueBank,
    OverdueCase,
    StalledBank,
    TodayFigures,
    UnclaimedCase,
)
from puhui.parties.terms import BankCard, StaffCard

PROMISE = timedelta(minutes=10)
"""What the county asks for on the phone: the reason in writing within these minutes."""
PANELS = {
    "overdue": ("此刻超 10 分钟没打电话", "没打电话", "此刻没有银行超时。"),
    "unclaimed": ("没人接", "没人接", "每一笔都有银行接。"),
    "stalled": ("到了日子没结果", "没结果", "都在日子里。"),
    "survey": ("今天的满意度回访", "回访", "今天的回访打完了。"),
    "mismatches": ("对不上的", "对不上", "两边说的都对得上。"),
}
FOOTERS = {
    "overdue": "银行的表满 10 分钟没接上话的在这里；夜里的、群众约了时间的不算。",
    "unclaimed": "发布满 10 分钟 0 家接的在这里。责任银行 = 包这个村的银行。",
}
STALLED = (
    ("plan", "初步方案超期"),
    ("investigation", "调查超期"),
    ("decision", "准信超期"),
    ("signing", "签约超期"),
    ("data_return", "回填超期"),
    ("long_pending", "长期未办结"),
    ("for_the_customer", "其中等客户"),
)


MISMATCHES = 25
"""Rows of what does not agree; integrity cases stand above them, all of them."""

Turn = tuple[str, str, str, str, datetime, datetime]
"""Office and its name, number and masked name of who is on duty, from when to when."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """The overdue cases of one bank, with whom to phone."""

    template: ClassVar[str] = "county/call_row.html"

    key: str
    bank: str
    count: int
    late: str
    since: str
    on_duty: str
    nth: str
    facts: tuple[str, ...]
    case_refs: tuple[tuple[str, str], ...]
    dial_duty: str
    dial_head: str
    log: str
    open: str
    script: Mapping[str, str | int]
    is_in_hand: bool


@dataclass(frozen=True, slots=True)
class Head:
    """Today's figures, each with the cases behind it."""

    day: str
    time: str
    on_duty: str
    figures: TodayFigures
    rate: str
    confirmed: str
    self_reported: str
    denied: int
    judged: int
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class People:
    """Who can be phoned: officers on duty and heads, by bank reference."""

    officers: Mapping[str, list[StaffCard]]
    heads: Mapping[str, list[StaffCard]]


def by_bank(cards: Sequence[StaffCard]) -> dict[str, list[StaffCard]]:
    found: dict[str, list[StaffCard]] = {}
    for card in cards:
        found.setdefault(card.organisation_ref, []).append(card)
    return found


def head(lists: CountyLists, on_duty: Sequence[Turn]) -> Head:
    """新增 38 · 5 分钟来电率 94%（群众确认 88% / 银行自报 6%）· 正在等电话 2."""
    figures, today = lists.figures, str(local_date(lists.now))
    names = "、".join(
        f"{name}（{_turn(begins, ends)}）" for _office, _of, _ref, name, begins, ends in on_duty[:3]
    )
    judged = figures.judged
    day = {"since": today, "until": today}
    return Head(
        day=day_text(local_date(lists.now)),
        time=time_text(lists.now),
        on_duty=f"值班：{names}" if names else "现在没有人值班，请在值班表里排上",
        figures=figures,
        rate=percent(figures.confirmed + figures.self_reported, judged),
        confirmed=percent(figures.confirmed, judged),
        self_reported=percent(figures.self_reported, judged),
        denied=figures.denied,
        judged=judged,
        links={
            "new": _cases(**day),
            "judged": _cases(callback="judged", **day),
            "denied": _cases(callback="denied", **day),
            "confirmed": _cases(callback="confirmed", **day),
            "self_reported": _cases(callback="self_reported", **day),
            "waiting": _cases(waiting="1"),
            "owed": _cases(end="owed", since=str(local_date(lists.now).replace(day=1))),
        },
    )


def _turn(begins: datetime, ends: datetime) -> str:
    """7:30–14:30; round the clock in a word."""
    from_, until = minute_text(begins), minute_text(ends)
    return "全天" if from_ == until else f"{from_}–{until}"


def percent(part: int, whole: int) -> str:
    """94%; of nothing a dash. Rounded half up, and never to 100 while something is missing."""
    if not whole:
        return "—"
    rounded = (200 * part + whole) // (2 * whole)
    return f"{min(rounded, 99) if part < whole else 100}%"


def _cases(**facts: str) -> str:
    return f"{DESK.url('cases')}?{address(facts)}"


def panels(
    lists: CountyLists, people: People, responsible: Mapping[str, BankCard]
) -> tuple[Panel, ...]:
    """The five lists in the order of what to do first."""
    now = lists.now
    rows: dict[str, tuple[Row | OwnRow, ...]] = {
        "overdue": tuple(
            _call(one, people, now, is_in_hand=place == 0)
            for place, one in enumerate(lists.overdue)
        ),
        "unclaimed": tuple(
            _unclaimed(one, responsible.get(one.village_code), now) for one in lists.unclaimed
        ),
        "stalled": tuple(_stalled(one, now) for one in lists.stalled),
        "survey": tuple(survey_row(one, lists.survey, now) for one in lists.survey.rows),
        "mismatches": (
            *(integrity_row(one, now) for one in lists.integrity),
            *(mismatch_row(one, now) for one in lists.mismatches[:MISMATCHES]),
        ),
    }
    counts = {
        "overdue": sum(len(one.cases) for one in lists.overdue),
        "unclaimed": lists.unclaimed_count,
        "stalled": sum(one.cases for one in lists.stalled),
        "survey": lists.survey.size,
        "mismatches": len(lists.integrity) + len(lists.mismatches),
    }
    feet = {name: _foot(name, lists, counts[name] - len(rows[name])) for name in PANELS}
    oldest = {
        "overdue": [one.late_since for one in lists.overdue],
        "unclaimed": [one.waits_since for one in lists.unclaimed],
        "stalled": [one.oldest_due_at for one in lists.stalled],
        "mismatches": [
            *(one.opened_at for one in lists.integrity),
            *(one.said_at for one in lists.mismatches),
        ],
    }
    return tuple(
        Panel(
            name=name,
            title=title,
            tab=tab,
            rows=rows[name],
            count=counts[name],
            empty=empty,
            oldest=f"已打 {lists.survey.done} 个"
            if name == "survey"
            else _oldest(oldest.get(name, []), now),
            footer=feet[name][0],
            more=feet[name][1],
            is_loud=name in ("overdue", "unclaimed", "mismatches"),
        )
        for name, (title, tab, empty) in PANELS.items()
    )


def _foot(name: str, lists: CountyLists, left: int) -> tuple[str, Button | None]:
    """What stands under a list, and where that leads."""
    if name == "survey":
        return _drawn(lists), Button("看明细", DESK.url("survey"), "link")
    if name == "unclaimed" and left:
        return f"还有 {left} 条。", Button("看全部", _cases(list=name), "link")
    if name == "mismatches" and left:
        return f"还有 {left} 条，办掉前面的就出来。", None
    return FOOTERS.get(name, ""), None


def _drawn(lists: CountyLists) -> str:
    """Where the list comes from, so that anybody can redo it."""
    if not lists.survey.seed:
        return "每天值守开始时系统自己抽。"
    return f"按银行、按结果分层随机抽，种子号 {lists.survey.seed} 可查。"


def _oldest(times: Sequence[datetime], now: datetime) -> str:
    return f"最久：{waited(min(times), now)}" if times else ""


def _call(bank: OverdueBank, people: People, now: datetime, *, is_in_hand: bool) -> CallRow:
    first = bank.cases[0]
    officers = people.officers.get(bank.bank_ref, [])
    log = DESK.url("log", first.supervision_ref)
    return CallRow(
        key=f"b{bank.bank_ref}",
        bank=bank.bank_name,
        count=len(bank.cases),
        late=f"超 {in_short(bank.late_since, now)}",
        since=bank.late_since.isoformat(),
        on_duty="、".join(one.name_masked for one in officers[:2]) or "没有人值班",
        nth=f"今天第 {bank.nth_today} 次",
        facts=tuple(fact for fact in _case_facts(first, now) if fact),
        case_refs=tuple((one.demand_ref, DESK.case(one.demand_ref)) for one in bank.cases[:6]),
        dial_duty=f"{log}?to=officer",
        dial_head=f"{log}?to=head",
        log=log,
        open=DESK.case(first.demand_ref),
        script={
            "ref": first.demand_ref,
            "began": "客户点名找的"
            if first.is_directed
            else f"{minute_text(first.claimed_at)} 接的单",
            "minutes": int((now - first.claimed_at).total_seconds() // 60),
            "by": minute_text(now + PROMISE),
        },
        is_in_hand=is_in_hand,
    )


def _case_facts(one: OverdueCase, now: datetime) -> tuple[str, ...]:
    began = "点名找的" if one.is_directed else f"{minute_text(one.claimed_at)} 接的单"
    return (
        began,
        f"拨过 {one.attempts} 次没接上" if one.attempts else "没拨过",
        f"已催 {one.phoned} 次" if one.phoned else "",
        f"答应 {at_words(one.promised_at, now)} 前改" if one.promised_at else "",
        f"银行回话：{one.answer}" if one.answer else "",
    )


def _unclaimed(one: UnclaimedCase, bank: BankCard | None, now: datetime) -> Row:
    push = Button("推给责任银行", DESK.url("push", one.demand_ref), "post")
    hand = Button("交镇里", DESK.url("hand", one.demand_ref, one.follow_up_ref), "post")
    look = Button("打给群众", DESK.url("phone", one.demand_ref), "look")
    refused = f"{one.refusals} 家没办成 · " if one.refusals else ""
    return Row(
        key=f"u{one.follow_up_ref}",
        when=in_short(one.waits_since, now),
        small="0 家接",
        tone="late",
        code=one.demand_ref,
        title=purpose_words(one.purpose, one.amount_fen),
        facts=f"{one.township}{one.village} · {refused}责任银行：{bank.name if bank else '还没定'}",
        address=DESK.case(one.demand_ref),
        main=push if bank else hand,
        others=(look, hand) if bank else (look,),
    )


def _stalled(one: StalledBank, now: datetime) -> Row:
    parts = [f"{words} {n}" for name, words in STALLED if (n := getattr(one, name))]
    return Row(
        key=f"s{one.bank_ref}",
        when=f"{one.cases} 笔",
        small=f"超 {in_short(one.oldest_due_at, now)}",
        tone="late",
        code=one.bank_name,
        title="",
        facts=" · ".join(parts),
        address=_cases(bank=one.bank_ref, late="any"),
        main=Button("发督办单", DESK.url("order-issue", one.bank_ref)),
        others=(
            Button("看明细", _cases(bank=one.bank_ref, late="any"), "link"),
            Button("督导记录", f"{DESK.url('supervision')}?bank={one.bank_ref}", "link"),
        ),
    )
