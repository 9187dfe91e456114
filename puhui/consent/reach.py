"""A consent's row as the rules see it."""

from __future__ import annotations

from puhui.consent.models import Consent
from puhui.consent.rules import Scope


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
