"""From rows to what readers and editors are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from puhui.content.models import Attachment, Entry, EntryVersion
from puhui.content.rendering import html_of
from puhui.content.terms import (
    FORMS,
    Attached,
    EntryCard,
    EntryForm,
    EntryPage,
    TablePage,
    period_words,
    section_of,
    shown,
)
from puhui.kernel.clock import local_date
from puhui.sheets.terms import Column

ROWS_A_PAGE = 20


def form_of(entry: Entry, version: EntryVersion | None = None) -> EntryForm:
    """An entry as an editor would send it again; of its latest version unless another is given."""
    one = version or entry.latest
    if one is None:
        raise RuntimeError("an entry without a version was committed")
    return EntryForm(
        place=entry.place,
        section=entry.section,
        title=one.title,
        body=one.body,
        relation=one.relation,
        source=one.source,
        source_url=one.source_url,
        dated_on=one.dated_on,
        dated_words=one.dated_words,
        valid_until=one.valid_until,
        check=one.check_state,
        division_code=entry.division_id or "",
        period=entry.period,
        rows=tuple(one.rows),
        is_sample=entry.is_sample,
        position=entry.position,
        ref=entry.ref,
        version=one.number,
    )


def card_of(entry: Entry, version: EntryVersion | None, today: date) -> EntryCard:
    """The card of an entry by that version."""
    one = version or entry.latest
    if one is None:
        raise RuntimeError("an entry without a version was committed")
    return EntryCard(
        ref=entry.ref,
        place=entry.place,
        section=entry.section,
        kind=entry.kind,
        title=one.title,
        relation=one.relation,
        source=one.source,
        dated=one.dated_words or (one.dated_on.isoformat() if one.dated_on else ""),
        published_on=local_date(entry.published_at) if entry.published_at else None,
        valid_until=one.valid_until,
        is_ended=one.valid_until is not None and one.valid_until < today,
        is_sample=entry.is_sample,
        check=one.check_state,
        division_code=entry.division_id or "",
        division_name=entry.division.short_name if entry.division else "",
        period=period_words(entry.period),
        state=entry.state,
        publish_at=entry.publish_at,
        updated_at=one.at,
        is_changed=entry.state == "published" and entry.live_id != entry.latest_id,
        version=one.number,
    )


def page_of(
    entry: Entry,
    version: EntryVersion,
    today: date,
    attachments: Iterable[Attachment],
    page: int = 1,
) -> EntryPage:
    """One entry whole; of a table one page of rows."""
    form = form_of(entry, version)
    columns = columns_of(entry)
    return EntryPage(
        card=card_of(entry, version, today),
        source_url=version.source_url,
        html=html_of(version.body) if version.body else "",
        table=table_of(columns, version.rows, page) if columns else None,
        attachments=tuple(
            Attached(one.number, one.name, one.file.kind, one.file.size) for one in attachments
        ),
        form=form,
        withdrawn_words=entry.withdrawn_words if entry.state == "withdrawn" else "",
    )


def columns_of(entry: Entry) -> tuple[Column, ...]:
    """The columns of a table; none for an article."""
    section = section_of(entry.place, entry.section)
    return FORMS[section.form] if section and section.form else ()


def table_of(
    columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], page: int = 1
) -> TablePage:
    """One page of rows in words, all columns."""
    start = (max(1, page) - 1) * ROWS_A_PAGE
    return TablePage(
        keys=tuple(column.key for column in columns),
        headings=tuple(column.title for column in columns),
        rows=tuple(
            tuple(shown(column, row.get(column.key)) for column in columns)
            for row in rows[start : start + ROWS_A_PAGE]
        ),
        total=len(rows),
    )


def attached(entry: Entry) -> list[Attachment]:
    """Its files by number, without their bodies."""
    rows = entry.attachments.filter(removed_at__isnull=True).select_related("file")
    return list(rows.defer("file__body").order_by("number"))
