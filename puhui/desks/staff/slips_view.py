"""What the pages about paper show: what waits, what one entered, the facts to be compared."""

from __future__ import annotations

from datetime import datetime

from puhui.desks.shared.helping.check import phone_words
from puhui.kernel.actor import Role
from puhui.kernel.clock import moment_text
from puhui.kernel.money import rmb_capitals, wan_text
from puhui.market.queries.helping import HelperDesk, HelpRow, SlipRow, SlipSheet
from puhui.market.terms import HelpChannel, HelpState, Purpose, Term
from puhui.parties.queries.registering import UnfreezeRow

HOMES = {
    Role.LOAN_OFFICER: "/bank/",
    Role.BANK_ADMIN: "/bank/",
    Role.TOWNSHIP_ADMIN: "/township/",
    Role.COUNTY_SUPERVISOR: "/county/",
    Role.COUNTY_ADMIN: "/county/",
    Role.AUDITOR: "/county/",
    Role.VILLAGE_COMMISSIONER: "/village/",
}


def to_check(one: SlipRow, now: datetime) -> dict[str, object]:
    """A slip that waits for a second person."""
    return {
        "one": one,
        "at": moment_text(one.asked_at, now=now),
        "is_late": one.due_at is not None and one.due_at < now,
    }


def mine(desk: HelperDesk, now: datetime) -> list[dict[str, object]]:
    """What the reader entered: only what became of the confirmation."""
    return [_line(one, now) for one in (*desk.waiting, *desk.settled)]


def lately(rows: tuple[HelpRow, ...], now: datetime) -> list[dict[str, object]]:
    return [_line(one, now) for one in rows]


def _line(one: HelpRow, now: datetime) -> dict[str, object]:
    state = HelpState(one.state)
    return {
        "one": one,
        "at": moment_text(one.asked_at, now=now),
        "channel": HelpChannel(one.channel).label,
        "state": state.label,
        "is_bad": state == HelpState.REFUSED,
        "is_open": one.settled_at is None,
    }


def frozen(rows: list[UnfreezeRow], now: datetime) -> list[tuple[UnfreezeRow, str]]:
    return [(one, moment_text(one.asked_at, now=now)) for one in rows]


def facts(found: SlipSheet) -> list[tuple[str, str]]:
    """What was entered, line by line, to be compared with the paper."""
    row = found.row
    return [
        ("姓名", found.person_masked),
        ("身份证后四位", found.identity_tail),
        ("电话后四位", f"{found.phone_tail}（{phone_words(found.phone_of, found.relation)}）"),
        ("村", row.village),
        ("想用", f"{wan_text(found.amount_fen)}元（{rmb_capitals(found.amount_fen)}）"),
        ("干什么", str(Purpose(found.purpose).label)),
        ("用多久", str(Term(found.term).label)),
        ("给谁看", f"只找{found.bank}" if found.bank else "让大家都看到"),
        ("纸单在", row.holder),
        ("录的人", f"{row.helper_masked}（工号 {row.helper_ref}）"),
        ("他的电话", row.helper_phone),
    ]
