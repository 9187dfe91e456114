"""What people read and what editors see."""

from puhui.content.queries.editing import (
    attachment_for_editor,
    editor_entries,
    editor_entry,
    file_of_version,
    preview,
    reports,
    reports_waiting,
    version_text,
    versions,
)
from puhui.content.queries.reading import (
    attachment,
    entries,
    entry,
    guide,
    table,
    table_file,
)
from puhui.content.queries.villages import (
    own_reports,
    public_answers,
    village_articles,
    village_tables,
    villages_shown,
)

__all__ = [
    "attachment",
    "attachment_for_editor",
    "editor_entries",
    "editor_entry",
    "entries",
    "entry",
    "file_of_version",
    "guide",
    "own_reports",
    "preview",
    "public_answers",
    "reports",
    "reports_waiting",
    "table",
    "table_file",
    "version_text",
    "versions",
    "village_articles",
    "village_tables",
    "villages_shown",
]
