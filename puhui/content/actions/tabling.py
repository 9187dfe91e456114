"""Tables: rows by page or by spreadsheet, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from puhui.content.actions.writing import put_version
from puhui.content.models import Entry
from puhui.content.reach import EDITORS, editable_one
from puhui.content.rules import MOST_ROWS
from puhui.content.showing import form_of
from puhui.content.terms import FORMS, Refusals, section_of
from puhui.content.terms.tables import storable
from puhui.kernel.actor import Actor
from puhui.kernel.command import FieldError, Invalid, Refused, Work, command
from puhui.sheets.cells import CellError, value_of
from puhui.sheets.reading import read
from puhui.sheets.terms import Column, Found, ImportReport, Limits, report

LIMITS = Limits(size=5 * 2**20, unpacked=24 * 2**20, rows=MOST_ROWS, columns=40)


@command(*EDITORS)
def import_table(
    work: Work, ref: str, content: bytes, *, dry_run: bool = False, by: Actor
) -> ImportReport:
    """Replace a table's rows by those of an xlsx or CSV file: a new version, not yet published.

    With any error, or on a dry run, nothing is written; errors name line, column and rule. Refuses
    NOT_FOUND and NOT_A_TABLE.
    """
    entry = editable_one(by, ref, lock=True)
    columns, found = columns_of(entry), Found("table")
    rows = [storable(columns, row.cells) for row in read(content, columns, found, LIMITS)]
    before = {_key(row) for row in (entry.latest.rows if entry.latest else [])}
    fresh = sum(_key(row) not in before for row in rows)
    told = report(len(rows), fresh, 0, [found], dry_run)
    if told.is_done:
        put_version(work, entry, replace(form_of(entry), rows=tuple(rows)))
    return told


@command(*EDITORS)
def put_rows(
    work: Work, ref: str, rows: Sequence[Mapping[str, Any]], *, version: int, by: Actor
) -> None:
    """Replace a table's rows by typed cells as people wrote them: a new version, not yet published.

    `version` is the number that the editor had before them. Refuses NOT_FOUND, NOT_A_TABLE,
    EDITED_MEANWHILE, TOO_MANY_ROWS and Invalid (field `<row>-<column>`, rows from 1).
    """
    entry = editable_one(by, ref, lock=True)
    if entry.latest is None or entry.latest.number != version:
        raise Refused(Refusals.EDITED_MEANWHILE)
    if len(rows) > MOST_ROWS:
        raise Refused(Refusals.TOO_MANY_ROWS, most=MOST_ROWS)
    columns, errors, typed = columns_of(entry), [], []
    for number, row in enumerate(rows, 1):
        cells, wrong = _typed(columns, row)
        typed.append(storable(columns, cells))
        errors += [
            FieldError(f"{number}-{one.field}", one.code, f"第 {number} 行：{one.sentence}")
            for one in wrong
        ]
    if errors:
        raise Invalid(errors)
    put_version(work, entry, replace(form_of(entry), rows=tuple(typed)))


def columns_of(entry: Entry) -> tuple[Column, ...]:
    """The columns of a table. Refuses NOT_A_TABLE."""
    section = section_of(entry.place, entry.section)
    if section is None or not section.form:
        raise Refused(Refusals.NOT_A_TABLE)
    return FORMS[section.form]


def _typed(
    columns: tuple[Column, ...], row: Mapping[str, Any]
) -> tuple[dict[str, Any], list[FieldError]]:
    cells, wrong = {}, []
    for column in columns:
        try:
            cells[column.key] = value_of(column, row.get(column.key, ""))
        except CellError as error:
            wrong.append(error.error)
    return cells, wrong


def _key(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, str(value)) for key, value in row.items()))
