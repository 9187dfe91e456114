"""A real HTTP server on loopback that takes signed messages and answers as it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """`answers` are used up one by one, then everything is accepted; `before` may hold a request up."""

    url: str = ""
    requests: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    before: Callable[[Received], object] | None = None
    accepted: list[Received] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def take(self, request: Received) -> int:
        with self.arrived:
            self.requests.append(request)
            status = self.answers.pop(0) if self.answers else 204
            self.arrived.notify_all()
        if self.before is not None:
            self.before(request)
        if status < 300:
            with self.arrived:
                self.accepted.append(request)
                self.arrived.notify_all()
        return status

    def wait_for(self, count: int, *, of: str = "requests", seconds: float = 30) -> list[Received]:
        """Until so many have come in."""
        with self.arrived:
            rows: list[Received] = getattr(self, of)
            assert self.arrived.wait_for(lambda: len(rows) >= count, seconds), (
                f"only {len(rows)} came"
            )
            return list(rows)


@contextmanager
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = found.take(Received(self.path, headers, body))
            try:
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("location", f"{found.url}/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()
            except OSError:
                self.close_connection = True

        def log_message(self, *words: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
