"""Somebody took money: a case of the county's own, opened at once, due the same day, never lost."""

from __future__ import annotations

from datetime import datetime

from puhui.kernel.actor import COUNTY, SYSTEM, Actor, Role
from puhui.kernel.clock import end_of_day, local_date
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.market import references
from puhui.market.lifecycle import INTEGRITY
from puhui.market.models import (
    Assistance,
    Engagement,
    FinancingDemand,
    IntegrityCase,
    IntegrityStep,
)
from puhui.market.reach import lock_demand
from puhui.market.references import next_reference
from puhui.market.terms import IntegrityFinding, Office, Refusals, ReportSource
from puhui.market.timing import timing
from puhui.notices import actions as notices
from puhui.notices.terms import Telling
from puhui.parties import queries as parties
from puhui.parties.terms import StaffCard

LONGEST_WORDS = 500
LONGEST_RECEIVER = 60
HEARD_BY = ("county",)
"""Neither the bank, nor the township, nor the case's own timeline hears of it."""


@command(Role.RESIDENT, Role.TOWNSHIP_ADMIN, *COUNTY)
def report_money_taken(
    work: Work, demand_ref: str, words: str, *, engagement_ref: str = "", by: Actor
) -> str:
    """Somebody asked the applicant for money, a gift or a tied purchase; the integrity case's ref.

    `words` up to 500 characters. Due the same day; a second report joins the open case as a step.
    Neither bank nor township sees it afterwards. Refuses NOT_FOUND, WORDS_EMPTY.
    Source: domain.md §2a (closure and survey), content.md §3.3 ⑤.
    """
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise Refused(Refusals.WORDS_EMPTY)
    demand = lock_demand(by, demand_ref)
    engagement = None
    if engagement_ref:
        engagement = demand.engagements.filter(ref=engagement_ref).first()
        if engagement is None:
            raise Refused(NOT_FOUND)
    return open_case(
        work, ReportSource.REPORT, demand=demand, engagement=engagement, words=words, by=by
    )


def open_case(
    work: Work,
    source: ReportSource,
    *,
    demand: FinancingDemand | None,
    engagement: Engagement | None,
    draft: Assistance | None = None,
    words: str = "",
    by: Actor,
) -> str:
    """Open the case, or add to the one that is open; the demand's lock is held, so never two.

    `draft`: the help of a denied draft, which is deleted; the case keeps its number and its helper.
    """
    live = IntegrityCase.objects.filter(
        demand=demand, engagement=engagement, state__in=INTEGRITY.live
    )
    row = live.select_for_update(of=("self",)).first() if demand is not None else None
    if row is None:
        row = _opened(work, source, demand, engagement, draft, by)
    _step(work, row, "said", by, source=str(source), words=words)
    work.record("integrity.said", ("integrity", row.ref), topics=HEARD_BY, source=str(source))
    return row.ref


def _opened(
    work: Work,
    source: ReportSource,
    demand: FinancingDemand | None,
    engagement: Engagement | None,
    draft: Assistance | None,
    by: Actor,
) -> IntegrityCase:
    owner = county_owner(work, by)
    about = demand.ref if demand else draft.demand_ref if draft else ""
    row = IntegrityCase.objects.create(
        ref=next_reference(references.INTEGRITY),
        demand=demand,
        assistance=draft,
        engagement=engagement,
        bank_id=engagement.bank_id if engagement else None,
        source=str(source),
        state="open",
        state_since=work.now,
        opened_at=work.now,
        due_at=_due_at(work, source),
        owner_id=owner.id if owner else None,
    )
    INTEGRITY.created(row, "open")
    work.record(
        "integrity.open",
        ("integrity", row.ref),
        topics=HEARD_BY,
        source=str(source),
        about=about,
        owner=owner.ref if owner else "",
    )
    people = parties.duty_holders(SYSTEM, Role.COUNTY_SUPERVISOR, now=work.now)
    notices.tell(
        [
            Telling(
                "C04" if source is ReportSource.NOT_ME else "C03",
                one.phone,
                {"件号": row.ref, "编号": about},
                staff=one.id,
                subject_ref=row.ref,
            )
            for one in people
        ],
        by=SYSTEM,
    )
    return row


