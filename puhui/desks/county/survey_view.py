"""The calls in words: rows of the list, scores with their number, the draw as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from puhui.desks.county.chrome import DESK
from puhui.desks.shared.rows import Button, Row
from puhui.desks.shared.watching.words import at_words, in_short
from puhui.market.queries import BankSatisfaction, IntegrityView, Redrawn
from puhui.market.queries.surveys import SurveyRow, SurveyToday
from puhui.market.terms import SMALLEST_GROUP, Outcome, ReportSource

TOO_FEW = f"不足 {SMALLEST_GROUP} 份"
STATES = {
    "listed": "还没打",
    "done": "打完了",
    "missed": "三次没接，换人了",
    "declined": "不愿说，换人了",
    "lapsed": "当天没打",
    "": "没轮到",
}


def subject(one: SurveyRow) -> str:
    """5/10 112287 · 没办成 · 驿通储蓄银行"""
    bank = f" · {one.bank_name}" if one.bank_name else ""
    return f"{one.demand_ref} · {Outcome(one.outcome).label}{bank}"


def survey_row(one: SurveyRow, today: SurveyToday, now: datetime) -> Row:
    """1/10 {编号} 没办成 {银行} ▸ [拨号][没接·换一个][记分]"""
    is_done = one.state == "done"
    return Row(
        key=f"s{one.ref}",
        when=f"{one.slot}/{today.size}" if one.slot else "回了3",
        small=one.demand_ref,
        tone="" if one.slot else "late",
        code=Outcome(one.outcome).label,
        title=one.bank_name or "—",
        facts=_facts(one, now),
        address=DESK.case(one.demand_ref),
        main=None if is_done else Button("拨号", DESK.url("survey-call", one.ref), "look"),
        others=() if is_done else _buttons(one),
    )


def _buttons(one: SurveyRow) -> tuple[Button, ...]:
    """Whoever was just called and did not answer is not missed again at once."""
    scored = Button("记分", DESK.url("survey-answers", one.ref))
    if one.again_at:
        return (scored,)
    missed = Button("没接 · 换一个", DESK.url("survey-miss", one.ref), "post", key="aside")
    return (missed, scored)


def _facts(one: SurveyRow, now: datetime) -> str:
    if one.state == "done" and one.money_taken:
        return "打完了 · 说有人收钱，单独立件"
    if one.state == "done":
        return f"打完了 · 态度 {one.attitude} · 整个事 {one.overall}"
    apart = "" if one.slot else "群众短信回“不好”，不算进抽样 · "
    if one.attempts and one.last_attempt_at:
        again = f"，{at_words(one.again_at, now)} 以后再打" if one.again_at else ""
        tried = f"打过 {one.attempts} 次没接，上次 {at_words(one.last_attempt_at, now)}{again}"
        return f"{apart}{tried}"
    return f"{apart}还没打"


def integrity_row(one: IntegrityView, now: datetime) -> Row:
    """Money taken, or a name used by somebody else: on top of the list in red."""
    source = ReportSource(one.source).label
    is_not_me = one.source == ReportSource.NOT_ME
    said = f"又说了 {len(one.steps) - 1} 次" if len(one.steps) > 1 else ""
    day = "下个工作日" if is_not_me else "当天"
    due = f"{day}办" if one.due_at >= now else f"过了{day} {in_short(one.due_at, now)}"
    facts = (
        f"{at_words(one.opened_at, now)} 立件，{due}",
        f"负责 {one.owner_masked}" if one.owner_masked else "还没有人负责",
        one.demand_ref,
        said,
    )
    address = DESK.url("integrity-case", one.ref)
    return Row(
        key=f"i{one.ref}",
        when="冒用" if is_not_me else "收钱",
        small=f"件 {one.ref}",
        tone="late",
        is_pinned=True,
        code="名字被冒用" if is_not_me else "有人收钱",
        title=source if is_not_me else f"{one.bank_name or '没说哪家'} · {source}",
        facts=" · ".join(fact for fact in facts if fact),
        address=address,
        main=Button("转纪检监察/公安", DESK.url("integrity-hand", one.ref), style="urge"),
        others=(Button("看件", address, "link"),),
    )


def tenths(value: int | None) -> str:
    return f"{value // 10}.{value % 10}" if value is not None else TOO_FEW


def score_rows(rows: Sequence[BankSatisfaction]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.bank_name,
            "n": one.n,
            "attitude": tenths(one.attitude_tenths),
            "overall": tenths(one.overall_tenths),
            "own_n": one.own_n,
            "own": tenths(one.own_tenths),
        }
        for one in rows
    ]


def draw_rows(found: Redrawn, names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "ref": ref,
            "address": DESK.case(ref),
            "outcome": Outcome(outcome).label,
            "bank": names.get(bank, "—"),
            "state": STATES[state],
            "is_first": place <= found.size,
        }
        for place, outcome, bank, ref, state in found.rows
    ]
