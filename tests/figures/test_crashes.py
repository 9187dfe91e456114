"""Processes die without warning while partners write: nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from puhui.program.postgres import Embedded, processes_in
from tests.figures.county import Plan
from tests.figures.site import WEB, Cluster, Site, await_, kill_group
from tests.figures.writers import (
    WRITERS,
    Writers,
    require_nothing_lost_or_doubled,
    require_same_answers,
)

pytestmark = pytest.mark.slow

KILLS_OF_WEB, KILLS_OF_DATABASE = 30, 10
ACKNOWLEDGED = 5000
BACK_SECONDS = 5.0


class Keeper:
    """Starts processes again as soon as they die; a killed parent takes its child along."""

    def __init__(self, site: Site, arguments: list[str], count: int) -> None:
        self.site, self.arguments = site, arguments
        self.ending = threading.Event()
        self.running = [site.start(arguments) for _ in range(count)]
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while not self.ending.wait(0.02):
            for place, process in enumerate(self.running):
                if process.poll() is not None:
                    kill_group(process)
                    self.running[place] = self.site.start(self.arguments)

    def kill(self, chance: random.Random) -> None:
        """Kill a process at random, or its own child."""
        process = chance.choice(self.running)
        victims = [process.pid, *children(process.pid)]
        try:
            os.kill(chance.choice(victims), signal.SIGKILL)
        except ProcessLookupError:
            pass

    def stop(self) -> None:
        self.ending.set()
        self.thread.join()
        for process in self.running:
            kill_group(process)
            process.wait()


def children(pid: int) -> list[int]:
    told = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in told.stdout.split()]


def test_c1_kill_9_of_a_web_process_loses_doubles_and_blocks_nothing(cluster: Cluster) -> None:
    site, chance = cluster.county(Plan(banks=WRITERS, demands=4 * WRITERS)), random.Random(5)
    keeper = Keeper(site, WEB, 2)
    writers = Writers(site)
    try:
        site.await_web()
        writers.start()
        for _ in range(KILLS_OF_WEB):
            before = writers.acknowledged
            await_(lambda before=before: writers.acknowledged > before + 20, "the writers go on")  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.3))
            keeper.kill(chance)
        writers.stop()
        site.await_web()
        require_nothing_lost_or_doubled(writers)
        require_same_answers(writers, every=10)
    finally:
        writers.ending.set()
        keeper.stop()
    assert sum(1 for _w, one in writers.done() if one.tries > 1) >= KILLS_OF_WEB / 2


@contextmanager
def kept_alive(embedded: Embedded) -> Iterator[None]:
    """The database is started again when it dies, as `puhui up` does."""
    ending = threading.Event()

    def watch() -> None:
        while not ending.wait(0.1):
            if embedded.pid is None:
                embedded.start()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    data = Path(tempfile.mkdtemp(prefix="puhui-fig-"))
    found = Cluster(data)
    yield found
    found.stop()
    shutil.rmtree(data, ignore_errors=True)


def test_c2_kill_9_of_the_database_loses_nothing_and_is_soon_over(own_cluster: Cluster) -> None:
    site = own_cluster.county(Plan(banks=WRITERS, demands=8 * WRITERS))
    keeper = Keeper(site, WEB, 2)
    writers, killed = Writers(site), []
    try:
        site.await_web()
        with kept_alive(own_cluster.embedded):
            writers.start()
            for number in range(1, KILLS_OF_DATABASE + 1):
                goal = number * ACKNOWLEDGED // KILLS_OF_DATABASE
                await_(lambda goal=goal: writers.acknowledged >= goal, "the writers go on", 120)  # type: ignore[misc]
                killed.append(time.monotonic())
                for pid in processes_in(own_cluster.embedded.cluster):
                    os.kill(pid, signal.SIGKILL)
            await_(lambda: any(d.began > killed[-1] for _w, d in writers.done()), "it is back")
            writers.stop()
            require_nothing_lost_or_doubled(writers)
            require_same_answers(writers, every=25)
    finally:
        writers.ending.set()
        keeper.stop()
    assert writers.acknowledged >= ACKNOWLEDGED
    for at in killed:
        back = min(one.ended for _w, one in writers.done() if one.ended > at and one.tries > 1)
        assert back - at <= BACK_SECONDS
