"""The first callback: the database stamps the attempt, the officer adds its result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from puhui.kernel.actor import BANK, Actor, Role
from puhui.kernel.command import Refused, Work, command
from puhui.kernel.copying import insert_numbered
from puhui.kernel.prepared import Prepared
from puhui.kernel.writing import Change, PreparedUpdate, together, update, updating
from puhui.market import references
from puhui.market.actions.asking import ask, close_of_case
from puhui.market.actions.breaching import take_effect
from puhui.market.actions.ending import journal
from puhui.market.clocks import Sheet, settle
from puhui.market.lifecycle import ENGAGEMENT
from puhui.market.models import CallAttempt, Engagement, FinancingDemand, Supervision
from puhui.market.reach import lock_engagement
from puhui.market.telling import Tellings, at_words, topics
from puhui.market.terms import CallResult, ClockKind, QuestionKind, Refusals
from puhui.market.timing import Timing, timing

CALL_AGAIN = timedelta(minutes=30)
LONGEST_CALL_SECONDS = 7200


@dataclass(frozen=True, slots=True)
class Call:
    """A call under way. `started_at` is the database's and decides punctuality."""

    ref: str
    number: int
    started_at: datetime
    is_on_time: bool


@command(*BANK)
def start_call(work: Work, engagement_ref: str, *, by: Actor) -> Call:
    """Stamp a call attempt with the database's time (M009).

    On time when not later than the bank's callback limit, inclusive. Any attempt stops the
    five-minute clocks of this bank and of the applicant and keeps the slot; the supervision clock
    runs on until somebody is reached. Refuses NOT_FOUND, STATE.
    """
    assert by.person
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state != "claimed" and not engagement.called_back_at:
        raise Refused(Refusals.STATE)
    if engagement.ended_at or engagement.state in ("signed", "disbursed"):
        raise Refused(Refusals.STATE)
    rules = timing(work.now)
    due_at = engagement.clock_start_at + timedelta(seconds=rules.limits.callback_seconds)
    row = CallAttempt(
        engagement=engagement,
        officer_id=by.person,
        number=engagement.attempts + 1,
        started_at=work.now,
        is_on_time=work.now <= due_at,
    )
    insert_numbered(row, references.CALL)
    first = engagement.first_attempt_at is None
    _count_attempt(work, demand, engagement)
    if first:
        _stop_five_minutes(work, demand, engagement)
    work.record(
        "engagement.start_call",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
        call=row.ref,
        number=row.number,
        on_time=row.is_on_time,
    )
    return Call(row.ref, row.number, row.started_at, row.is_on_time)


def _count_attempt(work: Work, demand: FinancingDemand, engagement: Engagement) -> None:
    engagement.attempts += 1
    engagement.first_attempt_at = engagement.first_attempt_at or work.now
    counted = [updating(engagement, "attempts", "first_attempt_at")]
    if demand.first_attempt_at is None:
        demand.first_attempt_at = work.now
        counted.append(updating(demand, "first_attempt_at"))
    together(counted)


def _stop_five_minutes(work: Work, demand: FinancingDemand, engagement: Engagement) -> None:
    """The attempt meets the five-minute clocks, or shows them breached where no sweep had seen it."""
    settled = settle(
        demand,
        [ClockKind.CALLBACK_SOON, ClockKind.CALLBACK_BANK, ClockKind.SLOT_REOPEN],
        work.now,
        engagement=engagement,
        shared=[ClockKind.CALLBACK_APPLICANT],
    )
    late = [clock for clock in settled if clock.breached]
    take_effect(work, [clock for clock in late if clock.kind != ClockKind.CALLBACK_SOON])


@command(*BANK)
def record_callback(
    work: Work,
    engagement_ref: str,
    call_ref: str,
    result: str,
    *,
    duration_seconds: int = 0,
    again_at: datetime | None = None,
    by: Actor,
) -> str:
    """Add result and duration to a started call; returns the engagement's state.

    `connected` moves the engagement on, and so does the third attempt spaced as the county's rules
    ask. The applicant is asked whether it is true. Refuses NOT_FOUND, STATE, CALL_NOT_STARTED,
    CALL_RECORDED, RESULT_BAD, DURATION_BAD.
    """
    if result not in CallResult.values:
        raise Refused(Refusals.RESULT_BAD)
    if not 0 <= duration_seconds <= LONGEST_CALL_SECONDS:
        raise Refused(Refusals.DURATION_BAD)
    demand, engagement = lock_engagement(by, engagement_ref)
    call = _call_of.first(engagement.pk, call_ref)
    if call is None:
        raise Refused(Refusals.CALL_NOT_STARTED)
    if call.recorded_at is not None:
        raise Refused(Refusals.CALL_RECORDED)
    if engagement.ended_at is not None:
        raise Refused(Refusals.STATE)
    call.recorded_at, call.result, call.duration_seconds = work.now, result, duration_seconds
    update(call, "recorded_at", "result", "duration_seconds")
    rules = timing(work.now)
    if engagement.state == "claimed":
        _move_on(work, demand, engagement, result, again_at, rules)
    work.record(
        "call.record",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
        call=call.ref,
        result=result,
        duration_seconds=duration_seconds,
    )
    return engagement.state


