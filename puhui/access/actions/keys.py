"""Keys of organisations for the partner interface."""

from __future__ import annotations

from puhui.access import rules
from puhui.access.models import ApiKey
from puhui.access.terms import NewKey, Refusals
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.kernel.crypto import new_token, token_hash
from puhui.parties import queries as parties


@command(Role.COUNTY_ADMIN, Role.BANK_ADMIN)
def create_api_key(work: Work, organisation_ref: str, *, by: Actor) -> NewKey:
    """A key for a bank, shown only now; a bank's administrator makes keys for the own bank alone.

    The key carries no person: each call names an officer (X-Officer). Refuses NOT_FOUND, ONLY_BANKS.
    """
    bank = parties.organisation(SYSTEM, organisation_ref)
    if by.is_bank and bank.id != by.organisation:
        raise Refused(NOT_FOUND)
    if bank.kind != "bank" or not bank.is_active:
        raise Refused(Refusals.ONLY_BANKS)
    key, ref = new_token(), rules.new_key_ref()
    ApiKey.objects.create(
        ref=ref,
        organisation_id=bank.id,
        key_hash=token_hash(key),
        created_at=work.now,
        created_by=by.ref,
    )
    work.record("api_key_created", ("api_key", ref), organisation=bank.ref)
    return NewKey(ref, key)


@command(Role.COUNTY_ADMIN, Role.BANK_ADMIN)
def revoke_api_key(work: Work, ref: str, *, by: Actor) -> None:
    """End a key now; again changes nothing. Refuses NOT_FOUND."""
    keys = ApiKey.objects.filter(ref=ref)
    if by.is_bank:
        keys = keys.filter(organisation_id=by.organisation) if by.organisation else keys.none()
    if not keys.exists():
        raise Refused(NOT_FOUND)
    if keys.filter(revoked_at__isnull=True).update(revoked_at=work.now):
        work.record("api_key_revoked", ("api_key", ref))
