"""Sixteen bank systems that claim and hand back without end, each call retried under its own key."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tests.figures.site import Answer, Site

WRITERS = 16
PATIENCE = 40.0
"""Seconds after which a call that gets no answer counts as stuck."""
UNKNOWN = (0, 500, 502, 503, 504)
"""Answers after which a caller cannot know whether its call took effect."""


@dataclass
class Done:
    """One acknowledged call."""

    key: str
    path: str
    body: Any
    status: int
    answer: bytes
    began: float
    ended: float
    tries: int


@dataclass
class Writer:
    """One bank's system. It stops after the call under way, once `ending` is set."""

    site: Site
    number: int
    ending: threading.Event
    done: list[Done] = field(default_factory=list)
    surprises: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.caller = self.site.bank(self.number)
        self.caller.seconds = 10
        ours = self.site.county.demands[self.number :: WRITERS]
        self.demands = itertools.cycle([one.ref for one in ours])
        self.numbers = itertools.count(1)

    def work(self) -> None:
        while not self.ending.is_set():
            claimed = self.call(f"/api/v1/bank/demands/{next(self.demands)}/claim", {}, 201)
            if claimed is None:
                return
            path = f"/api/v1/bank/engagements/{claimed.content['engagement_ref']}/release"
            self.call(path, {"reason": "试一下"}, 200)
        self.caller.close()

    def call(self, path: str, body: Any, wanted: int) -> Answer | None:
        """Repeat one call under one key until its outcome is known."""
        key, began = f"w{self.number}-{next(self.numbers)}", time.monotonic()
        answer, tries = self.caller.post(path, body, key), 1
        while answer.status in UNKNOWN and time.monotonic() < began + PATIENCE:
            time.sleep(0.05)
            answer, tries = self.caller.post(path, body, key), tries + 1
        ended = time.monotonic()
        self.done.append(Done(key, path, body, answer.status, answer.body, began, ended, tries))
        if answer.status == wanted:
            return answer
        self.surprises.append(answer)
        return None


class Writers:
    """All of them, at work in threads."""

    def __init__(self, site: Site) -> None:
        self.site, self.ending = site, threading.Event()
        self.all = [Writer(site, number, self.ending) for number in range(WRITERS)]
        self.threads = [threading.Thread(target=one.work, daemon=True) for one in self.all]

    def start(self) -> None:
        for one in self.threads:
            one.start()

    def stop(self) -> None:
        self.ending.set()
        ends = time.monotonic() + PATIENCE + 20
        for one in self.threads:
            one.join(max(0.0, ends - time.monotonic()))
        assert not any(one.is_alive() for one in self.threads)

    @property
    def acknowledged(self) -> int:
        return sum(len(one.done) for one in self.all)

    def done(self) -> list[tuple[Writer, Done]]:
        return [(writer, one) for writer in self.all for one in writer.done]


def require_nothing_lost_or_doubled(writers: Writers) -> None:
    """Compare what was acknowledged with what the database holds."""
    site = writers.site
    assert [answer.body.decode() for one in writers.all for answer in one.surprises] == []
    claims = [Answer(d.status, d.answer).content for _w, d in writers.done() if d.status == 201]
    refs = {one["engagement_ref"] for one in claims}
    assert len(refs) == len(claims), "one engagement was acknowledged to two calls"
    released = sum(1 for _w, d in writers.done() if d.status == 200)
    rows = dict(site.ask("SELECT ref, state FROM market_engagement"))
    assert set(rows) - refs == set(), "an engagement that was acknowledged to nobody"
    assert refs - set(rows) == set(), "an acknowledged engagement is lost"
    assert sum(1 for state in rows.values() if state == "released") == released
    _require_whole(site, claims=len(claims), released=released)
    stored = site.ask("SELECT count(*), count(status) FROM kernel_storedresponse")[0]
    assert stored == (len(writers.done()), len(writers.done())), "a key is stuck, or lost"


def _require_whole(site: Site, *, claims: int, released: int) -> None:
    """No half of an action without its other half: journal, clocks, messages, slots."""
    journalled = site.ask(
        "SELECT body::json->>'action', count(*) FROM (SELECT body FROM kernel_sealedentry"
        " UNION ALL SELECT body FROM kernel_unsealedentry) j GROUP BY 1"
    )
    counts = dict(journalled)
    assert counts["engagement.claim"] == claims
    assert counts.get("engagement.release", 0) == released
    assert site.ask("SELECT count(*) FROM notices_textmessage WHERE code = 'S05'") == [(claims,)]
    clocks = "SELECT count(DISTINCT engagement_id) FROM market_clock WHERE kind = 'callback_bank'"
    assert site.ask(clocks) == [(claims,)]
    held = (
        "SELECT ref FROM market_financingdemand d WHERE live <> (SELECT count(*) FROM"
        " market_engagement e WHERE e.demand_id = d.id AND e.holds_slot)"
    )
    assert site.ask(held) == []


def require_same_answers(writers: Writers, every: int) -> None:
    """Each key asked again gives the bytes that it gave."""
    for writer, one in writers.done()[::every]:
        again = writer.caller.post(one.path, one.body, one.key)
        assert (again.status, again.body) == (one.status, one.answer)
