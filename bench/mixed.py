"""P2: two hundred people at their pages and systems at once, in a county of full size: a million
residents, 447 products, demands from 18 townships.

What each kind of user does stands in bench/users.py; 110 residents, 66 bank officers, 14 deputies
and 10 of the county send a request every `PACE` seconds each. Beside the rate this prints the
processor time that one request costs, which a busy machine does not change.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from bench.load import copy_residents
from bench.verdicts import Verdict, keep
from tests.figures.county import Plan
from tests.figures.site import Cluster, Site

RESIDENTS, BANKS, PEOPLE, STOCK = 1_000_000, 11, 110, 250
TOWNSHIPS, PRODUCTS = 18, 447
WATCHERS = {"bank": 66, "township": 14, "county": 10}
PACE, SECONDS, WARM_SECONDS = 0.65, 60, 8
RATE, LIMIT_MS = 300.0, 500.0
EXISTS = {
    "demands": "SELECT ref FROM market_financingdemand WHERE published_at IS NOT NULL",
    "engagements": "SELECT ref FROM market_engagement",
    "calls": "SELECT ref FROM market_callattempt",
    "plans": "SELECT e.ref FROM market_engagement e JOIN market_proposal p ON p.engagement_id = e.id",
}


def measure(cluster: Cluster) -> list[Verdict]:
    site = cluster.county(Plan(BANKS, STOCK, products=PRODUCTS, townships=TOWNSHIPS))
    residents = int(os.environ.get("BENCH_RESIDENTS", RESIDENTS))
    stock = [one.ref for one in site.county.demands]
    copy_residents(site, residents)
    with site.serving():
        pace = float(os.environ.get("BENCH_PACE", PACE))
        use(site, stock, pace, WARM_SECONDS)
        site.change(
            "ANALYZE"
        )  # as a county that has been open for a while is known to its database
        before = spent(site)
        seen = use(site, stock, pace, int(os.environ.get("BENCH_SECONDS", SECONDS)))
        costs = {name: after - before[name] for name, after in spent(site).items()}
        lost = losses(site, seen["acknowledged"])
    return judged(seen, costs, lost, residents)


def use(site: Site, stock: list[str], pace: float, seconds: float) -> dict[str, Any]:
    """All users for so long, in a process of their own."""
    plan = {"port": site.port, "pace": pace, "seconds": seconds, "stock": stock}
    told = site.cluster.data / "users.json"
    told.write_text(json.dumps({**plan, "users": users(site)}), "utf-8")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("users.py")), str(told)],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def users(site: Site) -> list[dict[str, Any]]:
    """Who they are, with what they carry."""
    county = site.county
    found: list[dict[str, Any]] = [
        {"kind": "resident", "token": one.token, "demand": one.ref}
        for one in county.demands[:PEOPLE]
    ]
    for number in range(WATCHERS["bank"]):
        bank = county.banks[number % len(county.banks)]
        key = "".join(f"{name}: {value}\r\n" for name, value in bank.headers.items())
        found.append({"kind": "bank", "token": bank.token, "key": key})
    deputies = county.deputies[: WATCHERS["township"]]
    found += [{"kind": "township", "token": token} for token in deputies]
    return found + [{"kind": "county", "token": county.supervisor}] * WATCHERS["county"]


def spent(site: Site) -> dict[str, float]:
    """Processor seconds of the web and of this county's database sessions so far."""
    found = {"web": 0.0, "database": 0.0}
    database = site.url.rpartition("/")[2].partition("?")[0]
    for process in psutil.process_iter(["cmdline", "name"]):
        try:
            words = " ".join(process.info["cmdline"] or [])
            times = process.cpu_times()
            if "puhui.program.web" in words or process.info["name"].startswith("granian"):
                if process.environ().get("DATABASE_URL") == site.url:
                    found["web"] += times.user + times.system
            elif f" {database} " in f"{words} ":
                found["database"] += times.user + times.system
        except psutil.Error:
            continue
    return found


def losses(site: Site, acknowledged: dict[str, list[str]]) -> list[str]:
    """References that a user was told of and that the database does not hold."""
    found = []
    for what, refs in acknowledged.items():
        held = {ref for (ref,) in site.ask(EXISTS[what])}
        found += [f"{what} {ref}" for ref in refs if ref not in held]
    return found


def judged(
    seen: dict[str, Any], costs: dict[str, float], lost: list[str], residents: int
) -> list[Verdict]:
    took = sorted(1000 * one for times in seen["took"].values() for one in times)
    rate, p95 = len(took) / seen["seconds"], took[int(len(took) * 0.95) - 1]
    costs = {**costs, "users": seen["cpu"]}
    each = {name: 1000 * seconds / len(took) for name, seconds in costs.items()}
    keep("mixed", {**seen, "processor ms a request": each, "lost": lost})
    for name, times in sorted(seen["took"].items()):
        times.sort()
        middle, late = times[len(times) // 2], times[int(len(times) * 0.95) - 1]
        print(f"{name:16} {len(times):6} {1000 * middle:7.0f} ms, p95 {1000 * late:.0f} ms")
    print("processor ms a request: " + ", ".join(f"{n} {ms:.1f}" for n, ms in each.items()))
    print(f"statuses: {seen['statuses']}")
    whole = f"{rate:.0f} req/s, p95 {p95:.0f} ms, lost {len(lost)}, broken {len(seen['surprises'])}"
    holds = rate >= RATE and p95 <= LIMIT_MS and not lost and not seen["surprises"]
    what = f"200 users at pages and API, {residents:,} residents"
    return [Verdict("P2", what, whole, f">= {RATE:.0f}/s, p95 <= {LIMIT_MS:.0f} ms", holds)]
