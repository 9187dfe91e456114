"""What stands on the wall: every figure with its words, its bar and, for county staff, its cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from puhui.kernel.clock import local, local_date, minute_text, time_text
from puhui.market.queries import BankMeasures, CallbackCounts, LatestMove
from puhui.market.terms import Purpose
from puhui.oversight.terms import DEFINITIONS, FEWEST, TOO_FEW, Wall
from puhui.oversight.terms.words import bar, share_text, sum_text

HEADLINE, FUNNEL, WHERE, BANK = 536, 200, 220, 226
MOST_BANKS, MOST_TILES = 12, 19
FRESH = timedelta(seconds=60)
LEVELS = ((8, "l4"), (5.5, "l3"), (4, "l2"))
"""From how many tenths of the largest a tile is which shade."""
PLACES = "政策要闻 金融超市 信贷直通车 信用{} 阳光村务 产权交易 生产托管 惠民服务"
PURPOSES = {
    Purpose.CROPS: "种植",
    Purpose.ORCHARD: "果园大棚",
    Purpose.LIVESTOCK: "养殖",
    Purpose.MACHINERY: "农机",
    Purpose.PURCHASING: "备货",
    Purpose.SHOP: "生意",
    Purpose.FACTORY: "办厂",
    Purpose.HOUSEHOLD: "家用",
    Purpose.OTHER: "别的",
}
MOVES = {
    "financing_demand.publish": ("刚发出", "new"),
    "engagement.claim": ("{}接单", ""),
    "engagement.direct": ("点名找{}", ""),
    "engagement.start_call": ("{}正在打电话", "on"),
    "engagement.record_callback": ("{}打过电话", ""),
    "engagement.submit_plan": ("{}给了初步方案", ""),
    "engagement.start_investigation": ("{}约好上门", ""),
    "engagement.submit_offer": ("{}给了准信", ""),
    "engagement.accept_offer": ("群众选了{}", ""),
    "engagement.record_disbursement": ("{}放款", "ok"),
}
SPANS = {1: "今天", 7: "近 7 天", 30: "近 30 天"}


@dataclass(frozen=True, slots=True)
class Doors:
    """Addresses of cases: for county staff; on a screen alone a figure opens nothing."""

    is_open: bool

    def __call__(self, **facts: str) -> str:
        if not self.is_open:
            return ""
        return f"{reverse('county-cases')}?{urlencode(facts)}"


def context(wall: Wall, county: str, *, is_staff: bool) -> dict[str, Any]:
    """Everything on the wall."""
    doors = Doors(is_staff)
    until = f"截至 {local(wall.as_of):%Y-%m-%d %H:%M}"
    where, unpaid = wall.whereabouts.unapproved, wall.whereabouts.unpaid
    return {
        "now": wall.as_of,
        "until": until,
        "clock": f"{local(wall.as_of):%Y-%m-%d %H:%M:%S}",
        "head": headline(wall, doors),
        "funnel": funnel(wall, doors),
        "unapproved": f"{sum(where.values()):,}",
        "unapproved_cases": doors(figure="unapproved"),
        "where": whereabouts(where, doors),
        "unpaid": _unpaid(unpaid),
        "unpaid_cases": doors(figure="unpaid"),
        **tiles(wall, doors),
        **banks(wall, doors),
        "moves": [move(one) for one in wall.moves],
        "places": PLACES.format(county).split(),
    }


def headline(wall: Wall, doors: Doors) -> dict[str, Any]:
    """The one figure: how many first calls came in time, the words apart."""
    calls, today = wall.calls, local_date(wall.as_of)
    first = today - timedelta(days=wall.call_days - 1)
    days = {"since": str(first), "until": str(today)}
    enough = calls.judged >= FEWEST
    return {
        "title": f"{SPANS[wall.call_days]} 5 分钟来电率",
        "until": f"截至 {minute_text(wall.as_of)}",
        "rate": share_text(calls.punctual, calls.judged).rstrip("%") if enough else "",
        "too_few": TOO_FEW,
        "cases": doors(callback="judged", **days),
        "new": f"{wall.today.published:,}",
        "new_cases": doors(since=str(today), until=str(today)),
        "waiting": f"{wall.today.waiting_now:,}",
        "waiting_cases": doors(waiting="1"),
        "bars": parts(calls, HEADLINE),
        "split": _split(calls, doors, days) if enough else (),
        "judged": f"{calls.judged:,}",
    }


def _split(
    calls: CallbackCounts, doors: Doors, days: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    names = (
        ("confirmed", "群众确认"),
        ("self_reported", "银行自报"),
        ("denied", "说没接到"),
        ("late", "晚了"),
    )
    return [
        (label, share_text(getattr(calls, word), calls.judged), doors(callback=word, **days))
        for word, label in names
        if getattr(calls, word) or word != "denied"
    ]


def parts(one: CallbackCounts | BankMeasures, width: int) -> dict[str, int]:
    """Lengths and places of a bar: confirmed, then self-reported; denied at the right end."""
    confirmed = bar(one.confirmed, one.judged, width)
    reported = bar(one.self_reported, one.judged, width)
    denied = bar(one.denied, one.judged, width)
    return {
        "width": width,
        "confirmed": confirmed,
        "reported": reported,
        "denied": denied,
        "denied_at": width - denied,
    }


def funnel(wall: Wall, doors: Doors) -> list[dict[str, Any]]:
    """From asking to money."""
    one = wall.funnel
    rows = (
        ("applied_total", one.applied, ""),
        ("approved_total", one.approved, sum_text(one.approved_fen)),
        ("disbursed_total", one.disbursed, sum_text(one.disbursed_fen)),
    )
    return [
        {
            "name": DEFINITIONS[code].name,
            "value": f"{value:,}",
            "more": more if value else "",
            "bar": bar(value, one.applied, FUNNEL),
            "cases": doors(figure=DEFINITIONS[code].figure),
            "meaning": DEFINITIONS[code].counts,
        }
        for code, value, more in rows
    ]


def whereabouts(found: Mapping[str, int], doors: Doors) -> list[dict[str, Any]]:
    """Where the unfunded went, the largest first."""
    most = max(found.values(), default=0)
    return [
        {
            "name": DEFINITIONS[f"where_{name}"].name,
            "value": f"{value:,}",
            "bar": bar(value, most, WHERE),
            "cases": doors(figure=f"where_{name}"),
            "meaning": DEFINITIONS[f"where_{name}"].counts,
        }
        for name, value in sorted(found.items(), key=lambda pair: -pair[1])
    ]


def _unpaid(found: Mapping[str, int]) -> str:
    words = "，".join(f"{DEFINITIONS[f'where_{name}'].name} {n:,}" for name, n in found.items())
    return f"同意没放 {sum(found.values()):,} 笔：{words}"


def tiles(wall: Wall, doors: Doors) -> dict[str, Any]:
    """Townships and units in the order of their codes: a grid, no map."""
    most = max((one.total for one in wall.tiles), default=0)
    fresh = {
        one.township_code
        for one in wall.moves
        if one.action == "financing_demand.publish" and wall.as_of - one.at < FRESH
    }
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "total": f"{one.total:,}",
            "today": f"{one.today:,}",
            "level": _level(one.total, most),
            "is_fresh": one.code in fresh,
            "cases": doors(township=one.code),
        }
        for one in wall.tiles
    ]
    return {"tiles": rows, "is_many": len(rows) > MOST_TILES}


def _level(value: int, most: int) -> str:
    if not most:
        return "l1"
    return next((name for tenths, name in LEVELS if value * 10 >= tenths * most), "l1")


def banks(wall: Wall, doors: Doors) -> dict[str, Any]:
    """Banks, the most punctual on top; with too few cases no share is shown."""
    today = local_date(wall.as_of)
    first = today - timedelta(days=wall.bank_days - 1)
    rows = [
        {
            "name": one.bank_name,
            "enough": one.judged >= FEWEST,
            "share": share_text(one.punctual, one.judged),
            "taken": f"{one.taken:,}",
            "bars": parts(one, BANK),
            "words": (
                f"群众确认 {one.confirmed} 笔，银行自报 {one.self_reported} 笔，"
                f"群众说没接到 {one.denied} 笔，晚了 {one.late} 笔"
            ),
            "cases": doors(bank=one.bank_ref, since=str(first), until=str(today)),
        }
        for one in wall.banks[:MOST_BANKS]
    ]
    return {
        "banks": rows,
        "bank_count": len(wall.banks),
        "bank_days": f"近 {wall.bank_days} 天接的单",
        "more_banks": max(0, len(wall.banks) - MOST_BANKS),
        "too_few": TOO_FEW,
    }


def move(one: LatestMove) -> dict[str, str]:
    """One line of the stream."""
    words, tone = MOVES[one.action]
    return {
        "at": time_text(one.at),
        "township": one.township,
        "purpose": PURPOSES[Purpose(one.purpose)] if one.purpose else "",
        "band": one.band,
        "words": words.format(one.bank),
        "tone": tone,
    }
