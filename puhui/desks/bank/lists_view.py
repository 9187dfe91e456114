"""From the five lists to rows: the clock, who and what, one main button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.urls import reverse

from puhui.catalogue.terms import ProductCard
from puhui.desks.bank.call_card import CallCard, call_card
from puhui.desks.bank.case_words import (
    CALL_WISHES,
    ago_words,
    case_address,
    day_words,
    how_much,
    iso,
    place,
    step,
    tone_of,
    what,
)
from puhui.desks.bank.owed_rows import answer_row, return_row, visit_row
from puhui.desks.bank.shapes import CallRow, Desk
from puhui.desks.shared.rows import Button, OwnRow, Panel, Row
from puhui.kernel.clock import (
    countdown_text,
    day_text,
    duration_text,
    local_date,
    minute_text,
    moment_text,
    time_text,
)
from puhui.kernel.money import wan_text
from puhui.market.queries import BankLists, ListedCase, OpenDemand
from puhui.market.terms import DemandCard, Purpose, Security, Term
from puhui.parties.queries import Turn

COUNTED_DOWN = timedelta(minutes=60)
FIVE_MINUTES = timedelta(minutes=5)

PANELS = {
    "calls": ("现在就打", "现在就打", "现在没有要打的电话。"),
    "open": ("可以接的单", "可以接", ""),
    "visits": ("三天内要去看", "要去看", "没有要跑的户。"),
    "answers": ("该给客户回话", "该回话", "没有欠客户的话。"),
    "returns": ("该回填、快超期", "该回填", "没有欠的账。"),
}
FOOTERS = {"returns": "满 15 个工作日记“长期未办结”，有抵押的 30 个。"}


Fitting = Callable[[str], ProductCard | None]
"""The bank's own product for a purpose."""


def desk(lists: BankLists, fitting: Fitting, officer_ref: str) -> Desk:
    """All that the page shows, as words; `fitting` is asked where there is somebody to call."""
    now = lists.now
    rows: dict[str, tuple[Row | OwnRow, ...]] = {
        "calls": call_rows(lists, fitting, officer_ref),
        "open": tuple(open_row(one, now) for one in lists.open),
        "visits": tuple(visit_row(one, now) for one in lists.visits),
        "answers": tuple(answer_row(one, now) for one in lists.answers),
        "returns": tuple(return_row(one, now) for one in lists.returns),
    }
    return Desk(
        panels=tuple(_panel(name, rows[name], lists) for name in PANELS),
        bank=lists.bank_name,
        on_duty=duty_words(lists.turns, now),
        day=day_text(local_date(now)),
        time=time_text(now),
        on_time=f"{lists.on_time}/{lists.first_calls}",
        confirmed=lists.confirmed,
        live=lists.live,
    )


def _panel(name: str, rows: tuple[Row | OwnRow, ...], lists: BankLists) -> Panel:
    title, tab, empty = PANELS[name]
    count = lists.counts.get(name, 0)
    if name == "open":
        empty = f"没有新需求。昨天这个时候来了 {lists.yesterday} 笔。"
    footer, more = _foot(name, count - len(rows), lists)
    return Panel(
        name=name,
        title=title,
        tab=tab,
        rows=rows,
        count=count,
        empty=empty,
        oldest=oldest(name, lists),
        footer=footer,
        more=more,
        is_loud=name in ("calls", "open"),
    )


def _foot(name: str, left: int, lists: BankLists) -> tuple[str, Button | None]:
    """What stands under a list, and where that leads."""
    if left > 0:
        more = Button("看全部单子", reverse("bank-table"), "link")
        return f"还有 {left} 条，办完上面的就轮到。", more
    if name == "open" and lists.aside:
        more = Button(f"不感兴趣的 {lists.aside} 笔", reverse("bank-asides"))
        return "收起来了，随时放回来：", more
    return FOOTERS.get(name, ""), None


