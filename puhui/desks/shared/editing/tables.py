"""A table's rows and an entry's files, at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.http import HttpResponse

from puhui.content import actions, queries
from puhui.content.terms import FORMS, EntryForm, section_of
from puhui.desks.shared.editing import forms
from puhui.desks.shared.gate import Request
from puhui.desks.shared.sheets import answered, done, refused_with, shown
from puhui.desks.shared.watching.desk import WatchingDesk
from puhui.files import queries as files
from puhui.kernel.command import NOT_FOUND, FieldError, Invalid, Refused
from puhui.sheets.terms import Column, ImportReport, Kind

ERRORS_SHOWN = 100
FEN = 100


def columns_of(form: EntryForm) -> tuple[Column, ...]:
    section = section_of(form.place, form.section)
    if section is None or not section.form:
        raise Refused(NOT_FOUND)
    return FORMS[section.form]


def upload(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """All rows by spreadsheet: tried first, then written, or nothing at all."""
    card = queries.editor_entry(request.actor, ref).card
    form = forms.Importing(request.POST or None, request.FILES or None)
    sheet = desk.sheet(
        request,
        "用表格换掉全部行",
        "导入",
        desk.url("article", ref),
        subject=card.title,
        second_verb="先试一遍，不写入",
        before="editing/tried.html",
        more={"form_address": desk.url("article-form", ref)},
    )
    if request.method != "POST":
        return shown(request, sheet, form)
    if not form.is_valid():
        return shown(request, sheet, form, status=422)
    is_trial = "preview" in request.POST
    try:
        told = actions.import_table(
            ref, form.cleaned_data["file"].read(), dry_run=is_trial, by=request.actor
        )
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise
        return refused_with(request, sheet, form, refused)
    if told.is_done:
        said = f"导入了 {told.rows} 行，还没发布。看一遍再点“发布”。"
        return done(request, said, desk.url("article", ref))
    return _tried(request, desk, ref, told)


def _tried(request: Request, desk: WatchingDesk, ref: str, told: ImportReport) -> HttpResponse:
    sheet = desk.sheet(
        request,
        "用表格换掉全部行",
        "导入",
        desk.url("article", ref),
        second_verb="先试一遍，不写入",
        before="editing/tried.html",
        more={
            "form_address": desk.url("article-form", ref),
            "told": told,
            "row_errors": forms.row_errors(told.errors[:ERRORS_SHOWN]),
        },
    )
    return shown(request, sheet, forms.Importing(), status=422 if told.error_count else 200)


def row(request: Request, desk: WatchingDesk, ref: str, number: int) -> HttpResponse:
    """One row by page; number 0 adds one at the end."""
    old = queries.editor_entry(request.actor, ref).form
    columns = columns_of(old)
    if number > len(old.rows):
        raise Refused(NOT_FOUND)
    initial = _typed_by_hand(columns, old.rows[number - 1]) if number else {}
    form = forms.TableRow(columns, request.POST or None, initial=initial)
    title = f"改第 {number} 行" if number else "加一行"
    sheet = desk.sheet(request, title, "存下来", desk.url("article", ref), subject=old.title)

    def act(typed: Mapping[str, Any]) -> None:
        rows = [_typed_by_hand(columns, one) for one in old.rows]
        at = number or len(rows) + 1
        rows[at - 1 : at] = [dict(typed)]
        try:
            actions.put_rows(ref, rows, version=old.version, by=request.actor)
        except Invalid as refused:
            raise Invalid([_without_row(one, at) for one in refused.errors]) from None

    return answered(request, sheet, form, act, said="存下了，点“发布”读者才看到。")


def _without_row(error: FieldError, at: int) -> FieldError:
    return FieldError(
        error.field.removeprefix(f"{at}-"),
        error.code,
        error.sentence.removeprefix(f"第 {at} 行："),
    )


def drop_row(request: Request, desk: WatchingDesk, ref: str, number: int) -> HttpResponse:
    """Take one row out; the version before keeps it."""
    old = queries.editor_entry(request.actor, ref).form
    columns = columns_of(old)
    if not 1 <= number <= len(old.rows):
        raise Refused(NOT_FOUND)
    rows = [_typed_by_hand(columns, one) for one in old.rows]
    del rows[number - 1]
    actions.put_rows(ref, rows, version=old.version, by=request.actor)
    return done(request, "去掉了这一行，点“发布”读者才看到。", desk.url("article", ref))


def _typed_by_hand(columns: tuple[Column, ...], cells: Mapping[str, Any]) -> dict[str, str]:
    """A stored row as somebody would type it."""
    found = {}
    for column in columns:
        cell = cells.get(column.key)
        if column.kind is Kind.YUAN and isinstance(cell, int):
            yuan, fen = divmod(cell, FEN)
            found[column.key] = f"{yuan}.{fen:02d}" if fen else str(yuan)
        else:
            found[column.key] = "" if cell is None else str(cell)
    return found


def attach(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """Add a file: looked at and cleaned before anything is stored."""
    card = queries.editor_entry(request.actor, ref).card
    sheet = desk.sheet(
        request,
        "加附件",
        "加上",
        desk.url("article", ref),
        subject=card.title,
        warning="已经发布的，附件加上就看得到。别放带身份证号、银行卡号的。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        sent = typed["file"]
        name = typed["name"] or PurePath(sent.name or "附件").stem[:60]
        clean = files.cleaned(request.actor, sent.read())
        actions.attach(ref, name, clean, by=request.actor)

    form = forms.Attaching(request.POST or None, request.FILES or None)
    return answered(request, sheet, form, act, said="附件加上了。")


def detach(request: Request, desk: WatchingDesk, ref: str, number: int) -> HttpResponse:
    """Take a file off."""
    actions.detach(ref, number, by=request.actor)
    return done(request, "附件去掉了。", desk.url("article", ref))
