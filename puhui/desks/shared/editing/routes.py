"""Where the pages of articles, tables and villagers' reports stand beneath a desk."""

from __future__ import annotations

from puhui.content import actions, queries
from puhui.desks.shared.editing import pages, reports, tables
from puhui.desks.shared.watching.routes import BOTH, POST, Route

ENTRY = "articles/<slug:ref>"
ROW = f"{ENTRY}/rows/<int:number>"
FILE = f"{ENTRY}/files/<int:number>"
REPORT = "village-reports/<slug:ref>"
old = queries.editor_entry

ROUTES = (
    Route(
        "articles/", "articles", pages.listing, (queries.editor_entries, queries.reports_waiting)
    ),
    Route("articles/new", "article-begin", pages.begin, (actions.write,), BOTH),
    Route(
        "articles/new/<slug:place>/<slug:section>",
        "article-new",
        pages.write,
        (actions.write, queries.preview),
        BOTH,
    ),
    Route(f"{ENTRY}/", "article", pages.entry, (old, queries.versions)),
    Route(f"{ENTRY}/edit", "article-edit", pages.edit, (actions.write, old, queries.preview), BOTH),
    Route(f"{ENTRY}/publish", "article-publish", pages.publish, (actions.publish, old), BOTH),
    Route(f"{ENTRY}/withdraw", "article-withdraw", pages.withdraw, (actions.withdraw, old), BOTH),
    Route(
        f"{ENTRY}/unschedule", "article-unschedule", pages.unschedule, (actions.unschedule,), POST
    ),
    Route(
        f"{ENTRY}/versions/<int:number>", "article-version", pages.version, (queries.version_text,)
    ),
    Route(f"{ENTRY}/upload", "article-upload", tables.upload, (actions.import_table, old), BOTH),
    Route(ROW, "article-row", tables.row, (actions.put_rows, old), BOTH),
    Route(f"{ROW}/drop", "article-row-drop", tables.drop_row, (actions.put_rows, old), POST),
    Route(f"{ENTRY}/table.xlsx", "article-table", pages.table_out, (queries.file_of_version,)),
    Route(f"{ENTRY}/form.xlsx", "article-form", pages.form_out, (queries.file_of_version,)),
    Route(f"{ENTRY}/attach", "article-attach", tables.attach, (actions.attach, old), BOTH),
    Route(f"{FILE}/", "article-file", pages.file_out, (queries.attachment_for_editor,)),
    Route(f"{FILE}/drop", "article-file-drop", tables.detach, (actions.detach,), POST),
    Route("village-reports/", "village-reports", reports.listing, (queries.reports,)),
    Route(
        f"{REPORT}/answer",
        "village-report-answer",
        reports.answer,
        (actions.answer_report, queries.reports),
        BOTH,
    ),
)
COUNTY_ROUTES = (
    Route(
        "articles/shipped", "articles-shipped", pages.load_shipped, (actions.load_shipped,), POST
    ),
    *ROUTES,
    Route(f"{ENTRY}/check", "article-check", pages.check, (actions.mark_checked, old), BOTH),
)
"""The county's beside them: what comes with the program, and the check against the source."""
