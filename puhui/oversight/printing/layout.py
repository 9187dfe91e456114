"""What stands on the bulletin's page, ready to be set: texts and the cells of its tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from puhui.kernel.clock import local
from puhui.oversight.counting import after, filled
from puhui.oversight.terms import DEFINITIONS, FEWEST, TOO_FEW, BulletinView
from puhui.oversight.terms.words import share_text

BANK_HEAD = (
    "银行",
    "接单",
    "5 分钟\n来电率",
    "群众说\n没接到",
    "按时\n上门率",
    "说到\n做到率",
    "办成率",
    "满意度",
    "回填\n及时率",
)
TOWNSHIP_HEAD = (
    "乡镇",
    "提出",
    "没人接\n已处理",
    "没办成\n已说清",
    "走访",
    "代办抽\n查合格",
    "办结率",
)
UNCOUNTED = "—"
ANNEX = (
    "month_applied",
    "month_disbursed",
    "month_punctual",
    "month_confirmed",
    "month_denied",
    "bank_over_ten",
    "bank_taken",
    "bank_punctual",
    "bank_denied",
    "bank_visits",
    "bank_kept",
    "bank_success",
    "bank_satisfaction",
    "bank_returns",
    "township_applied",
    "township_unclaimed",
    "township_unmet",
    "township_visits",
    "township_rechecks",
    "township_closed",
    "money_taken",
    "outreach_events",
    "outreach_people",
)


@dataclass(frozen=True, slots=True)
class Paper:
    """The page: head, five parts, foot and the annex of definitions."""

    county: str
    office: str
    month: str
    mark: str
    overall: str
    bank_note: str
    banks: tuple[tuple[str, ...], ...]
    township_note: str
    townships: tuple[tuple[str, ...], ...]
    total: str
    voices: str
    todo: tuple[str, ...]
    foot: str
    signed_on: str
    annex: tuple[tuple[str, str, str], ...]
    correction: str


def paper(view: BulletinView, *, is_demo: bool) -> Paper:
    """One edition as it is printed; a draft says so on its face."""
    figures, month = view.figures, view.month
    marks = ["演示数据"] if is_demo else []
    marks += ["草稿，未发布"] if view.state == "draft" else []
    places = _in_order(figures["townships"])
    return Paper(
        county=figures["county"],
        office=figures["office"],
        month=f"{month.year} 年 {month.month} 月",
        mark=" · ".join(marks),
        overall=filled(view.words("overall"), figures),
        bank_note=filled(view.words("banks"), figures),
        banks=tuple(bank_cells(one) for one in _by_punctuality(figures["banks"])),
        township_note=filled(view.words("townships"), figures) + _tie(places),
        townships=tuple(township_cells(one) for one in places),
        total=f"合计提出 {figures['applied']:,} 笔",
        voices=filled(view.words("voices"), figures),
        todo=tuple(filled(view.words(name), figures) for name in ("first", "second", "third")),
        foot=_foot(view),
        signed_on=_signed(view),
        annex=tuple(
            (one.name, one.counts, one.denominator or "—")
            for one in (DEFINITIONS[code] for code in ANNEX)
        ),
        correction=f"第 {view.edition} 期，更正：{view.correction}" if view.correction else "",
    )


def _foot(view: BulletinView) -> str:
    end = f"{date.fromordinal(after(view.month).toordinal() - 1)} 24:00"
    counted = f"{local(view.counted_at):%Y-%m-%d %H:%M}"
    if view.counted_at < _end_of(view.month):
        return f"不排放款额，不排存款。这个月还没过完，数到 {counted}。"
    return f"不排放款额，不排存款。数据截至 {end}，{counted} 从台账数出。扫码可验真伪。"


def _end_of(month: date) -> Any:
    from datetime import time

    from puhui.kernel.clock import at_local

    return at_local(after(month), time(0))


def _signed(view: BulletinView) -> str:
    if view.issued_at is None:
        return "未发布"
    day = local(view.issued_at)
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _by_punctuality(banks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def key(one: dict[str, Any]) -> tuple[bool, Fraction, int]:
        judged = _judged(one)
        enough = judged >= FEWEST
        rate = Fraction(one["confirmed"] + one["self_reported"], judged) if enough else Fraction(0)
        return (not enough, -rate, -one["taken"])

    return sorted(banks, key=key)


def _judged(one: dict[str, Any]) -> int:
    return int(one["confirmed"] + one["self_reported"] + one["denied"] + one["late"])


def bank_cells(one: dict[str, Any]) -> tuple[str, ...]:
    """A bank's row; with too few cases only the count of claims and why the rest is not shown."""
    judged, paid = _judged(one), one.get("disbursed", 0)
    if judged < FEWEST:
        return (one["bank_name"], f"{one['taken']:,}", TOO_FEW)
    return (
        one["bank_name"],
        f"{one['taken']:,}",
        share_text(one["confirmed"] + one["self_reported"], judged),
        f"{one['denied']:,}",
        _short(one, "visits_met", "visits_judged"),
        _short(one, "word_kept", "offers"),
        _short({**one, "ended": paid + one.get("ended_without", 0)}, "disbursed", "ended"),
        f"{tenths // 10}.{tenths % 10}" if (tenths := one.get("overall_tenths")) else UNCOUNTED,
        _short(one, "returns_met", "returns_judged"),
    )


def _short(one: dict[str, Any], met: str, judged: str) -> str:
    """A share in a narrow column: <20 where there are too few, a dash where it was not counted."""
    if met not in one or judged not in one:
        return UNCOUNTED
    part, whole = one[met], one[judged]
    return share_text(part, whole) if whole >= FEWEST or not whole else f"不足 {FEWEST}"


def _rate(one: dict[str, Any]) -> Fraction:
    return Fraction(one.get("closed", 0), one["opened"]) if one.get("opened") else Fraction(1)


def _in_order(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By the share of follow-ups closed; alike ones in the order of the divisions."""
    return sorted(places, key=lambda one: -_rate(one))


def _tie(places: list[dict[str, Any]]) -> str:
    if len({_rate(one) for one in places}) == 1:
        return "；本月都一样，并列，按区划顺序"
    return "；一样的按区划顺序"


def township_cells(one: dict[str, Any]) -> tuple[str, ...]:
    """A township's row. Follow-ups are few by nature: the share stands with its counts.

    What an older program did not count when the edition was made stands as a dash.
    """
    return (
        one["name"],
        f"{one['applied']:,}",
        _counted(one, "unclaimed_closed"),
        _counted(one, "unmet_closed"),
        _counted(one, "visits"),
        _of(one, "recheck_genuine", "rechecked"),
        _of(one, "closed", "opened"),
    )


def _counted(one: dict[str, Any], name: str) -> str:
    return f"{one[name]:,}" if name in one else UNCOUNTED


def _of(one: dict[str, Any], part: str, whole: str) -> str:
    return f"{one.get(part, 0)}/{one[whole]}" if one.get(whole) else UNCOUNTED
