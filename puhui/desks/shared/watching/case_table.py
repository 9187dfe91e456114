"""All cases of a desk as a table: filters, order and columns in the address, pages, export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from puhui.desks.shared.gate import Request
from puhui.desks.shared.searching import is_reference
from puhui.desks.shared.sheets import done
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.tables import Cell, Line, Table, both_ways, kept_fields, turned
from puhui.desks.shared.watching.desk import WatchingDesk
from puhui.desks.shared.watching.filters import case_choices, changed, read_cases
from puhui.desks.shared.watching.words import (
    CALLBACKS,
    DEMAND_STATES,
    ENDS,
    ENGAGEMENT_STATES,
)
from puhui.kernel.actor import Actor
from puhui.kernel.clock import duration_text, local, local_date, moment_text
from puhui.kernel.money import wan_text
from puhui.market import queries
from puhui.market.queries.case_lists import CaseFilter, CaseRow
from puhui.market.terms import Purpose, Term
from puhui.oversight.terms import BY_FIGURE
from puhui.parties import queries as parties

PAGE = 50
EXPORTED = 5000
SHOWN = {
    "ref": "编号",
    "place": "哪里",
    "what": "用途",
    "amount": "金额（万元）",
    "term": "用多久",
    "state": "办到哪",
    "end": "去处",
    "published": "发布",
    "called": "多久有电话",
    "callback": "首次电话",
    "banks": "银行",
    "refusals": "没办成（家）",
    "ended": "结束",
}
FALLING = ("published", "amount", "called", "banks", "refusals", "ended")
NUMBERS = ("amount", "refusals")
TABLE = Table(
    shown=SHOWN,
    usual=(
        *("ref", "place", "what", "amount", "term", "state", "published", "called"),
        *("callback", "banks"),
    ),
    sorts=both_ways([key for key in SHOWN if key != "end"], FALLING),
    falling=frozenset(f"-{key}" for key in SHOWN),
    first="-published",
)
COLUMNS: dict[str, tuple[str, ...]] = {
    "ref": ("编号",),
    "place": ("乡镇", "村"),
    "what": ("用途",),
    "amount": ("金额（元）",),
    "term": ("用多久",),
    "state": ("办到哪", "等着说清去处"),
    "end": ("去处",),
    "published": ("发布时间",),
    "called": ("首拨时间",),
    "callback": ("首次电话",),
    "banks": ("银行",),
    "refusals": ("没办成（家）",),
    "ended": ("结束时间",),
}
"""The columns of an export for each of the page."""


def cases(request: Request, desk: WatchingDesk) -> HttpResponse:
    """The table, or with `format` its export."""
    wanted, unread = read_cases(request.GET)
    named = [key for key in SHOWN if key in request.GET.getlist("col")]
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        return _export(request, kind, wanted, named or list(SHOWN))
    found = queries.cases(
        request.actor, wanted, limit=PAGE, before=request.GET.get("before", "")[:20]
    )
    columns = _columns(named)
    townships = parties.townships(request.actor) if request.actor.is_county else []
    context = {
        "lines": [_line(row, desk, columns, found.now) for row in found.rows],
        "heads": TABLE.heads(columns, request.GET, wanted.sort),
        "columns": TABLE.choices(columns)[1:],
        "kept": kept_fields(request.GET, "col"),
        "numbers": NUMBERS,
        "total": f"{found.total:,}",
        "choices": case_choices(
            wanted,
            [(one.code, one.name) for one in townships],
            [(one.ref, one.name) for one in parties.banks(request.actor)],
        ),
        "wanted": wanted,
        "q": wanted.ref,
        "unread": unread,
        "is_narrowed": wanted != CaseFilter(sort=wanted.sort),
        "counted": BY_FIGURE.get(wanted.figure),
        "where_address": _where_address(desk, wanted.figure),
        "carried": _carried(request, wanted),
        "next_address": changed(request.GET, before=found.next_before) if found.next_before else "",
        "is_first": "before" not in request.GET,
        "first_address": changed(request.GET, before=""),
        "csv_address": turned(request.GET, format="csv"),
        "xlsx_address": turned(request.GET, format="xlsx"),
        "printed": f"{local(found.now):%Y-%m-%d %H:%M}",
        "now": found.now,
    }
    return desk.page(request, "watching/cases.html", context)


def find(request: Request, desk: WatchingDesk) -> HttpResponse:
    """What was typed into the bar: a number goes on to its cases; more than that is not looked up."""
    words = request.POST.get("q", "").strip()[:20]
    if words and not is_reference(words):
        return done(request, "这里只按编号、对接号查。", desk.url("cases"))
    return redirect(desk.url("cases", query=urlencode({"q": words}) if words else ""))


def _where_address(desk: WatchingDesk, figure: str) -> str:
    """Where the county reads what became of those who came to nothing, beside who asked."""
    asks = desk.name == "county" and figure in ("applied", "unapproved")
    return f"{reverse('county-figures')}#where" if asks else ""


def _carried(request: Request, wanted: CaseFilter) -> list[tuple[str, str]]:
    """What the filter form keeps though it has no field for it."""
    fields = [("figure", wanted.figure), ("sort", request.GET.get("sort", ""))]
    columns = [("col", key) for key in request.GET.getlist("col")]
    return [one for one in (*fields, *columns) if one[1]]


def _columns(named: Sequence[str]) -> tuple[str, ...]:
    """The number always stands first: it opens the case."""
    chosen = TABLE.columns(named)
    return chosen if "ref" in chosen else ("ref", *chosen)


def _line(row: CaseRow, desk: WatchingDesk, columns: Sequence[str], now: datetime) -> Line:
    cells = _cells(row, now)
    return Line(
        ref=row.ref,
        key=row.ref,
        address=desk.case(row.ref),
        cells=tuple((key, SHOWN[key], cells[key]) for key in columns),
    )


def _cells(row: CaseRow, now: datetime) -> dict[str, Cell]:
    took = (row.first_attempt_at - row.clock_start_at) if row.first_attempt_at else None
    called = duration_text(took) if took and took.total_seconds() > 0 else "提前" if took else "—"
    late = {"late": "late", "denied": "late", "confirmed": "fine"}.get(row.callback, "")
    state = {"funded": "fine", "closed": "fine", "in_progress": "info"}.get(row.state, "")
    return {
        "ref": Cell(row.ref),
        "place": Cell(f"{row.township}{row.village}"),
        "what": Cell(Purpose(row.purpose).label),
        "amount": Cell(wan_text(row.amount_fen).removesuffix(" 万")),
        "term": Cell(Term(row.term).label),
        "state": Cell(
            DEMAND_STATES.get(row.state, row.state),
            state,
            is_tag=True,
            beside="等人出面" if row.is_followed else "",
        ),
        "end": Cell(ENDS.get(row.end, "—"), "late" if row.end == "owed" else ""),
        "published": Cell(moment_text(row.published_at, now=now)),
        "called": Cell(called),
        "callback": Cell(CALLBACKS.get(row.callback, ""), late),
        "banks": Cell(_banks(row) or "没有银行接"),
        "refusals": Cell(str(row.refusals)),
        "ended": Cell(moment_text(row.ended_at, now=now) if row.ended_at else "—"),
    }


def _banks(row: CaseRow) -> str:
    return "、".join(
        f"{name}（{ENGAGEMENT_STATES.get(state, state)}）" for name, state in row.banks
    )


def _export(
    request: Request, kind: str, wanted: CaseFilter, columns: Sequence[str]
) -> HttpResponse:
    """The columns that are chosen, all of them where none is; in the order of the page."""
    day = local_date(queries.cases(request.actor, wanted, limit=1).now)
    heading = [title for key in columns for title in COLUMNS[key]]
    rows = _exported(request.actor, wanted, columns)
    return table_response(kind, f"全部单子 {day}", heading, rows)


def _exported(
    actor: Actor, wanted: CaseFilter, columns: Sequence[str]
) -> Iterator[list[str | int]]:
    """Rows of the export, page after page, at most EXPORTED."""
    before, told = "", 0
    while told < EXPORTED:
        found = queries.cases(actor, wanted, limit=500, before=before)
        for row in found.rows:
            values = _values(row)
            yield [value for key in columns for value in values[key]]
        told += len(found.rows)
        before = found.next_before
        if not before:
            return


def _values(row: CaseRow) -> dict[str, tuple[str | int, ...]]:
    return {
        "ref": (row.ref,),
        "place": (row.township, row.village),
        "what": (Purpose(row.purpose).label,),
        "amount": (row.amount_fen // 100,),
        "term": (Term(row.term).label,),
        "state": (DEMAND_STATES.get(row.state, row.state), "是" if row.is_followed else ""),
        "end": (ENDS.get(row.end, ""),),
        "published": (_exactly(row.published_at),),
        "called": (_exactly(row.first_attempt_at),),
        "callback": (CALLBACKS.get(row.callback, ""),),
        "banks": (_banks(row),),
        "refusals": (row.refusals,),
        "ended": (_exactly(row.ended_at),),
    }


def _exactly(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M:%S}" if at else ""
