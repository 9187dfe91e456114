"""Township and county act: answers to supervision, nudges, notes, destinations."""

from __future__ import annotations

from datetime import date, datetime

from puhui.kernel.actor import BANK, COUNTY, Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.market.actions.ending import is_signed, open_follow_up
from puhui.market.actions.withdrawing import cancel
from puhui.market.lifecycle import OPEN_DEMAND
from puhui.market.models import CaseNote, FollowUp, Supervision, SupervisionStep
from puhui.market.reach import demands, lock_demand, lock_engagement
from puhui.market.telling import Tellings, topics
from puhui.market.terms import Destination, Refusals

LONGEST_WORDS = 300


def _words(words: str) -> str:
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise Refused(Refusals.WORDS_EMPTY)
    return words.strip()


@command(*BANK)
def answer_supervision(work: Work, supervision_ref: str, words: str, *, by: Actor) -> None:
    """The bank writes why, into the supervision record. Refuses NOT_FOUND, WORDS_EMPTY."""
    kept = _words(words)
    row = (
        Supervision.objects.select_for_update(of=("self",))
        .select_related("demand", "bank")
        .filter(ref=supervision_ref, bank_id=by.organisation)
        .first()
    )
    if row is None:
        raise Refused(NOT_FOUND)
    row.answered_at = row.answered_at or work.now
    row.save(update_fields=["answered_at"])
    _step(work, row, "answer", kept, by)


@command(Role.COUNTY_SUPERVISOR)
def log_supervision(
    work: Work,
    supervision_ref: str,
    *,
    to: str,
    words: str,
    promised_at: datetime | None = None,
    by: Actor,
) -> None:
    """County staff log a supervision call: whom they reached, what was said, by when (M011).

    Refuses NOT_FOUND, WORDS_EMPTY.
    """
    kept = _words(words)
    row = (
        Supervision.objects.select_for_update(of=("self",))
        .select_related("demand", "bank")
        .filter(ref=supervision_ref)
        .first()
    )
    if row is None:
        raise Refused(NOT_FOUND)
    _step(work, row, "phoned", kept, by, to=to.strip()[:40], promised_at=promised_at)


def _step(
    work: Work,
    row: Supervision,
    kind: str,
    words: str,
    by: Actor,
    *,
    to: str = "",
    promised_at: datetime | None = None,
) -> None:
    SupervisionStep.objects.create(
        supervision=row,
        at=work.now,
        kind=kind,
        by_ref=by.ref,
        to_ref=to,
        channel="page" if kind == "answer" else "phone",
        words=words,
        promised_at=promised_at,
    )
    bank = row.bank.ref if row.bank else ""
    work.record(
        f"supervision.{kind}",
        ("supervision", row.ref),
        demand=row.demand.ref,
        topics=topics(row.demand, *([bank] if bank else [])),
        bank=bank,
    )


@command(Role.TOWNSHIP_ADMIN, Role.COUNTY_SUPERVISOR)
def nudge(work: Work, engagement_ref: str, *, by: Actor) -> None:
    """Ask a bank's duty officers to call a waiting applicant. Refuses NOT_FOUND, STATE."""
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state != "claimed":
        raise Refused(Refusals.STATE)
    tell = Tellings.of(demand, work.now)
    tell.duty_officers(engagement.bank_id, "B04", 编号=demand.ref)
    tell.write()
    work.record(
        "engagement.nudge",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
    )


@command(Role.TOWNSHIP_ADMIN, *COUNTY)
def add_note(work: Work, demand_ref: str, words: str, *, kind: str = "note", by: Actor) -> None:
    """Note a nudge, a visit or a talk on a case of one's own area (M012). Refuses NOT_FOUND."""
    demand = lock_demand(by, demand_ref)
    CaseNote.objects.create(
        demand=demand,
        at=work.now,
        by_ref=by.ref,
        role=str(by.role),
        kind=kind if kind in ("note", "visit", "phone", "nudge") else "note",
        words=_words(words),
    )
    work.record(
        "financing_demand.note", ("demand", demand.ref), demand=demand.ref, topics=topics(demand)
    )


@command(Role.RESIDENT)
def ask_for_help(work: Work, demand_ref: str, *, by: Actor) -> None:
    """The applicant asks the township to look at the case (content.md §1.9). Refuses NOT_FOUND."""
    demand = lock_demand(by, demand_ref)
    open_follow_up(work, demand, "asked_for_help")


@command(Role.RESIDENT)
def decline_call(work: Work, demand_ref: str, *, by: Actor) -> None:
    """Three banks said no and the applicant wants no call about it (content.md §1.9, 不用打了).

    The reasons stand on their pages, which is the destination. Refuses NOT_FOUND, STATE where nobody
    owes such a call.
    """
    demand = lock_demand(by, demand_ref)
    row = demand.follow_ups.filter(kind="three_refused", closed_at__isnull=True).first()
    if row is None:
        raise Refused(Refusals.STATE)
    row.destination, row.destination_words = Destination.EXPLAINED, "本人说不用打电话了"
    row.closed_at, row.closed_by = work.now, by.ref
    row.save()
    work.record(
        "follow_up.decline_call",
        ("follow_up", row.ref),
        demand=demand.ref,
        topics=topics(demand),
        destination=row.destination,
    )


@command(Role.TOWNSHIP_ADMIN, *COUNTY)
def close_follow_up(
    work: Work,
    follow_up_ref: str,
    destination: str,
    *,
    words: str = "",
    again_on: date | None = None,
    by: Actor,
) -> None:
    """Record where a case went; a case cannot close without it (M012, M032).

    `missing_until` needs `again_on`. `given_up` withdraws an open demand, as the applicant said on
    the phone; the applicant is told and can ask again. Refuses NOT_FOUND, DESTINATION, STATE, and
    ALREADY_SIGNED to give up what a bank has a contract for.
    """
    if destination not in Destination.values:
        raise Refused(Refusals.DESTINATION)
    if destination == Destination.MISSING and again_on is None:
        raise Refused(Refusals.DESTINATION)
    found = (
        FollowUp.objects.filter(ref=follow_up_ref, demand__in=demands(by))
        .values_list("demand__ref", flat=True)
        .first()
    )
    if found is None:
        raise Refused(NOT_FOUND)
    demand = lock_demand(by, found)
    row = FollowUp.objects.get(ref=follow_up_ref)
    if row.closed_at is not None:
        raise Refused(Refusals.STATE)
    if destination == Destination.GIVEN_UP and is_signed(demand):
        raise Refused(Refusals.ALREADY_SIGNED)
    row.destination, row.destination_words = destination, words.strip()[:LONGEST_WORDS]
    row.again_on, row.closed_at, row.closed_by = again_on, work.now, by.ref
    row.save()
    work.record(
        "follow_up.close",
        ("follow_up", row.ref),
        demand=demand.ref,
        topics=topics(demand),
        destination=destination,
    )
    if destination == Destination.GIVEN_UP and demand.state in OPEN_DEMAND:
        cancel(work, demand, reason="not_needed")
