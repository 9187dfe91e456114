"""Migration: one at a time, and the program's role gets what it needs and no more."""

import os
import secrets
import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import errors, sql

from puhui.program import database
from tests.program.conftest import await_

WAITING = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


@pytest.fixture
def url(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The test's database as its owner."""
    given = psycopg.conninfo.conninfo_to_dict(
        os.environ["DATABASE_URL"], dbname=settings.DATABASES["default"]["NAME"]
    )
    text = psycopg.conninfo.make_conninfo("", **given)
    monkeypatch.setenv("DATABASE_OWNER_URL", text)
    return text


@pytest.fixture
def role(url: str) -> Iterator[psycopg.Connection]:
    """A connection as a role that has been granted the program's rights."""
    name, password = f"puhui_test_{secrets.token_hex(4)}", secrets.token_hex(16)
    who = sql.Identifier(name)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(who, password))
        database.grant(owner, name)
        with psycopg.connect(url, user=name, password=password, autocommit=True) as inner:
            yield inner
        owner.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(who))
        owner.execute(sql.SQL("DROP OWNED BY {}").format(who))
        owner.execute(sql.SQL("DROP ROLE {}").format(who))


def test_migrations_wait_for_each_other(url: str) -> None:
    failures: list[Exception] = []

    def migrate() -> None:
        try:
            database.migrate("postgresql://", verbosity=0)
        except Exception as error:  # noqa: BLE001 - judged below
            failures.append(error)
        finally:
            connection.close()

    second = threading.Thread(target=migrate)
    with psycopg.connect(url, autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(%s)", [database.MIGRATION_LOCK])
        second.start()
        await_(lambda: first.execute(WAITING).fetchone(), "the second migration waits")
        assert second.is_alive()
    second.join(60)
    assert not second.is_alive()
    assert failures == []


def test_the_program_reads_and_writes(role: psycopg.Connection) -> None:
    role.execute("INSERT INTO kernel_storedresponse SELECT * FROM kernel_storedresponse")
    role.execute("UPDATE kernel_storedresponse SET subject = ''")
    role.execute("DELETE FROM kernel_storedresponse")


@pytest.mark.parametrize("table", database.WRITTEN_ONCE)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"]
)
def test_h1_the_program_cannot_change_what_is_written_once(
    role: psycopg.Connection, table: str, statement: str
) -> None:
    role.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
    row = role.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum = 1", [table]
    ).fetchone()
    assert row
    column = sql.Identifier(row[0])
    with pytest.raises(errors.InsufficientPrivilege, match=r"permission denied|must be owner"):
        role.execute(sql.SQL(statement).format(sql.Identifier(table), column, column))  # type: ignore[arg-type]


def test_h1_the_program_cannot_pretend_to_have_migrated(role: psycopg.Connection) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        role.execute("DELETE FROM django_migrations")


def test_k1_a_migration_that_must_wait_lets_writers_pass(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its wait for a table ends after 0.8 s, and begins again."""
    tries: list[bool] = []
    released = threading.Event()

    def alter(*_: object, **__: object) -> None:
        tries.append(True)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE kernel_storedresponse ALTER COLUMN subject SET DEFAULT ''")

    def migrate() -> None:
        try:
            database.migrate("postgresql://", verbosity=0)
        finally:
            connection.close()
            released.set()

    monkeypatch.setattr("django.core.management.call_command", alter)
    with psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE kernel_storedresponse IN ROW EXCLUSIVE MODE")
        runner = threading.Thread(target=migrate)
        runner.start()
        await_(lambda: len(tries) == 2, "the first try gave way")
        with psycopg.connect(url) as writer:
            writer.execute("DELETE FROM kernel_storedresponse")
    runner.join(60)
    assert released.is_set()
    assert len(tries) >= 2
