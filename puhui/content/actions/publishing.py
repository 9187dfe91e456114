"""Publishing at once or at a time, withdrawing, noting that an original was checked."""

from __future__ import annotations

from datetime import datetime, timedelta

from puhui.content.actions.writing import TOPIC
from puhui.content.lifecycle import ENTRY
from puhui.content.models import Entry
from puhui.content.reach import EDITORS, editable_one
from puhui.content.terms import CheckState, Refusals
from puhui.kernel.actor import COUNTY, Actor, Role
from puhui.kernel.command import Refused, Work, command

FARTHEST = timedelta(days=366)
AT_ONCE = 50


@command(*EDITORS)
def publish(work: Work, ref: str, at: datetime | None = None, *, by: Actor) -> None:
    """Show the latest version to everybody, now or at `at` (an instant within a year).

    Refuses NOT_FOUND, PUBLISH_PAST and STATE_CHANGED.
    """
    entry = editable_one(by, ref, lock=True)
    if at is None:
        _go_live(work, entry)
        return
    if not work.now < at <= work.now + FARTHEST:
        raise Refused(Refusals.PUBLISH_PAST)
    change = ENTRY.move(entry, "schedule", now=work.now, publish_at=at)
    work.record(
        "entry_scheduled", ("entry", ref), topics=(TOPIC,), publish_at=at, was=change.source
    )


def _go_live(work: Work, entry: Entry) -> None:
    """The first day it was published stays its day."""
    first = entry.published_at if entry.state == "published" else None
    change = ENTRY.move(
        entry,
        "publish",
        now=work.now,
        live=entry.latest,
        publish_at=None,
        published_at=first or work.now,
    )
    number = entry.latest.number if entry.latest else 0
    work.record(
        "entry_published", ("entry", entry.ref), topics=(TOPIC,), version=number, was=change.source
    )


@command(*EDITORS)
def unschedule(work: Work, ref: str, *, by: Actor) -> None:
    """Call a publication off that has not come yet. Refuses NOT_FOUND and STATE_CHANGED."""
    entry = editable_one(by, ref, lock=True)
    ENTRY.move(entry, "unschedule", now=work.now, publish_at=None)
    work.record("entry_unscheduled", ("entry", ref), topics=(TOPIC,))


@command(*EDITORS)
def withdraw(work: Work, ref: str, words: str, *, by: Actor) -> None:
    """Take an entry down; it can be published again. `words` say why to its editors: 1–200
    characters. Refuses WORDS_NEEDED, NOT_FOUND and STATE_CHANGED."""
    if not words.strip() or len(words) > 200:
        raise Refused(Refusals.WORDS_NEEDED)
    entry = editable_one(by, ref, lock=True)
    ENTRY.move(entry, "withdraw", now=work.now, withdrawn_words=words.strip())
    work.record("entry_withdrawn", ("entry", ref), topics=(TOPIC,))


@command(*COUNTY)
def mark_checked(work: Work, ref: str, check: str, *, version: int, by: Actor) -> None:
    """Note how far the original was checked (核对) against the text of `version`, the latest: what
    is shown to readers keeps its own mark until that text is published. Refuses CHECK_UNKNOWN,
    NOT_FOUND and EDITED_MEANWHILE."""
    if check not in CheckState.values:
        raise Refused(Refusals.CHECK_UNKNOWN)
    entry = editable_one(by, ref, lock=True)
    seen = entry.latest
    if seen is None or seen.number != version:
        raise Refused(Refusals.EDITED_MEANWHILE)
    seen.check_state, seen.checked_at = check, work.now
    seen.save(update_fields=["check_state", "checked_at"])
    work.record("entry_checked", ("entry", ref), topics=(TOPIC,), check=check, version=version)


@command(Role.SYSTEM)
def publish_due(work: Work, *, by: Actor) -> int:
    """Publish what its time has come for; returns how many."""
    due = (
        Entry.objects.filter(state="scheduled", publish_at__lte=work.now)
        .select_related("latest")
        .order_by("publish_at")
        .select_for_update(of=("self",), skip_locked=True)[:AT_ONCE]
    )
    rows = list(due)
    for entry in rows:
        _go_live(work, entry)
    return len(rows)
