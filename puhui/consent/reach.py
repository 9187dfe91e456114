"""Finding is authorising: whose consents an actor reaches; a consent's row as the rules see it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from puhui.consent.models import Consent, Disclosure
from puhui.consent.rules import Scope
from puhui.kernel.actor import Actor, Role


def consents(actor: Actor) -> QuerySet[Consent]:
    """A resident's own consents; all for the system; nobody else's."""
    rows = Consent.objects.all()
    return rows if actor.role is Role.SYSTEM else rows.filter(resident__in=_own(actor))


def disclosures(actor: Actor) -> QuerySet[Disclosure]:
    """What was shown of a resident's own data."""
    return Disclosure.objects.filter(resident__in=_own(actor))


def _own(actor: Actor) -> list[UUID]:
    return [actor.person] if actor.role is Role.RESIDENT and actor.person is not None else []


def scope_of(row: Consent) -> Scope:
    return Scope(
        row.purpose,
        row.purpose_ref,
        frozenset(one["ref"] for one in row.recipients),
        frozenset(row.fields),
        row.given_at,
        row.valid_until,
        row.revoked_at,
    )
