"""Staff sign in: password and second factor, or, in a village, a code on a bound device."""

from __future__ import annotations

import functools
import secrets
from datetime import datetime, timedelta

import pyotp
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from puhui.access import limits, rules
from puhui.access.actions.codes import judged_code, too_many
from puhui.access.actions.phones import checked_phone
from puhui.access.actions.sessions import NewSession, open_session
from puhui.access.attempts import counted
from puhui.access.models import Session, StaffAccount
from puhui.access.terms import Refusals, SignedIn
from puhui.kernel.actor import STAFF, SYSTEM, Actor, Role, Via
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused, Work, command
from puhui.kernel.crypto import blind_index, is_same_hash, new_token, token_hash
from puhui.parties import queries as parties

NO_SECRET = "A" * 32


@functools.cache
def _no_password() -> str:
    """What an unknown login is compared with: the same work as for a known one."""
    return make_password(secrets.token_urlsafe(16))


@counted
@command(Role.ANYONE)
def sign_in_staff(
    work: Work,
    login: str,
    password: str,
    totp: str = "",
    *,
    address: str,
    via: Via,
    by: Actor,
) -> SignedIn | Refused:
    """Open a session of 12 hours with password and, once confirmed, the second factor.

    A code of the second factor opens once. With a one-time password (seven days) or without a
    confirmed second factor the session may only mend that (`must_enrol`). Five tries in 15 minutes
    for a login, 100 an hour from an address; a success does not count. Refuses SIGN_IN_FAILED, the
    same for unknown logins, closed accounts and ended duties; TOO_MANY with minutes.
    """
    login = login.strip().lower()
    limit = rules.limits_on(local_date(work.now))
    refused = limits.take("staff_address", address, limit.tries_per_address, work.now)
    refused = refused or limits.take("staff_login", login, limit.tries_per_login, work.now)
    if refused is not None:
        return too_many(refused, work.now)
    account = _live_accounts(work.now).filter(login=login).first()
    is_right = _opens(work, account, password, rules.tidy(totp))
    ref = account.duty.staff.ref if account else ""
    if account is None or not is_right:
        work.record("staff_sign_in_refused", ("staff", ref))
        return Refused(Refusals.SIGN_IN_FAILED)
    limits.give_back("staff_address", address, work.now)
    limits.give_back("staff_login", login, work.now)
    return _opened(work, account, via)


def _live_accounts(now: datetime) -> QuerySet[StaffAccount]:
    """Accounts whose duty, person and organisation are live."""
    return StaffAccount.objects.select_related("duty__staff").filter(
        Q(duty__ends_at__isnull=True) | Q(duty__ends_at__gt=now),
        duty__starts_at__lte=now,
        duty__staff__is_active=True,
        duty__staff__organisation__is_active=True,
        closed_at__isnull=True,
    )


def _opens(work: Work, account: StaffAccount | None, password: str, totp: str) -> bool:
    """Whether these open the account. Password and code are judged whatever is missing."""
    nothing = _no_password()
    is_password = check_password(
        password[: rules.LONGEST_PASSWORD], account.password if account else nothing
    )
    is_confirmed = account is not None and account.totp_confirmed_at is not None
    secret = account.totp_secret if account and is_confirmed else ""
    step = rules.totp_step(secret or NO_SECRET, totp, work.now)
    if account is None or not is_password:
        return False
    if account.must_change_password and _is_stale(work.now, account):
        return False
    if not is_confirmed:
        return rules.needs_second_factor(account.duty.role)
    return bool(secret) and step is not None and _spend_step(account, step)


def _is_stale(now: datetime, account: StaffAccount) -> bool:
    limit = rules.limits_on(local_date(now))
    return account.password_set_at <= now - timedelta(days=limit.one_time_password_days)


def _spend_step(account: StaffAccount, step: int) -> bool:
    """A code counts once: only a later half-minute than the last one used."""
    rows = StaffAccount.objects.filter(id=account.id, last_totp_step__lt=step)
    return rows.update(last_totp_step=step) == 1


def _opened(work: Work, account: StaffAccount, via: Via) -> SignedIn:
    opened = open_session(work, NewSession(Session.Kind.STAFF, via, account=account.id))
    work.record(
        "staff_signed_in", ("staff", account.duty.staff.ref), role=account.duty.role, via=str(via)
    )
    return opened


@counted
@command(Role.ANYONE)
def sign_in_commissioner(
    work: Work,
    phone: str,
    code: str,
    *,
    device_token: str = "",
    binding_code: str = "",
    address: str,
    via: Via,
    by: Actor,
) -> SignedIn | Refused:
    """A village commissioner signs in by a code to the phone, on the device bound to the account.

    The first time, and on a new device, with the one-time `binding_code` that the county handed
    out; then the answer holds the `device_token` for that device to keep. Refuses as
    `sign_in_with_code` does, and DEVICE_UNKNOWN, the same for phones without an account.
    """
    number = checked_phone(phone)
    refused = judged_code(work, number, code, address)
    if refused is not None:
        return refused
    mine = _live_accounts(work.now).filter(
        duty__staff__phone_index=blind_index("phone", number),
        duty__role=Role.VILLAGE_COMMISSIONER,
    )
    held = token_hash(device_token)
    for account in mine.order_by("created_at", "id"):
        if account.device_hash and is_same_hash(bytes(account.device_hash), held):
            return _opened(work, account, via)
    if not binding_code:
        return Refused(Refusals.DEVICE_UNKNOWN)
    limit = rules.limits_on(local_date(work.now))
    free_at = limits.take("binding", number, limit.tries_per_login, work.now)
    if free_at is not None:
        return too_many(free_at, work.now)
    for account in mine.filter(must_change_password=True).order_by("created_at", "id"):
        if not _is_stale(work.now, account) and check_password(binding_code, account.password):
            return _bound(work, account, via)
    return Refused(Refusals.DEVICE_UNKNOWN)


