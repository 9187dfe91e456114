"""P10: claims (P1) and deadlines (P4) with one, four and sixteen times the data: flat within 30 %."""

from __future__ import annotations

import itertools
import statistics

from bench import claim, deadlines
from bench.load import copy_demands
from bench.verdicts import Verdict, keep
from tests.figures.county import Plan
from tests.figures.site import Cluster

FACTORS = (1, 4, 16)
DEMANDS = claim.BY_REST + claim.BY_PGBENCH
COPIES = deadlines.COPIES // FACTORS[-1]
SLACK = 0.30


def measure(cluster: Cluster) -> list[Verdict]:
    """Each size in a county of its own; claims against pgbench of the same moment, for the noise."""
    claims = {factor: _claims(cluster, factor) for factor in FACTORS}
    waits = {factor: _median_wait(cluster, factor) for factor in FACTORS}
    keep("growth", {"claims, of bare statements": claims, "median wait, s": waits})
    slower = max(claims[1] / claims[factor] - 1 for factor in FACTORS)
    later = max(waits[factor] / waits[1] - 1 for factor in FACTORS)
    return [
        _verdict("claims at 1, 4, 16 x", claims, "{:.2f}", slower),
        _verdict("deadline to notice at 1, 4, 16 x, median", waits, "{:.2f} s", later),
    ]


def _verdict(what: str, found: dict[int, float], shape: str, worse: float) -> Verdict:
    told = " ".join(shape.format(one) for one in found.values())
    return Verdict("P10", what, f"{told} ({worse:+.0%})", f"<= +{SLACK:.0%}", worse <= SLACK)


def _claims(cluster: Cluster, factor: int) -> float:
    """Claims over REST by claims of bare statements, among so many open demands."""
    site = cluster.county(Plan(claim.CONNECTIONS, 1, {"slots": 100}))
    demands = copy_demands(site, DEMANDS * factor)
    wishes, ratios = itertools.count(), []
    with site.serving():
        claim.claim_for(site, demands[: claim.BY_REST], wishes, 2)  # warm
        for number in range(claim.ROUNDS):
            rest = claim.claim_for(site, demands[: claim.BY_REST], wishes, claim.SECONDS)
            ratios.append(rest / claim.run_pgbench(site, number))
    return statistics.median(ratios)


def _median_wait(cluster: Cluster, factor: int) -> float:
    """Seconds from a deadline to its notice, so many other clocks running."""
    delays, _running = deadlines.delays(cluster, COPIES * factor)
    return statistics.median(delays)
