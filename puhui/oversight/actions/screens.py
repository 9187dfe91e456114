"""Screens: let a device in, and put it out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from puhui.kernel.actor import COUNTY, Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.kernel.crypto import new_id, new_token, token_hash
from puhui.oversight.models import Screen
from puhui.oversight.terms import Refusals

CODE_LIVES = timedelta(minutes=30)
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class NewScreen:
    """A screen just issued; the code is shown this once."""

    ref: str
    code: str
    expires_at: datetime


@command(*COUNTY)
def issue_screen(work: Work, name: str, *, by: Actor) -> NewScreen:
    """Issue a screen: a code that binds one device within 30 minutes. Refuses SCREEN_NAME."""
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise Refused(Refusals.SCREEN_NAME)
    key, code = new_id(), "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    row = Screen.objects.create(
        id=key,
        ref=f"S{key.hex[-8:].upper()}",
        name=name.strip(),
        code_hash=token_hash(code),
        code_expires_at=work.now + CODE_LIVES,
        created_by=by.ref,
        created_at=work.now,
    )
    work.record("screen.issue", ("screen", row.ref), topics=("county",))
    return NewScreen(row.ref, code, work.now + CODE_LIVES)


@command(Role.ANYONE)
def open_screen(work: Work, code: str, *, by: Actor) -> str:
    """Bind the device that types the code; returns its token, which only the device keeps.

    A code opens once. Refuses CODE for one that is unknown, used, late or of a revoked screen.
    """
    typed = "".join(code.split()).replace("-", "").upper()[:40]
    token = new_token()
    opened = Screen.objects.filter(
        code_hash=token_hash(typed), code_expires_at__gt=work.now, revoked_at__isnull=True
    ).update(code_hash=None, code_expires_at=None, token_hash=token_hash(token), opened_at=work.now)
    if not opened or not typed.isascii():
        raise Refused(Refusals.CODE)
    row = Screen.objects.get(token_hash=token_hash(token))
    work.record("screen.open", ("screen", row.ref), topics=("county",))
    return token


@command(*COUNTY)
def revoke_screen(work: Work, ref: str, *, by: Actor) -> None:
    """Put a screen out at once, whether or not a device holds it. Refuses NOT_FOUND."""
    row = Screen.objects.select_for_update().filter(ref=ref, revoked_at__isnull=True).first()
    if row is None:
        raise Refused(NOT_FOUND)
    row.revoked_at, row.revoked_by = work.now, by.ref
    row.code_hash = row.code_expires_at = row.token_hash = None
    row.save(
        update_fields=["revoked_at", "revoked_by", "code_hash", "code_expires_at", "token_hash"]
    )
    work.record("screen.revoke", ("screen", ref), topics=("county",))
