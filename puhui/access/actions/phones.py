"""Phones that codes are sent to: which devices use them, and the lock when a sign-in was not the owner's.

S24 tells a phone that another device has signed in on it; a reply of 2 locks the phone, a reply of 1
from the phone itself (S41) or the county opens it again (content.md §2.1).
"""

from __future__ import annotations

import re
from uuid import UUID

from django.db.models import QuerySet

from puhui.access.models import KnownDevice, PhoneLock, Session, SignInCode
from puhui.access.terms import Refusals
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import FieldError, Invalid, Refused, Work, command
from puhui.kernel.crypto import blind_index, new_token, token_hash
from puhui.notices import actions as notices
from puhui.notices.terms import Telling
from puhui.parties.identifiers import MobileNumberError, mobile_number

DEVICE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""A token of ours: a name that a client made up could be guessed, and nobody would be told."""


def checked_phone(typed: str) -> str:
    """Eleven digits; refuses (Invalid) phone."""
    try:
        return mobile_number(typed)
    except MobileNumberError as error:
        wrong = FieldError("phone", f"phone_{error.reason.value.lower()}", error.sentence)
        raise Invalid([wrong]) from None


def met(work: Work, number: str, device: str, resident: UUID | None) -> str:
    """Note that this device has signed in; its token. A phone used elsewhere is told of a new one."""
    index = blind_index("phone", number)
    token = device if DEVICE.fullmatch(device) else new_token()
    devices = KnownDevice.objects.filter(phone_index=index)
    if devices.filter(device_hash=token_hash(token)).update(last_used_at=work.now):
        return token
    is_told = devices.exists() or PhoneLock.objects.filter(phone_index=index).exists()
    new = KnownDevice(phone_index=index, device_hash=token_hash(token), last_used_at=work.now)
    KnownDevice.objects.bulk_create([new], ignore_conflicts=True)
    if is_told:
        telling = Telling("S24", number, {}, resident=resident, question=str(new.pk))
        notices.tell([telling], by=SYSTEM)
    return token


def ask_to_open(number: str) -> bool:
    """Whether the phone is locked; then it is told how its owner opens it."""
    lock = _standing(number).first()
    if lock is not None:
        notices.tell([Telling("S41", number, {}, question=str(lock.pk))], by=SYSTEM)
    return lock is not None


@command(Role.SYSTEM)
def answer_sign_in(work: Work, question: str, digit: str, phone: str, *, by: Actor) -> bool:
    """A reply to S24 or S41 from `phone`; whether it answered something.

    2 to S24 locks the phone: whoever is signed in on it is signed out, and no code opens it. 1 to
    S41 opens it; the sign-ins that were ended stay ended.
    """
    number = checked_phone(phone)
    index = blind_index("phone", number)
    if digit == "2" and KnownDevice.objects.filter(pk=question, phone_index=index).exists():
        _lock(work, number, "owner")
        return True
    lock = PhoneLock.objects.filter(pk=question, phone_index=index, opened_at__isnull=True)
    if digit != "1" or not lock.update(opened_at=work.now):
        return False
    work.record("phone_opened", ("phone_lock", question), via="sms")
    return True


@command(Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN)
def lock_phone(work: Work, phone: str, *, by: Actor) -> None:
    """Lock a phone for its owner, who rang the hotline; locked already, it stays so.

    Refuses (Invalid) phone. Source: content.md S24.
    """
    _lock(work, checked_phone(phone), "county")


@command(Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN)
def open_phone(work: Work, phone: str, *, by: Actor) -> None:
    """Open a locked phone for its owner, who rang or came. Refuses (Invalid) phone, NOT_LOCKED."""
    lock = _standing(checked_phone(phone)).first()
    if lock is None:
        raise Refused(Refusals.NOT_LOCKED)
    PhoneLock.objects.filter(pk=lock.pk).update(opened_at=work.now)
    work.record("phone_opened", ("phone_lock", str(lock.pk)), via="county")


def _lock(work: Work, number: str, said_by: str) -> None:
    """End what is open on the phone and use up its codes, then say that it is locked."""
    index = blind_index("phone", number)
    lock = PhoneLock(phone_index=index, locked_at=work.now)
    PhoneLock.objects.bulk_create([lock], ignore_conflicts=True)
    open_sessions = Session.objects.filter(phone_index=index, ended_at__isnull=True)
    ended = open_sessions.filter(account__isnull=True).update(ended_at=work.now)
    SignInCode.objects.filter(phone_index=index, expires_at__gt=work.now).update(
        expires_at=work.now
    )
    KnownDevice.objects.filter(phone_index=index).delete()
    lock = _standing(number).get()
    notices.tell([Telling("S41", number, {}, question=str(lock.pk))], by=SYSTEM)
    work.record("phone_locked", ("phone_lock", str(lock.pk)), said_by=said_by, sessions=ended)


def _standing(number: str) -> QuerySet[PhoneLock]:
    return PhoneLock.objects.filter(
        phone_index=blind_index("phone", number), opened_at__isnull=True
    )
