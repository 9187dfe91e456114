"""What the pages of one's own requests show, beside the waiting sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from puhui.desks.resident.screens import chip_of
from puhui.desks.resident.waiting import waiting
from puhui.desks.resident.words import purpose_words, wish_words
from puhui.kernel.clock import day_text, local_date
from puhui.kernel.money import wan_text
from puhui.market.queries.views import DemandView, EngagementView
from puhui.market.terms import Purpose, Relative, Term

AGAIN_OF = "again_of"
"""The answer that says from which earlier demand the others were taken."""
GRADES = ((1, "不好"), (2, "一般"), (3, "好"))
LONGEST_WORDS = 200

STATE_WORDS = {
    "claimed": "接了，还没跟您通上话",
    "called_back": "通过话了，在算方案",
    "planned": "给了初步方案",
    "kept": "您留下了，等上门",
    "investigating": "约好上门",
    "investigated": "看过了，等准信",
    "offered": "给了准信",
    "accepted": "您选了，等签合同",
    "signed": "签了合同，等放款",
    "disbursed": "钱放了",
    "settled": "还清了",
    "refused": "这次没给您办",
    "not_selected": "您没留",
    "released": "不再办了",
    "cancelled": "已经停了",
    "lapsed": "准信过期了",
}


SAID = {
    "called-yes": "记下了：银行打过了。",
    "called-no": "记下了：还没打。我们会告诉银行。",
    "visited-yes": "记下了：人来过了。",
    "visited-no": "记下了：人没来。",
    "money-yes": "记下了：钱到了。",
    "money-no": "记下了：钱没到。谁要您先转钱，都是骗子，请打县热线。",
    "open_to_all-no": "记下了：再等等这一家。",
    "still_wanted-yes": "记下了：还办。银行会再给您打。",
    "pause-yes": "记下了：是在等您。备好了点“我准备好了”。",
    "pause-no": "记下了：不是在等您。县里照旧催着银行。",
    "ready-yes": "告诉银行了，接着办。",
    "taken-yes": "记下了，县里今天就查，会打电话问您。别再给谁钱。",
    "objected-yes": "记下了，银行的负责人会安排人再看一遍。",
    "talk-yes": "告诉银行了，等他们回话。",
    "reassign-yes": "记下了：换一家接着办。",
    "reassign-no": "记下了：不换，原来的银行接着办。",
    "family-yes": "告诉银行了，改打您家里人的电话。来电照样先报对接号。",
    "help-yes": "已经告诉镇里，会有人给您打电话。",
    "no-call-yes": "记下了：不用给您打电话。别的银行还能接您的需求。",
    "rated-yes": "谢谢您，记下了。",
}
"""What the page says right after an answer was given."""


@dataclass(frozen=True, slots=True)
class Line:
    """One request in the list."""

    ref: str
    asked: str
    on: str
    big: str
    is_over: bool
    for_whom: str = ""
    """The enterprise that it is for; empty for oneself."""


def line(demand: DemandView) -> Line:
    found = waiting(demand)
    return Line(
        demand.ref,
        asked(demand),
        day_text(local_date(demand.created_at)),
        found.before.rstrip("，。") + "。" if found.until else found.before,
        found.code.startswith("E"),
        demand.enterprise_name,
    )


def time_left(until: datetime | None, now: datetime) -> tuple[int, str]:
    """Minutes, and seconds in two places, never below nothing."""
    seconds = max(0, int((until - now).total_seconds())) if until else 0
    return seconds // 60, f"{seconds % 60:02d}"


def may_withdraw(demand: DemandView) -> bool:
    """Until a contract is signed."""
    is_signed = any(one.state in ("signed", "disbursed", "settled") for one in demand.engagements)
    return demand.state in ("published", "in_progress") and not is_signed


def asked(demand: DemandView) -> str:
    """想用 10 万元，养殖"""
    return f"想用 {wan_text(demand.amount_fen)}元，{Purpose(demand.purpose).label}"


@dataclass(frozen=True, slots=True)
class BankLine:
    """One bank that works the request, or did."""

    ref: str
    name: str
    words: str
    address: str
    officer: str
    ask: str = ""
    """Where one may ask this bank something; the words say whether an answer is there."""
    ask_words: str = ""
    photos: str = ""
    """Where the pictures of the visit are, once somebody has come."""


def bank_lines(demand: DemandView) -> list[BankLine]:
    """Every bank of the request with where it stands; a refusal leads to its reason."""
    return [_bank_line(demand, one) for one in demand.engagements]


def _bank_line(demand: DemandView, one: EngagementView) -> BankLine:
    addresses = {
        "refused": f"/my/{demand.ref}/refused/{one.ref}",
        "planned": f"/my/{demand.ref}/plans",
        "offered": f"/my/{demand.ref}/offers",
        "accepted": f"/my/{demand.ref}/offers",
    }
    officer = f"客户经理{one.officer_masked}（工号 {one.officer_ref}）" if one.officer_ref else ""
    is_over = one.ended_at is not None
    return BankLine(
        one.ref,
        one.bank_name,
        _state_words(demand, one),
        addresses.get(one.state, ""),
        "" if is_over else officer,
        *_ask(demand, one),
        photos=f"/my/{demand.ref}/photos/{one.ref}" if one.arrived_at else "",
    )


def _state_words(demand: DemandView, one: EngagementView) -> str:
    if one.state == "claimed" and demand.directed_bank_ref == one.bank_ref:
        return "收到了，还没跟您通上话"
    return STATE_WORDS.get(one.state, "")


def _ask(demand: DemandView, one: EngagementView) -> tuple[str, str]:
    may_ask = one.called_back_at is not None and one.ended_at is None
    if not (may_ask or one.enquiries):
        return "", ""
    waits = any(asked.answered_at is None for asked in one.enquiries)
    words = "问了，等它回" if waits else "它回您了" if one.enquiries else "问它一句"
    return f"/my/{demand.ref}/ask/{one.ref}", words


def is_worked(demand: DemandView) -> bool:
    """Whether a bank is still at it."""
    return any(one.ended_at is None for one in demand.engagements)


def answers_again(demand: DemandView, relative: Relative | None) -> dict[str, Any]:
    """The old answers, as if typed again, with the demand that they come from.

    The consent is asked anew; so is whether the relative is willing, since that was for one case.
    """
    return {
        **_amount_typed(demand.amount_fen),
        "purpose": demand.purpose,
        "purpose_words": demand.purpose_words,
        "scale": str(demand.scale or ""),
        "scale_unit": demand.scale_unit,
        "story": demand.story,
        "term": demand.term,
        "repayment_wish": demand.repayment_wish,
        "securities": list(demand.securities),
        "call_wish": "",
        "relative_name": relative.name if relative else "",
        "relative_relation": relative.relation if relative else "",
        "relative_phone": relative.phone if relative else "",
        "relative_agreed": "",
        AGAIN_OF: demand.ref,
        "enterprise": demand.enterprise_ref,
    }


def changed_again(demand: DemandView, answer: str) -> dict[str, Any]:
    """What is asked anew: `less` the amount (of `less:<engagement>` what that bank called possible),
    `shorter` the term."""
    wish, _, engagement = answer.partition(":")
    if wish == "shorter":
        return {"term": ""}
    if wish != "less":
        return {}
    fen = next((one.refusal_amount_fen for one in demand.engagements if one.ref == engagement), 0)
    return _amount_typed(fen) if fen else {"amount": "", "own": ""}


def _amount_typed(fen: int) -> dict[str, str]:
    chip = chip_of(fen)
    own = "" if chip else wan_text(fen).removesuffix(" 万").replace(",", "")
    return {"amount": chip, "own": own}


def rating_of(posted: Mapping[str, str]) -> dict[str, Any]:
    """The three questions and a sentence, each may be left open."""
    taken = posted.get("money_taken", "")
    return {
        "speed": _grade(posted.get("speed", "")),
        "kept_word": _grade(posted.get("kept_word", "")),
        "money_taken": taken == "yes" if taken in ("yes", "no") else None,
        "words": posted.get("words", "").strip()[:LONGEST_WORDS],
        "may_tell_bank": posted.get("may_tell_bank") == "1",
    }


def _grade(typed: str) -> int | None:
    return int(typed) if typed in ("1", "2", "3") else None


def wanted(demand: DemandView) -> str:
    """养殖：120 只，半年，卖了一次还清"""
    return (
        f"{purpose_words(demand)}，{Term(demand.term).label}，{wish_words(demand.repayment_wish)}"
    )
