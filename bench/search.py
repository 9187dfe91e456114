"""P11: a product searched among 447, end to end: the page as a phone gets it, and the partner's list."""

from __future__ import annotations

import time
from urllib.parse import quote

from bench.verdicts import Verdict, keep
from tests.figures.county import Plan
from tests.figures.site import Caller, Cluster

PRODUCTS, TURNS, WARM, LIMIT_MS = 447, 20, 2, 50.0
QUERIES = (
    *("大蒜", "dasuan", "ds", "民宿周转贷", "shuichan", "比试3号银行", "养殖", "gptsb", "飞机"),
    *("早餐", "zcd 季节", "无人机 设施", "hb", "kd", "家用"),
)
ADDRESSES = (
    "/products/?q={}",
    "/products/?q={}&purpose=livestock&sort=cost",
    "/api/v1/products?q={}",
)


def measure(cluster: Cluster) -> list[Verdict]:
    site = cluster.county(Plan(11, products=PRODUCTS))
    assert site.ask("SELECT count(*) FROM catalogue_product") == [(PRODUCTS,)]
    took: list[float] = []
    with site.serving():
        caller = Caller(site.port, {}, 10)
        for turn in range(TURNS + WARM):
            for query in QUERIES:
                for address in ADDRESSES:
                    began = time.perf_counter()
                    status = caller.send("GET", address.format(quote(query))).status
                    if turn >= WARM:
                        took.append((time.perf_counter() - began) * 1000)
                    assert status == 200, (address, query, status)
        caller.close()
    took.sort()
    p95 = took[int(len(took) * 0.95) - 1]
    keep("search", {"milliseconds": took})
    told = f"p95 {p95:.0f} ms, median {took[len(took) // 2]:.0f} ms of {len(took)}"
    what = f"product search among {PRODUCTS}, the whole page"
    return [Verdict("P11", what, told, f"p95 <= {LIMIT_MS:.0f} ms", p95 <= LIMIT_MS)]
