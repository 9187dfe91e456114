"""Many at once, each in a thread with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import connection

R = TypeVar("R")
CONNECTIONS: int = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] - 2
"""As many as the pool lends beside the one of the test itself."""


def together(count: int, act: Callable[[int], R]) -> list[R | Exception]:
    """What `act(0)` … `act(count - 1)` gave, all begun at the same moment; raised errors too."""
    _open_connections(min(count, CONNECTIONS))
    gate, lent = threading.Barrier(count), threading.Semaphore(CONNECTIONS)
    answers: dict[int, R | Exception] = {}

    def run(number: int) -> None:
        gate.wait()
        with lent:  # who waits longer than two seconds is sent away by the pool, not by a rule
            try:
                answers[number] = act(number)
            except Exception as error:  # noqa: BLE001 - the answer of the rival, judged by the test
                answers[number] = error
            finally:
                connection.close()

    _run([threading.Thread(target=run, args=(number,)) for number in range(count)])
    return [answers[number] for number in range(count)]


def _open_connections(count: int) -> None:
    """Fill the pool first: rivals that wait for a connection come one after the other."""
    gate = threading.Barrier(count)

    def hold() -> None:
        connection.ensure_connection()
        gate.wait()
        connection.close()

    _run([threading.Thread(target=hold) for _ in range(count)])


def _run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
