"""Files of an entry."""

from __future__ import annotations

from django.db.models import Max

from puhui.content.actions.writing import TOPIC
from puhui.content.models import Attachment
from puhui.content.reach import EDITORS, editable_one
from puhui.content.rules import MOST_ATTACHMENTS, NAME_LETTERS, UNWANTED
from puhui.content.terms import Refusals
from puhui.files import actions as files
from puhui.files.terms import CleanFile
from puhui.kernel.actor import Actor
from puhui.kernel.command import NOT_FOUND, Refused, Work, command


@command(*EDITORS)
def attach(work: Work, ref: str, name: str, file: CleanFile, *, by: Actor) -> int:
    """Add a cleaned file (`files.queries.cleaned`) under a name; readers of the entry may have it
    at once. Returns its number. Refuses NOT_FOUND, FILE_NAME and TOO_MANY_FILES."""
    words = name.strip()
    if not words or len(words) > NAME_LETTERS or UNWANTED.search(words) or set("/\\") & set(words):
        raise Refused(Refusals.FILE_NAME)
    entry = editable_one(by, ref, lock=True)
    held = entry.attachments.filter(removed_at__isnull=True).count()
    if held >= MOST_ATTACHMENTS:
        raise Refused(Refusals.TOO_MANY_FILES, most=MOST_ATTACHMENTS)
    last = entry.attachments.aggregate(last=Max("number"))["last"] or 0
    row = Attachment(
        entry=entry,
        number=last + 1,
        name=words,
        file_id=files.keep(file, by=by),
        added_at=work.now,
        added_by_ref=by.ref,
    )
    row.save(force_insert=True)
    work.record(
        "entry_file_added", ("entry", ref), topics=(TOPIC,), number=row.number, file=file.digest
    )
    return row.number


@command(*EDITORS)
def detach(work: Work, ref: str, number: int, *, by: Actor) -> None:
    """Take a file off an entry; nobody gets it from there any more. Refuses NOT_FOUND."""
    entry = editable_one(by, ref, lock=True)
    rows = entry.attachments.filter(number=number, removed_at__isnull=True)
    if rows.update(removed_at=work.now) != 1:
        raise Refused(NOT_FOUND)
    work.record("entry_file_removed", ("entry", ref), topics=(TOPIC,), number=number)
