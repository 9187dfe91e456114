"""Another person becomes the legal representative; an enterprise closes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, Work, command
from puhui.kernel.crypto import blind_index, new_id
from puhui.parties.actions.enterprises import own_enterprise
from puhui.parties.models import Agency, Enterprise, Resident, Succession
from puhui.parties.queries.successions import is_answerable, succession_card
from puhui.parties.rules.names import tidy
from puhui.parties.rules.references import succession_ref
from puhui.parties.rules.registration import judged_phone, wrong
from puhui.parties.subject_terms import SubjectRefusals, SuccessionCard

ENDED_NAME = "（已注销的单位）"


@command(Role.RESIDENT)
def name_successor(work: Work, ref: str, name: str, phone: str, *, by: Actor) -> SuccessionCard:
    """The legal representative names the next one, a registered resident; nothing changes before that
    person has accepted. Refuses NOT_FOUND, (Invalid) phone, AGENT_UNKNOWN, SUCCESSOR_SELF;
    SUCCESSION_OPEN while another waits. Source: M035."""
    row = own_enterprise(by, ref)
    successor = registered(name, phone)
    if successor.id == row.representative_id:
        raise Invalid([wrong(SubjectRefusals.SUCCESSOR_SELF)])
    made = Succession(
        id=new_id(),
        ref=succession_ref(),
        enterprise=row,
        asked_by_id=row.representative_id,
        successor=successor,
        asked_at=work.now,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Refused(SubjectRefusals.SUCCESSION_OPEN) from None
    record(work, made, "representative_named")
    return succession_card(made)


def registered(name: str, phone: str) -> Resident:
    """The resident of that name on that phone. Refuses (Invalid) phone, AGENT_UNKNOWN."""
    number, misdialled = judged_phone(phone)
    if misdialled is not None:
        raise Invalid([misdialled])
    people = Resident.objects.filter(phone_index=blind_index("phone", number))
    found = next((one for one in people if one.name == tidy(name)), None)
    if found is None:
        raise Invalid([wrong(SubjectRefusals.AGENT_UNKNOWN)])
    return found


@command(Role.RESIDENT)
def drop_succession(work: Work, succession: str, *, by: Actor) -> None:
    """It does not come to it: the old representative takes it back, or the new one says no. One who
    still speaks stops by it what the county opened, too. Refuses NOT_FOUND, also once it has been
    answered."""
    row = _open(succession)
    is_asked = by.person == row.successor_id and is_answerable(row)
    if by.person != row.enterprise.representative_id and not is_asked:
        raise Refused(NOT_FOUND)
    answer(row, work.now, is_accepted=False)
    record(work, row, "representative_dropped")


@command(Role.RESIDENT)
def accept_succession(work: Work, succession: str, *, by: Actor) -> UUID:
    """The new representative accepts, by their own sign-in: from now on the enterprise is theirs, every
    authorisation that the old one gave ends, the county's check of the licence falls away. What the
    county opened waits for its second person first.

    Returns the enterprise; its open requests are for the context above to hand over. Refuses
    NOT_FOUND (not the one named, or answered already).
    """
    row = _open(succession)
    if by.person is None or by.person != row.successor_id or not is_answerable(row):
        raise Refused(NOT_FOUND)
    enterprise = row.enterprise
    before = enterprise.representative
    enterprise.representative_id, enterprise.checked_at = by.person, None
    enterprise.save(update_fields=["representative", "checked_at"])
    Agency.objects.filter(enterprise=enterprise, revoked_at=None).update(revoked_at=work.now)
    answer(row, work.now, is_accepted=True)
    record(work, row, "representative_changed", before=before.ref)
    return enterprise.id


def _open(ref: str) -> Succession:
    """The open change with its enterprise, both held; the enterprise first, as every other action."""
    found = Succession.objects.filter(ref=ref, answered_at=None).values("enterprise_id").first()
    if found is None:
        raise Refused(NOT_FOUND)
    held = Enterprise.objects.select_for_update(of=("self",)).select_related("representative")
    enterprise = held.get(id=found["enterprise_id"])
    rows = Succession.objects.select_for_update(of=("self",)).select_related("successor")
    row = rows.filter(ref=ref, answered_at=None).first()
    if row is None:
        raise Refused(NOT_FOUND)
    row.enterprise = enterprise
    return row


def answer(row: Succession, now: datetime, *, is_accepted: bool) -> None:
    """The end of a change that waited."""
    row.answered_at, row.is_accepted = now, is_accepted
    row.save(update_fields=["answered_at", "is_accepted"])


def record(work: Work, row: Succession, action: str, **facts: str) -> None:
    """A change's line in the journal, under its enterprise."""
    work.record(
        action,
        ("enterprise", row.enterprise.ref),
        succession=row.ref,
        successor=row.successor.ref,
        **facts,  # type: ignore[arg-type]
    )


@command(Role.RESIDENT)
def hold_enterprise(work: Work, ref: str, *, by: Actor) -> UUID:
    """The enterprise of its legal representative, held until the transaction ends. Refuses NOT_FOUND."""
    return own_enterprise(by, ref).id


@command(Role.SYSTEM)
def erase_enterprise(work: Work, enterprise: UUID, *, by: Actor = SYSTEM) -> None:
    """Take name, code and figures out of an enterprise that closes; its reference, kind, trade, size
    and place stay for the counts. Every authorisation ends; the code is free to be registered again."""
    row = Enterprise.objects.select_for_update().get(id=enterprise)
    row.name, row.credit_code = ENDED_NAME, f"ended-{row.id}"
    row.revenue_fen = row.staff_count = row.assets_fen = None
    row.ended_at = work.now
    row.save()
    Agency.objects.filter(enterprise=row, revoked_at=None).update(revoked_at=work.now)
    Succession.objects.filter(enterprise=row, answered_at=None).update(
        answered_at=work.now, is_accepted=False
    )
    work.record("enterprise_ended", ("enterprise", row.ref))
