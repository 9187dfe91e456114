"""`puhui restore DIR [--to TIME]`: a new installation out of a copy, as it was at a moment."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from puhui.config import environment
from puhui.program.backup import archive, dumps, manifest, proving
from puhui.program.backup.archive import BackupRefused, Copy, said
from puhui.program.postgres import APP, OWNER, SUPERUSER, Access, Embedded, EmbeddedError

RECOVERY_SECONDS = 3600
TRUSTING = "local all all trust\n"
"""Only while nobody else reaches the socket's folder: the copy's passwords are made anew."""
NOT_REACHED = "recovery ended before configured recovery target was reached"


def run(folder: Path, to: datetime | None) -> str:
    """Bring back the copy in `folder`, as of `to` (absent: its latest); what came back, in a sentence.

    Into an empty place only: a PUHUI_DATA without database, or the empty database in DATABASE_URL.
    Refuses what is not whole, and leaves nothing half done. What came back sends nothing until
    `puhui arm`.
    """
    folder = folder.absolute()
    known = archive.copies(folder) if folder.is_dir() else []
    if not known:
        raise BackupRefused(f"no whole copy in {folder}: `puhui backup {folder}` makes one")
    _require_keys()
    if os.environ.get("DATABASE_URL"):
        return dumps.bring_back(folder, known, to)
    return _bring_back_base(folder, _choose(folder, known, to), to)


def _require_keys() -> None:
    keys = environment.keys_folder()
    if not (keys / "django.key").exists():
        raise BackupRefused(
            f"no keys in {keys}: a backup holds none. Put the installation's key folder there, or name it in PUHUI_KEYS"
        )


def _choose(folder: Path, known: list[Copy], to: datetime | None) -> Copy:
    bases = [one for one in known if one.kind == "base"]
    if not bases:
        raise BackupRefused(
            f"{folder} holds dumps of another server: name an empty database in DATABASE_URL"
        )
    fitting = [one for one in bases if to is None or one.made <= to]
    if not fitting:
        raise BackupRefused(
            f"the first copy in {folder} was whole at {said(bases[0].made)}, later than that"
        )
    covered = archive.covered_until(folder)
    if to is not None and (covered is None or covered < to):
        until = said(covered or fitting[-1].made)
        raise BackupRefused(
            f"the log in {folder} reaches until {until}; nothing later can be brought back"
        )
    return fitting[-1]


def _bring_back_base(folder: Path, copy: Copy, to: datetime | None) -> str:
    embedded = Embedded(environment.data_folder(), environment.log_folder())
    if embedded.exists:
        raise BackupRefused(
            f"{embedded.home} holds a database: move it away, or name another PUHUI_DATA"
        )
    manifest.prove(folder / copy.name / "cluster")
    try:
        _lay_down(embedded, folder, copy, to)
        access = _recover(embedded, to)
        _lock_again(embedded, access)
        os.environ["DATABASE_URL"] = access.url(APP)
        os.environ["DATABASE_OWNER_URL"] = access.url(OWNER)
        told = proving.prove(copy, to)
        from puhui.program import database

        database.close_pool()
    except BaseException:
        embedded.stop()
        shutil.rmtree(embedded.cluster, ignore_errors=True)
        (embedded.home / "secret.json").unlink(missing_ok=True)
        raise
    embedded.stop()
    return f"{environment.data_folder()}: {told}"


def _lay_down(embedded: Embedded, folder: Path, copy: Copy, to: datetime | None) -> None:
    """The copied files in their place, told to follow the log until `to`."""
    cluster = embedded.cluster
    cluster.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = cluster.with_name("cluster.part")
    shutil.rmtree(part, ignore_errors=True)
    subprocess.run(
        ["cp", "-a", "--reflink=auto", str(folder / copy.name / "cluster"), str(part)], check=True
    )
    (part / "recovery.signal").touch()
    settings = [f"restore_command = {_quoted(archive.fetch_command(folder))}"]
    if to is not None:
        settings += [
            f"recovery_target_time = '{to.isoformat()}'",
            "recovery_target_action = 'promote'",
        ]
    (part / "following.conf").write_text("\n".join(settings) + "\n", "utf-8")
    with (part / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("include_if_exists 'following.conf'\n")
    shutil.copy2(part / "pg_hba.conf", part / "pg_hba.kept")
    (part / "pg_hba.conf").write_text(TRUSTING, "utf-8")
    if embedded.runner.uid is not None:
        for path in [part, *part.rglob("*")]:
            embedded.runner.own(path)
    embedded.make_secret()
    part.rename(cluster)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _recover(embedded: Embedded, to: datetime | None) -> Access:
    """Start, and follow the log to its end or to `to`.

    Where the log covers `to` but nothing was committed after it, its end is the state at `to`.
    """
    began = embedded.log.stat().st_size if embedded.log.exists() else 0
    try:
        return _follow(embedded)
    except EmbeddedError:
        with embedded.log.open("rb") as log:
            log.seek(began)
            if to is None or NOT_REACHED not in log.read().decode("utf-8", "replace"):
                raise
    following = embedded.cluster / "following.conf"
    kept = [line for line in following.read_text("utf-8").splitlines() if "target" not in line]
    following.write_text("\n".join(kept) + "\n", "utf-8")
    return _follow(embedded)


def _follow(embedded: Embedded) -> Access:
    embedded.stop()
    access = embedded.start()
    _await(embedded, lambda: not _is_following(access), "the log is followed to its end")
    return access


def _is_following(access: Access) -> bool:
    try:
        with psycopg.connect(access.url(SUPERUSER, "postgres"), connect_timeout=5) as db:
            return db.execute("SELECT pg_is_in_recovery()").fetchone() != (False,)
    except psycopg.OperationalError:
        return True


def _await(embedded: Embedded, condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while not condition():
        if embedded.pid is None:
            raise EmbeddedError(f"the database ended before {what}, see {embedded.log}")
        if time.monotonic() > deadline:
            raise EmbeddedError(f"waited {RECOVERY_SECONDS} s until {what}, see {embedded.log}")
        time.sleep(0.1)


def _lock_again(embedded: Embedded, access: Access) -> None:
    """New passwords for the three roles, and none comes in without one."""
    words = {
        SUPERUSER: access.superuser_password,
        OWNER: access.owner_password,
        APP: access.app_password,
    }
    with psycopg.connect(access.url(SUPERUSER, "postgres"), autocommit=True) as db:
        for role, password in words.items():
            sealed = db.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
            db.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sealed.decode())
            )
        (embedded.cluster / "pg_hba.kept").replace(embedded.cluster / "pg_hba.conf")
        (embedded.cluster / "following.conf").unlink()
        text = (embedded.cluster / "postgresql.conf").read_text("utf-8")
        (embedded.cluster / "postgresql.conf").write_text(
            text.replace("include_if_exists 'following.conf'\n", ""), "utf-8"
        )
        db.execute("SELECT pg_reload_conf()")
