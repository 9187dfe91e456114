"""Folders and files that keep others out."""

import os
import secrets
import stat
import tempfile
from pathlib import Path

SOCKET_LIMIT = 107  # bytes of a unix socket's address, its name included
SOCKET_NAME = "/.s.PGSQL.5432.lock"


def make_private(folder: Path) -> Path:
    """Make `folder` (mode 0700) unless it is there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def socket_folder(wanted: Path) -> Path:
    """`wanted` if a socket's address fits there, else a private folder with a short name."""
    if len(os.fsencode(str(wanted) + SOCKET_NAME)) <= SOCKET_LIMIT:
        return make_private(wanted)
    return Path(tempfile.mkdtemp(prefix="puhui-", dir="/tmp"))  # mode 0700, random name


def is_private(path: Path) -> bool:
    return not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
