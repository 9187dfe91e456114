"""The child process that looks at an upload: limited, without the program's secrets."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from puhui.files.terms import CleanFile, Kind, Refusals

ROOM = Path(__file__).resolve().parents[2]
START = "import sys; sys.path.insert(0, sys.argv[1]); from puhui.files.child import main; main()"
PATIENCE = 20
"""Seconds on the wall: a machine under load gives two seconds of processor time late."""


def examined(body: bytes) -> CleanFile | str:
    """The clean file, or the code of the refusal."""
    command = [sys.executable, "-I", "-B", "-c", START, str(ROOM)]
    try:
        done = subprocess.run(
            command, input=body, capture_output=True, timeout=PATIENCE, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        return Refusals.TOO_SLOW.code
    if done.returncode != 0:
        return Refusals.TOO_SLOW.code
    head, _, clean = done.stdout.partition(b"\n")
    verdict, _, word = head.decode("ascii").partition(" ")
    if verdict == "refused":
        return word
    return CleanFile(Kind(word), clean, hashlib.sha256(clean).hexdigest())
