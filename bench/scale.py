"""P9 and P11: the demo county at full size, and people found by name among a million."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.verdicts import Verdict, keep
from puhui.program.supervisor import program
from tests.figures.site import Cluster

LIMIT_SECONDS = 180
NAMES_LIMIT_MS = 50.0


def measure(cluster: Cluster) -> list[Verdict]:
    """Loads into an installation of its own, as an operator would: `puhui demo --scale county`."""
    data = Path(tempfile.mkdtemp(prefix="puhui-scale-"))
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment["PUHUI_DATA"] = str(data)
    try:
        begun = time.monotonic()
        subprocess.run([*program("demo"), "--scale", "county"], env=environment, check=True)
        took = time.monotonic() - begun
        looked = subprocess.run(
            [sys.executable, "-m", "bench.names"], env=environment, check=True, capture_output=True
        )
    finally:
        shutil.rmtree(data, ignore_errors=True)
    found = json.loads(looked.stdout)
    keep("scale", {"seconds": took, **found})
    p95 = float(found["p95 ms"])
    return [
        Verdict("P9", "the demo county at full size", f"{took:.0f} s", f"<= {LIMIT_SECONDS} s", took <= LIMIT_SECONDS),
        Verdict(
            "P11",
            f"name search among {found['residents']:,} residents",
            f"p95 {p95:.1f} ms",
            f"<= {NAMES_LIMIT_MS:.0f} ms",
            p95 <= NAMES_LIMIT_MS,
        ),
    ]  # fmt: skip
