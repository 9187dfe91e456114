"""What the applicant asks a bank that works the case, and the bank's answer (客户有疑问)."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import IntegrityError, transaction

from puhui.kernel.actor import BANK, Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import Engagement, Enquiry, FinancingDemand
from puhui.market.reach import lock_engagement
from puhui.market.telling import Tellings, topics
from puhui.market.terms import EnquiryKind, Refusals
from puhui.market.timing import timing

LONGEST = 200
ANSWER_WORKING_DAYS = 1
MAY_BE_ASKED = LIVE_ENGAGEMENT - {"claimed"} | {"signed"}


@command(Role.RESIDENT)
def ask_bank(
    work: Work, engagement_ref: str, words: str, *, kind: str = EnquiryKind.OTHER, by: Actor
) -> str:
    """Ask the bank something; it owes an answer by the end of the next working day.

    `kind`: papers (还差什么材料) or other. Returns the enquiry's reference. Refuses NOT_FOUND, STATE
    before the bank has called or after the case has ended, WORDS_EMPTY (1 to 200 characters),
    ENQUIRY_OPEN while an earlier one waits for its answer. Source: content.md §3.1 ④.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state not in MAY_BE_ASKED:
        raise Refused(Refusals.STATE)
    if not words.strip() or len(words) > LONGEST:
        raise Refused(Refusals.WORDS_EMPTY)
    if kind not in EnquiryKind.values:
        raise Refused(Refusals.ANSWER_BAD)
    row = Enquiry(
        ref=f"Q{secrets.token_hex(5).upper()}",
        engagement=engagement,
        kind=kind,
        words=words.strip(),
        asked_at=work.now,
        due_at=timing(work.now).end_of_working_day(work.now, ANSWER_WORKING_DAYS),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(Refusals.ENQUIRY_OPEN) from None
    _record(work, demand, engagement, "engagement.enquire", kind=kind)
    return row.ref


@command(*BANK)
def answer_enquiry(work: Work, enquiry_ref: str, words: str, *, by: Actor) -> None:
    """Answer what the applicant asked, in writing; the applicant is told that there is news.

    Refuses NOT_FOUND (another bank's, missing, or answered already), WORDS_EMPTY (1 to 200).
    """
    row = Enquiry.objects.filter(ref=enquiry_ref, answered_at__isnull=True)
    found = row.select_related("engagement").first()
    if found is None:
        raise Refused(NOT_FOUND)
    demand, engagement = lock_engagement(by, found.engagement.ref)
    if not row.exists():
        raise Refused(NOT_FOUND)  # a colleague was quicker
    if not words.strip() or len(words) > LONGEST:
        raise Refused(Refusals.WORDS_EMPTY)
    found.answer, found.answered_at = words.strip(), work.now
    found.answered_by_id = by.person
    found.save(update_fields=["answer", "answered_at", "answered_by"])
    is_late = found.due_at is not None and work.now > found.due_at
    _record(work, demand, engagement, "engagement.answer_enquiry", late=is_late)
    tell = Tellings.of(demand, work.now)
    tell.applicant("S17", 编号=demand.ref)
    tell.write()


def answered_by_papers(work: Work, demand: FinancingDemand, engagement: Engagement) -> None:
    """Who asked what is still missing has the answer once the list of papers stands."""
    open_ones = Enquiry.objects.filter(
        engagement=engagement, kind=EnquiryKind.PAPERS, answered_at__isnull=True
    )
    for row in open_ones:
        row.answer = f"还差：{engagement.missing_words}"[:LONGEST]
        row.answered_at = work.now
        row.answered_by_id = work.by.person
        row.save(update_fields=["answer", "answered_at", "answered_by"])
        is_late = row.due_at is not None and work.now > row.due_at
        _record(work, demand, engagement, "engagement.answer_enquiry", late=is_late)


def _record(
    work: Work, demand: FinancingDemand, engagement: Engagement, action: str, **facts: Any
) -> None:
    work.record(
        action,
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
        **facts,
    )
