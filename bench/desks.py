"""P3: from a publication to every open desk that may see it, with a thousand desks open.

Counted from the moment the request was sent: at each desk to the row that the stream brings and the
page puts in its list, and at some desks to the answer of the whole list, with the demand in it, as a
page asks for it that could not place the row.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from dataclasses import dataclass, field
from itertools import cycle

from bench.mixed import users
from bench.users import DEMAND, Line
from bench.verdicts import Verdict, keep
from puhui.program.supervisor import program
from tests.figures.county import Plan
from tests.figures.site import Cluster, Site

DESKS, LOOKING, BANKS, PEOPLE = 1000, 20, 11, 8
PUBLICATIONS, APART_SECONDS, PATIENCE_SECONDS = 30, 1.0, 20
LIMIT_SECONDS = 2.0


@dataclass
class Watch:
    """When each publication was sent, and when each desk heard of it or showed it."""

    sent: dict[str, float] = field(default_factory=dict)
    heard: dict[str, list[float]] = field(default_factory=dict)
    shown: dict[str, list[float]] = field(default_factory=dict)
    open: int = 0

    def delays(self, seen: dict[str, list[float]]) -> list[float]:
        return sorted(at - self.sent[ref] for ref in self.sent for at in seen.get(ref, []))


def measure(cluster: Cluster) -> list[Verdict]:
    desks = int(os.environ.get("BENCH_DESKS", DESKS))
    site = cluster.county(Plan(BANKS, PEOPLE))
    stream = site.start(program("stream"))
    try:
        with site.serving():
            watch = asyncio.run(_watched(site, desks))
    finally:
        stream.terminate()
        stream.wait(30)
    wanted = PUBLICATIONS * desks
    verdicts = [
        _verdict(f"publication to its row, {desks} desks open", watch.delays(watch.heard), wanted),
        _verdict(
            f"publication to the whole list, {LOOKING} of them asking",
            watch.delays(watch.shown),
            PUBLICATIONS * LOOKING,
        ),
    ]
    keep("desks", {"sent": watch.sent, "heard": watch.heard, "shown": watch.shown})
    return verdicts


def _verdict(what: str, delays: list[float], wanted: int) -> Verdict:
    p95 = delays[int(len(delays) * 0.95) - 1] if delays else float("inf")
    told = f"p95 {p95:.2f} s, {len(delays)} of {wanted}"
    holds = p95 <= LIMIT_SECONDS and len(delays) == wanted
    return Verdict("P3", what, told, f"p95 <= {LIMIT_SECONDS:.0f} s, all", holds)


async def _watched(site: Site, desks: int) -> Watch:
    watch, everybody = Watch(), users(site)
    tokens = cycle(one["token"] for one in everybody if one["kind"] == "bank")
    open_ = [
        asyncio.create_task(_desk(site, next(tokens), watch, looks=number < LOOKING))
        for number in range(desks)
    ]
    ends = time.monotonic() + PATIENCE_SECONDS + desks / 20
    while watch.open < desks:
        assert time.monotonic() < ends, f"only {watch.open} of {desks} desks are open"
        await asyncio.sleep(0.05)
    line, residents = Line(site.port), cycle(one for one in everybody if one["kind"] == "resident")
    for number in range(PUBLICATIONS):
        await _publish(line, next(residents)["token"], number, watch)
        await asyncio.sleep(APART_SECONDS)
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends and not _is_complete(watch, desks):
        await asyncio.sleep(0.05)
    for one in open_:
        one.cancel()
    return watch


def _is_complete(watch: Watch, desks: int) -> bool:
    heard = sum(len(watch.heard.get(ref, [])) for ref in watch.sent)
    shown = sum(len(watch.shown.get(ref, [])) for ref in watch.sent)
    return heard == PUBLICATIONS * desks and shown == PUBLICATIONS * LOOKING


async def _publish(line: Line, token: str, number: int, watch: Watch) -> None:
    head = f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    body = json.dumps({**DEMAND, "purpose": "crops"}).encode()
    at = time.monotonic()
    path = "/api/v1/my/demands"
    status, answer = await line.send(
        "POST", path, f"{head}Idempotency-Key: desks-{number}\r\n", body
    )
    assert status == 201, answer
    watch.sent[str(json.loads(answer)["ref"])] = at


async def _desk(site: Site, token: str, watch: Watch, *, looks: bool) -> None:
    """An open page: it hears, and some ask for the list as the page does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.stream_port)
    cookie = f"Cookie: puhui_session={token}\r\n"
    writer.write(f"GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n".encode())
    await reader.readuntil(b"retry:")
    watch.open += 1
    line = Line(site.port)
    while told := await reader.readline():
        if not told.startswith(b"data: ") or b"financing_demand.publish" not in told:
            continue
        news = json.loads(told[6:])
        ref = str(news["ref"])
        if f'data-row="{ref}"' not in news.get("row", ""):
            continue
        watch.heard.setdefault(ref, []).append(time.monotonic())
        if looks:
            _status, page = await line.send("GET", "/bank/lists", cookie)
            if ref.encode() in page:
                watch.shown.setdefault(ref, []).append(time.monotonic())
