"""Articles, tables and villagers' reports at this desk (see puhui.desks.shared.editing)."""

from __future__ import annotations

from django.http import HttpResponse

from puhui.content import actions, queries
from puhui.desks.county.chrome import DESK
from puhui.desks.shared.editing import pages, reports, tables
from puhui.desks.shared.gate import Request, page

BOTH = ("GET", "POST")


@page(queries.editor_entries, queries.reports_waiting)
def listing(request: Request) -> HttpResponse:
    """/county/articles/"""
    return pages.listing(request, DESK)


@page(actions.write, methods=BOTH)
def begin(request: Request) -> HttpResponse:
    """/county/articles/new"""
    return pages.begin(request, DESK)


@page(actions.write, queries.preview, methods=BOTH)
def write(request: Request, place: str, section: str) -> HttpResponse:
    """/county/articles/new/<place>/<section>"""
    return pages.write(request, DESK, place, section)


@page(queries.editor_entry, queries.versions)
def entry(request: Request, ref: str) -> HttpResponse:
    """/county/articles/<ref>/"""
    return pages.entry(request, DESK, ref)


@page(queries.version_text)
def version(request: Request, ref: str, number: int) -> HttpResponse:
    """/county/articles/<ref>/versions/<number>"""
    return pages.version(request, DESK, ref, number)


@page(actions.write, queries.editor_entry, queries.preview, methods=BOTH)
def edit(request: Request, ref: str) -> HttpResponse:
    """/county/articles/<ref>/edit"""
    return pages.edit(request, DESK, ref)


@page(actions.publish, queries.editor_entry, methods=BOTH)
def publish(request: Request, ref: str) -> HttpResponse:
    """/county/articles/<ref>/publish"""
    return pages.publish(request, DESK, ref)


@page(actions.withdraw, queries.editor_entry, methods=BOTH)
def withdraw(request: Request, ref: str) -> HttpResponse:
    """/county/articles/<ref>/withdraw"""
    return pages.withdraw(request, DESK, ref)


@page(actions.unschedule, methods=("POST",))
def unschedule(request: Request, ref: str) -> HttpResponse:
    """/county/articles/<ref>/unschedule"""
    return pages.unschedule(request, DESK, ref)


@page(actions.import_table, queries.editor_entry, methods=BOTH)
def upload(request: Request, ref: str) -> HttpResponse:
    """/county/articles/<ref>/upload"""
    return tables.upload(request, DESK, ref)


@page(actions.put_rows, queries.editor_entry, methods=BOTH)
def row(request: Request, ref: str, number: int) -> HttpResponse:
    """/county/articles/<ref>/rows/<number>"""
    return tables.row(request, DESK, ref, number)


@page(actions.put_rows, queries.editor_entry, methods=("POST",))
def drop_row(request: Request, ref: str, number: int) -> HttpResponse:
    """/county/articles/<ref>/rows/<number>/drop"""
    return tables.drop_row(request, DESK, ref, number)


@page(queries.file_of_version)
def table_out(request: Request, ref: str) -> HttpResponse:
    """/county/articles/<ref>/table.xlsx"""
    return pages.sheet_out(request, ref, is_form=False)


@page(queries.file_of_version)
def form_out(request: Request, ref: str) -> HttpResponse:
    """/county/articles/<ref>/form.xlsx"""
    return pages.sheet_out(request, ref, is_form=True)


@page(actions.attach, queries.editor_entry, methods=BOTH)
def attach(request: Request, ref: str) -> HttpResponse:
    """/county/articles/<ref>/attach"""
    return tables.attach(request, DESK, ref)


@page(queries.attachment_for_editor)
def file(request: Request, ref: str, number: int) -> HttpResponse:
    """/county/articles/<ref>/files/<number>/"""
    return pages.file_out(request, ref, number)


@page(actions.detach, methods=("POST",))
def detach(request: Request, ref: str, number: int) -> HttpResponse:
    """/county/articles/<ref>/files/<number>/drop"""
    return tables.detach(request, DESK, ref, number)


@page(queries.reports)
def village_reports(request: Request) -> HttpResponse:
    """/county/village-reports/"""
    return reports.listing(request, DESK)


@page(actions.answer_report, queries.reports, methods=BOTH)
def answer(request: Request, ref: str) -> HttpResponse:
    """/county/village-reports/<ref>/answer"""
    return reports.answer(request, DESK, ref)


@page(actions.mark_checked, queries.editor_entry, methods=BOTH)
def check(request: Request, ref: str) -> HttpResponse:
    """/county/articles/<ref>/check"""
    return pages.check(request, DESK, ref)


@page(actions.load_shipped, methods=("POST",))
def load_shipped(request: Request) -> HttpResponse:
    """/county/articles/shipped: what comes with the program, as drafts."""
    return pages.load_shipped(request, DESK)
