"""The worker: sweeps again and again, each by itself."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection

from puhui.program import worker
from puhui.program.worker import Sweep, Worker, known_sweeps
from tests.program.conftest import await_


@pytest.fixture
def run() -> Iterator[Callable[..., Worker]]:
    running: list[Worker] = []

    def start(*sweeps: Sweep) -> Worker:
        running.append(Worker(sweeps))
        running[0].start()
        return running[0]

    yield start
    for one in running:
        one.stop()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "QUICK_SECONDS", 3600.0)
    monkeypatch.setattr(worker, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(worker, "STOP_SECONDS", 0.2)


class Count:
    """A sweep that counts its calls and finds what it is given."""

    def __init__(self, *rows: int) -> None:
        self.calls = 0
        self.rows = list(rows)

    def __call__(self) -> int:
        self.calls += 1
        return self.rows.pop(0) if self.rows else 0


def test_a_sweep_is_repeated(run: Callable[..., Worker]) -> None:
    sweep = Count()
    run(("one", sweep, 0.01))
    await_(lambda: sweep.calls >= 5, "five turns")


def test_a_full_batch_is_followed_at_once(run: Callable[..., Worker]) -> None:
    sweep = Count(100, 100, 7)
    run(("one", sweep, 3600.0))
    await_(lambda: sweep.calls == 4, "called until nothing is left")


def test_one_that_raises_and_one_that_hangs_stop_no_other(run: Callable[..., Worker]) -> None:
    failed, released, good = Count(), threading.Event(), Count()

    def fail() -> int:
        failed()
        raise ValueError("planted")

    def hang() -> int:
        released.wait(60)
        return 0

    run(("bad", fail, 0.01), ("hangs", hang, 0.01), ("good", good, 0.01))
    await_(
        lambda: good.calls >= 20 and failed.calls >= 3, "the good one runs, the bad one is retried"
    )
    released.set()


def test_stop_lets_the_batch_finish(run: Callable[..., Worker]) -> None:
    begun, done = threading.Event(), Count()

    def batch() -> int:
        begun.set()
        connection.close()
        done()
        return 1

    one = run(("one", batch, 3600.0))
    begun.wait(60)
    one.stop()
    calls = done.calls
    assert calls >= 1
    assert not one.threads[0].is_alive()
    assert done.calls == calls


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_connection_is_replaced(run: Callable[..., Worker]) -> None:
    calls = Count()

    def sweep() -> int:
        calls()
        with connection.cursor() as cursor:
            if calls.calls == 2:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            cursor.execute("SELECT 1")
        return 0

    one = run(("one", sweep, 0.01))
    await_(lambda: calls.calls >= 6, "it goes on after losing its connection")
    one.stop()


def test_sweeps_of_all_contexts_are_well_formed() -> None:
    for name, callable_, seconds in known_sweeps(settings.CONTEXTS):
        assert name
        assert callable(callable_)
        assert 0 < seconds <= 3600
