"""Filters that live in the address, so that a link shares the view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.http import urlencode

from puhui.catalogue.terms import Subject
from puhui.desks.shared.watching.words import CALLBACKS, DEMAND_STATES, ENDS
from puhui.kernel.clock import day_from
from puhui.market.queries import CaseFilter
from puhui.market.queries.case_order import CASE_ORDERS
from puhui.market.queries.measures import FIGURES

LATE = {
    "any": "有一步超期",
    "callback": "首次电话超时",
    "plan": "初步方案超期",
    "investigation": "上门超期",
    "decision": "准信超期",
    "signing": "签约超期",
    "data_return": "回填超期",
    "long_pending": "长期未办结",
}
CALLED = {"judged": "已到 5 分钟的", **{word: label for word, label in CALLBACKS.items() if word}}
ENDED = {"any": "结束了的都算", **ENDS}
LISTED = {
    "waiting": "等镇里出面",
    "unclaimed": "满 10 分钟没人接",
    "unreached": "还没接上话",
    "due": "有一步快到日子",
    "ended": "没办成要回个话",
}
"""The desks' lists that have a case in each row: a link leads from the first rows to all."""
FORGIVEN_DAYS = "日期要写成 2026-11-22 这样，这一项没有用上。"


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter as the page shows it: a list to pick from, the picked one marked."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


def read_day(text: str) -> date | None:
    try:
        return day_from(text.strip()) if text.strip() else None
    except ValueError:
        return None


def read_cases(query: QueryDict) -> tuple[CaseFilter, list[str]]:
    """The filter that an address asks for, and what of it could not be read."""
    states = tuple(state for state in query.getlist("state") if state in DEMAND_STATES)
    since, until = query.get("since", ""), query.get("until", "")
    bad = [text for text in (since, until) if text.strip() and read_day(text) is None]
    late, callback = query.get("late", ""), query.get("callback", "")
    wanted = CaseFilter(
        ref=query.get("q", "").strip()[:20],
        township=query.get("township", "")[:12],
        bank=query.get("bank", "")[:16],
        states=states,
        callback=callback if callback in CALLED else "",
        late=late if late in LATE else "",
        supervised=query.get("supervised") == "1",
        waiting=query.get("waiting") == "1",
        open_at_bank=query.get("open") == "1",
        figure=figure if (figure := query.get("figure", "")) in FIGURES else "",
        end=end if (end := query.get("end", "")) in ENDED else "",
        since=read_day(since),
        until=read_day(until),
        sort=sort
        if (sort := query.get("sort", "")).removeprefix("-") in CASE_ORDERS
        else "-published",
        subject=subject if (subject := query.get("subject", "")) in Subject.values else "",
        listed=listed if (listed := query.get("list", "")) in LISTED else "",
    )
    return wanted, [FORGIVEN_DAYS] if bad else []


def case_choices(
    wanted: CaseFilter,
    townships: Iterable[tuple[str, str]],
    banks: Iterable[tuple[str, str]],
) -> list[Choice]:
    """The lists of the filter bar. An empty list of townships leaves that one out."""
    places = list(townships)
    found = [choice("township", "乡镇", "全部乡镇", places, wanted.township)] if places else []
    picked = wanted.states[0] if len(wanted.states) == 1 else ""
    return [
        *found,
        choice("bank", "银行", "全部银行", banks, wanted.bank),
        choice("state", "办到哪", "全部", DEMAND_STATES.items(), picked),
        choice("subject", "谁申请", "全部", Subject.choices, wanted.subject),
        choice("list", "哪张单子", "不限", LISTED.items(), wanted.listed),
        choice("callback", "首次电话", "不限", CALLED.items(), wanted.callback),
        choice("late", "超期", "不限", LATE.items(), wanted.late),
        choice("end", "去处", "不限", ENDED.items(), wanted.end),
    ]


def choice(
    name: str, label: str, none: str, options: Iterable[tuple[str, str]], picked: str
) -> Choice:
    shown = tuple((value, words, value == picked) for value, words in options)
    return Choice(name, label, (("", none, not picked), *shown))


def changed(query: QueryDict, **facts: str) -> str:
    """The same address with some fields set; an empty one drops out."""
    kept = {name: query.getlist(name) for name in query if name not in facts}
    given = {name: [value] for name, value in facts.items() if value}
    return urlencode({**kept, **given}, doseq=True)


def address(facts: Mapping[str, str]) -> str:
    return urlencode({name: value for name, value in facts.items() if value})
