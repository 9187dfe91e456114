"""What the program's tests share: own clusters, own processes, awaited conditions."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from puhui.program.postgres import Embedded
from puhui.program.supervisor import program

PATIENCE = 60.0


def await_(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until `condition` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s: {what}"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Alive, and not merely unburied."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def environment(data: Path, **more: str) -> dict[str, str]:
    """An environment in which PUHUI_DATA and `more` are all that the program is told."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PUHUI_", "DATABASE_", "DJANGO_"))
    }
    return {**plain, "PYTHONPATH": str(Path.cwd()), "PUHUI_DATA": str(data), **more}


def puhui(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        program(*arguments),
        env=environment(data, **more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder with a short name."""
    path = Path(tempfile.mkdtemp(prefix="puhui-own-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def cluster(folder: Path) -> Iterator[Embedded]:
    """A cluster of the test's own, running."""
    embedded = Embedded(folder)
    embedded.start()
    yield embedded
    embedded.stop()


def kill(pid: int | None) -> None:
    assert pid
    os.kill(pid, signal.SIGKILL)
    await_(lambda: not is_running(pid), "the killed process is gone")
