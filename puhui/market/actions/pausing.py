"""Waiting for the customer (等客户): asked by the bank, counted only while the applicant agrees."""

from __future__ import annotations

from typing import Any

from puhui.kernel.actor import BANK, Actor, Role
from puhui.kernel.calendar import UnknownYear
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused, Work, command
from puhui.market.actions.asking import ask, close
from puhui.market.clocks import Sheet
from puhui.market.models import Clock, CustomerPause, Engagement, FinancingDemand
from puhui.market.reach import lock_engagement
from puhui.market.telling import Tellings, topics
from puhui.market.terms import ClockKind, QuestionKind, Refusals
from puhui.market.timing import timing

MAY_PAUSE = (
    "called_back",
    "planned",
    "kept",
    "investigating",
    "investigated",
    "offered",
    "accepted",
)
ASKED_IN_VAIN = 3


@command(*BANK)
def pause(work: Work, engagement_ref: str, words: str, *, by: Actor) -> None:
    """Ask for a pause: the bank waits for its customer, who is asked whether that is so.

    `words` say what for, at most 200 characters. Nothing stops before the applicant's yes; then the
    long-pending days stand still until either side ends the pause. Who did not say yes is not asked
    again the same day, and after ASKED_IN_VAIN times without a yes not at all. Refuses NOT_FOUND,
    STATE, WORDS_EMPTY, PAUSE_OPEN, PAUSE_TODAY, PAUSE_IN_VAIN. Source: domain.md §2a, clock "long
    pending".
    """
    if not words.strip() or len(words) > 200:
        raise Refused(Refusals.WORDS_EMPTY)
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state not in MAY_PAUSE:
        raise Refused(Refusals.STATE)
    if engagement.pauses.filter(ended_at__isnull=True).exists():
        raise Refused(Refusals.PAUSE_OPEN)
    _refuse_nagging(work, engagement)
    CustomerPause.objects.create(
        engagement=engagement, words=words.strip(), asked_at=work.now, asked_by_ref=by.ref
    )
    _record(work, "pause", demand, engagement)
    tell = Tellings.of(demand, work.now)
    ask(work, demand, QuestionKind.PAUSE, engagement, "S31", tell)
    tell.write()


def _refuse_nagging(work: Work, engagement: Engagement) -> None:
    """One question a day, and no more of them than ASKED_IN_VAIN since the last yes."""
    in_vain = []
    for asked_at, confirmed_at in engagement.pauses.order_by("-asked_at", "-id").values_list(
        "asked_at", "confirmed_at"
    ):
        if confirmed_at is not None:
            break
        in_vain.append(asked_at)
    if len(in_vain) >= ASKED_IN_VAIN:
        raise Refused(Refusals.PAUSE_IN_VAIN, n=ASKED_IN_VAIN)
    if in_vain and local_date(in_vain[0]) == local_date(work.now):
        raise Refused(Refusals.PAUSE_TODAY)


@command(*BANK)
def resume(work: Work, engagement_ref: str, *, by: Actor) -> None:
    """End a pause, asked for or confirmed; the long-pending days go on. Refuses NOT_FOUND, STATE."""
    demand, engagement = lock_engagement(by, engagement_ref)
    if not end_pause(work, demand, engagement, "bank"):
        raise Refused(Refusals.STATE)


@command(Role.RESIDENT)
def say_ready(work: Work, engagement_ref: str, *, by: Actor) -> None:
    """The applicant ends a pause: the bank is told, the days go on. Refuses NOT_FOUND, STATE."""
    demand, engagement = lock_engagement(by, engagement_ref)
    if not end_pause(work, demand, engagement, "applicant"):
        raise Refused(Refusals.STATE)
    tell = Tellings.of(demand, work.now)
    tell.duty_officers(engagement.bank_id, "B21", 编号=demand.ref)
    tell.write()


def confirm_pause(work: Work, demand: FinancingDemand, engagement: Engagement) -> None:
    """The applicant's yes: from now on the long-pending days stand still."""
    row = engagement.pauses.filter(ended_at__isnull=True, confirmed_at__isnull=True).first()
    if row is None:
        return
    row.confirmed_at = work.now
    row.left_working_days = _stop_long_pending(work, engagement)
    row.save(update_fields=["confirmed_at", "left_working_days"])
    _record(work, "confirm_pause", demand, engagement)


def _stop_long_pending(work: Work, engagement: Engagement) -> int | None:
    """Stop the clock and say how many working days it had left; None where it no longer runs."""
    running = engagement.clocks.filter(kind=ClockKind.LONG_PENDING, state="running")
    clock = running.exclude(due_at__lt=work.now).first()
    if clock is None:
        return None
    rules = timing(work.now)
    left = clock.working_days or 0
    if clock.due_at is not None:
        try:
            today, last = local_date(work.now), local_date(clock.due_at)
            left = rules.calendar.working_days_between(today, last)
        except UnknownYear:
            left = 0
    elif gone := rules.working_day_of(clock.started_at):
        left = max(0, left - gone)  # its year's table is missing; what has passed has passed
    running.filter(pk=clock.pk).update(state=Clock.State.STOPPED, settled_at=work.now)
    return left


def end_pause(work: Work, demand: FinancingDemand, engagement: Engagement, ended_by: str) -> bool:
    """End the open pause of a locked demand's engagement, if there is one; whether there was.

    Its days go on from here unless the engagement itself has ended (`system`).
    """
    row = engagement.pauses.filter(ended_at__isnull=True).first()
    if row is None:
        return False
    row.ended_at, row.ended_by = work.now, ended_by
    row.save(update_fields=["ended_at", "ended_by"])
    close(work.now, QuestionKind.PAUSE, engagement=engagement)
    if row.left_working_days is not None and ended_by != "system":
        sheet = Sheet(timing(work.now), demand)
        sheet.working_days(ClockKind.LONG_PENDING, work.now, row.left_working_days, engagement)
        sheet.write()
    if ended_by != "system":
        _record(work, "resume", demand, engagement, ended_by=ended_by)
    return True


def _record(
    work: Work, act: str, demand: FinancingDemand, engagement: Engagement, **facts: Any
) -> None:
    work.record(
        f"engagement.{act}",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
        **facts,
    )
