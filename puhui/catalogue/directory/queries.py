"""The bank directory as anybody reads it, and its history as the bank itself does."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from puhui.catalogue.directory.tables import DirectoryEntry
from puhui.catalogue.directory.terms import EntryCard, EntryVersion
from puhui.kernel.actor import BANK, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused

FOUND = 100
VERSIONS = 200


@query(Role.ANYONE)
def directory(actor: Actor, *, bank_ref: str = "", words: str = "") -> list[EntryCard]:
    """Entries that stand, of one bank or of all, in the county's order of banks (M021).

    `words` keeps those that hold them in title or text, at most 100. One statement.
    """
    rows = _standing()
    if bank_ref:
        rows = rows.filter(bank__ref=bank_ref)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(words__icontains=words))[:FOUND]
    return [_card(row) for row in rows]


@query(Role.ANYONE)
def directory_entry(actor: Actor, ref: str) -> EntryCard:
    """One entry that stands. Refuses NOT_FOUND, a withdrawn one too."""
    row = _standing().filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return _card(row)


@query(*BANK)
def own_entries(actor: Actor) -> list[EntryCard]:
    """What stands of the actor's own bank."""
    return [_card(row) for row in _standing().filter(bank_id=actor.organisation)]


@query(*BANK)
def own_entry(actor: Actor, ref: str) -> EntryCard:
    """One entry of the actor's own bank that stands. Refuses NOT_FOUND."""
    row = _standing().filter(bank_id=actor.organisation, ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return _card(row)


@query(*BANK)
def entry_history(actor: Actor) -> list[EntryVersion]:
    """Every version of every entry of the actor's own bank, newest first, at most 200."""
    rows = DirectoryEntry.objects.filter(bank_id=actor.organisation)
    return [
        EntryVersion(
            ref=row.ref,
            version=row.version,
            kind=row.kind,
            title=row.title,
            words=row.words,
            address=row.address,
            put_at=row.put_at,
            put_by=row.put_by,
            ended_at=row.ended_at,
        )
        for row in rows.order_by("-put_at", "-version", "ref")[:VERSIONS]
    ]


def _standing() -> QuerySet[DirectoryEntry]:
    rows = DirectoryEntry.objects.filter(ended_at__isnull=True, bank__is_active=True)
    order = ("bank__position", "bank__ref", "kind", "position", "put_at", "ref")
    return rows.select_related("bank").order_by(*order)


def _card(row: DirectoryEntry) -> EntryCard:
    return EntryCard(
        ref=row.ref,
        kind=row.kind,
        bank_ref=row.bank.ref,
        bank_name=row.bank.name,
        title=row.title,
        words=row.words,
        address=row.address,
        position=row.position,
        put_at=row.put_at,
    )
