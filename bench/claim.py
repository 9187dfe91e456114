"""P1: claims over REST against pgbench, which runs the same statements and nothing else."""

from __future__ import annotations

import itertools
import json
import shutil
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.load import FIRST, copy_demands
from bench.shapes import SCRIPT
from bench.verdicts import Verdict, keep
from tests.figures.county import Plan
from tests.figures.site import Caller, Cluster, Site, together

CONNECTIONS, ROUNDS, SECONDS = 16, 3, 8
BY_REST, BY_PGBENCH = 1500, 6000
FLOOR, TARGET = 0.15, 0.3


def measure(cluster: Cluster) -> list[Verdict]:
    site = cluster.county(Plan(CONNECTIONS, 1, {"slots": 100}))
    demands = copy_demands(site, BY_REST + BY_PGBENCH)
    rest, bare = [], []
    with site.serving():
        wishes = itertools.count()
        claim_for(site, demands[:BY_REST], wishes, 2)  # warm
        for number in range(ROUNDS):
            rest.append(claim_for(site, demands[:BY_REST], wishes, SECONDS))
            bare.append(run_pgbench(site, number))
    ratio = statistics.median(rest) / statistics.median(bare)
    keep("claim", {"rest per second": rest, "pgbench per second": bare, "ratio": ratio})
    told = f"{ratio:.2f} ({statistics.median(rest):.0f}/s of {statistics.median(bare):.0f}/s)"
    limit = f">= {FLOOR}, target {TARGET}"
    return [Verdict("P1", "claim over REST, of the bare statements", told, limit, ratio >= FLOOR)]


def claim_for(
    site: Site, demands: list[str], wishes: itertools.count[int], seconds: float
) -> float:
    """Claims a second by one connection for each bank."""
    ends, done = time.monotonic() + seconds, [0] * CONNECTIONS

    def work(number: int) -> None:
        caller = site.bank(number)
        while time.monotonic() < ends:
            turn = next(wishes)
            path = f"/api/v1/bank/demands/{demands[turn % len(demands)]}/claim"
            answer = caller.post(path, {}, f"claim-{turn}")
            assert answer.status in (201, 409), answer.body
            done[number] += answer.status == 201
        caller.close()

    begun = time.monotonic()
    together([lambda number=number: work(number) for number in range(CONNECTIONS)])  # type: ignore[misc]
    return sum(done) / (time.monotonic() - begun)


def pgbench_path() -> str:
    """pgbench from PATH or from Debian's folder of the newest server."""
    found = shutil.which("pgbench")
    others = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    if not found and not others:
        sys.exit(
            "P1 needs pgbench: install it with `apt-get install postgresql-contrib` or your system's own"
        )
    return found or str(others[-1])


def run_pgbench(site: Site, number: int) -> float:
    """Transactions a second of claim.sql, one connection for each bank, simple protocol."""
    rows = site.ask(
        "SELECT o.ref, o.id::text, s.ref, s.id::text, encode(k.key_hash, 'hex') FROM parties_organisation o"
        " JOIN parties_staff s ON s.organisation_id = o.id JOIN access_apikey k ON k.organisation_id = o.id"
        " ORDER BY o.ref"
    )
    start = FIRST + BY_REST
    ((resident,),) = site.ask(
        "SELECT resident_id::text FROM market_financingdemand WHERE ref = %s", str(start)
    )

    def one(place: int) -> float:
        ref, bank, officer, officer_id, key_hash = rows[place]
        given = {
            "scope": f"{ref}:{officer}",
            "bank_ref": ref,
            "bank": bank,
            "officer": officer,
            "officer_id": officer_id,
            "key_hash": key_hash,
            "resident": resident,
            "first": start,
            "count": BY_PGBENCH,
            "n": place * (BY_PGBENCH // CONNECTIONS) + number * (BY_PGBENCH // ROUNDS),
        }
        defined = [f"-D{name}={value}" for name, value in given.items()]
        done = subprocess.run(
            [pgbench_path(), "-n", "-M", "simple", "-c", "1", "-T", str(SECONDS), "-f", str(SCRIPT), *defined, site.url],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0 and "aborted" not in done.stderr, done.stderr[-2000:]
        (line,) = [text for text in done.stdout.splitlines() if text.startswith("tps")]
        return float(line.split()[2])

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sum(pool.map(one, range(CONNECTIONS)))


def record(cluster: Cluster) -> None:
    """Write claim.sql anew from a real claim."""
    site = cluster.county(Plan(1, 1, {"slots": 100}))
    demands = copy_demands(site, 6)
    (bank,) = site.county.banks
    ids = site.ask(
        "SELECT o.id::text, s.id::text, (SELECT resident_id::text FROM market_financingdemand LIMIT 1)"
        " FROM parties_organisation o JOIN parties_staff s ON s.organisation_id = o.id"
        " WHERE o.ref = %s",
        bank.ref,
    )[0]
    plan = {"bank": vars(bank), "demands": demands}
    plan |= dict(zip(("bank_id", "officer_id", "resident_id"), ids, strict=True))
    arguments = [sys.executable, "-m", "bench.record_claim", json.dumps(plan)]
    subprocess.run(arguments, env=site.environment, check=True)


__all__ = ["Caller", "measure", "record"]
