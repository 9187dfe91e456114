"""The page where it is read once more: in big type to the person, or aloud by the operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from puhui.kernel.money import rmb_capitals, wan_text
from puhui.market.terms import PhoneOf, Purpose, Relation, RepaymentWish, Security, Term
from puhui.parties.terms import BankCard, DivisionCard

CALLS = {
    "now": "现在就行",
    "noon": "中午 12 点到 1 点半",
    "evening": "傍晚 6 点到晚上 9 点半",
    "tomorrow_morning": "明天上午",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be read: a short label and the answer, the answer's small print."""

    label: str
    words: str
    note: str = ""


def person_lines(typed: Mapping[str, Any], villages: tuple[DivisionCard, ...]) -> list[Line]:
    """Who it is and which phone answers."""
    village = next((one.short_name for one in villages if one.code == typed["village"]), "")
    number = typed["identity_number"].strip().upper()
    return [
        Line("姓名", typed["name"]),
        Line("身份证", f"{number[:6]} {number[6:14]} {number[14:]}"),
        Line("村", village),
        Line("手机", typed["phone"], phone_words(typed["phone_of"], typed["relation"])),
    ]


def phone_words(phone_of: str, relation: str) -> str:
    """他自己的, 家里人的（儿女）, 村委的"""
    words = str(PhoneOf(phone_of).label)
    if phone_of != PhoneOf.FAMILY or relation not in Relation.values:
        return words
    return f"{words}（{Relation(relation).label}）"


def request_lines(typed: Mapping[str, Any], banks: tuple[BankCard, ...]) -> list[Line]:
    """What is asked for, and who will see it."""
    purpose = str(Purpose(typed["purpose"]).label)
    if typed["purpose"] == Purpose.OTHER and typed["purpose_words"]:
        purpose = typed["purpose_words"]
    bank = next((one.name for one in banks if one.ref == typed["directed_bank"]), "")
    pledged = "、".join(str(Security(one).label) for one in typed["securities"])
    return [
        Line("想用", f"{wan_text(typed['amount'])}元", rmb_capitals(typed["amount"])),
        Line("干什么", purpose, typed["story"]),
        Line("用多久", str(Term(typed["term"]).label)),
        Line("怎么还", str(RepaymentWish(typed["repayment_wish"]).label)),
        Line("作保", pledged or "没写"),
        Line("接电话", CALLS.get(typed["call_wish"], "")),
        Line("给谁看", f"只给{bank}" if bank else "各家银行都能看到，最多三家给您打电话"),
    ]


def read_aloud(typed: Mapping[str, Any]) -> str:
    """What the operator reads to the caller (content.md §1.11, hotline)."""
    purpose = str(Purpose(typed["purpose"]).label)
    return (
        f"我替您填，念一遍您听听：您是{typed['name']}，想用 {wan_text(typed['amount'])}元，"
        f"{purpose}，用{Term(typed['term']).label}，{RepaymentWish(typed['repayment_wish']).label}。"
        "对吗？我这就发一个短信到您这个号，您回 1 就发出去。"
    )
