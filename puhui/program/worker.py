"""One worker: calls every sweep again and again, each in a thread of its own.

A sweep is a tuple (name, callable, seconds): the callable does a bounded amount of what is due and
returns how many rows it handled. More than none: it is called again at once, since more may wait;
else after its seconds. A sweep that raises is logged and tried again; a sweep that hangs on the
outside world holds up no other. Sweeps live in `puhui.<context>.sweeps.SWEEPS`.
"""

import importlib
import importlib.util
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import structlog
from django.conf import settings

from puhui.program import alarms
from puhui.program.database import close_pool, give_back_connection

log = structlog.get_logger("puhui.worker")

Sweep: TypeAlias = tuple[str, Callable[[], int], float]

STATEMENT_SECONDS = 60
ROUNDS_AT_ONCE = 1000  # even a sweep that always finds something lets its thread look at the end
QUICK_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 2.0  # deadlines are caught up soon after an outage
STOP_SECONDS = 6.0
LOOK_SECONDS = 0.5
SHORTEST_LIFE = 0.2  # a sweeper that cannot live is not started more often than this


def known_sweeps(contexts: Iterable[str]) -> list[Sweep]:
    """The sweeps of every context that has some."""
    found: list[Sweep] = []
    for context in contexts:
        name = f"puhui.{context}.sweeps"
        if importlib.util.find_spec(name):
            found.extend(importlib.import_module(name).SWEEPS)
    return found


class Worker:
    """Runs `sweeps` until `stop`."""

    def __init__(self, sweeps: Sequence[Sweep]) -> None:
        self.ending = threading.Event()
        self.threads = [
            threading.Thread(target=self._repeat, args=sweep, name=sweep[0], daemon=True)
            for sweep in sweeps
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Let each sweep finish the batch it is at."""
        self.ending.set()
        deadline = time.monotonic() + STOP_SECONDS
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _repeat(self, name: str, sweep: Callable[[], int], seconds: float) -> None:
        pause = FIRST_PAUSE
        if seconds > QUICK_SECONDS:  # what watches comes after what works
            self.ending.wait(QUICK_SECONDS)
        while not self.ending.is_set():
            began = time.monotonic()
            if self._turn(name, sweep):
                pause = FIRST_PAUSE
                self.ending.wait(max(0.0, began + seconds - time.monotonic()))
            else:
                self.ending.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _turn(self, name: str, sweep: Callable[[], int]) -> bool:
        """Call until nothing is left; False when it failed."""
        try:
            for _ in range(ROUNDS_AT_ONCE):
                if not sweep() or self.ending.is_set():
                    break
        except Exception as error:  # one sweep's bug must not stop the others
            log.error("sweep failed", sweep=name, exc_info=error)
            return False
        finally:
            give_back_connection()
        return True


def run() -> None:
    """`puhui work`, until SIGTERM: one child sweeps; this process waits, ready to start another.

    It has the program in memory, so a sweeper that is killed is replaced within a moment, however
    busy the machine is. No connection and no thread may be open here when it forks.
    """
    sweeps = [*known_sweeps(settings.CONTEXTS), *alarms.SWEEPS]
    close_pool()
    ended = threading.Event()
    child = 0

    def end(*_: object) -> None:
        ended.set()
        if child:
            os.kill(child, signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    while not ended.is_set():
        began = time.monotonic()
        child = _start_sweeper(sweeps)
        if ended.is_set():  # told to end while there was no child to tell
            os.kill(child, signal.SIGTERM)
        _pid, status = os.waitpid(child, 0)
        child = 0
        if not ended.is_set():
            code = os.waitstatus_to_exitcode(status)
            log.error("sweeper died, starting another", code=code)
            ended.wait(max(0.0, began + SHORTEST_LIFE - time.monotonic()))


def _start_sweeper(sweeps: Sequence[Sweep]) -> int:
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        _sweep_until_told(sweeps, parent)
        code = 0
    finally:
        os._exit(code)  # what the parent opened is the parent's to close


def _sweep_until_told(sweeps: Sequence[Sweep], parent: int) -> None:
    """The child: until SIGTERM, or until its parent is gone."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    worker = Worker(sweeps)
    worker.start()
    log.info("worker runs", count=len(sweeps))
    while os.getppid() == parent and not ended.wait(LOOK_SECONDS):
        pass
    worker.stop()
    close_pool()
