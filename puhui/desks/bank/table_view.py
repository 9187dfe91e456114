"""The table of all engagements: filters in the address, columns, cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from puhui.catalogue.terms import Subject
from puhui.desks.bank.case_view import WORDS
from puhui.desks.bank.case_words import ago_words
from puhui.desks.shared.state_words import ENGAGEMENT_WORDS
from puhui.desks.shared.tables import Table
from puhui.kernel.clock import day_from, local
from puhui.kernel.money import wan_text
from puhui.market.queries import TableFilter, TableRow
from puhui.market.terms import Purpose, Term

SORT_WORDS = {
    "newest": "新接的在前",
    "oldest": "早接的在前",
    "largest": "金额大的在前",
    "smallest": "金额小的在前",
    "stillest": "这一步停得久的在前",
}
WHICH = {"live": "在办", "late": "超过时间的", "ended": "结束了的", "": "全部"}
COLUMNS = (
    *("单子", "编号", "对接号", "客户", "乡镇村", "干什么", "金额（万元）", "用多久", "办到哪一步"),
    *("负责", "接单时间", "首次来电", "来电晚了", "来电记法", "点名"),
)


SHOWN = {
    "code": "对接号",
    "who": "客户",
    "kind": "谁申请",
    "place": "乡镇村",
    "what": "干什么",
    "amount": "金额（万元）",
    "term": "用多久",
    "state": "办到哪一步",
    "still": "停了多久",
    "officer": "负责",
    "claimed": "接单",
    "called": "首次来电",
    "word": "来电记法",
    "directed": "点名",
}
"""Columns that can be chosen beside the number, by name in the address."""
USUAL = ("code", "who", "what", "amount", "term", "state", "officer", "claimed")
TABLE = Table(
    shown=SHOWN,
    usual=USUAL,
    sorts={
        "claimed": ("newest", "oldest"),
        "amount": ("largest", "smallest"),
        "still": ("stillest", "stillest"),
    },
    falling=frozenset({"newest", "largest", "stillest"}),
    first="newest",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page; `cells` by column."""

    address: str
    ref: str
    demand_ref: str
    who: str
    place: str
    what: str
    amount: str
    state: str
    claimed: str
    tag: str
    cells: Mapping[str, str]

    def of(self, columns: Sequence[str]) -> list[tuple[str, str, str]]:
        return [(key, SHOWN[key], self.cells[key]) for key in columns]


def chosen_by(asked: Mapping[str, str]) -> TableFilter:
    """The filter that an address names; what it names wrongly narrows nothing."""
    which = asked.get("which", "")
    state = asked.get("state", "")
    sort = asked.get("sort", "")
    return TableFilter(
        states=(state,) if state in ENGAGEMENT_WORDS else (),
        is_live={"live": True, "ended": False}.get(which),
        is_late=which == "late",
        officer=asked.get("officer", "")[:16],
        words=asked.get("q", "")[:20],
        township=asked.get("township", "")[:16],
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        sort=sort if sort in SORT_WORDS else "newest",
        subject=subject if (subject := asked.get("subject", "")) in Subject.values else "",
    )


def _day(text: str) -> date | None:
    try:
        return day_from(text)
    except ValueError:
        return None


def address_with(asked: Mapping[str, str], columns: Sequence[str] = USUAL, **changes: str) -> str:
    """The page's address with some of its filters changed."""
    kept = [(key, value) for key, value in {**asked, **changes}.items() if value and key != "col"]
    if tuple(columns) != USUAL:
        kept += [("col", key) for key in columns]
    return f"{reverse('bank-table')}?{urlencode(kept)}" if kept else reverse("bank-table")


def line(row: TableRow, now: datetime | None = None) -> Line:
    claimed = local(row.claimed_at)
    shown = {
        "code": row.contact_code or "—",
        "who": row.name_masked,
        "kind": str(Subject(row.subject).label),
        "place": f"{row.township}{row.village}",
        "what": f"{Purpose(row.purpose).label} {row.scale}".strip(),
        "amount": wan_text(row.amount_fen).removesuffix(" 万"),
        "term": Term(row.term).label,
        "state": ENGAGEMENT_WORDS[row.state],
        "still": _still(row, now),
        "officer": row.officer_masked or "还没有人",
        "claimed": f"{claimed:%m-%d %H:%M}",
        "called": f"{local(row.first_attempt_at):%m-%d %H:%M:%S}" if row.first_attempt_at else "—",
        "word": WORDS.get(row.callback_word, "—"),
        "directed": "是" if row.is_directed else "",
    }
    return Line(
        address=reverse("bank-case", args=[row.ref]),
        ref=row.ref,
        demand_ref=row.demand_ref,
        who=shown["who"],
        place=shown["place"],
        what=shown["what"],
        amount=shown["amount"],
        state=shown["state"],
        claimed=shown["claimed"],
        tag="来电晚了" if row.callback_late else "",
        cells=shown,
    )


def _still(row: TableRow, now: datetime | None) -> str:
    """How long nothing has moved; of an ended case nothing."""
    if now is None or row.state in (
        "settled",
        "refused",
        "not_selected",
        "released",
        "cancelled",
        "lapsed",
    ):
        return ""
    return ago_words(now - row.state_since).removesuffix("前")


def cells(row: TableRow) -> tuple[Any, ...]:
    """One row of an export, in the order of COLUMNS; the amount is a number."""
    called = f"{local(row.first_attempt_at):%Y-%m-%d %H:%M:%S}" if row.first_attempt_at else ""
    return (
        *(
            row.ref,
            row.demand_ref,
            row.contact_code,
            row.name_masked,
            f"{row.township}{row.village}",
        ),
        f"{Purpose(row.purpose).label} {row.scale}".strip(),
        wan_text(row.amount_fen).removesuffix(" 万").replace(",", ""),
        Term(row.term).label,
        ENGAGEMENT_WORDS[row.state],
        row.officer_masked,
        f"{local(row.claimed_at):%Y-%m-%d %H:%M:%S}",
        called,
        "是" if row.callback_late else "",
        WORDS.get(row.callback_word, ""),
        "是" if row.is_directed else "",
    )
