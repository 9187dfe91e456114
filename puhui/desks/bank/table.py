"""All engagements of the bank, and their export."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse, QueryDict

from puhui.catalogue.terms import Subject
from puhui.desks.bank import table_view
from puhui.desks.bank.chrome import bank_page
from puhui.desks.bank.table_view import TABLE
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.searching import asked_of, is_reference, linked
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.state_words import ENGAGEMENT_WORDS
from puhui.desks.shared.tables import kept_fields
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import queries
from puhui.market.queries import TableRow
from puhui.parties import queries as parties
from puhui.parties.terms import DivisionCard
from puhui.sheets.terms import Column, Kind

PAGE_ROWS = 50
AMOUNT_COLUMN = table_view.COLUMNS.index("金额（万元）")
COLUMNS = [
    Column(title, title, Kind.WAN if place == AMOUNT_COLUMN else Kind.WORDS)
    for place, title in enumerate(table_view.COLUMNS)
]


@page(queries.bank_table, methods=("GET", "POST"))
def table(request: Request) -> HttpResponse:
    """/bank/engagements/: filters in the address, pages by cursor; a name is posted, never there."""
    typed = request.POST if request.method == "POST" else request.GET
    townships = parties.townships(request.actor)
    is_name = not _may_link(typed.get("q", ""), [one.name for one in townships])
    query = asked_of(typed, "q") if is_name else asked_of(typed)
    if request.method == "POST" and not is_name:
        return linked(request.path, query)
    named = typed.get("q", "").strip()[:20] if request.method == "POST" else ""
    return bank_page(request, "bank/table.html", _context(request, query, named, townships))


def _may_link(words: str, places: list[str]) -> bool:
    """Numbers and places may stand in an address; anything else could be somebody's name."""
    text = words.strip()
    return not text or is_reference(text) or any(text in place for place in places)


def _context(
    request: Request, query: QueryDict, named: str, townships: list[DivisionCard]
) -> dict[str, Any]:
    asked = {key: str(value) for key, value in query.items() if key not in ("after", "col")}
    chosen, columns = table_view.chosen_by(asked), TABLE.columns(query.getlist("col"))
    after = "" if named else query.get("after", "")
    sought = replace(chosen, words=named or chosen.words)
    rows = queries.bank_table(request.actor, sought, after=after, limit=PAGE_ROWS + 1)
    more = len(rows) > PAGE_ROWS
    rows = rows[:PAGE_ROWS]
    return {
        "lines": _lines(rows, columns),
        "heads": TABLE.heads(columns, query, chosen.sort),
        "columns": TABLE.choices(columns),
        "kept": kept_fields(query, "col"),
        "numbers": ("amount",),
        "kept_columns": columns if columns != table_view.USUAL else (),
        "townships": townships,
        "size": queries.bank_table_size(request.actor, sought),
        "asked": asked,
        "chosen": chosen,
        "named": named,
        "is_cut": bool(named) and more,
        "q": chosen.words,
        "after": after,
        "first": table_view.address_with(asked, columns),
        "next": table_view.address_with(asked, columns, after=rows[-1].ref)
        if more and not named
        else "",
        "which": [
            (
                words,
                table_view.address_with(asked, columns, which=key),
                asked.get("which", "") == key,
            )
            for key, words in table_view.WHICH.items()
        ],
        "states": ENGAGEMENT_WORDS,
        "subjects": Subject.choices,
        "sorts": table_view.SORT_WORDS,
        "officers": parties.colleagues(request.actor),
        "query": query.urlencode(),
    }


def _lines(
    rows: list[TableRow], columns: tuple[str, ...]
) -> list[tuple[Any, list[tuple[str, str, str]]]]:
    now = database_now()
    made = [table_view.line(row, now) for row in rows]
    return [(one, one.of(columns)) for one in made]


@page(queries.bank_table_rows)
def export(request: Request, form: str) -> HttpResponse:
    """/bank/engagements.csv and .xlsx: the table as it is filtered now; names stay masked."""
    if form not in ("csv", "xlsx"):
        raise Http404
    places = [one.name for one in parties.townships(request.actor)]
    query = asked_of(request.GET, *(() if _may_link(request.GET.get("q", ""), places) else ("q",)))
    chosen = table_view.chosen_by({key: str(value) for key, value in query.items()})
    rows = queries.bank_table_rows(request.actor, chosen)
    name = f"全部单子 {local_date(database_now())}"
    return table_response(form, name, COLUMNS, (_cells(row) for row in rows))


def _cells(row: TableRow) -> list[object]:
    """As the page shows them; the amount is a number."""
    cells: list[object] = list(table_view.cells(row))
    cells[AMOUNT_COLUMN] = row.amount_fen
    return cells
