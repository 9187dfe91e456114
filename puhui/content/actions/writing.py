"""Writing: each save is a version that stays."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction

from puhui.content.finding import tokens_of
from puhui.content.models import Entry, EntryVersion
from puhui.content.reach import EDITORS, editable_one
from puhui.content.rules import entry_errors, may_edit
from puhui.content.terms import CheckState, EntryForm, EntryKind, Refusals, section_of
from puhui.kernel.actor import ANYONE, Actor, Role
from puhui.kernel.command import NOT_FOUND, FieldError, Invalid, Refused, Work, command
from puhui.kernel.journal.entries import canonical
from puhui.parties import queries as parties
from puhui.parties.terms import DivisionCard

TOPIC = "content"


@command(*EDITORS)
def write(work: Work, form: EntryForm, *, by: Actor) -> str:
    """Begin an entry as a draft, or put a new version of one (`form.ref`); returns its reference.

    What is published stays as it is until the new version is published. Place, section and village
    of an entry do not change. That an original was checked is the county's to say (`mark_checked`);
    a text that was changed since is unchecked.
    Refuses Invalid (each field with its rule), NOT_FOUND, NOT_YOUR_AREA,
    PERIOD_TAKEN and EDITED_MEANWHILE (`form.version` is not the latest).
    """
    errors = entry_errors(form)
    if errors:
        raise Invalid(errors)
    entry = editable_one(by, form.ref, lock=True) if form.ref else _begun(work, form)
    if form.ref and (entry.latest is None or entry.latest.number != form.version):
        raise Refused(Refusals.EDITED_MEANWHILE)
    before = entry.latest.check_state if entry.latest else ""
    is_checked = CheckState.CHECKED.value in (form.check, before)
    if by.role is Role.TOWNSHIP_ADMIN and is_checked and form.check != before:
        reason = Refusals.CHECK_COUNTY
        raise Invalid([FieldError("check", reason.code, reason.sentence)])
    put_version(work, entry, form)
    return entry.ref


def _begun(work: Work, form: EntryForm) -> Entry:
    place = _division(form)
    township = place.township_code if place else ""
    if not may_edit(work.by, township):
        raise Refused(Refusals.NOT_YOUR_AREA)
    section = section_of(form.place, form.section)
    entry = Entry(
        ref=f"A{secrets.token_hex(4).upper()}",
        place=form.place,
        section=form.section,
        kind=EntryKind.TABLE if section and section.form else EntryKind.ARTICLE,
        division_id=place.code if place else None,
        township_code=township,
        period=form.period.strip(),
        state_since=work.now,
        is_sample=form.is_sample,
        position=form.position,
        shipped_key=form.shipped_key or None,
        author_ref=work.by.ref,
        created_at=work.now,
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is not None and diagnosis.constraint_name == "entry_once_a_period":
            raise Refused(Refusals.PERIOD_TAKEN) from None
        raise
    return entry


def _division(form: EntryForm) -> DivisionCard | None:
    if not form.division_code:
        return None
    try:
        return parties.division(ANYONE, form.division_code)
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise Refused(Refusals.DIVISION_UNKNOWN) from None
        raise


def put_version(work: Work, entry: Entry, form: EntryForm) -> EntryVersion:
    """Add the next version and make it the latest. The entry's row is locked or new."""
    number = entry.latest.number + 1 if entry.latest else 1
    version = EntryVersion(
        entry=entry,
        number=number,
        title=form.title.strip(),
        relation=form.relation.strip(),
        body=form.body.replace("\r\n", "\n").strip(),
        rows=[dict(row) for row in form.rows],
        source=form.source.strip(),
        source_url=form.source_url.strip(),
        dated_on=form.dated_on,
        dated_words=form.dated_words.strip(),
        valid_until=form.valid_until,
        tokens=tokens_of(form.title, form.relation, form.body, form.rows),
        at=work.now,
        by_ref=work.by.ref,
    )
    version.check_state = _check_after(entry, version, form)
    is_as_before = entry.latest is not None and entry.latest.check_state == version.check_state
    version.checked_at = entry.latest.checked_at if entry.latest and is_as_before else work.now
    version.save(force_insert=True)
    entry.latest = version
    entry.save(update_fields=["latest"])
    work.record(
        "entry_written",
        ("entry", entry.ref),
        topics=(TOPIC,),
        place=entry.place,
        section=entry.section,
        version=number,
        rows=len(form.rows),
        hash=digest(asdict(form)),
        check=version.check_state,
    )
    return version


COMPARED = (
    "title",
    "relation",
    "body",
    "rows",
    "source",
    "source_url",
    "dated_on",
    "dated_words",
    "valid_until",
)
"""What an original is compared with."""


def _check_after(entry: Entry, version: EntryVersion, form: EntryForm) -> str:
    """What was checked was the text as it stood: a text that differs is to be checked again."""
    before = entry.latest
    if before is None or not before.check_state == form.check == CheckState.CHECKED:
        return form.check
    is_same = all(getattr(before, name) == getattr(version, name) for name in COMPARED)
    return form.check if is_same else CheckState.UNCHECKED.value


def digest(content: Any) -> str:
    """Of what was written: the journal proves a text without holding it."""
    return hashlib.sha256(canonical(_plain(content)).encode()).hexdigest()


def _plain(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return content if isinstance(content, str | int | bool | None) else str(content)
