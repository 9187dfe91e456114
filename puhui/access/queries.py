"""Who is asking: from tokens and keys to actors. These establish the actor, so no policy binds
them; they fail closed. The rest are an actor's questions about its own access."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth.hashers import is_password_usable
from django.db.models import Case, When
from django.db.models.functions import Now

from puhui.access import actors
from puhui.access.models import ApiKey, KnownDevice, PhoneLock, Session, StaffAccount
from puhui.access.terms import AccountCard, KeyCard, OwnAccount, Refusals, SessionCard
from puhui.kernel.actor import STAFF, Actor, Role, Via, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused


def actor_of_session(token: str, via: Via) -> Actor:
    """The actor of a session, by one statement; ANYONE for a token that is absent, ended or
    expired, or whose duty, account, person or organisation is no longer live."""
    return actors.of_session(token, via)


def actor_of_key(key: str, officer_ref: str) -> Actor:
    """The officer named beside an organisation's key, by one statement.

    Refuses KEY_UNKNOWN (401) for a key that is not live, OFFICER_UNKNOWN (403) for an officer of
    another organisation or without a live duty at this bank.
    """
    is_live, actor = actors.of_key(key, officer_ref)
    if not is_live:
        raise Refused(Refusals.KEY_UNKNOWN)
    if actor is None:
        raise Refused(Refusals.OFFICER_UNKNOWN)
    return actor


PLACES = 20
"""How many places of sign-in somebody is shown of their own account."""
QUIET = "quiet:"
"""Before a topic: the listener is told only that something changed."""


def stream_topics(token: str) -> set[str] | None:
    """What a page may hear of live changes; None for a token that opens nothing.

    A deputy who comes from a bank hears that something changed in the township, never what: it may
    be a case that went to another deputy (domain.md ruling 11). `QUIET` says so to the stream.
    """
    actor = actors.of_session(token, Via.PAGE)
    if not actor.is_signed_in:
        return None
    if actor.is_bank:
        return {"banks", f"bank:{actor.organisation_ref}"}
    if actor.role is Role.TOWNSHIP_ADMIN:
        quiet = QUIET if actor.seconded_from is not None else ""
        return {f"{quiet}township:{code}" for code in actor.areas}
    if actor.role is Role.VILLAGE_COMMISSIONER:
        return {f"village:{code}" for code in actor.areas}
    if actor.is_county:
        return {"county"}
    if actor.role is Role.RESIDENT and actor.person is not None:
        return {f"resident:{actor.ref}"}
    return set()


@query(Role.RESIDENT)
def own_phone(actor: Actor) -> str:
    """The phone that the session was opened with; empty without a session."""
    if actor.session is None:
        return ""
    session = Session.objects.filter(id=actor.session).first()
    return session.phone if session else ""


@query(Role.SYSTEM)
def sign_ins_asked(actor: Actor, ids: Collection[str]) -> set[str]:
    """Which of these ids are devices that a phone was told of (S24), or locks that still stand (S41)."""
    devices = KnownDevice.objects.filter(pk__in=ids).values_list("pk", flat=True)
    locks = PhoneLock.objects.filter(pk__in=ids, opened_at__isnull=True)
    return {str(one) for one in (*devices, *locks.values_list("pk", flat=True))}


@query(Role.COUNTY_ADMIN, Role.BANK_ADMIN)
def api_keys(actor: Actor) -> list[KeyCard]:
    """Keys of all organisations, or of the actor's bank; newest first, never the keys themselves."""
    keys = ApiKey.objects.select_related("organisation").order_by("-created_at")
    if actor.is_bank:
        keys = (
            keys.filter(organisation_id=actor.organisation) if actor.organisation else keys.none()
        )
    return [
        KeyCard(
            ref=key.ref,
            organisation_ref=key.organisation.ref,
            created_on=local_date(key.created_at).isoformat(),
            is_revoked=key.revoked_at is not None,
        )
        for key in keys
    ]


@query(Role.COUNTY_ADMIN)
def accounts_of(actor: Actor, duties: Collection[UUID]) -> dict[UUID, AccountCard]:
    """The accounts of these duties, by duty; the closed ones too."""
    return {row.duty_id: _account_card(row) for row in StaffAccount.objects.filter(duty__in=duties)}


def _account_card(row: StaffAccount) -> AccountCard:
    return AccountCard(
        login=row.login,
        duty=row.duty_id,
        is_closed=row.closed_at is not None,
        waits_for_first=row.must_change_password,
        has_second_factor=row.totp_confirmed_at is not None,
        has_device=row.device_hash is not None,
        created_at=row.created_at,
    )


@query(*STAFF)
def own_account(actor: Actor) -> OwnAccount:
    """The actor's own account and where it is signed in: here, then the newest, at most twenty.

    Refuses NOT_FOUND for an actor without a session (a key's officer).
    """
    account = StaffAccount.objects.filter(sessions=actor.session).first() if actor.session else None
    if account is None:
        raise Refused(NOT_FOUND)
    live = Session.objects.filter(account=account, ended_at__isnull=True, expires_at__gt=Now())
    here = Case(When(id=actor.session, then=0), default=1)
    shown = list(live.order_by(here, "-created_at")[:PLACES])
    return OwnAccount(
        login=account.login,
        has_password=is_password_usable(account.password),
        password_set_at=account.password_set_at,
        has_second_factor=account.totp_confirmed_at is not None,
        has_device=account.device_hash is not None,
        sessions=tuple(
            SessionCard(one.id, one.via, one.created_at, one.expires_at, one.id == actor.session)
            for one in shown
        ),
        more=live.count() - len(shown) if len(shown) == PLACES else 0,
    )
