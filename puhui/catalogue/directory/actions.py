"""Banks write their entries of the directory, change and withdraw them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from puhui.catalogue.directory.rules import entry_errors
from puhui.catalogue.directory.tables import DirectoryEntry
from puhui.catalogue.directory.terms import EntryForm
from puhui.catalogue.terms import Refusals
from puhui.kernel.actor import BANK, SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, Work, command
from puhui.kernel.journal.entries import canonical
from puhui.parties import queries as parties


@command(*BANK)
def put_entry(work: Work, form: EntryForm, *, by: Actor) -> str:
    """Write an entry of the actor's own bank, or the next version of one; returns its reference.

    Refuses Invalid (each field with its rule) and NOT_FOUND (another bank's, missing or withdrawn,
    or of another kind). Source: M021.
    """
    if by.organisation is None:
        raise Refused(NOT_FOUND)
    ref = _written(work, by.organisation, form, by.ref)
    work.record(
        "directory_put", ("directory_entry", ref), topics=("directory",), hash=_digest([form])
    )
    return ref


@command(*BANK)
def withdraw_entry(work: Work, ref: str, *, by: Actor) -> None:
    """Take an entry of the actor's own bank out of the directory; its versions stay in the history.

    Refuses NOT_FOUND, also when it was withdrawn before.
    """
    rows = DirectoryEntry.objects.filter(ref=ref, bank_id=by.organisation, ended_at__isnull=True)
    if rows.update(ended_at=work.now) != 1:
        raise Refused(NOT_FOUND)
    work.record("directory_withdrawn", ("directory_entry", ref), topics=("directory",))


@command(Role.SYSTEM)
def put_entries(work: Work, entries: Sequence[tuple[str, EntryForm]], *, by: Actor) -> int:
    """Write many new entries, each of the bank with that reference, all or none; returns how many.

    One journal row for the batch, with its hash. Refuses Invalid and BANK_UNKNOWN.
    """
    banks = {bank.ref: bank.id for bank in parties.banks(SYSTEM)}
    refs = []
    for bank_ref, form in entries:
        if bank_ref not in banks:
            raise Refused(Refusals.BANK_UNKNOWN)
        refs.append(_written(work, banks[bank_ref], form, by.ref))
    if refs:
        work.record(
            "directory_puts",
            ("directory_entry", refs[0]),
            topics=("directory",),
            count=len(refs),
            hash=_digest([form for _bank, form in entries]),
        )
    return len(refs)


def _written(work: Work, bank: UUID, form: EntryForm, author: str) -> str:
    errors = entry_errors(form)
    if errors:
        raise Invalid(errors)
    ref, version = form.ref or f"D{secrets.token_hex(4).upper()}", 1
    if form.ref:
        rows = DirectoryEntry.objects.select_for_update()
        standing = rows.filter(ref=ref, bank_id=bank, kind=form.kind, ended_at__isnull=True).first()
        if standing is None:
            raise Refused(NOT_FOUND)
        version = standing.version + 1
        standing.ended_at = work.now
        standing.save(update_fields=["ended_at"])
    DirectoryEntry.objects.create(
        ref=ref,
        version=version,
        bank_id=bank,
        kind=form.kind,
        title=form.title.strip(),
        words=form.words.strip(),
        address=form.address,
        position=form.position,
        put_at=work.now,
        put_by=author,
    )
    return ref


def _digest(forms: Sequence[EntryForm]) -> str:
    return hashlib.sha256(canonical([asdict(one) for one in forms]).encode()).hexdigest()
