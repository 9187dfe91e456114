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
    stream_address: str
    stream: "Process"
    data: Path
    env: dict[str, str]

    @contextmanager
    def working(self) -> Iterator[None]:
        """A worker beside the web, until the end of the block."""
        worker = Process("work", self.env)
        try:
            yield
        finally:
            worker.stop()

    def mend(self) -> None:
        if self.stream.running.poll() is not None:
            self.stream.start_again()
            await_(lambda: answers(f"{self.stream_address}/healthz"), "the stream is ready")


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
def running_site() -> Iterator[Site]:
    """`puhui serve` and `puhui stream`, until the end of the block."""
    data = Path(tempfile.mkdtemp(prefix="puhui-site-"))
    port, stream_port, before = free_port(), free_port(), sessions()
    env = environment(
        data,
        DATABASE_URL=_database_url(),
        PUHUI_KEYS=str(Path(os.environ["PUHUI_TEST_DATA"]) / "keys"),
        PUHUI_BIND=f"127.0.0.1:{port}",
        PUHUI_STREAM_BIND=f"127.0.0.1:{stream_port}",
    )
    web, stream = Process("serve", env), Process("stream", env)
    at, stream_at = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{stream_port}"
    try:
        await_(lambda: answers(f"{at}/readyz"), "the web is ready")
        await_(lambda: answers(f"{stream_at}/healthz"), "the stream is ready")
        yield Site(at, stream_at, stream, data, env)
    finally:
        for one in (web, stream):
            one.stop()
        await_(lambda: sessions() <= before, "their connections are closed")
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def browser() -> Iterator[Browser]:
    """The real browser, without a window."""
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        opened = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            yield opened
        finally:
            opened.close()
            connections.close_all()  # the driver's loop has connections of its own
