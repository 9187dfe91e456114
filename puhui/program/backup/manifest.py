"""A copied cluster against its manifest: every file is there and is what was copied.

The wheel's own `pg_verifybackup` (PostgreSQL 18.4) dies of a segmentation fault, so this reads the
manifest itself. Format: PostgreSQL documentation, "Backup Manifest Format".
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from puhui.program.backup.archive import BackupRefused

NOT_LISTED = ("backup_manifest", "pg_wal", "postgresql.auto.conf", "recovery.signal")


def prove(cluster: Path) -> int:
    """Check a copy made with SHA256 sums; how many bytes it holds. Raises BackupRefused."""
    text = (cluster / "backup_manifest").read_bytes()
    body, last = text[: text.rindex(b'"Manifest-Checksum"')], json.loads(text)
    if hashlib.sha256(body).hexdigest() != last["Manifest-Checksum"]:
        raise BackupRefused(f"{cluster}: its manifest was changed")
    listed = {one["Path"]: one for one in last["Files"]}
    found = {
        path.relative_to(cluster).as_posix(): path for path in cluster.rglob("*") if path.is_file()
    }
    strange = [
        name for name in found if name not in listed and name.split("/")[0] not in NOT_LISTED
    ]
    missing = [name for name in listed if name not in found]
    if strange or missing:
        raise BackupRefused(f"{cluster}: missing {missing[:3]}, not of this copy {strange[:3]}")
    for name, one in listed.items():
        if name == "postgresql.auto.conf":
            continue
        with found[name].open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if found[name].stat().st_size != one["Size"] or digest != one["Checksum"]:
            raise BackupRefused(f"{cluster}: {name} is not what was copied")
    return sum(int(one["Size"]) for one in listed.values())
