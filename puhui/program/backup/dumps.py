"""Copies of a database on another server: a dump of one moment, counted row by row.

To any moment between dumps only that server's own log leads: see docs/operations.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from puhui.program import database
from puhui.program.backup import archive, proving
from puhui.program.backup.archive import BackupRefused, Copy, said
from puhui.program.postgres import clean_environment
from puhui.program.runner import wheel_binaries

JOBS = 2
SETS_NEWER_SETTINGS = 17
"""From this version on a dump's program sets what older servers do not know."""


def take(folder: Path) -> str:
    """Dump the database in DATABASE_OWNER_URL; proved by the count of every table's rows."""
    from puhui.program.backup.taking import latest_head

    head = latest_head()
    url = database.owner_url()
    with psycopg.connect(url) as db:
        db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = db.execute("SELECT pg_export_snapshot(), clock_timestamp()").fetchone()
        assert row
        snapshot, began = row
        server = db.info.server_version // 10000
        name = archive.name_of("dump", began)
        part = folder / f".{name}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        try:
            counts = _counts(db)
            _call(
                "pg_dump", server, url, "--format=directory", f"--jobs={JOBS}", "--compress=1",
                "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={part / 'rows'}",
            )  # fmt: skip
            copy = Copy(name, "dump", str(began), str(began), server, head, counts)
            archive.describe(part, copy)
            part.rename(folder / name)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    rows = sum(counts.values())
    return f"{folder / name}: {rows} rows of {len(counts)} tables as of {said(began)}"


def bring_back(folder: Path, known: list[Copy], to: datetime | None) -> str:
    """Load the newest dump into the empty database in DATABASE_OWNER_URL, and count it again."""
    dumps = [one for one in known if one.kind == "dump"]
    if not dumps:
        raise BackupRefused(f"{folder} holds copies of an embedded database: unset DATABASE_URL")
    fitting = dumps if to is None else [one for one in dumps if one.made == to]
    if not fitting:
        moments = ", ".join(said(one.made) for one in dumps)
        raise BackupRefused(
            f"a dump holds one moment ({moments}); to others leads the server's own log, see docs/operations.md"
        )
    copy, url = fitting[-1], database.owner_url()
    with psycopg.connect(url) as db:
        if _counts(db):
            raise BackupRefused("the database in DATABASE_URL holds tables: name an empty one")
        server = db.info.server_version // 10000
    try:
        _call(
            "pg_restore", server, url, "--exit-on-error", "--no-owner", "--no-privileges",
            f"--jobs={JOBS}", str(folder / copy.name / "rows"),
        )  # fmt: skip
        with psycopg.connect(url) as db:
            if (found := _counts(db)) != copy.counts:
                wrong = sorted(
                    name
                    for name in {*found, *copy.counts}
                    if found.get(name) != copy.counts.get(name)
                )
                raise BackupRefused(f"not all rows came back: {', '.join(wrong)}")
        database.count_rows_anew()
        told = proving.prove(copy, copy.made)
        database.close_pool()
    except BaseException:
        database.close_pool()
        _empty(url)
        raise
    return told


def _counts(db: psycopg.Connection) -> dict[str, int]:
    """Rows of every table."""
    names = db.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    found = {}
    for (name,) in names:
        row = db.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        assert row
        found[name] = int(row[0])
    return found


def _empty(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("DROP SCHEMA public CASCADE")
        db.execute("CREATE SCHEMA public")


def _call(name: str, server: int, url: str, *arguments: str) -> None:
    """One of PostgreSQL's programs, of the server's own version; no password among its arguments."""
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", ""))
    address = make_conninfo("", **parts)
    done = subprocess.run(
        [str(_program(name, server)), f"--dbname={address}", *arguments],
        env=clean_environment() | ({"PGPASSWORD": password} if password else {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupRefused(f"{name} failed:\n{done.stdout.strip()}")


def _program(name: str, server: int) -> Path:
    own = wheel_binaries() / "bin" / name
    for path in (
        Path(f"/usr/lib/postgresql/{server}/bin") / name,
        Path(shutil.which(name) or "/-"),
    ):
        if os.access(path, os.X_OK) and _version(path) == server:
            return path
    if server >= SETS_NEWER_SETTINGS:
        return own
    raise BackupRefused(
        f"{name} of PostgreSQL {server} is missing: install postgresql-client-{server}"
    )


def _version(path: Path) -> int:
    told = subprocess.run(
        [str(path), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(told.split()[2].split(".")[0])
