"""The supervision ledger (督导台账) of a watching desk: a table with its steps, print and export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.http import HttpResponse, QueryDict

from puhui.desks.shared.gate import Request
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.tables import Cell, Line, Table, both_ways, kept_fields, turned
from puhui.desks.shared.watching.case_view import step_words
from puhui.desks.shared.watching.desk import WatchingDesk
from puhui.desks.shared.watching.filters import Choice, changed, choice, read_day
from puhui.desks.shared.watching.words import SUPERVISIONS, at_words
from puhui.kernel.actor import Actor
from puhui.kernel.clock import local, local_date
from puhui.market import queries
from puhui.market.queries import LedgerFilter, SupervisionView
from puhui.parties import queries as parties
from puhui.parties.queries.watching import people_named

STATES = {
    "open": "没了结的",
    "closed": "了结的",
    "answered": "银行回了话的",
    "silent": "到点没回话的",
    "unphoned": "县里还没打电话的",
}
PAGE, EXPORTED = 50, 5000
SHOWN = {
    "demand": "编号",
    "ref": "督导号",
    "bank": "银行",
    "kind": "事由",
    "opened": "立的时间",
    "answered": "回话",
    "state": "办到哪",
    "steps": "经过：告诉了谁、怎么说、几点前改",
}
TABLE = Table(
    shown=SHOWN,
    usual=tuple(SHOWN),
    sorts=both_ways(list(SHOWN), ("opened", "answered", "steps")),
    falling=frozenset(f"-{key}" for key in SHOWN),
    first="-opened",
)
COLUMNS: dict[str, tuple[str, ...]] = {
    "ref": ("督导号",),
    "demand": ("编号",),
    "bank": ("银行",),
    "kind": ("事由",),
    "opened": ("立的时间",),
    "answered": ("回话时限", "回话时间"),
    "state": ("了结时间",),
    "steps": ("经过",),
}
"""The columns of an export for each of the page."""


def ledger(request: Request, desk: WatchingDesk, *, may_log: bool = False) -> HttpResponse:
    """The table, or with `format` its export."""
    wanted, actor = read_ledger(request.GET), request.actor
    named = [key for key in SHOWN if key in request.GET.getlist("col")]
    kind = request.GET.get("format", "")
    if kind in ("csv", "xlsx"):
        day = local_date(queries.supervision_ledger(actor, wanted, limit=1).now)
        wanted_columns = named or list(COLUMNS)
        heading = [title for key in wanted_columns for title in COLUMNS[key]]
        rows = _exported(actor, wanted, wanted_columns)
        return table_response(kind, f"督导台账 {day}", heading, rows)
    found = queries.supervision_ledger(
        actor, wanted, limit=PAGE, before=request.GET.get("before", "")[:20]
    )
    columns = TABLE.columns(named)
    shown = columns if "demand" in columns else ("demand", *columns)
    names = people_named(actor, _people(found.rows))
    context = {
        "lines": [_line(row, desk, shown, names, found.now, may_log) for row in found.rows],
        "heads": TABLE.heads(shown, request.GET, wanted.sort),
        "columns": TABLE.choices(shown)[1:],
        "kept": kept_fields(request.GET, "col"),
        "carried": _carried(request),
        "act": "记督导" if may_log else "",
        "total": found.total,
        "wanted": wanted,
        "is_narrowed": wanted != LedgerFilter(sort=wanted.sort),
        "choices": _choices(actor, wanted),
        "next_address": changed(request.GET, before=found.next_before) if found.next_before else "",
        "csv_address": turned(request.GET, format="csv"),
        "xlsx_address": turned(request.GET, format="xlsx"),
        "printed": f"{local(found.now):%Y-%m-%d %H:%M}",
        "now": found.now,
    }
    return desk.page(request, "watching/ledger.html", context)


def read_ledger(query: QueryDict) -> LedgerFilter:
    """The filter that an address asks for; what it names wrongly narrows nothing."""
    kind, state = query.get("kind", ""), query.get("state", "")
    return LedgerFilter(
        ref=query.get("q", "").strip()[:20],
        bank=query.get("bank", "")[:16],
        kind=kind if kind in SUPERVISIONS else "",
        state=state if state in STATES else "",
        since=read_day(query.get("since", "")),
        until=read_day(query.get("until", "")),
        sort=TABLE.sort(query.get("sort", "")),
    )


def _choices(actor: Actor, wanted: LedgerFilter) -> list[Choice]:
    banks = [(one.ref, one.name) for one in parties.banks(actor)]
    return [
        choice("bank", "银行", "全部银行", banks, wanted.bank),
        choice("kind", "事由", "全部", SUPERVISIONS.items(), wanted.kind),
        choice("state", "办到哪", "全部", STATES.items(), wanted.state),
    ]


def _carried(request: Request) -> list[tuple[str, str]]:
    """What the filter form keeps though it has no field for it."""
    fields = [("sort", request.GET.get("sort", ""))]
    fields += [("col", key) for key in request.GET.getlist("col")]
    return [one for one in fields if one[1]]


def _people(rows: Sequence[SupervisionView]) -> set[str]:
    steps = [step for row in rows for step in row.steps]
    return {step.by_ref for step in steps} | {step.to_ref for step in steps}


def _line(
    row: SupervisionView,
    desk: WatchingDesk,
    columns: Sequence[str],
    names: Mapping[str, str],
    now: datetime,
    may_log: bool,
) -> Line:
    cells = _cells(row, names, now)
    return Line(
        ref=row.demand_ref,
        key=row.ref,
        address=desk.case(row.demand_ref),
        cells=tuple((key, SHOWN[key], cells[key]) for key in columns),
        act=desk.url("log", row.ref) if may_log and not row.closed_at else "",
    )


def _cells(row: SupervisionView, names: Mapping[str, str], now: datetime) -> dict[str, Cell]:
    is_silent = row.answered_at is None and row.answer_due_at < now and not row.closed_at
    state = "已了结" if row.closed_at else "到点没回话" if is_silent else "没了结"
    tone = "fine" if row.closed_at else "late" if is_silent else "soon"
    answered = (
        at_words(row.answered_at, now)
        if row.answered_at
        else f"应在 {at_words(row.answer_due_at, now)} 前"
    )
    return {
        "ref": Cell(row.ref),
        "demand": Cell(row.demand_ref),
        "bank": Cell(row.bank_name),
        "kind": Cell(SUPERVISIONS.get(row.kind, row.kind)),
        "opened": Cell(at_words(row.opened_at, now)),
        "answered": Cell(answered),
        "state": Cell(state, tone, is_tag=True),
        "steps": Cell("", lines=tuple(step_words(step, names, now) for step in row.steps)),
    }


def _exported(
    actor: Actor, wanted: LedgerFilter, columns: Sequence[str]
) -> Iterator[list[str | int]]:
    before, told = "", 0
    while told < EXPORTED:
        found = queries.supervision_ledger(actor, wanted, limit=500, before=before)
        names = people_named(actor, _people(found.rows))
        for row in found.rows:
            values = _values(row, names, found.now)
            yield [value for key in columns for value in values[key]]
        told += len(found.rows)
        before = found.next_before
        if not before:
            return


def _values(
    row: SupervisionView, names: Mapping[str, str], now: datetime
) -> dict[str, tuple[str, ...]]:
    return {
        "ref": (row.ref,),
        "demand": (row.demand_ref,),
        "bank": (row.bank_name,),
        "kind": (SUPERVISIONS.get(row.kind, row.kind),),
        "opened": (_exactly(row.opened_at),),
        "answered": (_exactly(row.answer_due_at), _exactly(row.answered_at)),
        "state": (_exactly(row.closed_at),),
        "steps": ("\n".join(step_words(step, names, now) for step in row.steps),),
    }


def _exactly(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M:%S}" if at else ""
