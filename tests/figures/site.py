"""A whole installation of its own, on its own database cluster, used from outside over HTTP.

One cluster serves a run; each county is a database of its own in it, copied from a migrated one.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from puhui.kernel.crypto import KeyRing
from puhui.program.postgres import APP, DATABASE, OWNER, SUPERUSER, Embedded
from puhui.program.supervisor import program
from tests.figures.county import County, Plan

PATIENCE = 60.0
WEB = [sys.executable, "-m", "puhui.program.web"]


def await_(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until `condition` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s: {what}"
        time.sleep(0.01)


def free_ports(count: int) -> list[int]:
    holders = [socket.socket() for _ in range(count)]
    for one in holders:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in holders]
    for one in holders:
        one.close()
    return ports


@dataclass
class Answer:
    """What came back; status 0 where nothing did."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> Any:
        return json.loads(self.body)


class Caller:
    """One connection that speaks JSON, opened anew when it breaks."""

    def __init__(self, port: int, headers: dict[str, str], seconds: float = 20) -> None:
        self.port, self.headers, self.seconds = port, headers, seconds
        self.connection: http.client.HTTPConnection | None = None

    def post(self, path: str, body: Any, key: str) -> Answer:
        return self.send("POST", path, body, {"Idempotency-Key": key})

    def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """One attempt. A broken connection is status 0: nobody knows whether it was done."""
        sent = {**self.headers, **(headers or {})}
        content = body if isinstance(body, bytes) else b""
        if body is not None and not isinstance(body, bytes):
            content = json.dumps(body).encode()
        if content:
            sent.setdefault("Content-Type", "application/json")
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=self.seconds
                )
            self.connection.request(method, path, content, sent)
            response = self.connection.getresponse()
            return Answer(response.status, response.read(), dict(response.getheaders()))
        except (OSError, http.client.HTTPException):
            self.close()
            return Answer(0)

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Cluster:
    """The database server of a run, with an empty migrated database to copy from."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.embedded = Embedded(data)
        self.embedded.start()
        KeyRing.create(data / "keys")
        self._numbers = itertools.count(1)
        self.run(self.url(OWNER), program("migrate", "--quiet"), DATABASE_URL=self.url(APP))

    def url(self, role: str, database: str = DATABASE) -> str:
        assert self.embedded.access
        return self.embedded.access.url(role, database)

    def environment(self, database_url: str, **more: str) -> dict[str, str]:
        plain = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PUHUI_", "DATABASE_", "DJANGO_"))
        }
        told = {"PYTHONPATH": str(Path.cwd()), "PUHUI_DATA": str(self.data)}
        return {**plain, **told, "DATABASE_URL": database_url, **more}

    def run(self, owner_url: str, arguments: list[str], **more: str) -> str:
        environment = self.environment(owner_url, DATABASE_OWNER_URL=owner_url) | more
        done = subprocess.run(
            arguments, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def county(self, plan: Plan) -> Site:
        """A new county in a database of its own."""
        name = f"county{next(self._numbers)}"
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as db:
            db.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                    sql.Identifier(name), sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )
        build = [sys.executable, "-m", "tests.figures.county", json.dumps(asdict(plan))]
        told = self.run(self.url(APP, name), build)
        with psycopg.connect(self.url(OWNER, name), autocommit=True) as db:
            db.execute("ANALYZE")
        return Site(self, name, County.read(told))

    def stop(self) -> None:
        self.embedded.stop()


class Site:
    """One county with its processes."""

    def __init__(self, cluster: Cluster, database: str, county: County) -> None:
        self.cluster, self.county = cluster, county
        self.url = cluster.url(APP, database)
        self.owner_url = cluster.url(OWNER, database)
        self.port, self.stream_port = free_ports(2)
        self.logs = cluster.data / f"{database}.log"
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        return self.cluster.environment(
            self.url,
            PUHUI_BIND=f"127.0.0.1:{self.port}",
            PUHUI_STREAM_BIND=f"127.0.0.1:{self.stream_port}",
        )

    def start(self, arguments: list[str]) -> subprocess.Popen[bytes]:
        """A process in a group of its own, which ends with this one."""
        with self.logs.open("ab") as log:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    @contextmanager
    def serving(self) -> Iterator[None]:
        """`puhui serve`, until the end of the block."""
        serve = self.start(program("serve"))
        try:
            self.await_web()
            yield
        finally:
            serve.terminate()
            serve.wait(30)

    def await_web(self) -> None:
        caller = Caller(self.port, {}, 5)
        await_(lambda: caller.send("GET", "/readyz").status == 200, "the web answers")
        caller.close()

    def bank(self, number: int = 0) -> Caller:
        return Caller(self.port, self.county.banks[number].headers)

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows from the database, as its owner sees it."""
        with psycopg.connect(self.owner_url, autocommit=True) as db:
            return db.execute(statement, values or None).fetchall()  # type: ignore[arg-type]

    def change(self, statement: str, *values: Any) -> int:
        with psycopg.connect(self.owner_url, autocommit=True) as db:
            return db.execute(statement, values or None).rowcount  # type: ignore[arg-type]

    def stop(self) -> None:
        for process in self.processes:
            kill_group(process)
            process.wait()

    def log(self) -> str:
        return self.logs.read_text() if self.logs.exists() else ""


def kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def together(works: list[Callable[[], None]]) -> None:
    """Run all of `works` at once; a failure of any comes back here."""
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