def _due_at(work: Work, source: ReportSource) -> datetime:
    """The same day; whoever says "not me" is told within one working day (content.md §1.11)."""
    days = 1 if source is ReportSource.NOT_ME else 0
    found = timing(work.now).end_of_working_day(work.now, days) if days else None
    return found or end_of_day(local_date(work.now))


def county_owner(work: Work, by: Actor) -> StaffCard | None:
    """Who of the county looks after it: whoever wrote it down, else who is on duty, else anybody."""
    people = parties.duty_holders(SYSTEM, Role.COUNTY_SUPERVISOR, now=work.now)
    offices = dict.fromkeys(one.organisation for one in people if one.organisation)
    on_duty = {
        one.ref for office in offices for one in parties.officers_on_duty(SYSTEM, office, work.now)
    }
    ranked = sorted(people, key=lambda one: (one.ref != by.ref, one.ref not in on_duty, one.ref))
    return ranked[0] if ranked else None


def _step(
    work: Work,
    row: IntegrityCase,
    kind: str,
    by: Actor,
    *,
    source: str = "",
    words: str = "",
    receiver: str = "",
) -> None:
    IntegrityStep.objects.create(
        case=row,
        at=work.now,
        kind=kind,
        source=source,
        by_ref=by.ref,
        role=str(by.role),
        words=words.strip()[:LONGEST_WORDS],
        receiver=receiver,
    )


def _locked(ref: str) -> IntegrityCase:
    row = IntegrityCase.objects.select_for_update(of=("self",)).filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return row


@command(*COUNTY)
def note_integrity(work: Work, ref: str, words: str, *, by: Actor) -> None:
    """Write down what was found out or asked. Refuses NOT_FOUND, WORDS_EMPTY, STATE once closed."""
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise Refused(Refusals.WORDS_EMPTY)
    row = _locked(ref)
    if row.state == "closed":
        raise Refused(Refusals.STATE)
    _step(work, row, "note", by, words=words)
    work.record("integrity.note", ("integrity", row.ref), topics=HEARD_BY)


@command(*COUNTY)
def hand_over_integrity(
    work: Work, ref: str, office: str, receiver: str, *, words: str = "", by: Actor
) -> None:
    """Hand the case to 纪检监察 or 公安 and keep the record: which office, who took it, its number.

    Refuses NOT_FOUND, OFFICE_EMPTY, RECEIVER_EMPTY, STATE_CHANGED where it was handed over already.
    """
    if office not in Office.values:
        raise Refused(Refusals.OFFICE_EMPTY)
    if not receiver.strip() or len(receiver) > LONGEST_RECEIVER:
        raise Refused(Refusals.RECEIVER_EMPTY)
    row = _locked(ref)
    INTEGRITY.move(row, "hand_over", now=work.now, handed_at=work.now, handed_to=office)
    _step(work, row, "handed_over", by, source=office, words=words, receiver=receiver.strip())
    work.record(
        "integrity.hand_over",
        ("integrity", row.ref),
        topics=HEARD_BY,
        office=office,
        late=work.now > row.due_at,
    )


@command(*COUNTY)
def close_integrity(work: Work, ref: str, finding: str, words: str, *, by: Actor) -> None:
    """Close the case with what came of it. Refuses NOT_FOUND, FINDING_EMPTY, WORDS_EMPTY,
    STATE_CHANGED where it is closed."""
    if finding not in IntegrityFinding.values:
        raise Refused(Refusals.FINDING_EMPTY)
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise Refused(Refusals.WORDS_EMPTY)
    row = _locked(ref)
    INTEGRITY.move(row, "close", now=work.now, finding=finding, closed_at=work.now)
    _step(work, row, "closed", by, source=finding, words=words)
    work.record("integrity.close", ("integrity", row.ref), topics=HEARD_BY, finding=finding)
