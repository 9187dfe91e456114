"""A bank takes a demand, or is given a directed one; it may hand it back before a plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from puhui.kernel.actor import BANK, SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.kernel.crypto import new_id
from puhui.market import references
from puhui.market.actions.asking import ask
from puhui.market.actions.ending import after_engagement_ended, end_engagement, journal
from puhui.market.actions.recording import record_unseen
from puhui.market.clocks import Sheet, settle
from puhui.market.lifecycle import DEMAND, ENGAGEMENT, OPEN_DEMAND
from puhui.market.models import Clock, Engagement, FinancingDemand
from puhui.market.reach import demand_of, lock_engagement
from puhui.market.references import next_reference
from puhui.market.telling import Tellings, announce, case_words
from puhui.market.terms import Claimed, ClockKind, QuestionKind, Refusals
from puhui.market.timing import Timing, timing
from puhui.parties import queries as parties

REMIND_SECONDS = 120
"""How long before the callback limit the officer is reminded (content.md B03)."""

TAKE_SLOT = """
UPDATE market_financingdemand d SET live = live + 1, state = 'in_progress',
    state_since = CASE WHEN state = 'published' THEN %(now)s ELSE state_since END,
    first_claimed_at = COALESCE(first_claimed_at, %(now)s)
WHERE ref = %(ref)s AND state = ANY(%(open)s) AND live < slots AND directed_bank_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM market_engagement e
                  WHERE e.demand_id = d.id AND e.bank_id = %(bank)s AND e.state <> 'released')
RETURNING id, nextval('market_engagement_ref'::regclass)::text
"""
MAY_CLAIM = """
SELECT (SELECT s.id FROM parties_staff s JOIN parties_rostershift r ON r.staff_id = s.id
        WHERE s.organisation_id = %(bank)s AND s.ref = %(officer)s AND s.is_active
          AND r.organisation_id = %(bank)s AND r.starts_at <= %(now)s AND r.ends_at > %(now)s LIMIT 1),
       (SELECT count(DISTINCT staff_id) FROM parties_rostershift
        WHERE organisation_id = %(bank)s AND starts_at <= %(now)s AND ends_at > %(now)s),
       (SELECT count(*) FROM market_engagement
        WHERE bank_id = %(bank)s AND state = 'claimed' AND first_attempt_at IS NULL AND NOT is_directed),
       (SELECT sms_name FROM parties_organisation WHERE id = %(bank)s)
"""


@command(*BANK)
def claim(work: Work, demand_ref: str, *, officer: str = "", by: Actor) -> Claimed:
    """Take an undirected demand while slots are free, naming an officer on duty (M007, B1).

    `officer` is a staff reference; empty: the actor. The bank's clocks start at the claim, in duty
    hours and not before the time that the applicant asked for. Refuses NOT_FOUND, NOT_OPEN,
    SLOTS_FULL, ALREADY_ENGAGED, NOT_ON_DUTY, TOO_MANY_UNCALLED.
    """
    assert by.organisation
    rules, bank = timing(work.now), by.organisation
    officer_id, sms_name = _officer_for_claim(work, bank, officer or by.ref, rules)
    demand, ref = _take_slot(work, demand_ref, bank)
    engagement = _engagement(work, demand, ref, bank, officer_id, rules)
    record_unseen(work, demand, settle(demand, [ClockKind.UNCLAIMED], work.now))
    claimed = _after_engaging(work, demand, engagement, by.organisation_ref, "claim", rules)
    tell = Tellings.of(demand, work.now)
    tell.applicant("S05", 行=sms_name, 号=demand.contact_code)
    tell.write()
    return claimed


def _officer_for_claim(work: Work, bank: UUID, officer: str, rules: Timing) -> tuple[UUID, str]:
    """The officer on duty who will call, and the bank's short name. The bank's claims queue here,
    so its limit is exact."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 513))", [str(bank)])
        cursor.execute(MAY_CLAIM, {"bank": bank, "officer": officer, "now": work.now})
        officer_id, on_duty, uncalled, sms_name = cursor.fetchone()
    if officer_id is None:
        raise Refused(Refusals.NOT_ON_DUTY)
    if uncalled >= rules.limits.uncalled_per_officer * on_duty:
        raise Refused(Refusals.TOO_MANY_UNCALLED, n=uncalled)
    return UUID(str(officer_id)), sms_name


