"""Sign-in codes: sent within limits, guessed five times at most."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import connection

from puhui.access import limits, rules
from puhui.access.actions.phones import ask_to_open, checked_phone
from puhui.access.attempts import counted
from puhui.access.models import SignInCode
from puhui.access.terms import CodeSent, Refusals
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused, Work, command
from puhui.kernel.crypto import blind_index, code_hash, is_same_hash, new_id
from puhui.notices import actions as notices
from puhui.notices.terms import Telling

GUESS = """
UPDATE access_signincode SET guesses = guesses + 1
WHERE id = (SELECT id FROM access_signincode WHERE phone_index = %s
            ORDER BY sent_at DESC, id DESC LIMIT 1)
  AND guesses < %s AND used_at IS NULL AND expires_at > %s
RETURNING id, code_hash, guesses
"""


@counted
@command(Role.ANYONE)
def request_sign_in_code(work: Work, phone: str, *, address: str, by: Actor) -> CodeSent | Refused:
    """Send a six-digit code by text message; registered or not, the answer is the same (E3).

    At most 1 a minute, 5 an hour and 10 a day to a number, 30 an hour from an address. The code
    lives five minutes and replaces the one before. To a locked phone goes how to open it (S41), and
    the answer is the same. Refuses (Invalid) phone; TOO_MANY with minutes.
    """
    number = checked_phone(phone)
    limit = rules.limits_on(local_date(work.now))
    refused = limits.take("code_address", address, limit.codes_per_address, work.now)
    refused = refused or limits.take("code_number", number, limit.codes_per_number, work.now)
    if refused is not None:
        return too_many(refused, work.now)
    if not ask_to_open(number):
        _send_code(work, number, limit)
    return CodeSent(number[-4:], limit.code_seconds, limit.codes_per_number[0].seconds)


def _send_code(work: Work, number: str, limit: rules.SignInLimits) -> None:
    code, row = rules.new_code(), new_id()
    SignInCode.objects.create(
        id=row,
        phone_index=blind_index("phone", number),
        code_hash=code_hash(code, f"sign-in:{row}"),
        sent_at=work.now,
        expires_at=work.now + timedelta(seconds=limit.code_seconds),
    )
    notices.tell([Telling(code="S01", phone=number, params={"码": code})], by=SYSTEM)


def judged_code(work: Work, number: str, code: str, address: str) -> Refused | None:
    """None for the right code, which is then used up. A guess is spent before it is compared."""
    typed = rules.tidy(code)
    if not rules.CODE.fullmatch(typed):
        return Refused(Refusals.CODE_SHAPE)
    limit = rules.limits_on(local_date(work.now))
    index = blind_index("phone", number)
    spent = _spend_guess(index, limit.guesses, work.now)
    if spent is None:
        return _no_guess_left(index, number, limit, work.now)
    row, stored, guesses = spent
    refused = limits.take("wrong_code", address, limit.wrong_codes_per_address, work.now)
    if refused is not None:
        return too_many(refused, work.now)
    if is_same_hash(stored, code_hash(typed, f"sign-in:{row}")):
        limits.give_back("wrong_code", address, work.now)
        SignInCode.objects.filter(id=row).update(used_at=work.now)
        return None
    if guesses < limit.guesses:
        return Refused(Refusals.CODE_WRONG, left=limit.guesses - guesses)
    return _wait_for_next(number, limit, work.now)


def _spend_guess(index: bytes, guesses: int, now: datetime) -> tuple[uuid.UUID, bytes, int] | None:
    """The newest code of the phone with one guess less; its row is held until the answer stands."""
    with connection.cursor() as cursor:
        cursor.execute(GUESS, [index, guesses, now])
        row = cursor.fetchone()
    return None if row is None else (row[0], bytes(row[1]), int(row[2]))


def _no_guess_left(index: bytes, number: str, limit: rules.SignInLimits, now: datetime) -> Refused:
    newest = SignInCode.objects.filter(phone_index=index).order_by("-sent_at", "-id").first()
    if newest is None or newest.used_at is not None or newest.expires_at <= now:
        return Refused(Refusals.CODE_EXPIRED)
    return _wait_for_next(number, limit, now)


def _wait_for_next(number: str, limit: rules.SignInLimits, now: datetime) -> Refused:
    return too_many(limits.next_use("code_number", number, limit.codes_per_number, now), now)


def too_many(free_at: datetime, now: datetime) -> Refused:
    return Refused(Refusals.TOO_MANY, minutes=rules.minutes_until(free_at, now))