def oldest(name: str, lists: BankLists) -> str:
    """How long the oldest of a list has waited, or what falls due first."""
    now = lists.now
    if name == "open":
        ages = [one.card.seconds_since_publication for one in lists.open]
        return f"最久：{duration_text(timedelta(seconds=max(ages)))}" if ages else ""
    cases: tuple[ListedCase, ...] = getattr(lists, name)
    if name == "calls":
        starts = [one.demand_clock_start_at for one in cases]
        waits = [now - at for at in starts if at <= now]
        return f"最久：等了 {duration_text(max(waits))}" if waits else ""
    dues = [one.due_at for one in cases if one.due_at]
    if not dues:
        return ""
    first = min(dues)
    return f"最早：{day_words(first, now)}" if first >= now else f"最久：{day_words(first, now)}"


def duty_words(turns: Sequence[Turn], now: datetime) -> str:
    """今天值班：周* 13:30–21:30"""
    here = [one for one in turns if one.starts_at <= now < one.ends_at]
    words = []
    for one in here[:3]:
        hours = f"{minute_text(one.starts_at)}–{minute_text(one.ends_at)}"
        same_day = local_date(one.starts_at) == local_date(one.ends_at) == local_date(now)
        words.append(f"{one.name_masked} {hours}" if same_day else one.name_masked)
    return f"今天值班：{'、'.join(words)}" if words else "现在没有人值班，请在值班表里排上"


# -- rows ---------------------------------------------------------------------------------------


def call_rows(lists: BankLists, fitting: Fitting, officer_ref: str) -> tuple[Row | OwnRow, ...]:
    """Rows by what is most late; the first that can still be in time stands open as a card."""
    cases, now = lists.calls, lists.now
    in_hand = next((one for one in cases if one.due_at and one.due_at >= now), None)
    in_hand = in_hand or (cases[0] if cases else None)
    return tuple(
        _in_hand(one, call_card(one, lists.bank_name, officer_ref, fitting(one.purpose)), now)
        if one is in_hand
        else call_row(one, now)
        for one in cases
    )


def call_row(one: ListedCase, now: datetime) -> Row:
    due, when, small = _call_when(one, now)
    style = "urge" if due and due < now else ""
    return Row(
        key=one.ref,
        when=when,
        small=small,
        tone=tone_of(due, now),
        code=one.contact_code,
        title=f"{one.name_masked} · {what(one)}",
        facts=_answer_by(one) or f"{how_much(one)} · {place(one)}",
        address=case_address(one.ref),
        main=Button("拨号", step("dial", one.ref), "look", style),
        others=call_buttons(one)[:1] if one.supervision else (),
        is_urgent=one.supervision is not None,
        due=iso(due) if due and abs(due - now) < COUNTED_DOWN else "",
    )


def _answer_by(one: ListedCase) -> str:
    if one.supervision is None:
        return ""
    return f"{wan_text(one.amount_fen)} · {minute_text(one.supervision.answer_due_at)} 前写原因"


def _call_when(one: ListedCase, now: datetime) -> tuple[datetime | None, str, str]:
    """Which clock counts, its text, and what stands under it."""
    if one.state != "claimed":
        return None, "再打", "群众说没接到"
    if one.first_attempt_at is None:
        due = one.due_at or one.clock_start_at + FIVE_MINUTES
        if due - now > COUNTED_DOWN:
            return due, moment_text(one.clock_start_at, now=now), "起再打"
        small = "县里已督导" if one.supervision else ("点名找我们" if one.is_directed else "")
        return due, countdown_text(due - now), small
    if one.has_open_call:
        return None, "等登记", "拨过了，打通没有？"
    again = one.call_again_at or one.due_at
    small = f"打过 {one.attempts} 次，再打"
    if one.supervision:
        small = f"{small} · 县里已督导"
    return None, moment_text(again, now=now) if again else "再打", small


