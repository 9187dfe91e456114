"""What changes entries, their files and tables, and villagers' reports."""

from puhui.content.actions.attaching import attach, detach
from puhui.content.actions.publishing import mark_checked, publish, unschedule, withdraw
from puhui.content.actions.reporting import (
    answer_report,
    forget_reporter,
    report_on_village,
)
from puhui.content.actions.shipping import load_shipped
from puhui.content.actions.tabling import import_table, put_rows
from puhui.content.actions.writing import write

__all__ = [
    "answer_report",
    "attach",
    "detach",
    "forget_reporter",
    "import_table",
    "load_shipped",
    "mark_checked",
    "publish",
    "put_rows",
    "report_on_village",
    "unschedule",
    "withdraw",
    "write",
]
