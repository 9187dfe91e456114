"""Sessions: opened, ended, forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from puhui.access import actors, rules
from puhui.access.models import KnownDevice, Limit, PhoneLock, Session, SignInCode, StaffAccount
from puhui.access.terms import Refusals, SignedIn
from puhui.kernel.actor import STAFF, SYSTEM, Actor, Role, Via
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.kernel.crypto import blind_index, new_id, new_token, token_hash
from puhui.kernel.installation import is_demo
from puhui.parties import queries as parties
from puhui.parties.terms import Applicant

KEEP_CODES = timedelta(days=1)
KEEP_DEVICES = timedelta(days=400)
"""As long as a browser keeps a cookie."""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to be opened: a phone's, a resident's or an account's."""

    kind: Session.Kind
    via: Via
    phone: str = field(default="", repr=False)
    resident: UUID | None = None
    account: UUID | None = None


def open_session(work: Work, new: NewSession) -> SignedIn:
    """Open it for 30 days, for staff for 12 hours; only the token's hash is kept."""
    limit = rules.limits_on(local_date(work.now))
    is_staff = new.kind == Session.Kind.STAFF
    lives = (
        timedelta(hours=limit.staff_session_hours)
        if is_staff
        else timedelta(days=limit.resident_session_days)
    )
    token = new_token()
    Session.objects.create(
        id=new_id(),
        token_hash=token_hash(token),
        kind=new.kind,
        phone_index=blind_index("phone", new.phone) if new.phone else None,
        phone=new.phone,
        resident_id=new.resident,
        account_id=new.account,
        via=str(new.via),
        created_at=work.now,
        expires_at=work.now + lives,
    )
    actor = actors.of_session(token, new.via)
    return SignedIn(token, actor, must_enrol=is_staff and actor.role is Role.ANYONE)


def actor_again(by: Actor, person: Applicant) -> Actor:
    """The session's actor, now as this person."""
    return replace(by, ref=person.ref, person=person.id)


@command(Role.ANYONE)
def sign_out(work: Work, *, by: Actor) -> None:
    """End the actor's session; without one nothing happens."""
    ended = Session.objects.filter(id=by.session, ended_at__isnull=True) if by.session else None
    if ended is not None and ended.update(ended_at=work.now):
        work.record("signed_out", ("session", str(by.session)))


@command(*STAFF)
def sign_out_elsewhere(work: Work, *, by: Actor) -> int:
    """End all other sessions of the actor's account; returns how many."""
    mine = Session.objects.filter(account__sessions=by.session, ended_at__isnull=True)
    others = mine.exclude(id=by.session).values_list("id", flat=True) if by.session else []
    ended = Session.objects.filter(id__in=list(others)).update(ended_at=work.now)
    if ended:
        work.record("signed_out_elsewhere", ("staff", by.ref), sessions=ended)
    return ended


@command(*STAFF)
def end_session(work: Work, session: UUID, *, by: Actor) -> None:
    """End one of the actor's own sessions. Refuses NOT_FOUND."""
    mine = Session.objects.filter(id=session, ended_at__isnull=True, account__sessions=by.session)
    found = mine.values_list("id", flat=True).first() if by.session else None
    if found is None:
        raise Refused(NOT_FOUND)
    Session.objects.filter(id=found).update(ended_at=work.now)
    work.record("signed_out", ("session", str(found)))


@command(Role.SYSTEM)
def open_persona_session(
    work: Work, kind: str, ref: str, *, via: Via = Via.PAGE, by: Actor
) -> SignedIn:
    """Sign in as one of the demo's people without code or password: never in a county.

    `kind` is "resident" or "staff", `ref` the resident's or staff reference. Staff without an
    account get one that no password opens. Refuses DEMO_ONLY, NOT_FOUND.
    """
    if not is_demo():
        raise Refused(Refusals.DEMO_ONLY)
    if kind == "resident":
        person = parties.applicant_by_ref(SYSTEM, ref)
        new = NewSession(Session.Kind.RESIDENT, via, phone=person.phone, resident=person.id)
    elif kind == "staff":
        new = NewSession(Session.Kind.STAFF, via, account=_persona_account(work, ref).id)
    else:
        raise Refused(NOT_FOUND)
    opened = open_session(work, new)
    work.record("persona_opened", (kind, ref))
    return opened


def _persona_account(work: Work, staff_ref: str) -> StaffAccount:
    """The account of a demo's person; one that nobody has enrolled is opened by no password."""
    card = parties.staff_card(SYSTEM, staff_ref)
    assert card.duty is not None
    enrolled = {"password": "!", "must_change_password": False, "totp_confirmed_at": work.now}
    account, _made = StaffAccount.objects.get_or_create(
        duty_id=card.duty,
        defaults=enrolled
        | {
            "login": f"persona-{staff_ref}".lower(),
            "password_set_at": work.now,
            "created_at": work.now,
        },
    )
    StaffAccount.objects.filter(id=account.id, must_change_password=True).update(**enrolled)
    return account


@command(Role.SYSTEM)
def forget(work: Work, *, by: Actor) -> int:
    """Sweep: drop what is over, ended and expired sessions with their phones, and sessions of
    duties that have ended; codes of yesterday; devices not used for 400 days; limits that no longer bind. Returns how many."""
    limit = rules.limits_on(local_date(work.now))
    over = Q(ended_at__isnull=False) | Q(expires_at__lte=work.now)
    closed = Q(account__closed_at__isnull=False) | Q(account__duty__ends_at__lte=work.now)
    sessions, _each = Session.objects.filter(over | closed).delete()
    codes, _each = SignInCode.objects.filter(sent_at__lt=work.now - KEEP_CODES).delete()
    unused = work.now - timedelta(seconds=limit.longest_seconds)
    devices, _each = KnownDevice.objects.filter(last_used_at__lt=work.now - KEEP_DEVICES).delete()
    counters, _each = Limit.objects.filter(last_used_at__lt=unused).delete()
    return sessions + codes + devices + counters


@command(Role.SYSTEM)
def forget_person(
    work: Work, resident: UUID, phone: str, *, is_alone: bool, by: Actor = SYSTEM
) -> int:
    """End and drop every session of a person whose account is gone; how many.

    `is_alone`: nobody else uses the phone, so what is known of the phone itself goes too.
    """
    index = blind_index("phone", phone)
    whose = Q(resident_id=resident)
    if is_alone:
        whose |= Q(phone_index=index, account__isnull=True)
        for known in (SignInCode, KnownDevice, PhoneLock):
            known.objects.filter(phone_index=index).delete()
    dropped, _each = Session.objects.filter(whose).delete()
    return dropped
