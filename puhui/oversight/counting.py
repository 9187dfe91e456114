"""A month's figures from the ledger, and the words that are written from them."""

from __future__ import annotations

import string
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from puhui.kernel.actor import SYSTEM
from puhui.market import queries as market
from puhui.market.queries import Span
from puhui.outreach import queries as outreach
from puhui.outreach.terms import EventFilter
from puhui.oversight.terms.definitions import FEWEST
from puhui.oversight.terms.words import share_text, sum_text
from puhui.parties import queries as parties

NUMBERS = {
    "新增笔数": "month_applied",
    "新增金额": "month_applied",
    "放款笔数": "month_disbursed",
    "放款金额": "month_disbursed",
    "到点笔数": "month_punctual",
    "来电率": "month_punctual",
    "确认率": "month_confirmed",
    "超十分钟": "bank_over_ten",
    "已说明": "bank_over_ten",
    "收钱": "money_taken",
    "没接到": "month_denied",
    "下乡场次": "outreach_events",
    "下乡人次": "outreach_people",
}
"""The numbers that may stand in a text, each by the definition that it follows."""
LOW_RETURNS = 95


def month_of(day: date) -> date:
    return day.replace(day=1)


def after(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def count_month(month: date) -> dict[str, Any]:
    """Everything that the bulletin of this month says, as counts; a bounded number of statements."""
    span = Span(month, after(month) - timedelta(days=1))
    calls, voices = market.callback_counts(SYSTEM, span), market.voices(SYSTEM, span)
    events = outreach.event_counts(SYSTEM, EventFilter(since=span.since, until=span.until))
    office = parties.county_office(SYSTEM)
    county = parties.county(SYSTEM)
    return {
        **asdict(market.funnel(SYSTEM, span)),
        "judged": calls.judged,
        "confirmed": calls.confirmed,
        "punctual": calls.punctual,
        "denied": calls.denied,
        **asdict(voices),
        "events": events.events,
        "event_townships": events.townships,
        "event_villages": events.villages,
        "event_people": events.people,
        "banks": _banks(span),
        "townships": [asdict(one) for one in market.township_measures(SYSTEM, span)],
        "county": county.name,
        "office": office.name if office else f"{county.name}金融运行监测中心",
    }


def _banks(span: Span) -> list[dict[str, Any]]:
    """Each bank's counts, with the average that people gave it on the phone (tenths of 1 to 5)."""
    assert span.since and span.until
    scores = market.satisfaction(SYSTEM, since=span.since, until=span.until)
    given = {one.bank_ref: one.overall_tenths for one in scores}
    return [
        {**asdict(one), "overall_tenths": given.get(one.bank_ref)}
        for one in market.bank_measures(SYSTEM, span)
    ]


def numbers(figures: dict[str, Any]) -> dict[str, str]:
    """The numbers as they stand in a text; what an older program did not count is none."""

    def count(name: str) -> int:
        return int(figures.get(name, 0))

    return {
        "新增笔数": f"{count('applied'):,}",
        "新增金额": sum_text(count("applied_fen")),
        "放款笔数": f"{count('disbursed'):,}",
        "放款金额": sum_text(count("disbursed_fen")),
        "到点笔数": f"{count('judged'):,}",
        "来电率": share_text(count("punctual"), count("judged")),
        "确认率": share_text(count("confirmed"), count("judged")),
        "超十分钟": f"{count('over_ten'):,}",
        "已说明": f"{count('over_ten_answered'):,}",
        "收钱": f"{count('money_taken'):,}",
        "没接到": f"{count('denied'):,}",
        "下乡场次": f"{count('events'):,}",
        "下乡人次": f"{count('event_people'):,}",
    }


def names_in(text: str) -> set[str]:
    """The names in braces of a text. Raises ValueError for a brace that does not close, and for
    anything beside the name: a width or a format is the page's matter, not the writer's."""
    found = set()
    for _words, name, spec, turn in string.Formatter().parse(text):
        if spec or turn:
            raise ValueError("a name with more than itself in its braces")
        if name is not None:
            found.add(name)
    return found


def filled(text: str, figures: dict[str, Any]) -> str:
    """A text with its numbers in."""
    return text.format_map(numbers(figures))


def write(figures: dict[str, Any]) -> dict[str, str]:
    """The words of every part, with names in braces where numbers stand (content.md §4.7)."""
    late = "，都立了督导、{已说明} 笔写明了原因" if figures["over_ten"] else ""
    events = "；下乡 {下乡场次} 场，到场 {下乡人次} 人次" if figures["events"] else ""
    return {
        "overall": (
            "新增需求 {新增笔数} 笔 {新增金额}；放款 {放款笔数} 笔 {放款金额}；"
            + _calls(figures)
            + "，超 10 分钟 {超十分钟} 笔"
            + late
            + events
            + "。"
        ),
        "banks": "按 5 分钟来电率排",
        "townships": "按“群众出面事项办结率”排",
        "voices": "收钱 {收钱} 件；群众说没接到电话 {没接到} 件。",
        "first": "各行把 7:30–21:30 的值班排满，接了单的 5 分钟内打过去。",
        "second": _second(figures),
        "third": "没办成的都要说清去处，由镇里回电话。",
    }


def _calls(figures: dict[str, Any]) -> str:
    """The share of calls in time; of too few cases none is formed."""
    if figures["judged"] < FEWEST:
        return "到点的需求 {到点笔数} 笔，不足 20 笔，来电率不显示"
    return "5 分钟来电率 {来电率}（群众确认 {确认率}）"


def _second(figures: dict[str, Any]) -> str:
    met = sum(one["returns_met"] for one in figures["banks"])
    judged = sum(one["returns_judged"] for one in figures["banks"])
    if judged and met * 100 < judged * LOW_RETURNS:
        return "已签约、放款的当天回填，1 分钟一笔；本月有没按时填的，先补上。"
    return "已签约、放款的当天回填，1 分钟一笔。"
