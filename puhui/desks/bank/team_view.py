"""The bank's own figures as words: shares with their denominators, medians, reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from puhui.market.queries import OfficerFigures, OwnFigures
from puhui.market.queries.bank_team import FEWEST
from puhui.market.queries.surveys import OwnSatisfaction
from puhui.market.terms import REFUSAL_CODES, SMALLEST_GROUP

COLUMNS = (
    *("客户经理", "工号", "接单", "按时打了（群众确认）", "按时打了（银行自报）"),
    *("群众说没接到", "超 5 分钟", "按时上门", "该上门", "准信和方案一样", "给了准信"),
    *("当天回填", "该回填", "没成"),
)
MEASURES = (
    ("on_time", "5 分钟来电", "on_time", "judged", "按本行的表；群众说没接到的不算"),
    ("visits", "3 个工作日上门", "visits_in_time", "visits", "从群众留下起算"),
    ("kept_word", "说到做到", "word_kept", "offers", "准信和初步方案一样的"),
    ("returns", "当天回填", "returns_in_time", "returns", "签约、放款当天填上"),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One measure: the share, out of what, and the county's median."""

    name: str
    share: str
    of: str
    note: str
    middle: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One officer's row; empty `ref`: the whole bank."""

    ref: str
    name: str
    claims: int
    confirmed: int
    self_reported: int
    denied: int
    late: int
    visits: str
    word: str
    returns: str
    refused: int
    reasons: str


def tiles(found: OwnFigures) -> list[Tile]:
    whole, made = found.whole, []
    for key, name, part, out_of, note in MEASURES:
        count, base = getattr(whole, part), getattr(whole, out_of)
        middle = found.medians[key]
        made.append(
            Tile(
                name,
                f"{100 * count / base:.0f}%" if base >= FEWEST else "—",
                f"{count}/{base}"
                if base >= FEWEST
                else f"{count}/{base}，不足 {FEWEST} 笔，不显示",
                note,
                f"全县中位 {middle:.0f}%"
                if middle is not None
                else "全县中位：够数的银行不到 3 家",
            )
        )
    return made


def line(one: OfficerFigures) -> FigureLine:
    return FigureLine(
        ref=one.ref,
        name=one.name_masked or "全行",
        claims=one.claims,
        confirmed=one.confirmed,
        self_reported=one.self_reported,
        denied=one.denied,
        late=one.late,
        visits=_out_of(one.visits_in_time, one.visits),
        word=_out_of(one.word_kept, one.offers),
        returns=_out_of(one.returns_in_time, one.returns),
        refused=one.refused,
        reasons="、".join(f"{_reason(code)} {count}" for code, count in one.refusals[:3]),
    )


def reasons(one: OfficerFigures) -> list[tuple[str, str, int]]:
    """Code, its words, how often."""
    return [(code, _reason(code), count) for code, count in one.refusals]


def _reason(code: str) -> str:
    found = REFUSAL_CODES.get(code)
    return found.bank_words if found else "没写原因"


def _out_of(part: int, whole: int) -> str:
    return f"{part}/{whole}" if whole else "—"


def cells(one: OfficerFigures) -> tuple[str | int, ...]:
    """One row of the spreadsheet, in the order of COLUMNS."""
    return (
        *(one.name_masked or "全行", one.ref, one.claims, one.confirmed, one.self_reported),
        *(one.denied, one.late, one.visits_in_time, one.visits, one.word_kept, one.offers),
        *(one.returns_in_time, one.returns, one.refused),
    )


def voices(found: OwnSatisfaction) -> dict[str, Any]:
    """What people said of the bank: finished months with how many said it, and cases it was told of."""
    return {
        "voices": [
            {
                "month": f"{month:%Y-%m}",
                "n": one.n,
                "attitude": _tenths(one.attitude_tenths),
                "overall": _tenths(one.overall_tenths),
                "own_n": one.own_n,
                "own": _tenths(one.own_tenths),
            }
            for month, one in found.months
        ],
        "told": found.cases,
        "fewest": SMALLEST_GROUP,
    }


def _tenths(value: int | None) -> str:
    return f"{value // 10}.{value % 10}" if value is not None else f"不足 {SMALLEST_GROUP} 份"
