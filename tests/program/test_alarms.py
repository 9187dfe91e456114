"""Alarms reach the operator's address: from a worker, and from a supervisor without any worker."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from puhui.kernel.journal import sealing
from puhui.program import alarms, supervisor
from puhui.program.supervisor import Supervisor
from puhui.program.worker import Worker
from tests.kernel.journal_cases import entry
from tests.kernel.test_journal_sealing import write_earlier
from tests.program.conftest import await_


class Operator:
    """Takes alarms on loopback."""

    def __init__(self) -> None:
        self.heard: list[dict[str, str]] = []
        self.status = 204
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                told.heard.append(json.loads(body))
                self.send_response(told.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/alarm?to=duty"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def operator(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:  # type: ignore[no-untyped-def]
    found = Operator()
    settings.ALARM_URL = found.url
    monkeypatch.setattr(sealing, "_alarmed_at", None)
    yield found
    found.server.shutdown()
    found.server.server_close()


def stop_sealing_for(minutes: int) -> None:
    write_earlier(60 * minutes, entry(1))


@pytest.mark.django_db(transaction=True)
def test_h3_a_worker_raises_the_alarm_when_sealing_stands_still(operator: Operator) -> None:
    stop_sealing_for(6)
    worker = Worker([(name, sweep, 0.01) for name, sweep, _ in alarms.SWEEPS])
    worker.start()
    try:
        await_(lambda: operator.heard, "the alarm")
    finally:
        worker.stop()
    assert operator.heard == [
        {"text": "journal: nothing sealed for 6 minutes; is a worker running?"}
    ]


@pytest.mark.django_db(transaction=True)
def test_h3_a_supervisor_without_workers_raises_it_too(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "WATCH_SECONDS", 0.01)
    stop_sealing_for(40)
    one = Supervisor([], watch=alarms.watch)
    thread = threading.Thread(target=one.run, daemon=True)
    thread.start()
    try:
        await_(lambda: operator.heard, "the alarm")
    finally:
        one.ending.set()
        thread.join()
    assert "Personal data is not served" in operator.heard[0]["text"]


def test_an_alarm_that_does_not_arrive_harms_nobody(operator: Operator, settings) -> None:  # type: ignore[no-untyped-def]
    operator.status = 500
    assert alarms.send("words") is False
    settings.ALARM_URL = "http://127.0.0.1:9/"
    assert alarms.send("words") is False
    settings.ALARM_URL = None
    assert alarms.send("words") is False


def test_a_watch_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "WATCH_SECONDS", 0.01)
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise OSError("planted")

    one = Supervisor([], watch=fail)
    thread = threading.Thread(target=one.run, daemon=True)
    thread.start()
    await_(lambda: len(calls) >= 3, "called again")
    one.ending.set()
    thread.join()
