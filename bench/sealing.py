"""H3: how long journal entries wait for their seal while partners write."""

from __future__ import annotations

import itertools

from bench.claim import claim_for
from bench.load import copy_demands
from bench.verdicts import Verdict, keep
from puhui.program.supervisor import program
from tests.figures.county import Plan
from tests.figures.site import Cluster, await_

SECONDS, LIMIT_SECONDS = 15, 2.0
WAITS = """
SELECT extract(epoch FROM sealed_at - at)::float8 FROM kernel_sealedentry
WHERE body::json->>'action' = 'engagement.claim' ORDER BY 1
"""


def measure(cluster: Cluster) -> list[Verdict]:
    site = cluster.county(Plan(16, 1, {"slots": 100}))
    demands = copy_demands(site, 1000)
    workers = [site.start(program("work")) for _ in range(2)]
    try:
        with site.serving():
            rate = claim_for(site, demands, itertools.count(), SECONDS)
            await_(
                lambda: site.ask("SELECT count(*) FROM kernel_unsealedentry") == [(0,)], "sealed"
            )
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait(30)
    waits = [row[0] for row in site.ask(WAITS)]
    p99 = waits[int(len(waits) * 0.99) - 1]
    keep("sealing", {"seconds": waits, "claims per second": rate})
    told = f"p99 {p99:.2f} s of {len(waits)} entries"
    what = f"from act to seal, {rate:.0f} claims a second"
    return [Verdict("H3", what, told, f"p99 <= {LIMIT_SECONDS:.0f} s", p99 <= LIMIT_SECONDS)]
