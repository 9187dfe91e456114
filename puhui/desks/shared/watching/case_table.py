"""All cases of a desk as a table: filters in the address, pages by cursor, export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse

from puhui.desks.shared.gate import Request
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.watching.desk import WatchingDesk
from puhui.desks.shared.watching.filters import case_choices, changed, read_cases
from puhui.desks.shared.watching.words import (
    CALLBACKS,
    DEMAND_STATES,
    ENGAGEMENT_STATES,
    purpose_words,
)
from puhui.kernel.actor import Actor
from puhui.kernel.clock import duration_text, local, local_date, moment_text
from puhui.market import queries
from puhui.market.queries.case_lists import CaseFilter, CaseRow
from puhui.market.terms import Purpose, Term
from puhui.oversight.terms import BY_FIGURE
from puhui.parties import queries as parties

PAGE = 50
EXPORTED = 5000
HEADING = (
    "编号",
    "乡镇",
    "村",
    "用途",
    "金额（元）",
    "用多久",
    "办到哪",
    "发布时间",
    "首拨时间",
    "首次电话",
    "银行",
    "没办成（家）",
    "等着说清去处",
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A case as a row of the page."""

    ref: str
    address: str
    place: str
    what: str
    state: str
    tone: str
    published: str
    called: str
    callback: str
    callback_tone: str
    banks: str
    is_followed: bool


def cases(request: Request, desk: WatchingDesk) -> HttpResponse:
    """The table, or with `format` its export."""
    wanted, unread = read_cases(request.GET)
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        day = local_date(queries.cases(request.actor, wanted, limit=1).now)
        return table_response(kind, f"全部单子 {day}", HEADING, _exported(request.actor, wanted))
    found = queries.cases(
        request.actor, wanted, limit=PAGE, before=request.GET.get("before", "")[:20]
    )
    is_county = request.actor.is_county
    townships = parties.townships(request.actor) if is_county else []
    context = {
        "rows": [_row(row, desk, found.now) for row in found.rows],
        "total": found.total,
        "choices": case_choices(
            wanted,
            [(one.code, one.name) for one in townships],
            [(one.ref, one.name) for one in parties.banks(request.actor)],
        ),
        "wanted": wanted,
        "q": wanted.ref,
        "unread": unread,
        "is_narrowed": wanted != CaseFilter(),
        "counted": BY_FIGURE.get(wanted.figure),
        "next_address": changed(request.GET, before=found.next_before) if found.next_before else "",
        "is_first": "before" not in request.GET,
        "first_address": changed(request.GET, before=""),
        "csv_address": changed(request.GET, before="", format="csv"),
        "xlsx_address": changed(request.GET, before="", format="xlsx"),
        "now": found.now,
    }
    return desk.page(request, "watching/cases.html", context)


def _row(row: CaseRow, desk: WatchingDesk, now: datetime) -> TableRow:
    took = (row.first_attempt_at - row.clock_start_at) if row.first_attempt_at else None
    called = duration_text(took) if took and took.total_seconds() > 0 else "提前" if took else "—"
    return TableRow(
        ref=row.ref,
        address=desk.case(row.ref),
        place=f"{row.township}{row.village}",
        what=purpose_words(row.purpose, row.amount_fen, row.term),
        state=DEMAND_STATES.get(row.state, row.state),
        tone={"funded": "fine", "closed": "fine", "in_progress": "info"}.get(row.state, ""),
        published=moment_text(row.published_at, now=now),
        called=called,
        callback=CALLBACKS.get(row.callback, ""),
        callback_tone={"late": "late", "denied": "late", "confirmed": "fine"}.get(row.callback, ""),
        banks=_banks(row),
        is_followed=row.is_followed,
    )


def _banks(row: CaseRow) -> str:
    return "、".join(
        f"{name}（{ENGAGEMENT_STATES.get(state, state)}）" for name, state in row.banks
    )


def _exported(actor: Actor, wanted: CaseFilter) -> Iterator[list[str | int]]:
    """Rows of the export, page after page, at most EXPORTED."""
    before, told = "", 0
    while told < EXPORTED:
        found = queries.cases(actor, wanted, limit=500, before=before)
        for row in found.rows:
            yield _cells(row)
        told += len(found.rows)
        before = found.next_before
        if not before:
            return


def _cells(row: CaseRow) -> list[str | int]:
    return [
        row.ref,
        row.township,
        row.village,
        Purpose(row.purpose).label,
        row.amount_fen // 100,
        Term(row.term).label,
        DEMAND_STATES.get(row.state, row.state),
        f"{local(row.published_at):%Y-%m-%d %H:%M:%S}",
        f"{local(row.first_attempt_at):%Y-%m-%d %H:%M:%S}" if row.first_attempt_at else "",
        CALLBACKS.get(row.callback, ""),
        _banks(row),
        row.refusals,
        "是" if row.is_followed else "",
    ]
