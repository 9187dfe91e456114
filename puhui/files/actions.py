"""Keeping uploads."""

from __future__ import annotations

from puhui.files.models import StoredFile
from puhui.files.terms import CleanFile
from puhui.kernel.actor import SIGNED_IN, Actor
from puhui.kernel.command import Work, command


@command(*SIGNED_IN)
def keep(work: Work, file: CleanFile, *, by: Actor) -> str:
    """Keep a clean file under the hash of its content and return the hash; the same file once.

    Who may see it is for the context that attaches it to say. Journalled by hash alone.
    """
    rows = StoredFile.objects.bulk_create(
        [
            StoredFile(
                digest=file.digest,
                kind=file.kind,
                size=len(file.body),
                body=file.body,
                stored_at=work.now,
            )
        ],
        ignore_conflicts=True,
    )
    work.record("file_kept", ("file", file.digest), kind=str(file.kind), size=len(rows[0].body))
    return file.digest
