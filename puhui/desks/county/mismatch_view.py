"""Where two sides do not agree, as rows: what each says, what was asked, who is asked next."""

from __future__ import annotations

from datetime import datetime

from puhui.desks.county.chrome import DESK
from puhui.desks.shared.rows import Button, Row
from puhui.desks.shared.watching.words import at_words, in_short
from puhui.market.queries.mismatches import Mismatch
from puhui.market.terms import MismatchKind

SAYS = {
    MismatchKind.CALLBACK: "银行登记打通，群众回没打",
    MismatchKind.VISIT: "银行登记上过门，群众回没来",
    MismatchKind.MONEY: "银行登记放了款，群众回钱没到",
    MismatchKind.NO_RETURN: "群众说钱到了，银行还没回填",
    MismatchKind.SHORT_CALL: "登记打通，通话太短",
    MismatchKind.NO_REASON: "没办成，银行没有说明原因",
    MismatchKind.SHARED_PHONE: "30 天里用同一个手机提需求",
    MismatchKind.SHEET: "银行按月交的表和平台不一样",
}
BY_TEXT = (
    MismatchKind.CALLBACK,
    MismatchKind.VISIT,
    MismatchKind.MONEY,
    MismatchKind.SHORT_CALL,
)
NOT_SAID = (
    MismatchKind.SHORT_CALL,
    MismatchKind.SHARED_PHONE,
    MismatchKind.NO_REASON,
    MismatchKind.SHEET,
)
WHO = {"applicant": "再问过群众", "bank": "问过银行"}


def mismatch_row(one: Mismatch, now: datetime) -> Row:
    """{编号} 驿通储蓄银行登记 9:03 打通，群众 9:20 回 2（没打） ▸ [再问群众][问银行][定性]"""
    kind = MismatchKind(one.kind)
    buttons = _buttons(one, kind)
    return Row(
        key=f"m{kind}{one.engagement_ref or one.demand_ref}",
        when=in_short(one.said_at, now),
        small=one.demand_ref,
        tone="",
        code=one.bank_name,
        title=kind.label,
        facts=" · ".join(_facts(one, kind, now)),
        address=DESK.case(one.demand_ref),
        main=buttons[0],
        others=buttons[1:],
    )


def _facts(one: Mismatch, kind: MismatchKind, now: datetime) -> list[str]:
    is_said = kind not in NOT_SAID
    facts = (
        f"{one.count} 个人{SAYS[kind]}" if kind is MismatchKind.SHARED_PHONE else SAYS[kind],
        f"{one.seconds} 秒" if one.seconds is not None else "",
        f"银行登记 {at_words(one.recorded_at, now)}" if one.recorded_at else "",
        f"群众 {at_words(one.said_at, now)} 说的" if is_said else "",
        *(f"{WHO[who]} {at_words(at, now)}" for who, at in one.asked[-2:]),
    )
    return [fact for fact in facts if fact]


def _buttons(one: Mismatch, kind: MismatchKind) -> tuple[Button, ...]:
    """Ask the applicant, ask the bank, rule; once asked, ruling comes first."""
    phone = Button("打给群众", DESK.url("phone", one.demand_ref), "look")
    rule = Button("定性", DESK.url("settle", one.demand_ref, kind))
    if not one.engagement_ref:
        return (phone, rule)
    named = (one.demand_ref, kind, one.engagement_ref)
    again = Button("再问群众", DESK.url("ask", *named), "post")
    bank = Button("问银行", DESK.url("ask-bank", *named), "post")
    asks = (again, bank, phone) if kind in BY_TEXT else (bank, phone)
    return (rule, *asks) if one.asked else (asks[0], *asks[1:-1], rule, phone)
