"""Tables to take away and to send in, on every desk: one way for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse

from puhui.desks.shared.typed import Typed
from puhui.sheets.reading import LIMITS
from puhui.sheets.terms import Column, Page
from puhui.sheets.writing import csv_table, template, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
TAKEN = ".xlsx,.csv,text/csv," + XLSX


def table_response(
    kind: str,
    name: str,
    heading: Sequence[str | Column],
    rows: Iterable[Sequence[object]],
) -> HttpResponse:
    """`kind` csv or xlsx; `name` without ending. Nothing typed by people is ever a formula."""
    columns = [one if isinstance(one, Column) else Column(one, one) for one in heading]
    if kind == "xlsx":
        return file_response(workbook(Page(name, columns, rows)), f"{name}.xlsx", XLSX)
    return file_response(csv_table(columns, rows), f"{name}.csv", CSV)


def template_response(
    name: str,
    columns: Sequence[Column],
    *,
    notes: Sequence[str] = (),
    rows: Iterable[Sequence[object]] = (),
) -> HttpResponse:
    """A form to fill in, with a page that explains it."""
    return file_response(template(name, columns, notes=notes, rows=rows), f"{name}.xlsx", XLSX)


def file_response(body: bytes, name: str, media: str) -> HttpResponse:
    """A file to save under a Chinese name, kept by no cache."""
    response = HttpResponse(body, content_type=media)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response


class SheetFile(Typed, forms.FileField):
    """A spreadsheet to send in (xlsx or CSV); its value is the bytes."""

    is_wide = True

    def __init__(self, label: str = "选表格文件", **options: Any) -> None:
        most = LIMITS.size // 2**20
        hint = options.pop("help_text", f"xlsx 或 CSV，最大 {most} MB。")
        widget = forms.FileInput({"accept": TAKEN})
        super().__init__(label, widget=widget, help_text=hint, empty="请选一个文件。", **options)

    def clean(self, data: Any, initial: Any = None) -> bytes:
        if not isinstance(data, UploadedFile):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return b""
        if (data.size or 0) > LIMITS.size:
            raise ValidationError(f"文件太大了，最大 {LIMITS.size // 2**20} MB。请分成几份再传。")
        return bytes(data.read())
