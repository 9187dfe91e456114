"""The embedded PostgreSQL: binaries of a wheel, driven by our own initdb and start.

One cluster for each data folder, guarded by a lock. The server listens on a unix socket
only and asks every client for a password: inside a user namespace all foreign user ids
look alike, so the system's word for who is calling proves nothing.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from puhui.program import folders
from puhui.program.backup import archive
from puhui.program.runner import Runner, choose_runner

DATABASE = "puhui"
SUPERUSER = "puhui_super"
OWNER = "puhui_owner"
APP = "puhui_app"
INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)
START_SECONDS = 300  # crash recovery included
STOP_SECONDS = 20


class EmbeddedError(Exception):
    """The embedded database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Access:
    """How to reach a running cluster."""

    socket: str
    superuser_password: str
    owner_password: str
    app_password: str

    def url(self, role: str, database: str = DATABASE) -> str:
        password = {
            SUPERUSER: self.superuser_password,
            OWNER: self.owner_password,
            APP: self.app_password,
        }[role]
        return f"postgresql://{role}:{password}@/{database}?host={quote(self.socket, safe='')}"


class Embedded:
    """One cluster in `data/postgres`; `start` and `stop` may be called again and again."""

    def __init__(self, data: Path, log: Path | None = None) -> None:
        self.home = data.absolute() / "postgres"
        self.log = (log or data.absolute() / "log") / "postgres.log"
        self.access: Access | None = None
        self._runner: Runner | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._socket: Path | None = None

    @property
    def exists(self) -> bool:
        return self.cluster.exists()

    @property
    def pid(self) -> int | None:
        return self._server.pid if self._server and self._server.poll() is None else None

    @property
    def runner(self) -> Runner:
        """How the server's binaries are run here."""
        if self._runner is None:
            self._runner = choose_runner(self.home)
        return self._runner

    @property
    def cluster(self) -> Path:
        """The data directory that the server uses."""
        return self.runner.home / "cluster"

    def start(self) -> Access:
        """Start (the first time: create) the cluster, and wait until it answers."""
        if self.pid and self.access:
            return self.access
        self._take_lock()
        try:
            self._sweep_away_the_dead()
            if not self.exists:
                self._create()
            self.access = self._launch()
            self._make_roles()
        except BaseException:
            self.stop()
            raise
        return self.access

    def stop(self) -> None:
        """End the server cleanly: sessions are cut, nothing committed is lost."""
        if self._server and self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)
            try:
                self._server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._server.send_signal(signal.SIGQUIT)
                self._server.wait()
        self._server = None
        if self._lock:
            self._forget_socket()
            self._socket = None
            self._lock.close()
            self._lock = None

    def running_access(self) -> Access | None:
        """How to reach the cluster if some process runs it now."""
        access = self._written_access()
        try:
            if access:
                psycopg.connect(access.url(APP), connect_timeout=3).close()
        except psycopg.OperationalError:
            return None
        return access

    def _written_access(self) -> Access | None:
        try:
            written = json.loads((self.home / "access.json").read_text("utf-8"))
            return Access(**written["access"])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    # -- creation ---------------------------------------------------------------------------

    def _take_lock(self) -> None:
        if self._lock:
            return
        folders.make_private(self.home)
        lock = (self.home / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise EmbeddedError(
                f"another process runs the database in {self.home}; stop it, or name another PUHUI_DATA"
            ) from None
        self._lock = lock

    def _create(self) -> None:
        """Make the cluster beside its place and move it there last, so that it is whole."""
        cluster = self.cluster
        secret = self.make_secret()
        part = cluster.with_name("cluster.part")
        shutil.rmtree(part, ignore_errors=True)
        password = cluster.with_name("superuser")
        password.unlink(missing_ok=True)
        folders.write_private(password, secret["superuser_password"])
        self._own(password)
        try:
            self._run("initdb", "-D", str(part), "-U", SUPERUSER, f"--pwfile={password}", *INITDB)
        finally:
            password.unlink()
        with (part / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude 'puhui.conf'\ninclude_if_exists 'operator.conf'\n")
        part.rename(cluster)

    def make_secret(self) -> dict[str, str]:
        """New passwords for the three roles, kept beside the cluster."""
        secret = {
            f"{name}_password": secrets.token_urlsafe(24) for name in ("superuser", "owner", "app")
        }
        folders.make_private(self.home)
        folders.write_private(self.home / "secret.json", json.dumps(secret))
        return secret

    def _make_roles(self) -> None:
        assert self.access
        with psycopg.connect(self.access.url(SUPERUSER, "postgres"), autocommit=True) as db:
            known = {row[0] for row in db.execute("SELECT rolname FROM pg_roles")}
            for role, password in (
                (OWNER, self.access.owner_password),
                (APP, self.access.app_password),
            ):
                if role not in known:
                    db.execute(
                        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                            sql.Identifier(role), password
                        )
                    )
            if not db.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone():
                db.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )

    # -- starting ---------------------------------------------------------------------------

    def _launch(self) -> Access:
        access = Access(socket=str(self._make_socket_folder()), **self._secret())
        folders.write_private(self.cluster / "puhui.conf", server_settings())
        self._own(self.cluster / "puhui.conf")
        folders.make_private(self.log.parent)
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                self._command("postgres", "-D", str(self.cluster), "-k", access.socket),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C in the terminal is for the supervisor alone
                cwd="/",
            )
        self._await_answer(access)
        told = {"access": asdict(access), "app_url": access.url(APP)}
        folders.write_private(self.home / "access.json", json.dumps(told))
        return access

    def _secret(self) -> dict[str, str]:
        path = self.home / "secret.json"
        try:
            secret: dict[str, str] = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise EmbeddedError(
                f"{self.cluster} holds a database but {path} is missing: "
                "bring the file back, or move the folder away to begin anew"
            ) from None
        return secret

    def _make_socket_folder(self) -> Path:
        """The same folder after each restart: other processes were told its name."""
        if self._socket is None:
            self._socket = folders.socket_folder(self.runner.home / "run")
        folders.make_private(self._socket)
        self._own(self._socket)
        return self._socket

    def _await_answer(self, access: Access) -> None:
        assert self._server
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(access.url(SUPERUSER, "postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                if self._server.poll() is not None:
                    raise EmbeddedError(f"the database did not start, see {self.log}") from error
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"the database does not answer, see {self.log}") from error
            time.sleep(0.03)

    def _sweep_away_the_dead(self) -> None:
        """After a crash: end what is left of an earlier server, and its stale marks.

        We hold the lock, so whatever still works in the cluster has lost its supervisor.
        """
        left = processes_in(self.cluster)
        for number, patience in ((signal.SIGINT, 5.0), (signal.SIGKILL, 5.0)):
            for pid in left:
                _signal(pid, number)
            deadline = time.monotonic() + patience
            while (left := processes_in(self.cluster)) and time.monotonic() < deadline:
                time.sleep(0.02)
        if left:
            raise EmbeddedError(f"processes {left} still use {self.cluster}")
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        self._forget_socket()

    def _forget_socket(self) -> None:
        access = self._written_access()
        socket = self._socket or (Path(access.socket) if access else None)
        if socket is None:
            return
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (socket / name).unlink(missing_ok=True)
        if socket.is_dir():
            socket.rmdir()
        (self.home / "access.json").unlink(missing_ok=True)

    # -- binaries ---------------------------------------------------------------------------

    def _own(self, path: Path) -> None:
        self.runner.own(path)

    def _command(self, name: str, *arguments: str) -> list[str]:
        return self.runner.command(name, *arguments)

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            self._command(name, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            text=True,
            check=False,
            env=clean_environment(),
        )
        if done.returncode:
            raise EmbeddedError(f"{name} failed:\n{done.stdout.strip()}")


def clean_environment() -> dict[str, str]:
    """The environment without what would lead PostgreSQL's programs astray."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PG") and name != "DATABASE_URL"
    }


def processes_in(cluster: Path) -> list[int]:
    """Ids of processes that work in the cluster's folder (every server process does)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == cluster and (
                entry / "comm"
            ).read_text().strip() == "postgres":
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def server_settings() -> str:
    """Settings of the embedded server: sized for this machine, nothing personal in its log."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    megabytes = pages * size // 2**20
    shared = max(128, min(megabytes // 8, 2048))
    lines: Sequence[str] = (
        "# written at each start; put your own lines into operator.conf",
        "listen_addresses = ''",
        "unix_socket_permissions = 0700",
        "password_encryption = 'scram-sha-256'",
        "max_connections = 120",
        f"shared_buffers = '{shared}MB'",
        f"effective_cache_size = '{max(256, megabytes // 2)}MB'",
        "maintenance_work_mem = '128MB'",
        "max_wal_size = '1GB'",
        "archive_mode = on",
        f"archive_command = '{archive.COMMAND}'",
        f"archive_timeout = {archive.SWITCH_SECONDS}",
        "random_page_cost = 1.1",
        # After a crash: one call for the file system instead of one for each of thousands of files.
        "recovery_init_sync_method = 'syncfs'",
        "jit = off",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "log_line_prefix = '%m [%p] %q%u@%d '",
        # Errors reach the program as exceptions; in the log their texts could carry values.
        "log_min_messages = 'log'",
        "log_min_error_statement = 'panic'",
        "log_error_verbosity = 'terse'",
        "log_statement = 'none'",
        "log_min_duration_statement = -1",
        "log_parameter_max_length = 0",
        "log_parameter_max_length_on_error = 0",
    )
    return "\n".join(lines) + "\n"