def _take_slot(work: Work, demand_ref: str, bank: UUID) -> tuple[FinancingDemand, str]:
    """One guarded statement settles the race for a slot, and numbers who won it; its row lock
    guards what follows."""
    facts: dict[str, Any] = {
        "ref": demand_ref,
        "now": work.now,
        "bank": bank,
        "open": list(OPEN_DEMAND),
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE_SLOT, facts)
        taken = cursor.fetchone()
    if taken is None:
        raise _why_not(demand_ref, bank)
    return demand_of(taken[0])[0], taken[1]


def _why_not(demand_ref: str, bank: UUID) -> Refused:
    demand = FinancingDemand.objects.filter(ref=demand_ref).exclude(state="draft").first()
    if demand is None or demand.directed_bank_id not in (None, bank):
        return Refused(NOT_FOUND)
    if demand.engagements.filter(bank_id=bank).exclude(state="released").exists():
        return Refused(Refusals.ALREADY_ENGAGED)
    if demand.state not in OPEN_DEMAND:
        return Refused(Refusals.NOT_OPEN)
    return Refused(Refusals.SLOTS_FULL)


def _engagement(
    work: Work,
    demand: FinancingDemand,
    ref: str,
    bank: UUID,
    officer: UUID | None,
    rules: Timing,
    **how: Any,
) -> Engagement:
    """An engagement that begins now, not stored yet."""
    assert demand.clock_start_at
    start = rules.clock_start(work.now, "now")
    return Engagement(
        id=new_id(),
        ref=ref,
        demand=demand,
        bank_id=bank,
        officer_id=officer,
        state="claimed",
        state_since=work.now,
        holds_slot=True,
        claimed_at=work.now,
        clock_start_at=max(start, demand.clock_start_at),
        **how,
    )


def _after_engaging(
    work: Work,
    demand: FinancingDemand,
    engagement: Engagement,
    bank_ref: str,
    move: str,
    rules: Timing,
) -> Claimed:
    """Store the engagement with its clocks; a second live one of the bank the database refuses."""
    try:
        due_at = _start_bank_clocks(work, demand, engagement, rules)
    except IntegrityError as error:
        if "engagement_one_live_per_bank" in str(error.__cause__):
            raise Refused(Refusals.ALREADY_ENGAGED) from None
        raise
    journal(
        work,
        demand,
        ENGAGEMENT.created(engagement, move),
        banks=(bank_ref,),
        slots_left=demand.slots - demand.live,
    )
    return Claimed(
        engagement=engagement.pk,
        engagement_ref=engagement.ref,
        demand_ref=demand.ref,
        contact_code=demand.contact_code,
        clock_start_at=engagement.clock_start_at,
        callback_due_at=due_at,
    )


def _start_bank_clocks(
    work: Work, demand: FinancingDemand, engagement: Engagement, rules: Timing
) -> datetime:
    """The new engagement's row with the bank's own clocks. Never the applicant's: those run from
    publication (content.md K1, K2)."""
    start, limits, sheet = engagement.clock_start_at, rules.limits, Sheet(rules, demand)
    due_at = sheet.seconds(ClockKind.CALLBACK_BANK, start, limits.callback_seconds, engagement)
    if limits.callback_seconds > REMIND_SECONDS:
        soon = limits.callback_seconds - REMIND_SECONDS
        sheet.seconds(ClockKind.CALLBACK_SOON, start, soon, engagement)
    sheet.seconds(ClockKind.SUPERVISION_BANK, start, limits.supervision_seconds, engagement)
    sheet.seconds(ClockKind.SLOT_REOPEN, start, limits.slot_reopen_seconds, engagement)
    days = (
        limits.long_pending_mortgage_working_days
        if {"house", "land"} & set(demand.securities)
        else limits.long_pending_working_days
    )
    sheet.working_days(ClockKind.LONG_PENDING, work.now, days, engagement)
    sheet.write(engagement)
    return due_at


def direct(
    work: Work,
    demand: FinancingDemand,
    bank: UUID,
    rules: Timing,
    reassigned_from: Engagement | None = None,
) -> Claimed:
    """Give a demand to one bank: its engagement, its clocks, its officers told (M006).

    The caller holds the demand's lock.
    """
    live, slots = demand.live + 1, max(demand.slots, demand.live + 1)
    if demand.state == "published":
        change = DEMAND.move(
            demand,
            "first_engagement",
            now=work.now,
            live=live,
            slots=slots,
            first_claimed_at=demand.first_claimed_at or work.now,
        )
        journal(work, demand, change)
    else:
        FinancingDemand.objects.filter(pk=demand.pk).update(live=live, slots=slots)
        demand.live, demand.slots = live, slots
    officers = parties.officers_on_duty(SYSTEM, bank, work.now)
    officer = officers[0].id if officers else None
    engagement = _engagement(
        work,
        demand,
        next_reference(references.ENGAGEMENT),
        bank,
        officer,
        rules,
        is_directed=demand.directed_bank_id is not None,
        reassigned_from=reassigned_from,
    )
    bank_ref = engagement.bank.ref
    claimed = _after_engaging(work, demand, engagement, bank_ref, "direct", rules)
    tell = Tellings.of(demand, work.now)
    tell.staff(officers, "B02", **case_words(demand))
    tell.write()
    announce("engagement.directed", demand, [bank], work.now, engagement=engagement.ref, officer="")
    return claimed


