"""Accounts of staff: one for each duty, handed out with a one-time password."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q

from puhui.access import rules
from puhui.access.models import Session, StaffAccount
from puhui.access.terms import Credential, Handout, Refusals
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.parties import actions as parties_actions
from puhui.parties import queries as parties

COUNTY_OFFICE = "县普惠金融管理办公室"
ADMINISTRATOR = "管理员"
LOGINS = 1000
MOST_AT_ONCE = 200
"""Each password takes a slow hash, so that many are some seconds' work."""


@command(Role.COUNTY_ADMIN)
def create_account(work: Work, staff_ref: str, duty: UUID, login: str, *, by: Actor) -> str:
    """Give a duty its account; returns the one-time password (for a village commissioner the
    code that binds the first device), good for seven days and shown only now.

    Refuses LOGIN_BAD, LOGIN_TAKEN, DUTY_UNKNOWN, DUTY_HAS_ACCOUNT.
    """
    login = login.strip().lower()
    if not rules.LOGIN.fullmatch(login):
        raise Refused(Refusals.LOGIN_BAD)
    card = parties.duty(SYSTEM, duty)
    if card is None or card.ref != staff_ref:
        raise Refused(Refusals.DUTY_UNKNOWN)
    password = rules.new_password()
    account = StaffAccount(
        login=login,
        duty_id=duty,
        password=make_password(password),
        password_set_at=work.now,
        created_at=work.now,
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        taken = StaffAccount.objects.filter(login=login).exists()
        reason = Refusals.LOGIN_TAKEN if taken else Refusals.DUTY_HAS_ACCOUNT
        raise Refused(reason) from error
    work.record("account_created", ("staff", staff_ref), duty=duty, role=card.role)
    return password


@command(Role.COUNTY_ADMIN)
def reset_account(work: Work, login: str, *, by: Actor) -> str:
    """A new one-time password (or binding code) for somebody locked out; the second factor and the
    bound device go, all sessions end. Refuses NOT_FOUND."""
    account = (
        StaffAccount.objects.select_for_update(of=("self",))
        .select_related("duty__staff")
        .filter(login=login.strip().lower(), closed_at__isnull=True)
        .first()
    )
    if account is None:
        raise Refused(NOT_FOUND)
    password = rules.new_password()
    account.password = make_password(password)
    account.password_set_at = work.now
    account.must_change_password = True
    account.totp_secret = ""
    account.totp_confirmed_at = None
    account.device_hash = None
    account.save()
    Session.objects.filter(account=account, ended_at__isnull=True).update(ended_at=work.now)
    work.record("account_reset", ("staff", account.duty.staff.ref))
    return password


@command(Role.COUNTY_ADMIN)
def close_account(work: Work, login: str, *, by: Actor) -> None:
    """Close an account for good and end its sessions. Refuses NOT_FOUND."""
    account = StaffAccount.objects.filter(login=login.strip().lower(), closed_at__isnull=True)
    duty = account.values_list("duty_id", flat=True).first()
    if duty is None:
        raise Refused(NOT_FOUND)
    end_sessions_of_duty(duty, by=by)


@command(Role.COUNTY_ADMIN)
def end_sessions_of_duty(work: Work, duty: UUID, *, by: Actor) -> int:
    """When a duty ends: close its account, end its sessions; returns how many.

    A session of an ended duty opens nothing even before this.
    """
    accounts = StaffAccount.objects.select_related("duty__staff").filter(duty_id=duty)
    account = accounts.first()
    if account is None:
        return 0
    accounts.filter(closed_at__isnull=True).update(closed_at=work.now)
    ended = Session.objects.filter(account=account, ended_at__isnull=True).update(ended_at=work.now)
    work.record("account_closed", ("staff", account.duty.staff.ref), duty=duty)
    return ended


@command(Role.COUNTY_ADMIN)
def close_ended(work: Work, *, by: Actor) -> int:
    """Close every account whose duty or service has ended; returns how many."""
    over = Q(duty__ends_at__lte=work.now) | Q(duty__staff__is_active=False)
    rows = StaffAccount.objects.filter(over, closed_at__isnull=True)
    closing = dict(rows.values_list("id", "duty__staff__ref"))
    StaffAccount.objects.filter(id__in=closing).update(closed_at=work.now)
    Session.objects.filter(account__in=closing, ended_at__isnull=True).update(ended_at=work.now)
    for ref in sorted(closing.values()):
        work.record("account_closed", ("staff", ref))
    return len(closing)


@command(Role.COUNTY_ADMIN)
def create_accounts(work: Work, staff_refs: Sequence[str], *, by: Actor) -> list[Handout]:
    """Give accounts to many at once, the login being the staff number: each person's first duty
    that has none. At most `MOST_AT_ONCE`; whoever has one already, or serves no more, is left out.

    Returns the one-time passwords (binding codes in a village), shown only now.
    """
    have = StaffAccount.objects.filter(closed_at__isnull=True).values("duty__staff__ref")
    served = set(
        have.filter(duty__staff__ref__in=staff_refs).values_list("duty__staff__ref", flat=True)
    )
    made: list[Handout] = []
    for ref in [one for one in dict.fromkeys(staff_refs) if one not in served][:MOST_AT_ONCE]:
        try:
            card = parties.staff_card(SYSTEM, ref)
        except Refused:
            continue
        assert card.duty is not None
        login = ref.lower()
        made.append(Handout(ref, login, create_account(ref, card.duty, login, by=by)))
    return made


@command(Role.SYSTEM)
def create_admin(work: Work, *, by: Actor) -> Credential:
    """The county's administrator for the console: a new login (admin, admin2 …) with a one-time
    password. The county's own office is added where there is none yet."""
    office = parties.county_office(SYSTEM)
    if office is None:
        office = parties_actions.create_organisation(COUNTY_OFFICE, "county", by=by)
    staff = parties_actions.create_administrator(office.ref, ADMINISTRATOR, by=by)
    assert staff.duty is not None
    names = {f"admin{number if number > 1 else ''}" for number in range(1, LOGINS)}
    taken = set(StaffAccount.objects.filter(login__in=names).values_list("login", flat=True))
    login = min(names - taken, key=lambda name: (len(name), name))
    return Credential(login, create_account(staff.ref, staff.duty, login, by=by))
