"""What the four screens show: choices with the chosen one marked, the read-back, the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from puhui.desks.resident import screens
from puhui.desks.resident.words import call_wish_words, purpose_words, wish_words
from puhui.kernel.money import rmb_capitals, wan_text, yuan_text
from puhui.market.terms import (
    ALL_UNITS,
    TERM_MONTHS,
    UNITS,
    Purpose,
    Relation,
    RepaymentWish,
    Security,
    Term,
)
from puhui.parties.identifiers import IdentifierError, identity_number
from puhui.parties.subject_terms import Standing
from puhui.parties.terms import Applicant, mask_name

OLD_AT_THE_END = 65
AGE_NOTE = "可以提。有的银行要求到期时不超过 65 岁，可以让儿女一起签。"

CALL_TIMES = (
    ("now", "现在就行"),
    ("noon", "中午 12 点到 1 点半"),
    ("evening", "傍晚 6 点到晚上 9 点半"),
    ("tomorrow_morning", "明天上午"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    note: str = ""
    is_chosen: bool = False
    units: str = ""


def _choices(pairs: Iterable[tuple[str, str]], chosen: object) -> list[Choice]:
    picked = set(chosen) if isinstance(chosen, list | tuple) else {chosen}
    return [Choice(value, words, is_chosen=value in picked) for value, words in pairs]


def amount_choices(answers: Mapping[str, Any]) -> list[Choice]:
    chosen = "" if answers.get("own") else answers.get("amount", "")
    return _choices([(wan, f"{wan}万") for wan in screens.CHIPS_WAN], chosen)


def read_back(answers: Mapping[str, Any]) -> str:
    """壹拾万元整（100,000 元）, or nothing."""
    fen = screens.amount_fen(answers)
    if not 0 < fen < 10**15:
        return ""
    return f"{rmb_capitals(fen)}（{yuan_text(fen, drop_zero_fen=True)}）"


def purpose_choices(answers: Mapping[str, Any]) -> list[Choice]:
    found = []
    for one in Purpose:
        if one is Purpose.OTHER:
            continue
        note = "（盖房、上学、看病）" if one is Purpose.HOUSEHOLD else ""
        units = " ".join(UNITS.get(one, ALL_UNITS))
        chosen = answers.get("purpose") == one.value
        found.append(Choice(one.value, str(one.label), note, chosen, units))
    return found


def unit_choices(answers: Mapping[str, Any]) -> list[Choice]:
    return _choices([(unit, unit) for unit in ALL_UNITS], screens.unit_of(answers))


def term_choices(answers: Mapping[str, Any]) -> list[Choice]:
    return _choices(Term.choices, answers.get("term", ""))


def wish_choices(answers: Mapping[str, Any]) -> list[Choice]:
    return _choices(RepaymentWish.choices, answers.get("repayment_wish", ""))


def security_choices(answers: Mapping[str, Any]) -> list[Choice]:
    return _choices(Security.choices, answers.get("securities", []))


def call_time_choices(chosen: str) -> list[Choice]:
    return _choices(CALL_TIMES, chosen)


def relation_choices(answers: Mapping[str, Any]) -> list[Choice]:
    return _choices(Relation.choices, answers.get("relative_relation", ""))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page where everything is read once more."""

    label: str
    words: str
    note: str
    address: str
    is_strong: bool = False


def check_rows(answers: Mapping[str, Any], applicant: Applicant | None) -> list[Row]:
    """What will be sent, each line with the way to change it (content.md §1.4)."""
    form = screens.demand_form(answers)
    who, tail = _who(answers, applicant)
    relative = f"；也可以打给{mask_name(form.relative.name)}" if form.relative else ""
    return [
        Row(
            "想用",
            f"{wan_text(form.amount_fen)}元",
            rmb_capitals(form.amount_fen),
            "/ask/1#amount",
            is_strong=True,
        ),
        Row("干什么", purpose_words(form), "", "/ask/1#purpose"),
        Row("用多久", f"{Term(form.term).label}，{wish_words(form.repayment_wish)}", "", "/ask/2"),
        Row("作保", _securities(form.securities), "", "/ask/2#securities"),
        Row(
            "找您",
            f"{who} 尾号 {tail}，{call_wish_words(form.call_wish)}{relative}",
            "",
            "/ask/3",
        ),
    ]


def enterprise_row(one: Standing | None) -> list[Row]:
    """For which enterprise it is sent, first of all."""
    return [Row("替谁提", one.name, "", "/ask/3#enterprise", is_strong=True)] if one else []


def _who(answers: Mapping[str, Any], applicant: Applicant | None) -> tuple[str, str]:
    if applicant is not None:
        return applicant.name_masked, applicant.phone[-4:]
    return mask_name(str(answers.get("name", ""))), str(answers.get("phone", ""))[-4:]


def _securities(codes: Iterable[str]) -> str:
    return "、".join(str(Security(code).label) for code in codes) or "没写"


def age_note(answers: Mapping[str, Any], applicant: Applicant | None, on: date) -> str:
    """Said, never in the way: some banks ask for at most 65 at the end (content.md §1.5)."""
    born_on = applicant.born_on if applicant else _born_on(answers)
    term = answers.get("term", "")
    if born_on is None or term not in TERM_MONTHS:
        return ""
    end = on.year * 12 + on.month + TERM_MONTHS[Term(term)]
    is_old = end - (born_on.year * 12 + born_on.month) > OLD_AT_THE_END * 12
    return AGE_NOTE if is_old else ""


def _born_on(answers: Mapping[str, Any]) -> date | None:
    try:
        return identity_number(str(answers.get("identity_number", ""))).born_on
    except IdentifierError:
        return None
