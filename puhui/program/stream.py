"""The live stream: tells open pages that something they may see has changed.

GET /stream (server-sent events) with the session's cookie. An event names what changed; the page
then asks the web for it, which decides again what this person may see. Only a demand that becomes
open to all comes with its row: it is the same for every bank and shows nothing of a person, and a
thousand desks that asked for it at once would wait for one another. One thread asks the
database for all listeners: each half second, and at once when the web sends a datagram after a
commit (news.py).
"""

import asyncio
import json
import resource
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any

import django
import structlog

from puhui.program.news import OPEN_DEMANDS, Journal

if TYPE_CHECKING:
    from puhui.kernel.journal import Change

log = structlog.get_logger("puhui.stream")

POLL_SECONDS = 0.5
SHORTEST_PAUSE = 0.05
HEARTBEAT_SECONDS = 15.0
RECHECK_SECONDS = 30.0
LONGEST_QUEUE = 256  # a page that reads slower than this is cut off, and asks anew

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


SCREEN_COOKIE, SCREEN_TOKEN = "puhui_screen", "screen:"
QUIET = "quiet:"  # as in access.queries: hear that, not what


@dataclass(eq=False)
class Listener:
    """One open page, and what it has not been sent yet."""

    token: str
    topics: set[str]
    waiting: list[bytes] = field(default_factory=list)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    has_ended: bool = False
    checked_at: float = field(default_factory=time.monotonic)

    def tell(self, message: bytes) -> None:
        if len(self.waiting) >= LONGEST_QUEUE:
            self.end()
        else:
            self.waiting.append(message)
            self.bell.set()

    def end(self) -> None:
        self.has_ended = True
        self.waiting.clear()
        self.bell.set()

    async def next(self) -> bytes:
        """All that waits, as one piece; empty at the end."""
        await self.bell.wait()
        self.bell.clear()
        told = b"".join(self.waiting)
        self.waiting.clear()
        return b"" if self.has_ended else told


class Hub:
    """All listeners of this process."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.by_topic: dict[str, set[Listener]] = {}
        self.wake = asyncio.Event()

    def add(self, listener: Listener) -> None:
        self.listeners.add(listener)
        for topic in listener.topics:
            self.by_topic.setdefault(topic.removeprefix(QUIET), set()).add(listener)

    def remove(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        for topic in (one.removeprefix(QUIET) for one in listener.topics):
            hearers = self.by_topic.get(topic, set())
            hearers.discard(listener)
            if not hearers:
                self.by_topic.pop(topic, None)

    def publish(self, changes: Iterable[tuple["Change", str]]) -> None:
        for change, row in changes:
            hearers = {
                listener for topic in change.topics for listener in self.by_topic.get(topic, ())
            }
            texts: dict[tuple[str, ...], bytes] = {}
            for listener in hearers:
                shared = tuple(sorted(listener.topics.intersection(change.topics)))
                if shared not in texts:
                    texts[shared] = render(change, shared, row)
                listener.tell(texts[shared])

    async def watch_journal(self) -> None:
        journal = Journal()
        while True:
            self.wake.clear()  # first, so that a commit during the look brings another look
            try:
                self.publish(await asyncio.to_thread(journal.look))
            except Exception as error:  # the database may be away; pages keep their connection
                log.error("journal could not be read", exc_info=error)
            await asyncio.sleep(SHORTEST_PAUSE)
            try:
                await asyncio.wait_for(self.wake.wait(), POLL_SECONDS)
            except TimeoutError:
                pass

    async def keep_alive(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for listener in list(self.listeners):
                listener.tell(b": still here\n\n")

    async def recheck_sessions(self) -> None:
        while True:
            await asyncio.sleep(1)
            late = time.monotonic() - RECHECK_SECONDS
            for listener in [one for one in self.listeners if one.checked_at < late]:
                await self._recheck(listener)

    async def _recheck(self, listener: Listener) -> None:
        listener.checked_at = time.monotonic()
        try:
            topics = await topics_of(listener.token)
        except Exception as error:
            log.error("session could not be checked", exc_info=error)
            return
        if topics is None:
            listener.end()
        elif topics != listener.topics and listener in self.listeners:
            self.remove(listener)
            listener.topics = topics
            self.add(listener)


class Ear(asyncio.DatagramProtocol):
    """Any datagram means: look now."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.hub.wake.set()


def render(change: "Change", topics: Sequence[str], row: str = "") -> bytes:
    """An event; of its topics only those that the listener may hear.

    A bank that hears no more than that the open demands changed does not hear which engagement of
    which other bank did it. Who shares no topic aloud hears only that something changed.
    """
    is_anothers = tuple(topics) == (OPEN_DEMANDS,) and change.action.startswith("engagement.")
    name, ref = ("", "") if is_anothers or not topics else (change.action, change.ref)
    told = {"name": name, "ref": ref, "topics": topics}
    if row and OPEN_DEMANDS in topics:
        told["row"] = row
    return f"event: change\ndata: {json.dumps(told, ensure_ascii=False)}\n\n".encode()


