"""All engagements of the bank, and their export."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from puhui.catalogue.terms import Subject
from puhui.desks.bank import table_view
from puhui.desks.bank.chrome import bank_page
from puhui.desks.bank.table_view import TABLE
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.spreadsheets import table_response
from puhui.desks.shared.state_words import ENGAGEMENT_WORDS
from puhui.desks.shared.tables import kept_fields
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import queries
from puhui.market.queries import TableRow
from puhui.parties import queries as parties
from puhui.sheets.terms import Column, Kind

PAGE_ROWS = 50
AMOUNT_COLUMN = table_view.COLUMNS.index("金额（万元）")
COLUMNS = [
    Column(title, title, Kind.WAN if place == AMOUNT_COLUMN else Kind.WORDS)
    for place, title in enumerate(table_view.COLUMNS)
]


@page(queries.bank_table)
def table(request: Request) -> HttpResponse:
    """/bank/engagements/: filters in the address, pages by cursor."""
    asked = {key: str(value) for key, value in request.GET.items() if key not in ("after", "col")}
    chosen, columns = table_view.chosen_by(asked), TABLE.columns(request.GET.getlist("col"))
    after = request.GET.get("after", "")
    rows = queries.bank_table(request.actor, chosen, after=after, limit=PAGE_ROWS + 1)
    more = len(rows) > PAGE_ROWS
    rows = rows[:PAGE_ROWS]
    context = {
        "lines": _lines(rows, columns),
        "heads": TABLE.heads(columns, request.GET, chosen.sort),
        "columns": TABLE.choices(columns),
        "kept": kept_fields(request.GET, "col"),
        "numbers": ("amount",),
        "kept_columns": columns if columns != table_view.USUAL else (),
        "townships": parties.townships(request.actor),
        "size": queries.bank_table_size(request.actor, chosen),
        "asked": asked,
        "chosen": chosen,
        "q": chosen.words,
        "after": after,
        "first": table_view.address_with(asked, columns),
        "next": table_view.address_with(asked, columns, after=rows[-1].ref) if more else "",
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
        "query": request.GET.urlencode(),
    }
    return bank_page(request, "bank/table.html", context)


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
    chosen = table_view.chosen_by({key: str(value) for key, value in request.GET.items()})
    rows = queries.bank_table_rows(request.actor, chosen)
    name = f"全部单子 {local_date(database_now())}"
    return table_response(form, name, COLUMNS, (_cells(row) for row in rows))


def _cells(row: TableRow) -> list[object]:
    """As the page shows them; the amount is a number."""
    cells: list[object] = list(table_view.cells(row))
    cells[AMOUNT_COLUMN] = row.amount_fen
    return cells
