"""`python -m bench [claim] [deadlines]`: all figures, or those named; `record` writes claim.sql anew."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import claim, deadlines
from bench.verdicts import Verdict, table
from tests.figures.site import Cluster

FIGURES: dict[str, Callable[[Cluster], list[Verdict]]] = {
    "claim": claim.measure,
    "deadlines": deadlines.measure,
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
