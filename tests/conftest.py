"""One real PostgreSQL for the whole run; started here, before Django reads its settings.

The first process to come by starts it and hands its address on through the environment, so
parallel test processes share it. Where DATABASE_URL is set, that server is used instead.
A test that is skipped or expected to fail counts as failed: it would prove nothing.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import django
import psycopg
import pytest

from puhui.kernel.crypto import KeyRing
from puhui.program import folders
from puhui.program.postgres import OWNER, SUPERUSER, Embedded

OURS = (
    "PUHUI_KEYS",
    "PUHUI_LOG_DIR",
    "PUHUI_BIND",
    "PUHUI_STREAM_BIND",
    "PUHUI_HOSTS",
    "PUHUI_LAN",
)
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger
WHERE NOT tgisinternal AND tgenabled = 'A' AND tgrelid::regclass::text LIKE 'kernel_%%'
"""


def _prepare() -> None:
    if "PUHUI_TEST_DATA" in os.environ:  # another process of this run has prepared everything
        return
    data = Path(tempfile.mkdtemp(prefix="puhui-test-"))
    os.environ |= {"PUHUI_TEST_DATA": str(data), "PUHUI_DATA": str(data)}
    for name in (*OURS, "SMS_URL", "ALARM_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    KeyRing.create(data / "keys")
    folders.make_private(data / "static")
    cluster = Embedded(data)
    atexit.register(_clear, cluster, data)
    if "DATABASE_URL" not in os.environ:
        access = cluster.start()
        with psycopg.connect(access.url(SUPERUSER, "postgres"), autocommit=True) as db:
            db.execute(f"ALTER ROLE {OWNER} CREATEDB CREATEROLE")
        os.environ["DATABASE_URL"] = access.url(OWNER)
    os.environ["DJANGO_SETTINGS_MODULE"] = "puhui.config.settings"


def _clear(cluster: Embedded, data: Path) -> None:
    cluster.stop()
    shutil.rmtree(data, ignore_errors=True)


def _let_tests_empty_the_journal() -> None:
    """Between tests tables are emptied; the journal's own triggers would refuse that, as they must.

    The working days that come with the program are put back: every test starts with them.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations

    empty = DatabaseOperations.execute_sql_flush
    shipped = import_module("puhui.kernel.migrations.0002_journal_guard_and_calendar")

    def execute_sql_flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(TRIGGERS)
            guards = cursor.fetchall()
        off = [f'ALTER TABLE {table} DISABLE TRIGGER "{name}"' for table, name in guards]
        on = [f'ALTER TABLE {table} ENABLE ALWAYS TRIGGER "{name}"' for table, name in guards]
        empty(self, [*off, *sql_list, *on])
        if any('"kernel_calendaryear"' in sql for sql in sql_list):
            shipped.load(None, SimpleNamespace(connection=self.connection))

    DatabaseOperations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign]


_prepare()
django.setup()
_let_tests_empty_the_journal()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    expected = report.__dict__.pop("wasxfail", None)
    if report.skipped or expected is not None:
        report.outcome = "failed"
        report.longrepr = f"skipped or expected to fail, which counts as failed: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped as a whole, which counts as failed: {report.longrepr}"
    return report
