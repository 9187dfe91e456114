"""`puhui backup DIR`: a proved copy, and from then on the log of changes beside it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from puhui.config import environment
from puhui.program import folders
from puhui.program.backup import archive, dumps, manifest
from puhui.program.backup.archive import BackupRefused, Copy
from puhui.program.postgres import SUPERUSER, Access, Embedded, clean_environment


def run(folder: Path, embedded: Embedded | None, keep: int = 0) -> str:
    """Take a copy into `folder`, of the running `embedded` or of the server in DATABASE_URL.

    Keeps the newest `keep` copies (0: all). What was taken, in a sentence. Refuses a folder that
    lies with the keys, a log that cannot be written, a copy that does not prove.
    """
    folder = folder.absolute()
    if folder.exists() and not folder.is_dir():
        raise BackupRefused(f"{folder} is not a folder")
    keys = environment.keys_folder()
    if folder == keys or keys in folder.parents:
        raise BackupRefused(f"{folder} is the folder of the keys: a backup never lies with them")
    folders.make_private(folder)
    access = embedded.running_access() if embedded else None
    if embedded is None or access is None:
        return dumps.take(folder)
    return _take_base(embedded, access, folder, keep)


def _take_base(embedded: Embedded, access: Access, folder: Path, keep: int) -> str:
    runner = embedded.runner
    for path in (folder, folders.make_private(archive.log_of(folder))):
        runner.own(path)
    with psycopg.connect(access.url(SUPERUSER, "postgres"), autocommit=True) as db:
        _require_archiving(db)
        archive.point(runner.home, folder)
        began = _now(db)
        name = archive.name_of("base", began)
        part = folder / f".{name}.part"
        shutil.rmtree(part, ignore_errors=True)
        try:
            head = latest_head()
            _copy_cluster(embedded, access, part / "cluster")
            made = _now(db)
            server = db.info.server_version // 10000
            archive.describe(part, Copy(name, "base", str(began), str(made), server, head, {}))
            part.rename(folder / name)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        archive.await_piece(folder, _switch(db))
    gone = archive.prune(folder, keep)
    told = (
        f"{folder / name}: proved; can be brought back to any moment from {archive.said(made)} on"
    )
    return told + (f"; removed {', '.join(gone)}" if gone else "")


def _require_archiving(db: psycopg.Connection) -> None:
    row = db.execute("SELECT current_setting('archive_mode')").fetchone()
    if row != ("on",):
        raise BackupRefused(
            "the database was started by an older program: stop it and start it anew"
        )


def _now(db: psycopg.Connection) -> datetime:
    row = db.execute("SELECT clock_timestamp()").fetchone()
    assert row
    found: datetime = row[0]
    return found


def latest_head() -> dict[str, Any] | None:
    """The journal's latest head: whatever is brought back later must contain it."""
    from puhui.kernel import journal

    found = journal.latest_head()
    return found.as_dict() if found else None


def _copy_cluster(embedded: Embedded, access: Access, target: Path) -> None:
    binaries = embedded.runner.binaries / "bin"
    target.parent.mkdir(mode=0o700, parents=True)
    show = ["--progress"] if sys.stderr.isatty() else []
    call(
        [
            str(binaries / "pg_basebackup"),
            f"--host={access.socket}",
            f"--username={SUPERUSER}",
            "--no-password",
            f"--pgdata={target}",
            "--checkpoint=fast",
            "--wal-method=stream",
            "--manifest-checksums=SHA256",
            *show,
        ],
        password=access.superuser_password,
    )
    manifest.prove(target)


def call(command: list[str], password: str = "") -> None:
    """Run one of PostgreSQL's programs; its words are told where it fails."""
    done = subprocess.run(
        command,
        env=clean_environment() | ({"PGPASSWORD": password} if password else {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if "--progress" in command else subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupRefused(f"{Path(command[0]).name} failed:\n{(done.stdout or '').strip()}")


def _switch(db: psycopg.Connection) -> str:
    """End the piece of the log that is being written; its name."""
    db.execute("SELECT pg_logical_emit_message(false, 'puhui', 'copied')")
    row = db.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert row
    return str(row[0])
