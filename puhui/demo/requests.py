"""The demo's requests as they are shipped: who asks where for what, when, and what came of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from puhui.demo import tables
from puhui.market.terms import ProposalForm

WAN = 1_000_000


@dataclass(frozen=True, slots=True)
class Course:
    """How far one bank goes: the last step made, and what it proposes."""

    bank: str
    until: str
    rate_ppm: int = 45_000
    months: int = 12
    method: str = "interest_with_principal"
    amount_wan: str = ""
    security: str = "夫妻两人签字"
    fee: tuple[str, int] | None = None
    grace_months: int | None = None
    refusal: str = ""
    words: str = ""
    offer_wan: str = ""
    answer: str = "yes"
    """What the applicant says when asked whether the bank called; empty: nothing yet."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `days` ago at a time of day, or so many minutes ago; money in 万元."""

    number: int
    township: str
    story: str
    wan: str
    purpose: str
    term: str
    wish: str
    courses: tuple[Course, ...] = ()
    scale: int | None = None
    unit: str = ""
    securities: tuple[str, ...] = ("none",)
    call: str = "now"
    bank: str = ""
    product: str = ""
    days: int = 0
    at: str = "09:20"
    minutes: int = 0
    person: str = ""
    firm: str = ""
    """Which of the demo's enterprises asks; empty: a person."""
    withdrawn: str = ""
    other_words: str = ""


def shipped() -> list[Request]:
    """All requests, the oldest publication first."""
    rows = tomllib.loads(tables.content("requests.toml").decode("utf-8"))["request"]
    return sorted(map(_request, rows), key=lambda one: (-one.days, -one.minutes, one.number))


def _request(row: dict[str, Any]) -> Request:
    courses = tuple(_course(one) for one in row.pop("courses", ()))
    if "securities" in row:
        row["securities"] = tuple(row["securities"])
    return Request(**row, courses=courses)


def _course(row: dict[str, Any]) -> Course:
    if "fee" in row:
        name, amount_fen = row["fee"]
        row["fee"] = (str(name), int(amount_fen))
    return Course(**row)


def fen(wan: str) -> int:
    """万元 as fen: "0.8" is 800,000."""
    whole, _, part = wan.partition(".")
    return int(whole) * WAN + int((part + "000000")[:6])


def proposal(course: Course, wan: str, *, is_offer: bool) -> ProposalForm:
    """What a course's bank proposes."""
    amount = (course.offer_wan if is_offer else "") or course.amount_wan or wan
    changed = is_offer and course.offer_wan not in ("", course.amount_wan or wan)
    return ProposalForm(
        amount_fen=fen(amount),
        rate_ppm=course.rate_ppm,
        months=course.months,
        method=course.method,
        grace_months=course.grace_months,
        security_words=course.security,
        trips_words="银行来家 1 趟，去网点 1 趟",
        fees=(course.fee,) if course.fee else (),
        answer_working_days=3,
        prepayment_words="可以提前还，不收钱",
        change_reason="上门看过，按现在的规模先用这么多。" if changed else "",
    )