def _bound(work: Work, account: StaffAccount, via: Via) -> SignedIn | Refused:
    """Bind a new device; the binding code works once."""
    device = new_token()
    unbound = StaffAccount.objects.filter(id=account.id, must_change_password=True)
    changed = unbound.update(
        device_hash=token_hash(device), must_change_password=False, password=make_password(None)
    )
    if changed != 1:
        return Refused(Refusals.DEVICE_UNKNOWN)
    work.record("device_bound", ("staff", account.duty.staff.ref))
    opened = _opened(work, account, via)
    return SignedIn(opened.token, opened.actor, device_token=device)


@counted
@command(Role.ANYONE)
def change_password(work: Work, old: str, new: str, *, by: Actor) -> Refused | None:
    """Replace the account's password; all its other sessions end.

    Refuses SIGN_IN_FIRST, PASSWORD_WRONG, PASSWORD_WEAK (ten places, not common, not the old one),
    TOO_MANY after five tries in 15 minutes.
    """
    account = _own_account(by)
    limit = rules.limits_on(local_date(work.now))
    free_at = limits.take("password", str(account.id), limit.tries_per_session, work.now)
    if free_at is not None:
        return too_many(free_at, work.now)
    if not check_password(old, account.password):
        return Refused(Refusals.PASSWORD_WRONG)
    limits.give_back("password", str(account.id), work.now)
    if new == old or not rules.is_strong(new, account.login) or _is_common(new):
        return Refused(Refusals.PASSWORD_WEAK)
    account.password = make_password(new)
    account.must_change_password = False
    account.password_set_at = work.now
    account.save(update_fields=["password", "must_change_password", "password_set_at"])
    live = Session.objects.filter(account=account, ended_at__isnull=True)
    live.exclude(pk__in=[by.session]).update(ended_at=work.now)
    work.record("password_changed", ("staff", account.duty.staff.ref))
    return None


def _is_common(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


@command(Role.ANYONE)
def enrol_totp(work: Work, *, by: Actor) -> str:
    """Make a new secret for the second factor; returns its otpauth URI, shown once as a picture.

    It counts after `confirm_totp`. Refuses SIGN_IN_FIRST, TOTP_CONFIRMED.
    """
    account = _own_account(by)
    if account.totp_confirmed_at is not None:
        raise Refused(Refusals.TOTP_CONFIRMED)
    account.totp_secret = pyotp.random_base32()
    account.save(update_fields=["totp_secret"])
    issuer = f"{parties.county(SYSTEM).short_name}普惠"
    return pyotp.TOTP(account.totp_secret).provisioning_uri(name=account.login, issuer_name=issuer)


@counted
@command(Role.ANYONE)
def confirm_totp(work: Work, totp: str, *, by: Actor) -> Refused | None:
    """Confirm the second factor with its first code.

    Refuses SIGN_IN_FIRST, TOTP_CONFIRMED, TOTP_WRONG, TOO_MANY after five tries in 15 minutes.
    """
    account = _own_account(by)
    if account.totp_confirmed_at is not None:
        return Refused(Refusals.TOTP_CONFIRMED)
    limit = rules.limits_on(local_date(work.now))
    free_at = limits.take("totp", str(account.id), limit.tries_per_session, work.now)
    if free_at is not None:
        return too_many(free_at, work.now)
    secret = account.totp_secret
    step = rules.totp_step(secret, rules.tidy(totp), work.now) if secret else None
    if step is None or not _spend_step(account, step):
        return Refused(Refusals.TOTP_WRONG)
    StaffAccount.objects.filter(id=account.id).update(totp_confirmed_at=work.now)
    work.record("totp_confirmed", ("staff", account.duty.staff.ref))
    return None


@counted
@command(*STAFF)
def renew_totp(work: Work, password: str, totp: str, *, by: Actor) -> Refused | None:
    """Take the second factor off so that another phone can be bound: with password and a code of
    the old one. The session may do nothing else until `confirm_totp`; all others end.

    Refuses SIGN_IN_FIRST, PASSWORD_WRONG, TOTP_WRONG, TOO_MANY after five tries in 15 minutes.
    """
    account = _own_account(by)
    limit = rules.limits_on(local_date(work.now))
    free_at = limits.take("renew", str(account.id), limit.tries_per_session, work.now)
    if free_at is not None:
        return too_many(free_at, work.now)
    if not check_password(password[: rules.LONGEST_PASSWORD], account.password):
        return Refused(Refusals.PASSWORD_WRONG)
    step = rules.totp_step(account.totp_secret or NO_SECRET, rules.tidy(totp), work.now)
    if not account.totp_secret or step is None or not _spend_step(account, step):
        return Refused(Refusals.TOTP_WRONG)
    limits.give_back("renew", str(account.id), work.now)
    account.totp_secret, account.totp_confirmed_at = "", None
    account.save(update_fields=["totp_secret", "totp_confirmed_at"])
    live = Session.objects.filter(account=account, ended_at__isnull=True)
    live.exclude(pk__in=[by.session]).update(ended_at=work.now)
    work.record("totp_dropped", ("staff", account.duty.staff.ref))
    return None


def _own_account(by: Actor) -> StaffAccount:
    """The account of the actor's live session, its row held; refuses SIGN_IN_FIRST."""
    account = (
        StaffAccount.objects.select_for_update(of=("self",))
        .select_related("duty__staff")
        .filter(sessions__id=by.session, sessions__ended_at__isnull=True, closed_at__isnull=True)
        .first()
        if by.session
        else None
    )
    if account is None:
        raise Refused(Refusals.SIGN_IN_FIRST)
    return account
