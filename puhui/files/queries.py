"""Looking at uploads, and reading what is kept."""

from __future__ import annotations

from collections.abc import Collection

from puhui.files.examining import examined
from puhui.files.models import StoredFile
from puhui.files.terms import BY_CODE, LARGEST, MEGABYTE, CleanFile, Kind, Refusals
from puhui.kernel.actor import SIGNED_IN, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused

EVERY_KIND = frozenset(Kind)


@query(*SIGNED_IN)
def cleaned(
    actor: Actor, body: bytes, *, kinds: Collection[Kind] = EVERY_KIND, most: int = LARGEST
) -> CleanFile:
    """What an upload is, by its content, and its clean form: pictures redrawn without their data
    (place, camera), documents rebuilt from their inspected parts. `most` in bytes.

    Done by a child process with 300 MB and 2 seconds of processor time (figure M1). Refuses as
    `terms.Refusals` says. Ask before the action that keeps it, outside of its transaction.
    """
    if not body:
        raise Refused(Refusals.EMPTY)
    if len(body) > min(most, LARGEST):
        raise Refused(Refusals.TOO_LARGE, most=min(most, LARGEST) // MEGABYTE)
    found = examined(body)
    if isinstance(found, str):
        raise Refused(BY_CODE[found])
    if found.kind not in kinds:
        raise Refused(Refusals.NOT_WANTED)
    return found


@query(Role.SYSTEM)
def kept(actor: Actor, digest: str) -> CleanFile:
    """A kept file, for the context that knows who may see it. Refuses NOT_FOUND."""
    row = StoredFile.objects.filter(digest=digest).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return CleanFile(Kind(row.kind), bytes(row.body), row.digest)
