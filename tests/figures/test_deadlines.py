"""Deadlines are kept by whoever is alive: sweepers die each second, or are all gone for a while."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from puhui.program.supervisor import program
from tests.figures.county import Plan
from tests.figures.site import Cluster, Site, await_
from tests.figures.test_crashes import Keeper, children

pytestmark = pytest.mark.slow

DEMANDS = 500
KINDS = (
    "callback_soon",
    "callback_applicant",
    "callback_bank",
    "supervision_applicant",
    "supervision_bank",
    "slot_reopen",
)
DEADLINES = DEMANDS * len(KINDS)
SPREAD_SECONDS, LATE_SECONDS, CATCH_UP_SECONDS = 45, 2.0, 5.0

SPREAD = """
UPDATE market_clock c SET due_at = clock_timestamp() + make_interval(secs => %s)
  + (%s - 6) * row / %s::float8 * interval '1 second' + array_position(%s, c.kind) * interval '1 second'
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS row FROM market_financingdemand) d
WHERE d.id = c.demand_id AND c.kind = ANY(%s) AND c.state = 'running'
"""
FOUND = """
SELECT count(*), count(*) FILTER (WHERE state = 'breached' AND settled_at = due_at),
  extract(epoch FROM max(found_at - due_at))::float8, extract(epoch FROM max(found_at))::float8
FROM market_clock WHERE kind = ANY(%s)
"""
NOW = "SELECT extract(epoch FROM clock_timestamp())::float8"
TWICE = """
SELECT body::json->'subject'->>'ref', body::json->'facts'->>'clock', count(*)
FROM (SELECT body FROM kernel_sealedentry UNION ALL SELECT body FROM kernel_unsealedentry) j
WHERE body::json->>'action' = 'clock.breach' GROUP BY 1, 2 HAVING count(*) > 1
"""


def claimed_county(cluster: Cluster) -> Site:
    return cluster.county(Plan(banks=3, demands=DEMANDS, claim=True))


def spread(site: Site, after: float) -> None:
    """Let all deadlines fall due within 45 seconds, in the order in which each case knows them."""
    names = list(KINDS)
    assert site.change(SPREAD, after, SPREAD_SECONDS, DEMANDS, names, names) == DEADLINES


def require_each_breached_once(site: Site) -> float:
    """Every deadline breached once with all its effects; how late the latest was found, in seconds."""
    total, breached, latest, _at = site.ask(FOUND, list(KINDS))[0]
    assert (total, breached) == (DEADLINES, DEADLINES)
    assert site.ask(TWICE) == []
    journalled = site.ask(
        "SELECT count(*) FROM (SELECT body FROM kernel_sealedentry UNION ALL"
        " SELECT body FROM kernel_unsealedentry) j WHERE body::json->>'action' = 'clock.breach'"
    )
    assert journalled == [(DEADLINES,)]
    assert site.ask("SELECT count(*) FROM market_supervision") == [(DEMANDS,)]
    told = "SELECT code, count(*) FROM notices_textmessage WHERE code IN ('B03','B04','B07','S09') GROUP BY 1"
    assert dict(site.ask(told)) == dict.fromkeys(("B03", "B04", "B07", "S09"), DEMANDS)
    assert site.ask("SELECT count(*) FROM market_engagement WHERE NOT callback_late") == [(0,)]
    return float(latest)


def is_all_breached(site: Site) -> bool:
    return site.ask(FOUND, list(KINDS))[0][1] == DEADLINES


def kill_a_sweeper(keeper: Keeper, chance: random.Random) -> None:
    """Kill the process that sweeps, of one of the two; each tenth time the one that stands by it."""
    parent = chance.choice(keeper.running).pid
    victims = [parent] if chance.random() < 0.1 else children(parent)
    for pid in victims:
        os.kill(pid, signal.SIGKILL)


def test_c4_deadlines_are_kept_while_a_sweeper_is_killed_each_second(cluster: Cluster) -> None:
    site, chance = claimed_county(cluster), random.Random(3)
    keeper = Keeper(site, program("work"), 2)
    kills = 0
    try:
        await_(lambda: site.log().count("worker runs") >= 2, "two workers run")
        spread(site, 1.0)
        (begun,) = site.ask(NOW)[0]
        while not is_all_breached(site):
            assert site.ask(NOW)[0][0] < begun + SPREAD_SECONDS + 30, site.ask(FOUND, list(KINDS))
            time.sleep(1)
            kill_a_sweeper(keeper, chance)
            kills += 1
    finally:
        keeper.stop()
    assert kills >= SPREAD_SECONDS - 10
    assert require_each_breached_once(site) <= LATE_SECONDS


def test_c4_after_all_sweepers_were_down_everything_is_caught_up(cluster: Cluster) -> None:
    """The minute without sweepers is shortened: all 3,000 deadlines lie in the past at the start."""
    site = claimed_county(cluster)
    spread(site, -60.0)
    keeper = Keeper(site, program("work"), 2)
    try:
        await_(lambda: "worker runs" in site.log(), "a worker is back")
        (begun,) = site.ask(NOW)[0]
        await_(lambda: is_all_breached(site), "caught up")
    finally:
        keeper.stop()
    _total, _breached, _late, ended = site.ask(FOUND, list(KINDS))[0]
    require_each_breached_once(site)
    assert ended - begun <= CATCH_UP_SECONDS
