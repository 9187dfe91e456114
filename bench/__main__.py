"""`python -m bench [claim] [mixed] [desks] [deadlines] [sealing] [search] [weight] [growth] [scale]`: all figures, or those named; `record` writes claim.sql anew."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import claim, deadlines, desks, growth, mixed, scale, sealing, search
from bench.verdicts import Verdict, table
from tests.figures.county import Plan
from tests.figures.site import Cluster


def weigh(cluster: Cluster) -> list[Verdict]:
    """P5, as bench/weight.py measures it in a real browser."""
    site = cluster.county(Plan(2, 1))
    with site.serving():
        address = f"http://127.0.0.1:{site.port}"
        done = subprocess.run(
            [sys.executable, "bench/weight.py", address],
            capture_output=True,
            text=True,
            check=False,
        )
    print(done.stdout + done.stderr[-2000:])
    told = "all pages within" if done.returncode == 0 else "see above"
    return [
        Verdict(
            "P5",
            "resident's pages over the wire",
            told,
            "<= 60 KB first, 20 later",
            done.returncode == 0,
        )
    ]


FIGURES: dict[str, Callable[[Cluster], list[Verdict]]] = {
    "claim": claim.measure,
    "mixed": mixed.measure,
    "desks": desks.measure,
    "deadlines": deadlines.measure,
    "sealing": sealing.measure,
    "search": search.measure,
    "weight": weigh,
    "growth": growth.measure,
    "scale": scale.measure,
}


@contextmanager
def cluster() -> Iterator[Cluster]:
    data = Path(tempfile.mkdtemp(prefix="puhui-bench-"))
    found = Cluster(data)
    try:
        yield found
    finally:
        found.stop()
        shutil.rmtree(data, ignore_errors=True)


def main(names: list[str]) -> int:
    wanted = names or list(FIGURES)
    if unknown := set(wanted) - {*FIGURES, "record"}:
        print(f"no such figure: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    verdicts: list[Verdict] = []
    with cluster() as found:
        if wanted == ["record"]:
            claim.record(found)
            return 0
        for name in wanted:
            verdicts += FIGURES[name](found)
    print(table(verdicts))
    return 0 if all(one.holds for one in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
