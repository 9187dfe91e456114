"""P4: from a deadline to its notice, while 100,000 clocks run."""

from __future__ import annotations

import statistics
import time
from typing import Any

from bench.load import copy_demands, start_clocks
from bench.verdicts import Verdict, keep
from puhui.program.supervisor import program
from tests.figures.county import Plan
from tests.figures.site import Cluster, Site, await_

CASES, COPIES, KINDS = 300, 5000, 20
SPREAD_SECONDS, LIMIT_SECONDS = 20, 1.0
SPREAD = """
UPDATE market_clock c SET due_at = clock_timestamp() + (2 + random() * %s) * interval '1 second'
FROM market_financingdemand d
WHERE d.id = c.demand_id AND length(d.ref) <> 12 AND c.kind = 'supervision_bank' AND c.state = 'running'
"""
NOTICES = """
SELECT n.subject_ref, extract(epoch FROM clock_timestamp() - c.due_at)::float8
FROM notices_notice n JOIN market_financingdemand d ON d.ref = n.subject_ref
JOIN market_clock c ON c.demand_id = d.id AND c.kind = 'supervision_bank' WHERE n.code = 'B04'
"""


def measure(cluster: Cluster) -> list[Verdict]:
    late, running = delays(cluster, COPIES)
    p99 = late[int(len(late) * 0.99) - 1]
    keep("deadlines", {"seconds late": late, "clocks running": running})
    told = f"p99 {p99:.2f} s, median {statistics.median(late):.2f} s"
    what = f"deadline to notice, {running} clocks running"
    return [Verdict("P4", what, told, f"p99 <= {LIMIT_SECONDS:.0f} s", p99 <= LIMIT_SECONDS)]


def delays(cluster: Cluster, copies: int) -> tuple[list[float], int]:
    """How late each notice was, in order, and how many clocks ran meanwhile, twenty a demand."""
    site = cluster.county(Plan(3, CASES, claim=True))
    copy_demands(site, copies)
    running = start_clocks(site, [f"load_{number:02}" for number in range(1, KINDS)]) + copies
    workers = [site.start(program("work")) for _ in range(2)]
    try:
        await_(lambda: site.log().count("worker runs") >= 2, "two workers run")
        assert site.change(SPREAD, SPREAD_SECONDS) == CASES
        seen = _watch(site)
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait(30)
    return sorted(seen.values()), running


def _watch(site: Site) -> dict[str, Any]:
    """How late each notice was when it could first be seen, looking every few milliseconds."""
    import psycopg

    seen: dict[str, Any] = {}
    ends = time.monotonic() + SPREAD_SECONDS + 60
    with psycopg.connect(site.owner_url, autocommit=True) as db:
        while len(seen) < CASES and time.monotonic() < ends:
            for ref, late in db.execute(NOTICES):
                seen.setdefault(ref, late)
            time.sleep(0.02)
    assert len(seen) == CASES, f"only {len(seen)} notices came"
    return seen
