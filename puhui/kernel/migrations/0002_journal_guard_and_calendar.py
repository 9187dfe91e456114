"""The journal's own triggers, and the working days that come with the program."""

from typing import Any

from django.db import migrations

from puhui.kernel.calendar import shipped_table
from puhui.kernel.journal_models import PROTECT_SQL, UNPROTECT_SQL

SHIPPED = "国务院办公厅节假日安排通知，随程序提供"


def load(apps: Any, schema_editor: Any) -> None:
    years: dict[int, list[str]] = {}
    for day in shipped_table().days:
        years.setdefault(day.day.year, []).append("1" if day.is_working else "0")
    with schema_editor.connection.cursor() as cursor:
        for year, marks in years.items():
            cursor.execute(
                "INSERT INTO kernel_calendaryear (year, working, loaded_at, source)"
                " VALUES (%s, %s, clock_timestamp(), %s)",
                [year, "".join(marks), SHIPPED],
            )


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(PROTECT_SQL, UNPROTECT_SQL),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
