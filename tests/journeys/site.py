"""A site of the test's own: web and live stream as an operator runs them, on the test's database."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, connections
from playwright.sync_api import Browser, sync_playwright

from puhui.program.supervisor import program
from tests.program.conftest import await_, environment

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-quic"),
)


@dataclass(frozen=True)
class Site:
    """Where the pages are, and how to cut the live stream and bring it back."""

    address: str
    stream: "Process"
    data: Path


class Process:
    """One of the program's processes."""

    def __init__(self, command: str, env: dict[str, str]) -> None:
        self.command, self.env = command, env
        self.running = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            program(self.command),
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        self.running.send_signal(signal.SIGTERM)
        try:
            self.running.wait(20)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait(20)

    def start_again(self) -> None:
        self.running = self._started()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _database_url() -> str:
    given = connection.get_connection_params()
    host, port = given.get("host", ""), given.get("port", "")
    word = f":{given['password']}" if given.get("password") else ""
    where = f"?host={host}&port={port or 5432}" if str(host).startswith("/") else ""
    named = "" if where else f"{host}:{port or 5432}"
    return f"postgresql://{given['user']}{word}@{named}/{given['dbname']}{where}"


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as reply:
            return int(reply.status) == 200
    except OSError:
        return False


def sessions() -> int:
    """How many use the test's database now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@contextmanager
def running_site(database_url: str = "", *, workers: int = 0) -> Iterator[Site]:
    """`puhui serve` and `puhui stream`, and workers if any, until the test is over."""
    data = Path(tempfile.mkdtemp(prefix="puhui-site-"))
    port, stream_port, before = free_port(), free_port(), sessions()
    env = environment(
        data,
        DATABASE_URL=database_url or _database_url(),
        PUHUI_KEYS=str(Path(os.environ["PUHUI_TEST_DATA"]) / "keys"),
        PUHUI_BIND=f"127.0.0.1:{port}",
        PUHUI_STREAM_BIND=f"127.0.0.1:{stream_port}",
    )
    web, stream = Process("serve", env), Process("stream", env)
    working = [Process("work", env) for _ in range(workers)]
    try:
        await_(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "the web is ready")
        await_(lambda: answers(f"http://127.0.0.1:{stream_port}/healthz"), "the stream is ready")
        yield Site(f"http://127.0.0.1:{port}", stream, data)
    finally:
        for one in (*working, web, stream):
            one.stop()
        await_(lambda: sessions() <= before, "their connections are closed")
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def browser() -> Iterator[Browser]:
    """The real browser, without a window."""
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        opened = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened
        opened.close()
        connections.close_all()  # the driver's loop has connections of its own
