"""Many people at their pages and systems at once, over plain sockets; run as a process of its own.

Reads a plan as JSON from its first argument's file, prints what it saw as JSON. Each user sends one
request after another, `pace` seconds apart from start to start, later where an answer took longer.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import resource
import sys
import time
from dataclasses import dataclass, field
from typing import Any

PURPOSES = ("livestock", "crops", "household")
DEMAND = {
    "amount_fen": 10_000_000,
    "term": "months_6",
    "repayment_wish": "once",
    "securities": ["none"],
    "consent": True,
    "another": True,
}
PLAN = {
    "amount_fen": 10_000_000,
    "rate_ppm": 47_500,
    "months": 6,
    "method": "interest_with_principal",
    "security_words": "夫妻两人签字",
    "trips_words": "银行来家 1 趟",
    "answer_working_days": 2,
}
MIX: dict[str, dict[str, int]] = {
    "resident": {"home": 30, "products": 20, "ask": 16, "waiting": 22, "mine": 5, "publish": 7},
    "bank": {"work": 50, "lists": 18, "case": 7, "open demands": 15, "engagements": 10},
    "township": {"township lists": 100},
    "county": {"county lists": 100},
}
"""What each kind of user asks for, in hundredths; `work` is the next step of the own case."""


@dataclass
class Seen:
    """What all users saw."""

    took: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)


FORMS = re.compile(rb"\r\nset-cookie: *(puhui_csrf=[^;]+)", re.IGNORECASE)


class Line:
    """One connection that is kept, opened anew when it broke; with the cookie for forms, once a
    page has set it, as a browser keeps it."""

    def __init__(self, port: int) -> None:
        self.port, self.cookie = port, ""
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, head: str, body: bytes = b"") -> tuple[int, bytes]:
        try:
            if self.streams is None:
                self.streams = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = self.streams
            length = f"Content-Length: {len(body)}\r\n" if method != "GET" else ""
            text = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}{length}\r\n"
            writer.write(text.encode() + body)
            told = await reader.readuntil(b"\r\n\r\n")
            if found := FORMS.search(told):
                self.cookie = f"; {found[1].decode()}"
            return await _answer(told.lower(), reader)
        except (OSError, EOFError, asyncio.IncompleteReadError):
            self.streams = None
            return 0, b""


async def _answer(head: bytes, reader: asyncio.StreamReader) -> tuple[int, bytes]:
    status, place = int(head[9:12]), head.find(b"content-length:")
    if place >= 0:
        return status, await reader.readexactly(int(head[place + 15 : head.index(b"\r", place)]))
    parts = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    await reader.readexactly(2)
    return status, b"".join(parts)


class User:
    """Somebody of a kind, with what they carry: a session or a key, a demand, the cases they work."""

    def __init__(self, plan: dict[str, Any], number: int, who: dict[str, Any], seen: Seen) -> None:
        self.plan, self.number, self.who, self.seen = plan, number, who, seen
        self.line, self.rng = Line(plan["port"]), random.Random(number)
        self.session = f"Cookie: puhui_session={who['token']}"
        self.turn, self.case, self.call, self.step = 0, "", "", 0

    async def live(self, ends: float) -> None:
        pace: float = self.plan["pace"]
        due = time.monotonic() + self.rng.random() * pace
        while due < ends:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            mix = MIX[self.who["kind"]]
            (name,) = self.rng.choices(list(mix), list(mix.values()))
            await getattr(self, "_" + name.replace(" ", "_"))()
            due = max(due + pace, time.monotonic())

    async def _send(self, name: str, method: str, path: str, head: str, body: Any = None) -> bytes:
        began = time.perf_counter()
        content = b"" if body is None else json.dumps(body).encode()
        kind = "Content-Type: application/json\r\n" if content else ""
        status, answer = await self.line.send(method, path, head + kind, content)
        self.seen.took.setdefault(name, []).append(time.perf_counter() - began)
        told = f"{name} {status}"
        self.seen.statuses[told] = self.seen.statuses.get(told, 0) + 1
        if status == 0 or status >= 500:
            self.seen.surprises.append(f"{told} {answer[:200]!r}")
        return answer if status in (200, 201) else b""

    async def _page(self, name: str, path: str) -> None:
        cookies = f"{self.session}{self.line.cookie}\r\n"
        await self._send(name, "GET", path, f"{cookies}Accept-Encoding: gzip\r\n")

    async def _write(self, name: str, path: str, head: str, body: Any) -> dict[str, Any]:
        self.turn += 1
        key = f"Idempotency-Key: u{self.number}-{self.turn}\r\n"
        answer = await self._send(name, "POST", path, head + key, body)
        return dict(json.loads(answer)) if answer else {}

    def _keep(self, what: str, ref: str) -> None:
        self.seen.acknowledged.setdefault(what, []).append(ref)

    # -- residents -----------------------------------------------------------------------------

    async def _home(self) -> None:
        await self._page("home", "/")

    async def _products(self) -> None:
        await self._page("products", "/products/")

    async def _ask(self) -> None:
        await self._page("ask", "/ask/1")

    async def _waiting(self) -> None:
        await self._page("waiting", f"/my/{self.who['demand']}/")

    async def _mine(self) -> None:
        await self._page("mine", "/my/")

    async def _publish(self) -> None:
        body = {**DEMAND, "purpose": self.rng.choice(PURPOSES)}
        head = f"Authorization: Bearer {self.who['token']}\r\n"
        done = await self._write("publish", "/api/v1/my/demands", head, body)
        if done:
            self._keep("demands", done["ref"])
            self.plan["stock"].append(done["ref"])

    # -- banks ---------------------------------------------------------------------------------

    async def _lists(self) -> None:
        await self._page("bank lists", "/bank/lists")

    async def _case(self) -> None:
        path = f"/bank/engagements/{self.case}/" if self.case else "/bank/lists"
        await self._page("bank case" if self.case else "bank lists", path)

    async def _open_demands(self) -> None:
        await self._send("open demands", "GET", "/api/v1/bank/demands?limit=20", self.who["key"])

    async def _engagements(self) -> None:
        path = "/api/v1/bank/engagements?limit=20"
        await self._send("engagements", "GET", path, self.who["key"])

    async def _work(self) -> None:
        steps = (self._claim, self._start_call, self._record_callback, self._submit_plan)
        done = await steps[self.step]()
        self.step = (self.step + 1) % len(steps) if done else 0

    async def _claim(self) -> bool:
        ref = self.rng.choice(self.plan["stock"])
        done = await self._write("claim", f"/api/v1/bank/demands/{ref}/claim", self.who["key"], {})
        if done:
            self.case = done["engagement_ref"]
            self._keep("engagements", self.case)
        return bool(done)

    async def _step(self, name: str, path: str, body: Any) -> dict[str, Any]:
        whole = f"/api/v1/bank/engagements/{self.case}/{path}"
        return await self._write(name, whole, self.who["key"], body)

    async def _start_call(self) -> bool:
        done = await self._step("start call", "calls", None)
        self.call = done.get("ref", "")
        if done:
            self._keep("calls", self.call)
        return bool(done)

    async def _record_callback(self) -> bool:
        body = {"call": self.call, "result": "connected", "duration_seconds": 60}
        return bool(await self._step("record callback", "callback", body))

    async def _submit_plan(self) -> bool:
        done = await self._step("submit plan", "plan", PLAN)
        if done:
            self._keep("plans", self.case)
        return bool(done)

    # -- those who watch -----------------------------------------------------------------------

    async def _township_lists(self) -> None:
        await self._page("township lists", "/township/lists")

    async def _county_lists(self) -> None:
        await self._page("county lists", "/county/lists")


async def run(plan: dict[str, Any]) -> Seen:
    seen = Seen()
    ends = time.monotonic() + plan["seconds"]
    users = [User(plan, number, who, seen) for number, who in enumerate(plan["users"])]
    await asyncio.gather(*(one.live(ends) for one in users))
    return seen


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    began = time.monotonic()
    seen = asyncio.run(run(plan))
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {**vars(seen), "seconds": time.monotonic() - began}
    print(json.dumps({**told, "cpu": used.ru_utime + used.ru_stime}))


if __name__ == "__main__":
    main()
