"""One real PostgreSQL for the whole run; started here, before Django reads its settings.

The first process to come by starts it and hands its address on through the environment, so
parallel test processes share it. Where DATABASE_URL is set, that server is used instead.
A test that is skipped or expected to fail counts as failed: it would prove nothing.
"""

import atexit
import fcntl
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
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from pytest_django import DjangoDbBlocker

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
TEMPLATE = "template"
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
    else:
        atexit.register(_drop_template, os.environ["DATABASE_URL"])
    os.environ["DJANGO_SETTINGS_MODULE"] = "puhui.config.settings"


def _template_of(database: str) -> str:
    return f"test_{database}_{TEMPLATE}"


def _drop_template(url: str) -> None:
    """A server that somebody gave us is left as it was."""
    name = _template_of(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(url, dbname="postgres", autocommit=True) as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _clear(cluster: Embedded, data: Path) -> None:
    cluster.stop()
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Parallel processes copy one migrated database: whoever comes first migrates it."""
    from django.conf import settings
    from django.db import connection

    name = _template_of(settings.DATABASES["default"]["NAME"])
    done = Path(os.environ["PUHUI_TEST_DATA"], TEMPLATE)
    with done.with_suffix(".lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _migrate(connection, name)
            done.touch()
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def _migrate(connection: BaseDatabaseWrapper, name: str) -> None:
    from django.core.management import call_command

    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    given = connection.settings_dict["NAME"]
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    try:
        connection.settings_dict["NAME"] = name
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        connection.settings_dict["NAME"] = given


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


def _let_many_come_at_once() -> None:
    """A test's server takes on every caller, the program no more than it has connections for:
    here fifty wait for a place and for a connection where the program keeps them in its queue."""
    from django.core.servers.basehttp import WSGIServer
    from django.db import connection

    WSGIServer.request_queue_size = 256
    connection.settings_dict["OPTIONS"]["pool"]["timeout"] = 60


_prepare()
django.setup()
_let_many_come_at_once()
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
