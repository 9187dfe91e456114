"""The applicant does not agree with a refusal: the bank's head looks at it again."""

from __future__ import annotations

from typing import Any

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.market import references
from puhui.market.actions.breaching import take_effect
from puhui.market.actions.claiming import direct
from puhui.market.actions.ending import is_signed
from puhui.market.clocks import Sheet, settle
from puhui.market.lifecycle import LIVE_ENGAGEMENT, OPEN_DEMAND
from puhui.market.models import Engagement, FinancingDemand, Objection, Supervision
from puhui.market.reach import engagements, lock_engagement
from puhui.market.references import next_reference
from puhui.market.telling import Tellings, topics
from puhui.market.terms import OBJECTION_ANSWERS, ClockKind, ObjectionOutcome, Refusals
from puhui.market.timing import timing
from puhui.parties import queries as parties

LONGEST_WORDS = 300


@command(Role.RESIDENT)
def open_objection(work: Work, engagement_ref: str, *, words: str = "", by: Actor) -> str:
    """Ask that a refusal be looked at again; the objection's reference.

    The bank's head answers within the county's working days (five); where a machine decided, a
    person reviews it (个人信息保护法 第24条). Once per refusal. Refuses NOT_FOUND, STATE, OBJECTED,
    WORDS_EMPTY for more than 300 characters. Source: content.md §1.9.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state != "refused":
        raise Refused(Refusals.STATE)
    if Objection.objects.filter(engagement=engagement).exists():
        raise Refused(Refusals.OBJECTED)
    if len(words) > LONGEST_WORDS:
        raise Refused(Refusals.WORDS_EMPTY)
    heads = parties.duty_holders(
        SYSTEM, Role.BANK_ADMIN, organisation_id=engagement.bank_id, now=work.now
    )
    row = Objection.objects.create(
        ref=next_reference(references.OBJECTION),
        engagement=engagement,
        words=words.strip(),
        is_against_automation=engagement.is_refusal_automated,
        answer_words="",
        opened_at=work.now,
        owner_id=heads[0].id if heads else None,
    )
    rules = timing(work.now)
    sheet = Sheet(rules, demand)
    days = rules.limits.objection_working_days
    sheet.working_days(ClockKind.OBJECTION, work.now, days, engagement)
    sheet.write()
    _record(work, "open", demand, engagement, owner=heads[0].ref if heads else "")
    tell = Tellings.of(demand, work.now)
    tell.staff(heads, "B23", 编号=demand.ref, 天=str(days))
    tell.write()
    return row.ref


@command(Role.BANK_ADMIN)
def answer_objection(
    work: Work, engagement_ref: str, outcome: str, words: str, *, by: Actor
) -> str:
    """The bank's head answers: `upheld`, or `reopened` to take the case up again; the outcome kept.

    The applicant reads the words. A case that is still open goes back to the same bank as a new
    engagement; the refusal stays in its history. Of one that has ended nothing is taken up: its
    outcome is `admitted`. Refuses NOT_FOUND, STATE, WORDS_EMPTY, ANSWER_BAD.
    """
    if outcome not in OBJECTION_ANSWERS:
        raise Refused(Refusals.ANSWER_BAD)
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise Refused(Refusals.WORDS_EMPTY)
    if not engagements(by).filter(ref=engagement_ref, objection__isnull=False).exists():
        raise Refused(NOT_FOUND)
    demand, engagement = lock_engagement(by, engagement_ref)
    row = Objection.objects.get(engagement=engagement)
    if row.answered_at is not None:
        raise Refused(Refusals.STATE)
    late = settle(demand, [ClockKind.OBJECTION], work.now, engagement=engagement)
    take_effect(work, [clock for clock in late if clock.breached])
    row.answered_at, row.answered_by_ref = work.now, by.ref
    is_over = demand.state not in OPEN_DEMAND or is_signed(demand)
    if outcome == ObjectionOutcome.REOPENED and is_over:
        outcome = str(ObjectionOutcome.ADMITTED)
    row.outcome, row.answer_words = outcome, words.strip()
    row.save()
    Supervision.objects.filter(
        engagement=engagement, kind="objection", closed_at__isnull=True
    ).update(closed_at=work.now)
    _record(work, "answer", demand, engagement, outcome=outcome)
    tell = Tellings.of(demand, work.now)
    tell.applicant("S17", 编号=demand.ref)
    tell.write()
    works = demand.engagements.filter(bank_id=engagement.bank_id, state__in=LIVE_ENGAGEMENT)
    if outcome == ObjectionOutcome.REOPENED and not works.exists():
        direct(work, demand, engagement.bank_id, timing(work.now), engagement)
    return outcome


def _record(
    work: Work, act: str, demand: FinancingDemand, engagement: Engagement, **facts: Any
) -> None:
    work.record(
        f"objection.{act}",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
        **facts,
    )
