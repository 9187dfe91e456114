"""Posts one message to the outside: to a checked and pinned address, no redirects, strict time-outs."""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from puhui.notices.rules import Target

CONNECT_SECONDS = 2.0
TOTAL_SECONDS = 5.0


class NotCarried(Exception):
    """A message did not arrive. Its words are a class of failure or a status, never an address.

    `is_unreachable`: the other side could not be spoken to at all.
    """

    def __init__(self, words: str, *, is_unreachable: bool = True) -> None:
        super().__init__(words)
        self.words = words
        self.is_unreachable = is_unreachable


@dataclass(frozen=True, slots=True)
class Post:
    """A request ready to go. `may_go_to` judges the addresses found for its host."""

    target: Target = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    may_go_to: Callable[[list[str]], bool] = field(repr=False)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, within CONNECT_SECONDS; empty where there are none."""
    found: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

    def look() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put(list(dict.fromkeys(str(row[4][0]) for row in rows)))
        except (OSError, UnicodeError):
            found.put([])

    threading.Thread(target=look, daemon=True).start()
    try:
        return found.get(timeout=CONNECT_SECONDS)
    except queue.Empty:
        return []


def carry(post: Post) -> None:
    """Post it; returns when the other side has accepted it (2xx), else raises NotCarried."""
    started = time.monotonic()
    addresses = resolve(post.target.host, post.target.port)
    if not addresses:
        raise NotCarried("unresolved")
    if not post.may_go_to(addresses):
        raise NotCarried("address not allowed")
    line = _connect(addresses, post.target.port)
    watch = _Watch(line, TOTAL_SECONDS - (time.monotonic() - started))
    try:
        status = _exchange(post, line, watch)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotCarried("timeout" if watch.is_over else _kind(error)) from None
    finally:
        watch.end()
    if watch.is_over:  # what was cut off may read like a whole answer
        raise NotCarried("timeout")
    if not 200 <= status < 300:
        raise NotCarried(f"status {status}", is_unreachable=False)


def _connect(addresses: list[str], port: int) -> socket.socket:
    ends = time.monotonic() + CONNECT_SECONDS
    trouble = "timeout"
    for address in addresses:
        left = ends - time.monotonic()
        if left <= 0:
            break
        try:
            line = socket.create_connection((address, port), timeout=left)
        except OSError as error:
            trouble = _kind(error)
        else:
            line.settimeout(TOTAL_SECONDS)
            return line
    raise NotCarried(trouble)


class _Watch:
    """Cuts the line when the time for the whole exchange is over, however slowly it trickles."""

    def __init__(self, line: socket.socket, seconds: float) -> None:
        self.line = line
        self.is_over = False
        self._timer = threading.Timer(max(seconds, 0.0), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        self.is_over = True
        try:
            self.line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def end(self) -> None:
        self._timer.cancel()
        self.line.close()


def _exchange(post: Post, line: socket.socket, watch: _Watch) -> int:
    if post.target.is_tls:
        secure = ssl.create_default_context().wrap_socket(
            line, server_hostname=post.target.host, do_handshake_on_connect=False
        )
        watch.line = secure
        secure.do_handshake()
    caller = http.client.HTTPConnection(post.target.host, post.target.port)
    caller.default_port = 443 if post.target.is_tls else 80
    caller.sock = watch.line
    headers = {"content-type": "application/json", "user-agent": "puhui", "connection": "close"}
    caller.request("POST", post.target.path, post.body, {**headers, **post.headers})
    return caller.getresponse().status


def _kind(error: BaseException) -> str:
    """A failure by its class alone: its text may quote an address."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return type(error).__name__
