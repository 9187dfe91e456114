"""Which database a command speaks to, and the two roles on it."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from puhui.config import environment
from puhui.program.postgres import APP, OWNER, Embedded, EmbeddedError

MIGRATION_LOCK = 0x70756875_6969  # any fixed number: one migration at a time in a database
LOCK_WAIT_MILLISECONDS = 800  # a migration that waits longer for a table lets the writers pass
TRIES = 60

SEALED = ("kernel_sealedentry", "kernel_journalhead")
WRITTEN_ONCE = (*SEALED, "kernel_installation")

QUIET = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


class MigrationRefused(Exception):
    """The database cannot be migrated now; the message says why."""


@contextmanager
def for_command(*, create: bool = False) -> Iterator[Embedded | None]:
    """DATABASE_URL for the length of one command: as given (None), or the embedded database.

    The embedded one is used where it runs and started where it does not; it is created only
    for commands that begin an installation.
    """
    if os.environ.get("DATABASE_URL"):
        try:
            yield None
        finally:
            close_pool()
        return
    embedded = Embedded(environment.data_folder(), environment.log_folder())
    if not embedded.exists and not create:
        raise EmbeddedError(
            f"no installation in {embedded.home.parent}: name its folder in PUHUI_DATA or its database "
            "in DATABASE_URL, or begin one with `puhui up`"
        )
    access = embedded.running_access()
    started = access is None
    access = access or embedded.start()
    os.environ["DATABASE_URL"] = access.url(APP)
    os.environ["DATABASE_OWNER_URL"] = access.url(OWNER)
    try:
        yield embedded
    finally:
        close_pool()
        if started:
            embedded.stop()


def give_back_connection() -> None:
    """Return the thread's connection to the pool; a dead one is dropped there."""
    from django.db import DatabaseError, InterfaceError, connection

    try:
        connection.close()
    except (DatabaseError, InterfaceError):
        connection.connection = None


def close_pool() -> None:
    """End this process's database connections; a pool left open holds up its end for seconds."""
    from django.conf import settings
    from django.db import connection

    if settings.configured and "puhui.config" in sys.modules:
        give_back_connection()
        close: Callable[[], None] = getattr(connection, "close_pool")  # noqa: B009 - PostgreSQL's only
        close()


def owner_url() -> str:
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def count_rows_anew() -> None:
    """Let PostgreSQL see what has just been filled in bulk; it plans by guesses until it looks itself,
    a minute later: lists of a whole county take seconds by then."""
    with psycopg.connect(owner_url(), autocommit=True) as owner:
        owner.execute("ANALYZE")


def migrate(app_url: str, *, verbosity: int = 1) -> None:
    """Migrate under an advisory lock, as the owner, then grant the program's role what it needs.

    Django must be set up with the owner's address by now. A table that is in use is not waited
    for longer than 0.8 s at a time, so nobody's write waits longer behind the migration.
    """
    with psycopg.connect(owner_url(), autocommit=True) as guard:
        if guard.info.server_version < 150000:
            raise MigrationRefused("PostgreSQL 15 or newer is needed")
        guard.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        _migrate_patiently(verbosity)
        grant(guard, str(conninfo_to_dict(app_url).get("user", "")))


def _migrate_patiently(verbosity: int) -> None:
    from django.core.management import call_command
    from django.db import OperationalError, connection

    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {LOCK_WAIT_MILLISECONDS}")
    for left in reversed(range(TRIES)):
        try:
            call_command("migrate", interactive=False, verbosity=verbosity)
            return
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, errors.LockNotAvailable):
                raise
            time.sleep(1)


def grant(owner: psycopg.Connection, role: str) -> None:
    """Give `role` the program's rights: all rows, but never a change to what is written once."""
    if not role or role == owner.info.user:
        return
    name = sql.Identifier(role)
    with owner.transaction():
        for text in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {}",
        ):
            owner.execute(sql.SQL(text).format(name))
        for table, text in (
            *((table, "REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}") for table in WRITTEN_ONCE),
            ("django_migrations", "REVOKE INSERT, UPDATE, DELETE ON {} FROM {}"),
        ):
            if owner.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,):
                owner.execute(sql.SQL(text).format(sql.Identifier(table), name))
    for setting, value in QUIET.items():
        try:
            owner.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(setting), value)
            )
        except errors.InsufficientPrivilege:
            return  # `puhui check` names the command for the server's administrator
