"""What runs in the child: reads an upload, tells its kind, writes its clean form or a refusal.

Imports nothing of the program but its neighbours here, and none of them Django.
"""

from __future__ import annotations

import resource
import sys

from puhui.files.verdicts import Unwanted

MEMORY = 300 * 2**20
PROCESSOR_SECONDS = 2
LONGEST_OUTPUT = 12 * 2**20


def main() -> None:
    """Standard input to standard output: one line of verdict, then the clean bytes."""
    limit()
    body = sys.stdin.buffer.read()
    try:
        kind, clean = looked_at(body)
    except Unwanted as found:
        answer(f"refused {found.code}")
    except MemoryError:
        answer("refused file_unpacks_too_large")
    else:
        answer(f"clean {kind}", clean)


def limit() -> None:
    """300 MB, two seconds of processor time, no files written, no children."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def looked_at(body: bytes) -> tuple[str, bytes]:
    """Kind and clean form, by the first bytes; each kind imports only what it needs."""
    if body.startswith(b"%PDF-"):
        from puhui.files.portable import inspected

        return "pdf", inspected(body)
    if body.startswith(b"PK\x03\x04"):
        from puhui.files.office import rebuilt

        return rebuilt(body)
    if is_picture(body):
        from puhui.files.pictures import redrawn

        return "picture", redrawn(body)
    raise Unwanted("file_kind_unknown")


def is_picture(body: bytes) -> bool:
    return body.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        body[:4] == b"RIFF" and body[8:12] == b"WEBP"
    )


def answer(head: str, body: bytes = b"") -> None:
    sys.stdout.buffer.write(head.encode("ascii") + b"\n" + body)
    sys.stdout.buffer.flush()
