"""The folder of backups, and the log of changes that the database writes into it."""

from __future__ import annotations

import gzip
import json
import os
import shlex
import shutil
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from puhui.kernel.clock import SHANGHAI
from puhui.program import folders

COMMAND = (
    "test ! -L ../archive || test -f ../archive/%f.gz || "
    "{ gzip -1 <%p >../archive/.%f.part && sync ../archive/.%f.part"
    " && mv ../archive/.%f.part ../archive/%f.gz && sync ../archive; }"
)
"""The server's `archive_command`; it works in the cluster's folder, `../archive` leads to the log."""

SWITCH_SECONDS = 60
"""At most so much of the latest work is missing from the log when the whole machine is lost."""

WAIT_SECONDS = 120


class BackupRefused(Exception):
    """The copy cannot be taken or brought back; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy in a backup folder. `head` is the journal's head that it must contain."""

    name: str
    kind: str
    began_at: str
    made_at: str
    server: int
    head: dict[str, Any] | None
    counts: dict[str, int]

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def copies(folder: Path) -> list[Copy]:
    """The whole copies in `folder`, oldest first."""
    found = [
        Copy(**json.loads(path.read_text("utf-8")))
        for path in folder.glob("*/copy.json")
        if not path.parent.name.startswith(".")
    ]
    return sorted(found, key=lambda one: one.made_at)


def describe(folder: Path, copy: Copy) -> None:
    folders.write_private(folder / "copy.json", json.dumps(asdict(copy), indent=1))


def name_of(kind: str, moment: datetime) -> str:
    return f"{kind}-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def log_of(folder: Path) -> Path:
    return folder / "log"


def point(home: Path, folder: Path) -> Path:
    """Lead the server's log of changes from `home` into `folder`, from now on."""
    wanted, link = log_of(folder), home / "archive"
    part = home / f".archive.{os.getpid()}"
    part.unlink(missing_ok=True)
    part.symlink_to(wanted)
    part.replace(link)
    return wanted


def fetch_command(folder: Path) -> str:
    """The server's `restore_command` for what `COMMAND` put away."""
    return f"gzip -dc {shlex.quote(str(log_of(folder)))}/%f.gz >%p"


def covered_until(folder: Path) -> datetime | None:
    """How far the log reaches: when its newest piece was put away."""
    ages = [path.stat().st_mtime for path in log_of(folder).glob("*.gz")]
    return datetime.fromtimestamp(max(ages), UTC) if ages else None


def prune(folder: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` copies, and the log that only they needed."""
    known = [one for one in copies(folder) if one.kind == "base"]
    gone = known[:-keep] if keep else []
    for one in gone:
        shutil.rmtree(folder / one.name)
    left = known[len(gone) :]
    if gone and left:
        first = first_piece(folder / left[0].name)
        for path in log_of(folder).glob("*.gz"):
            if len(path.stem) >= 24 and path.stem[8:24] < first[8:24]:
                path.unlink()
    return [one.name for one in gone]


def first_piece(copy: Path) -> str:
    """The first piece of the log that a copy needs, as its label says."""
    label = (copy / "cluster" / "backup_label").read_text("utf-8")
    return label.split("(file ", 1)[1].split(")", 1)[0]


def await_piece(folder: Path, piece: str) -> None:
    """Wait until the server has put `piece` away, whole."""
    path = log_of(folder) / f"{piece}.gz"
    deadline = time.monotonic() + WAIT_SECONDS
    while not path.exists():
        if time.monotonic() > deadline:
            raise BackupRefused(
                f"the database does not put its log away in {path.parent}: may it write there, is there room?"
            )
        time.sleep(0.05)
    with gzip.open(path) as stream:
        while stream.read(1 << 20):
            pass


def parse_moment(text: str) -> datetime:
    """An instant as people write it: RFC 3339, or without zone in the county's own time."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BackupRefused(
            f"--to {text!r}: write a time like 2026-11-22T14:05:00+08:00 or '2026-11-22 14:05'"
        ) from None
    found = found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
    if found > datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=1):
        raise BackupRefused(f"--to {text!r} lies in the future")
    return found


def said(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S%z}"
