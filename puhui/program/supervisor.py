"""Keeps processes alive: starts them, restarts each that dies, ends all of them cleanly."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from puhui.program.postgres import Embedded, EmbeddedError

log = structlog.get_logger("puhui.supervisor")

LOOK_SECONDS = 0.1
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
STEADY_SECONDS = 10.0  # a process that lived this long is restarted at once
STOP_SECONDS = 8.0
WATCH_SECONDS = 30.0


@dataclass
class Child:
    """One process of ours, in a process group of its own."""

    name: str
    arguments: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    start_at: float = 0.0

    def start(self) -> None:
        # Where the supervisor itself is killed, the kernel ends its children.
        tie = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()
        self.process = subprocess.Popen(
            [*tie, *self.arguments],
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started_at = time.monotonic()

    def end(self, number: signal.Signals) -> None:
        """Signal the whole group: a killed parent leaves no child behind."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


def program(*arguments: str) -> list[str]:
    """The command line of one of our own commands."""
    return [sys.executable, "-m", "puhui.program.console", *arguments]


class Supervisor:
    """Runs `children`, and the embedded database if there is one, until told to end.

    `watch` is called every WATCH_SECONDS in a thread of its own; what it raises is logged.
    """

    def __init__(
        self,
        children: Sequence[Child],
        embedded: Embedded | None = None,
        watch: Callable[[], object] | None = None,
    ) -> None:
        self.children = list(children)
        self.embedded = embedded
        self.watch = watch
        self.ending = threading.Event()

    def end_on_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.ending.set())

    def run(self, on_start: Callable[[], None] = lambda: None) -> None:
        """Blocks until a signal; then ends everything."""
        try:
            for child in self.children:
                child.start()
            on_start()
            threading.Thread(target=self._watch, daemon=True).start()
            while not self.ending.wait(LOOK_SECONDS):
                self._look_after_database()
                for child in self.children:
                    self._look_after(child)
        finally:
            self._end_all()

    def _watch(self) -> None:
        while self.watch is not None and not self.ending.wait(WATCH_SECONDS):
            try:
                self.watch()
            except Exception as error:
                log.error("watch failed", exc_info=error)

    def _look_after_database(self) -> None:
        if self.embedded is None or self.embedded.pid:
            return
        log.error("database died, starting it again")
        try:
            self.embedded.start()
        except EmbeddedError as error:
            log.error("database did not start", exc_info=error)
            self.ending.wait(1)

    def _look_after(self, child: Child) -> None:
        if child.is_alive:
            return
        now = time.monotonic()
        if child.process is not None:
            child.end(signal.SIGKILL)
            if now - child.started_at > STEADY_SECONDS:
                child.pause = FIRST_PAUSE
            child.start_at = now + child.pause
            log.error(
                "process died, starting it again",
                process=child.name,
                code=child.process.returncode,
                seconds=child.pause,
            )
            child.pause = min(child.pause * 2, LONGEST_PAUSE)
            child.process = None
        if now >= child.start_at:
            child.start()

    def _end_all(self) -> None:
        for child in self.children:
            child.end(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.is_alive for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.02)
        for child in self.children:
            child.end(signal.SIGKILL)
            if child.process:
                child.process.wait()
        if self.embedded:
            self.embedded.stop()