def restart_callback_clocks(work: Work, demand: FinancingDemand, call_wish: str) -> datetime:
    """Move every callback clock that still runs to the time that the applicant now asks for."""
    rules = timing(work.now)
    start = rules.clock_start(work.now, call_wish)
    demand.call_wish, demand.clock_start_at = call_wish, start
    demand.save(update_fields=["call_wish", "clock_start_at"])
    seconds = {
        ClockKind.CALLBACK_APPLICANT: rules.limits.callback_seconds,
        ClockKind.SUPERVISION_APPLICANT: rules.limits.supervision_seconds,
        ClockKind.UNCLAIMED: rules.limits.unclaimed_seconds,
        ClockKind.CALLBACK_BANK: rules.limits.callback_seconds,
        ClockKind.CALLBACK_SOON: max(0, rules.limits.callback_seconds - REMIND_SECONDS),
        ClockKind.SUPERVISION_BANK: rules.limits.supervision_seconds,
        ClockKind.SLOT_REOPEN: rules.limits.slot_reopen_seconds,
    }
    sheet = Sheet(rules, demand)
    running = Clock.objects.filter(
        demand=demand, state="running", kind__in=list(seconds), due_at__gte=work.now
    ).select_related("engagement")
    moved = [(ClockKind(clock.kind), clock.engagement) for clock in running]
    running.update(state="stopped", settled_at=work.now)
    for kind, engagement in moved:
        sheet.seconds(kind, start, seconds[kind], engagement)
    sheet.write()
    Clock.objects.filter(demand=demand, state="running", kind=ClockKind.DIRECTION).update(
        due_at=start
    )
    Engagement.objects.filter(demand=demand, state="claimed", first_attempt_at__isnull=True).update(
        clock_start_at=start
    )
    work.record(
        "financing_demand.change_call_time",
        ("demand", demand.ref),
        demand=demand.ref,
        topics=("banks", "county", f"township:{demand.township_id}", f"demand:{demand.ref}"),
        call_wish=call_wish,
    )
    return start


@command(*BANK)
def release(work: Work, engagement_ref: str, reason: str, *, by: Actor) -> None:
    """Hand a demand back before a plan, with a reason; no penalty. Refuses NOT_FOUND, STATE.

    Who asked this bank alone and heard nothing of it is asked whether others may see the demand.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    if not reason.strip() or len(reason) > 200:
        raise Refused(Refusals.WORDS_EMPTY)
    if engagement.state not in ("claimed", "called_back"):
        raise Refused(Refusals.STATE)
    release_engagement(work, demand, engagement, reason.strip())
    after_engagement_ended(work, demand)
    if demand.directed_bank_id == engagement.bank_id and engagement.called_back_at is None:
        tell = Tellings.of(demand, work.now)
        ask(work, demand, QuestionKind.OPEN_TO_ALL, engagement, "S11", tell)
        tell.write()


def release_engagement(
    work: Work, demand: FinancingDemand, engagement: Engagement, reason: str
) -> None:
    """Release an engagement of a locked demand and tell its bank's webhook."""
    change = end_engagement(work, demand, engagement, "release", release_reason=reason)
    journal(work, demand, change, banks=(engagement.bank.ref,))
    announce(
        "engagement.released", demand, [engagement.bank_id], work.now, engagement=engagement.ref
    )


@command(Role.SYSTEM)
def direct_due(work: Work, demand_ref: str, *, by: Actor = SYSTEM) -> None:
    """Give a directed demand of the night to its bank at the opening of duty hours."""
    demand = (
        FinancingDemand.objects.select_for_update(of=("self",))
        .select_related("resident", "township", "directed_bank")
        .get(ref=demand_ref)
    )
    if demand.state != "published" or demand.engagements.exists():
        return
    if demand.directed_bank is not None and demand.directed_bank.is_active:
        direct(work, demand, demand.directed_bank.pk, timing(work.now))