async def topics_of(token: str) -> set[str] | None:
    def ask() -> set[str] | None:
        from puhui.access.queries import stream_topics
        from puhui.oversight.queries import screen_topics
        from puhui.program.database import give_back_connection

        try:
            if token.startswith(SCREEN_TOKEN):
                return screen_topics(token.removeprefix(SCREEN_TOKEN))
            return stream_topics(token)
        finally:
            give_back_connection()

    return await asyncio.to_thread(ask) if token else None


class Stream:
    """The ASGI application."""

    def __init__(self) -> None:
        self.hub: Hub | None = None
        self.tasks: list[asyncio.Task[None]] = []
        self.ear: asyncio.DatagramTransport | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._open()
                await send({"type": "lifespan.startup.complete"})
            else:
                for task in self.tasks:
                    task.cancel()
                self.close_ear()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _open(self) -> None:
        from django.conf import settings

        self.hub = hub = Hub()
        loop = asyncio.get_running_loop()
        self.ear, _ = await loop.create_datagram_endpoint(
            lambda: Ear(hub), local_addr=settings.PUHUI_WAKE
        )
        self.tasks = [
            loop.create_task(hub.watch_journal()),
            loop.create_task(hub.recheck_sessions()),
            loop.create_task(hub.keep_alive()),
        ]

    def close_ear(self) -> None:
        if self.ear:
            self.ear.close()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/healthz":
            await plain(send, 200, b"ok\n")
        elif scope["path"] != "/stream":
            await plain(send, 404, b"not found\n")
        elif scope["method"] != "GET":
            await plain(send, 405, b"only GET\n")
        else:
            await self._stream(scope, receive, send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.hub
        headers = dict(scope["headers"])
        origin = allowed_origin(headers.get(b"origin"))
        if origin is None:
            return await plain(send, 403, b"another origin\n")
        token = session_token(headers.get(b"cookie", b""))
        try:
            topics = await topics_of(token)
        except Exception as error:
            log.error("session could not be read", exc_info=error)
            return await plain(send, 503, b"try again\n", origin)
        if topics is None:
            return await plain(send, 403, b"sign in first\n", origin)
        listener = Listener(token, set(topics))
        self.hub.add(listener)
        try:
            await send(head(200, b"text/event-stream; charset=utf-8", origin))
            await pour(listener, receive, send)
        finally:
            self.hub.remove(listener)


async def pour(listener: Listener, receive: Receive, send: Send) -> None:
    """Send what the listener is told until the page goes away or its session ends."""
    gone = asyncio.create_task(end_when_gone(listener, receive))
    try:
        listener.tell(b"retry: 2000\n\n")
        while told := await listener.next():
            await send({"type": "http.response.body", "body": told, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()


async def end_when_gone(listener: Listener, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()


def allowed_origin(origin: bytes | None) -> bytes | None:
    """The page's origin if it is one of ours; b"" where the browser names none (same origin)."""
    from django.conf import settings

    if origin is None:
        return b""
    return origin if origin.decode("latin-1") in settings.PUHUI_PAGE_ORIGINS else None


def session_token(cookies: bytes) -> str:
    """The session's token; on a device without one, the wall screen's, marked as such."""
    from django.conf import settings

    try:
        read = SimpleCookie(cookies.decode("latin-1"))
    except CookieError:
        return ""
    found, screen = read.get(settings.PUHUI_SESSION_COOKIE), read.get(SCREEN_COOKIE)
    if found is None and screen is not None:
        return f"{SCREEN_TOKEN}{screen.value}"
    return found.value if found else ""


def head(status: int, kind: bytes, origin: bytes = b"") -> dict[str, Any]:
    headers = [
        (b"content-type", kind),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"vary", b"Origin"),
    ]
    if origin:
        headers += [
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
        ]
    return {"type": "http.response.start", "status": status, "headers": headers}


async def plain(send: Send, status: int, text: bytes, origin: bytes = b"") -> None:
    await send(head(status, b"text/plain", origin))
    await send({"type": "http.response.body", "body": text, "more_body": False})


def build() -> Stream:
    """What granian loads in its worker."""
    django.setup()
    return Stream()


def run() -> None:
    """`puhui stream`: until SIGTERM."""
    from django.conf import settings
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    host, port = settings.PUHUI_STREAM_BIND
    Server(
        "puhui.program.stream:build",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        workers_kill_timeout=2,
        backlog=4096,
        backpressure=20_000,
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=settings.LOGGING,
    ).serve()
