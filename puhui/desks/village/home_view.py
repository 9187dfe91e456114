"""What the specialist's home shows of each piece of help."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from puhui.kernel.clock import moment_text
from puhui.market.queries.helping import HelpRow
from puhui.market.terms import HelpChannel, HelpKind, HelpState
from puhui.outreach.terms import Visit

SOON = timedelta(hours=3)
OUTCOMES = {
    HelpState.CONFIRMED: "本人回 1 确认了",
    HelpState.CHECKED: "核对过，发出去了",
    HelpState.REFUSED: "本人说不是他让办的，作废了",
    HelpState.LAPSED: "24 小时没回，作废了",
    HelpState.CANCELLED: "您取消了",
    HelpState.REJECTED: "核对没通过，作废了",
}
GOOD = (HelpState.CONFIRMED, HelpState.CHECKED)


@dataclass(frozen=True, slots=True)
class Card:
    """One piece of help as a line of the home."""

    ref: str
    person: str = field(repr=False)
    what: str
    words: str
    note: str
    is_soon: bool = False
    is_good: bool = False
    may_send: bool = False


def _what(one: HelpRow) -> str:
    if one.kind == HelpKind.REGISTRATION:
        return "登记"
    return f"纸单 {one.slip}" if one.channel == HelpChannel.PAPER else "提需求"


def waiting(one: HelpRow, now: datetime) -> Card:
    """Still open: how long it waits yet, and what can be done."""
    is_paper = one.state == HelpState.TO_CHECK
    words, is_soon = "等镇里或县里核对", False
    if not is_paper and one.due_at is not None:
        left = max(one.due_at - now, timedelta(0))
        words, is_soon = f"还剩 {_left(left)}", left < SOON
    sent = "，已补发" if one.sent_again_at else ""
    note = (
        f"{moment_text(one.asked_at, now=now)} 录的"
        if is_paper
        else (f"短信发到尾号 {one.phone_tail}{sent}")
    )
    may_send = not is_paper and one.sent_again_at is None
    return Card(
        one.ref, one.person_masked, _what(one), words, note, is_soon=is_soon, may_send=may_send
    )


def _left(left: timedelta) -> str:
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分"


def settled(one: HelpRow, now: datetime) -> Card:
    """Over: what the person said, and nothing that came after."""
    state = HelpState(one.state)
    at = moment_text(one.settled_at, now=now) if one.settled_at else ""
    return Card(one.ref, one.person_masked, _what(one), OUTCOMES[state], at, is_good=state in GOOD)


def visit(one: Visit, now: datetime) -> tuple[str, str]:
    """When who came to whom, in two lines."""
    came = f"来了 {one.people} 人" if one.people is not None else "来过"
    state = came if one.is_held else "约好要来" if one.starts_at > now else "该来了，还没登记"
    where = "、".join(one.villages) + (f" {one.place}" if one.place else "")
    return f"{one.organisation}：{one.title}", (
        f"{moment_text(one.starts_at, now=now)} · {where} · {state}"
    )
