"""Residents sign in by a code to their phone; on a shared phone they say who they are."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from puhui.access import limits, rules
from puhui.access.actions.codes import judged_code, too_many
from puhui.access.actions.phones import checked_phone, met
from puhui.access.actions.sessions import NewSession, actor_again, open_session
from puhui.access.attempts import counted
from puhui.access.models import Session
from puhui.access.terms import Refusals, SignedIn
from puhui.kernel.actor import SYSTEM, Actor, Role, Via
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.kernel.crypto import blind_index
from puhui.parties import queries as parties


@counted
@command(Role.ANYONE)
def sign_in_with_code(
    work: Work, phone: str, code: str, *, address: str, via: Via, device: str = "", by: Actor
) -> SignedIn | Refused:
    """Open a session of 30 days on a phone (E3, content.md §1.11).

    One person on the phone: the session is theirs. Several: `people` are to be picked. None: the
    session may register. `device` is the token that an earlier sign-in gave this browser; a phone
    that is in use elsewhere is told of a device without one (S24). Refuses (Invalid) phone;
    CODE_SHAPE, CODE_WRONG with the guesses left, CODE_EXPIRED, TOO_MANY with minutes. A wrong guess
    stays counted.
    """
    number = checked_phone(phone)
    refused = judged_code(work, number, code, address)
    if refused is not None:
        return refused
    index = blind_index("phone", number)
    living = parties.residents_on_number(SYSTEM, index)
    only = living[0].id if len(living) == 1 else None
    kind = Session.Kind.RESIDENT if only else Session.Kind.PHONE
    opened = open_session(work, NewSession(kind, via, phone=number, resident=only))
    opened = replace(opened, device_token=met(work, number, device, only))
    subject = ("resident", opened.actor.ref) if only else ("session", opened.actor.ref)
    work.record("signed_in", subject, by=opened.actor, via=str(via))
    return opened if only else _with_people(opened)


def _with_people(opened: SignedIn) -> SignedIn:
    return replace(opened, people=tuple(parties.people_on_phone(opened.actor)))


@counted
@command(Role.RESIDENT)
def pick_person(work: Work, resident_ref: str, last_four: str, *, by: Actor) -> Actor | Refused:
    """Say who of the phone's people one is, by the last four places of the identity number.

    Five tries an hour in a session, twenty a day for one person. Refuses LAST_FOUR_SHAPE,
    LAST_FOUR_WRONG with the tries left, TOO_MANY with minutes, SIGN_IN_FIRST. Somebody who is not
    on this phone is like a wrong number.
    """
    if by.session is None or by.phone_index is None:
        raise Refused(Refusals.SIGN_IN_FIRST)
    typed = rules.tidy(last_four)
    if not rules.LAST_FOUR.fullmatch(typed):
        raise Refused(Refusals.LAST_FOUR_SHAPE)
    limit = rules.limits_on(local_date(work.now))
    session, per_session = str(by.session), limit.picks_per_session
    refused = limits.take("pick_session", session, per_session, work.now)
    refused = refused or limits.take("pick_person", resident_ref, limit.picks_per_person, work.now)
    if refused is not None:
        return too_many(refused, work.now)
    person = parties.person_by_last_four(SYSTEM, resident_ref, by.phone_index, typed)
    if person is None:
        if tries := limits.left("pick_session", session, per_session[0], work.now):
            return Refused(Refusals.LAST_FOUR_WRONG, left=tries)
        return too_many(limits.next_use("pick_session", session, per_session, work.now), work.now)
    limits.give_back("pick_session", session, work.now)
    limits.give_back("pick_person", resident_ref, work.now)
    actor = _become(by, person)
    work.record("person_picked", ("resident", actor.ref), by=actor)
    return actor


@command(Role.RESIDENT)
def adopt_registered(work: Work, resident: UUID, *, by: Actor) -> Actor:
    """The session becomes that of the person just registered on it; returns the new actor.

    Only for what `register_resident` has returned: whoever gave the whole identity number needs no
    last four places. Refuses SIGN_IN_FIRST, NOT_FOUND for somebody on another phone.
    """
    if by.session is None or by.phone_index is None:
        raise Refused(Refusals.SIGN_IN_FIRST)
    living = parties.residents_on_number(SYSTEM, by.phone_index)
    if resident not in {one.id for one in living}:
        raise Refused(NOT_FOUND)
    return _become(by, resident)


def _become(by: Actor, resident: UUID) -> Actor:
    """Give the session to a person of its phone, unless it has ended meanwhile."""
    session = Session.objects.filter(
        phone_index=by.phone_index, kind__in=["phone", "resident"], ended_at=None
    )
    if (
        session.filter(pk__in=[by.session]).update(kind=Session.Kind.RESIDENT, resident=resident)
        != 1
    ):
        raise Refused(Refusals.SIGN_IN_FIRST)
    return actor_again(by, parties.applicant_by_id(SYSTEM, resident))
