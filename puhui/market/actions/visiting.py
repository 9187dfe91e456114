"""The visit before a loan: agreed, made, reported."""

from __future__ import annotations

from datetime import datetime

from puhui.kernel.actor import BANK, Actor
from puhui.kernel.command import Refused, Work, command
from puhui.market.actions.asking import ask, close
from puhui.market.actions.breaching import take_effect
from puhui.market.actions.ending import journal
from puhui.market.clocks import Sheet, settle
from puhui.market.lifecycle import ENGAGEMENT
from puhui.market.models import Engagement, Proposal
from puhui.market.reach import lock_engagement
from puhui.market.telling import Tellings, at_words, topics
from puhui.market.terms import ClockKind, QuestionKind, Refusals
from puhui.market.timing import Timing, timing


@command(*BANK)
def start_investigation(work: Work, engagement_ref: str, visit_at: datetime, *, by: Actor) -> None:
    """Agree a visit with the applicant, or move it to another time (M010).

    Refuses NOT_FOUND, STATE, and VISIT_EMPTY for a time that has passed.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state not in ("kept", "investigating"):
        raise Refused(Refusals.STATE)
    if visit_at <= work.now:
        raise Refused(Refusals.VISIT_EMPTY)
    if engagement.state == "kept":
        change = ENGAGEMENT.move(engagement, "start_investigation", now=work.now, visit_at=visit_at)
        journal(work, demand, change, banks=(engagement.bank.ref,), visit_at=visit_at.isoformat())
    else:
        engagement.visit_at = visit_at
        engagement.save(update_fields=["visit_at"])
        work.record(
            "engagement.move_visit",
            ("engagement", engagement.ref),
            demand=demand.ref,
            topics=topics(demand, engagement.bank.ref),
            bank=engagement.bank.ref,
            visit_at=visit_at.isoformat(),
        )
    tell = Tellings.of(demand, work.now)
    at = at_words(visit_at, work.now)
    ask(work, demand, QuestionKind.VISIT_TIME, engagement, "S14", tell, 时间=at)
    tell.write()


@command(*BANK)
def report_investigation(work: Work, engagement_ref: str, *, by: Actor) -> bool:
    """Report that the visit was made; the applicant is asked. Returns whether it was in time.

    Late where the three working days have passed (M010). Refuses NOT_FOUND, STATE.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state != "investigating":
        raise Refused(Refusals.STATE)
    settle(demand, [ClockKind.INVESTIGATION_SOON], work.now, engagement=engagement)
    late = settle(demand, [ClockKind.INVESTIGATION], work.now, engagement=engagement)
    take_effect(work, [clock for clock in late if clock.breached])
    change = ENGAGEMENT.move(
        engagement, "report_investigation", now=work.now, visit_word="self_reported"
    )
    is_late = (
        any(clock.breached for clock in late)
        or engagement.clocks.filter(kind=ClockKind.INVESTIGATION, state="breached").exists()
    )
    rules = timing(work.now)
    sheet = Sheet(rules, demand)
    sheet.working_days(ClockKind.DECISION, work.now, _decision_days(engagement, rules), engagement)
    sheet.write()
    journal(work, demand, change, banks=(engagement.bank.ref,), late=is_late)
    close(work.now, QuestionKind.VISIT_TIME, engagement=engagement)
    tell = Tellings.of(demand, work.now)
    ask(work, demand, QuestionKind.VISITED, engagement, "S15", tell)
    tell.write()
    return not is_late


def _decision_days(engagement: Engagement, rules: Timing) -> int:
    """Working days to the firm answer: fewer where the public credit score decides."""
    plans = engagement.proposals.filter(kind=Proposal.Kind.PLAN, superseded_at__isnull=True)
    if plans.filter(is_scored=True).exists():
        return rules.limits.decision_scored_working_days
    return rules.limits.decision_working_days


@command(*BANK)
def record_arrival(work: Work, engagement_ref: str, *, by: Actor) -> None:
    """Stamp that the officer is at the door (到了): the database's time, no photo, no place.

    The report of the visit follows. Refuses NOT_FOUND, STATE unless a visit is agreed. Doing it
    again keeps the first time.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state != "investigating":
        raise Refused(Refusals.STATE)
    if engagement.arrived_at is not None:
        return
    engagement.arrived_at = work.now
    engagement.save(update_fields=["arrived_at"])
    work.record(
        "engagement.arrive",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
    )