def call_buttons(one: ListedCase) -> tuple[Button, ...]:
    """What can be said of a call; a supervision first wants its reason."""
    buttons = (
        Button("打通了", step("result", one.ref, "?result=connected")),
        Button("没人接", step("result", one.ref, "?result=no_answer")),
        Button("改时间", step("again", one.ref)),
        Button("不合适", step("refuse", one.ref)),
    )
    if one.supervision is None:
        return buttons
    return (Button("写原因", step("answer-supervision", one.supervision.ref)), *buttons)


def _in_hand(one: ListedCase, card: CallCard, now: datetime) -> CallRow:
    applicant_due = one.applicant_due_at or one.demand_clock_start_at + FIVE_MINUTES
    due, when, small = _call_when(one, now)
    began = min(one.clock_start_at, one.demand_clock_start_at)
    return CallRow(
        key=one.ref,
        address=case_address(one.ref),
        deadline=f"还剩 · {time_text(due)} 前要打" if due and due >= now else (small or "已经晚了"),
        left=when,
        tone=tone_of(due, now),
        due=iso(due) if due and abs(due - now) < COUNTED_DOWN else "",
        began=iso(began),
        until=iso(due),
        used=f"已用 {duration_text(max(now - began, timedelta(0)))}",
        bank_clock=f"本行的表 {time_text(one.clock_start_at)} 起",
        bank_due=iso(one.bank_due_at or one.clock_start_at + FIVE_MINUTES),
        applicant_clock=f"群众的表 {time_text(one.demand_clock_start_at)} 起",
        applicant_due=iso(applicant_due),
        who=f"{one.name_masked} · {place(one)} · {what(one)} {how_much(one)}",
        card=card,
        main=Button("登记这一通的结果", step("result", one.ref))
        if one.has_open_call
        else Button("一键拨号", step("dial", one.ref), "look"),
        buttons=call_buttons(one),
    )


def open_row(one: OpenDemand, now: datetime) -> Row:
    """Before a claim: exactly the card's fields (contract.md)."""
    card, due = one.card, one.due_at
    age = timedelta(seconds=card.seconds_since_publication)
    is_counted = due is not None and -FIVE_MINUTES < due - now < COUNTED_DOWN
    claim = Button("接单", step("claim", card.ref), "post", key="claim")
    scale = f"·{card.scale}" if card.scale else ""
    return Row(
        key=card.ref,
        when=countdown_text(due - now) if due and is_counted else ago_words(age),
        small=ago_words(age) if is_counted else "",
        tone=tone_of(due, now) if is_counted else "",
        code=f"{Purpose(card.purpose).label}{scale}",
        title=f"{wan_text(card.amount_fen)} · {Term(card.term).label}",
        facts=" · ".join(part for part in open_facts(one) if part),
        address="",
        main=claim,
        others=(
            Button("换人接", step("claim", card.ref)),
            Button("不感兴趣", step("aside", card.ref), "post", key="aside"),
        ),
        due=iso(due) if is_counted else "",
    )


def aside_row(card: DemandCard) -> Row:
    """A demand that the reader has put out of sight, and the way back."""
    age = timedelta(seconds=card.seconds_since_publication)
    back = Button("放回来", step("back", card.ref), "post")
    scale = f"·{card.scale}" if card.scale else ""
    return Row(
        key=card.ref,
        when=ago_words(age),
        small="",
        tone="",
        code=f"{Purpose(card.purpose).label}{scale}",
        title=f"{wan_text(card.amount_fen)} · {Term(card.term).label}",
        facts=" · ".join((card.township, f"名额剩 {card.slots_left}")),
        address="",
        main=back,
    )


def open_facts(one: OpenDemand) -> tuple[str, ...]:
    card = one.card
    pledges = "、".join(Security(code).label for code in card.securities)
    return (
        card.township,
        f"名额剩 {card.slots_left}",
        "无抵押" if card.securities == ("none",) else pledges,
        f"{card.age_band} 岁" if card.age_band else "",
        "首次" if card.is_first_loan else "",
        CALL_WISHES.get(card.call_window, ""),
    )