@Prepared
def _call_of(engagement: UUID, ref: str) -> QuerySet[CallAttempt]:
    return CallAttempt.objects.filter(engagement_id=engagement, ref=ref)


def _move_on(
    work: Work,
    demand: FinancingDemand,
    engagement: Engagement,
    result: str,
    again_at: datetime | None,
    rules: Timing,
) -> None:
    tell = Tellings.of(demand, work.now)
    if result == CallResult.CONNECTED:
        _called_back(work, demand, engagement, rules, reached=True)
    elif _spaced_attempts(engagement, rules) >= rules.limits.attempts_needed:
        _called_back(work, demand, engagement, rules, reached=False)
        ask(work, demand, QuestionKind.STILL_WANTED, None, "S07", tell)
    else:
        engagement.call_again_at = again_at or work.now + CALL_AGAIN
        update(engagement, "call_again_at")
        again = at_words(engagement.call_again_at, work.now)
        ask(work, demand, QuestionKind.CALL_TIME, engagement, "S06", tell, 时间=again)
    tell.write()


def _spaced_attempts(engagement: Engagement, rules: Timing) -> int:
    """Attempts at least the county's gap apart, counted from the first."""
    gap, counted, last = timedelta(seconds=rules.limits.attempt_gap_seconds), 0, None
    for started_at in engagement.calls.order_by("number").values_list("started_at", flat=True):
        if last is None or started_at - last >= gap:
            counted, last = counted + 1, started_at
    return counted


def _called_back(
    work: Work, demand: FinancingDemand, engagement: Engagement, rules: Timing, *, reached: bool
) -> None:
    """The engagement moves on; the plan's clock starts, for a directed demand the visit's too."""
    late = settle(
        demand,
        [ClockKind.SUPERVISION_BANK],
        work.now,
        engagement=engagement,
        shared=[ClockKind.SUPERVISION_APPLICANT, ClockKind.UNCLAIMED] if reached else (),
    )
    take_effect(work, [clock for clock in late if clock.breached])
    change = ENGAGEMENT.move(
        engagement,
        "record_callback",
        now=work.now,
        called_back_at=work.now,
        callback_word="self_reported" if reached else "",
        call_again_at=None,
    )
    kind = QuestionKind.CALL_TIME.value
    ended = [close_of_case.statement(engagement.pk, kind, work.now)]
    if reached:
        ended.append(_end_supervision.statement(engagement.pk, work.now))
    together(ended)
    sheet = Sheet(rules, demand)
    sheet.working_days(ClockKind.PLAN, work.now, rules.limits.plan_working_days, engagement)
    if engagement.is_directed:
        start_investigation_clock(sheet, engagement, work.now)
    sheet.write()
    journal(work, demand, change, banks=(engagement.bank.ref,), reached=reached)
    if reached:
        tell = Tellings.of(demand, work.now)
        ask(work, demand, QuestionKind.CALLED, engagement, "S08", tell)
        tell.write()


@PreparedUpdate
def _end_supervision(engagement: UUID, now: datetime) -> Change:
    open_ = Supervision.objects.filter(
        engagement_id=engagement, kind="first_callback", closed_at__isnull=True
    )
    return open_, {"closed_at": now}


def start_investigation_clock(sheet: Sheet, engagement: Engagement, at: datetime) -> None:
    """Three working days from the plan kept; of a directed demand from the first call, at the
    latest from that call's limit, so lateness wins nothing (M010). The bank is reminded a day ahead.
    """
    limits, start = sheet.timing.limits, at
    if engagement.is_directed:
        latest = engagement.clock_start_at + timedelta(seconds=limits.callback_seconds)
        start = min(at, latest)
    days = limits.investigation_working_days
    sheet.working_days(ClockKind.INVESTIGATION, start, days, engagement)
    if days > 1:
        sheet.working_days(ClockKind.INVESTIGATION_SOON, start, days - 1, engagement)


@command(*BANK)
def set_call_again(work: Work, engagement_ref: str, again_at: datetime, *, by: Actor) -> None:
    """Note when the applicant wants to be called again. Refuses NOT_FOUND, STATE."""
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state not in ("claimed", "called_back") or again_at <= work.now:
        raise Refused(Refusals.STATE)
    engagement.call_again_at = again_at
    update(engagement, "call_again_at")
    work.record(
        "engagement.set_call_again",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
    )


@command(Role.RESIDENT)
def ask_to_call_family(work: Work, engagement_ref: str, *, by: Actor) -> None:
    """Ask a bank that did not get through to phone the relative whom the applicant named (W8).

    The bank's officers on duty are told; they see the relative with the contact data. Refuses
    NOT_FOUND, STATE once somebody was reached or where no relative has agreed.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    relative = demand.relative or {}
    if engagement.state != "claimed" or not relative.get("agreed"):
        raise Refused(Refusals.STATE)
    work.record(
        "engagement.ask_to_call_family",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
    )
    tell = Tellings.of(demand, work.now)
    tell.duty_officers(engagement.bank_id, "B26", 编号=demand.ref, 号=demand.contact_code)
    tell.write()
