"""What a missed deadline does. The sweeper and a late action take the same path."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import connection
from django.db.models import F

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Work, command
from puhui.market import references
from puhui.market.actions.asking import ask
from puhui.market.actions.claiming import direct_due
from puhui.market.actions.ending import (
    after_engagement_ended,
    end_demand,
    end_engagement,
    journal,
    open_follow_up,
)
from puhui.market.clocks import Settled
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import (
    Clock,
    Engagement,
    FinancingDemand,
    Supervision,
    SupervisionStep,
)
from puhui.market.references import next_reference
from puhui.market.telling import Tellings, announce, at_words, case_words, topics
from puhui.market.terms import ClockKind, QuestionKind
from puhui.market.timing import timing
from puhui.parties import queries as parties

BATCH = 25

FIND = """
SELECT DISTINCT ON (c.demand_id) c.demand_id
FROM (SELECT demand_id FROM market_clock
      WHERE state = 'running' AND due_at < clock_timestamp() ORDER BY due_at LIMIT %s) c
"""
BREACH = """
UPDATE market_clock SET state = 'breached', settled_at = due_at, found_at = %(now)s
WHERE demand_id = ANY(%(demands)s) AND state = 'running' AND due_at < %(now)s
RETURNING id, kind, engagement_id
"""


@command(Role.SYSTEM)
def breach_due(work: Work, *, by: Actor = SYSTEM) -> int:
    """Breach clocks whose time has passed, each with its effect, in one transaction; how many.

    Sweepers share the work by locking demands with SKIP LOCKED; a demand that somebody is changing
    right now is left to the next round. Breach time is due time, even when found late.
    """
    with connection.cursor() as cursor:
        cursor.execute(FIND, [BATCH * 4])
        found = [row[0] for row in cursor.fetchall()][:BATCH]
        if not found:
            return 0
        cursor.execute(
            "SELECT id FROM market_financingdemand WHERE id = ANY(%s) FOR UPDATE SKIP LOCKED",
            [found],
        )
        locked = [row[0] for row in cursor.fetchall()]
        cursor.execute(BREACH, {"now": work.now, "demands": locked})
        rows = [Settled(row[0], ClockKind(row[1]), row[2], True) for row in cursor.fetchall()]
    take_effect(work, rows)
    return len(rows)


@command(Role.SYSTEM)
def breach_of(work: Work, demand_ref: str, *, by: Actor = SYSTEM) -> int:
    """Breach what is due of one demand at the time of the command; used when history is entered."""
    demand = FinancingDemand.objects.select_for_update().get(ref=demand_ref)
    with connection.cursor() as cursor:
        cursor.execute(BREACH, {"now": work.now, "demands": [demand.pk]})
        rows = [Settled(row[0], ClockKind(row[1]), row[2], True) for row in cursor.fetchall()]
    take_effect(work, rows)
    return len(rows)


def take_effect(work: Work, breached: Iterable[Settled]) -> None:
    """Do what each missed deadline does, in the order of their due times."""
    ids = [clock.id for clock in breached]
    if not ids:
        return
    rows = Clock.objects.filter(pk__in=ids).select_related(
        "demand__resident", "demand__township", "engagement__bank"
    )
    held: dict[object, FinancingDemand] = {}
    for clock in rows.order_by("due_at", "id"):
        demand = held.setdefault(clock.demand_id, clock.demand)
        demand.refresh_from_db(fields=["state", "live", "refusals", "first_claimed_at"])
        if clock.engagement is not None:
            clock.engagement.refresh_from_db(fields=["state", "holds_slot", "first_attempt_at"])
            clock.engagement.demand = demand
        work.record(
            "clock.breach",
            ("engagement" if clock.engagement else "demand", _ref(clock, demand)),
            demand=demand.ref,
            topics=topics(demand, *_banks(clock.engagement)),
            clock=clock.kind,
            due_at=clock.due_at.isoformat() if clock.due_at else "",
            bank=clock.engagement.bank.ref if clock.engagement else "",
        )
        EFFECTS[ClockKind(clock.kind)](work, clock, demand, clock.engagement)


def _ref(clock: Clock, demand: FinancingDemand) -> str:
    return clock.engagement.ref if clock.engagement else demand.ref


def _banks(engagement: Engagement | None) -> tuple[str, ...]:
    return (engagement.bank.ref,) if engagement else ()


Effect = Callable[[Work, Clock, FinancingDemand, Engagement | None], None]


def _note_only(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """The breach itself is the record: bulletin and lists read it."""


def _bank_late(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """The bank's own five minutes: `callback_late`, recorded against that bank."""
    if engagement is None:
        return
    Engagement.objects.filter(pk=engagement.pk).update(callback_late=True)
    if engagement.first_attempt_at is None:
        announce(
            "engagement.overdue",
            demand,
            [engagement.bank_id],
            work.now,
            engagement=engagement.ref,
            clock=clock.kind,
        )


def _supervise_bank(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is not None and engagement.state == "claimed":
        open_supervision(work, clock, demand, engagement, "first_callback")


def _supervise_applicant(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """Ten minutes after publication: every bank that holds the case and reached nobody (M011)."""
    waiting = demand.engagements.filter(state="claimed").select_related("bank")
    for one in waiting:
        one.demand = demand
        open_supervision(work, clock, demand, one, "first_callback")


def open_supervision(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement, kind: str
) -> Supervision | None:
    """Open a supervision record once per engagement and kind; tell officer, head and applicant."""
    if Supervision.objects.filter(demand=demand, engagement=engagement, kind=kind).exists():
        return None
    limits = timing(work.now).limits
    row = Supervision.objects.create(
        ref=next_reference(references.SUPERVISION),
        clock=clock,
        demand=demand,
        engagement=engagement,
        bank_id=engagement.bank_id,
        kind=kind,
        opened_at=work.now,
        answer_due_at=work.now + timedelta(seconds=limits.supervision_answer_seconds),
    )
    _tell_supervision(work, row, demand, engagement)
    work.record(
        "supervision.open",
        ("supervision", row.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
        engagement=engagement.ref,
        clock=clock.kind,
        due_at=clock.due_at.isoformat() if clock.due_at else "",
    )
    return row


def _tell_supervision(
    work: Work, row: Supervision, demand: FinancingDemand, engagement: Engagement
) -> None:
    tell, bank = Tellings.of(demand, work.now), engagement.bank_id
    officers = parties.officers_on_duty(SYSTEM, bank, work.now)
    heads = parties.duty_holders(SYSTEM, Role.BANK_ADMIN, organisation_id=bank, now=work.now)
    if row.kind == "first_callback":
        tell.staff(officers, "B04", 编号=demand.ref)
        nth = Supervision.objects.filter(
            bank_id=bank, opened_at__gte=work.now - timedelta(hours=24), kind=row.kind
        ).count()
        tell.staff(heads, "B05", 编号=demand.ref, 笔=str(nth))
        if demand.first_attempt_at is None:
            tell.applicant("S09", 编号=demand.ref)
    else:
        tell.staff([*officers, *heads], "B12", 编号=demand.ref)
    SupervisionStep.objects.bulk_create(
        SupervisionStep(
            supervision=row,
            at=work.now,
            kind=kind,
            by_ref="system",
            to_ref=one.ref,
            channel="inbox_and_text",
        )
        for kind, people in (("told_officer", officers), ("told_head", heads))
        for one in people
    )
    announce(
        "engagement.overdue",
        demand,
        [bank],
        work.now,
        engagement=engagement.ref,
        supervision=row.ref,
        clock=row.kind,
    )
    tell.write()
    if demand.directed_bank_id is not None and row.kind == "first_callback":
        question = Tellings.of(demand, work.now)
        ask(work, demand, QuestionKind.OPEN_TO_ALL, engagement, "S11", question)
        question.write()


def _reopen_slot(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """Ten minutes without an attempt: the slot goes back; the bank may still call, late."""
    if engagement is None or engagement.first_attempt_at is not None or not engagement.holds_slot:
        return
    Engagement.objects.filter(pk=engagement.pk, holds_slot=True).update(
        holds_slot=False, slot_reopened_at=work.now
    )
    FinancingDemand.objects.filter(pk=demand.pk).update(live=F("live") - 1)
    demand.live -= 1
    heard = topics(demand, engagement.bank.ref)
    work.record(
        "engagement.reopen_slot",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=("banks", *heard) if demand.directed_bank_id is None else heard,
        bank=engagement.bank.ref,
        slots_left=demand.slots - demand.live,
    )
    tell = Tellings.of(demand, work.now)
    tell.duty_officers(engagement.bank_id, "B07", 编号=demand.ref)
    tell.write()


def _nobody_claims(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """An owner at county and township today; the responsible bank is asked; banks pushed again."""
    if demand.live > 0 or demand.state not in ("published", "in_progress"):
        return
    if open_follow_up(work, demand, "unclaimed") is None:
        return
    tell = Tellings.of(demand, work.now)
    county = parties.duty_holders(SYSTEM, Role.COUNTY_SUPERVISOR, now=work.now)
    tell.applicant("S10", 姓=county[0].surname if county else "")
    tell.township("T01", 地=demand.township.short_name, 编号=demand.ref)
    responsible = parties.responsible_bank(SYSTEM, demand.village_id)
    if responsible is not None:
        tell.duty_officers(responsible.id, "B01", **_pushed_again(demand))
    tell.write()
    announce(
        "demand.published",
        demand,
        [bank.id for bank in parties.banks(SYSTEM)],
        work.now,
        again=True,
    )


def _pushed_again(demand: FinancingDemand) -> dict[str, str]:
    return {"名额": str(demand.slots - demand.live), **case_words(demand)}


def _nobody_chose(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """Twenty-four hours without a choice: a person phones the applicant (content.md K8)."""
    if demand.engagements.filter(state="planned").exists():
        open_follow_up(work, demand, "choice")


def _investigation_late(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is not None and engagement.state in LIVE_ENGAGEMENT:
        open_supervision(work, clock, demand, engagement, "investigation")


def _remind_call(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is not None and engagement.first_attempt_at is None:
        tell = Tellings.of(demand, work.now)
        tell.duty_officers(engagement.bank_id, "B03", 编号=demand.ref, 号=demand.contact_code)
        tell.write()


def _remind_visit(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is not None and engagement.state in ("kept", "investigating"):
        tell = Tellings.of(demand, work.now)
        tell.duty_officers(engagement.bank_id, "B08", 编号=demand.ref)
        tell.write()


def _remind_choice(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    last = demand.clocks.filter(kind=ClockKind.CHOICE, state="running").order_by("due_at").first()
    if last is not None and last.due_at is not None:
        tell = Tellings.of(demand, work.now)
        tell.applicant("S13", 编号=demand.ref, 时间=at_words(last.due_at, work.now))
        tell.write()


def _lapse(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is None or engagement.state not in ("offered", "accepted"):
        return
    change = end_engagement(work, demand, engagement, "lapse")
    journal(work, demand, change, banks=(engagement.bank.ref,))
    after_engagement_ended(work, demand)


def _long_pending(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is not None:
        Engagement.objects.filter(pk=engagement.pk).update(long_pending_since=clock.due_at)


def _expire(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """Thirty days: expired without any engagement ever, unmet with some; a live one is let finish."""
    if demand.state not in ("published", "in_progress"):
        return
    if demand.engagements.filter(state__in=LIVE_ENGAGEMENT).exists():
        return
    had_engagements = demand.engagements.exists()
    move = "give_up" if had_engagements else "expire"
    end_demand(work, demand, move, reason=f"{move}_at_expiry")
    if had_engagements:
        open_follow_up(work, demand, "unmet")
    tell = Tellings.of(demand, work.now)
    ask(work, demand, QuestionKind.ASK_AGAIN, None, "S22", tell)
    tell.write()


def _direct_at_opening(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    direct_due(demand.ref, by=SYSTEM)


def _void_draft(
    work: Work, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """A helper's draft that its applicant never confirmed goes out to nobody (content.md §1.11)."""
    if demand.state == "draft":
        demand.questions.all().delete()
        demand.clocks.all().delete()
        demand.delete()


EFFECTS: dict[ClockKind, Effect] = {
    ClockKind.DIRECTION: _direct_at_opening,
    ClockKind.CALLBACK_SOON: _remind_call,
    ClockKind.CHOICE_SOON: _remind_choice,
    ClockKind.INVESTIGATION_SOON: _remind_visit,
    ClockKind.CALLBACK_APPLICANT: _note_only,
    ClockKind.SUPERVISION_APPLICANT: _supervise_applicant,
    ClockKind.CALLBACK_BANK: _bank_late,
    ClockKind.SUPERVISION_BANK: _supervise_bank,
    ClockKind.SLOT_REOPEN: _reopen_slot,
    ClockKind.UNCLAIMED: _nobody_claims,
    ClockKind.PLAN: _note_only,
    ClockKind.CHOICE: _nobody_chose,
    ClockKind.INVESTIGATION: _investigation_late,
    ClockKind.DECISION: _note_only,
    ClockKind.OFFER_VALIDITY: _lapse,
    ClockKind.SIGNING: _lapse,
    ClockKind.DATA_RETURN: _note_only,
    ClockKind.LONG_PENDING: _long_pending,
    ClockKind.EXPIRY: _expire,
    ClockKind.CONFIRMATION: _void_draft,
}


@command(Role.SYSTEM)
def fill_awaiting(work: Work, *, by: Actor = SYSTEM) -> int:
    """Give a due time to clocks that waited for a calendar; called when a year is loaded."""
    rules, filled = timing(work.now), 0
    waiting = Clock.objects.select_for_update().filter(state="running", due_at__isnull=True)
    for clock in waiting.order_by("id"):
        due_at = rules.end_of_working_day(clock.started_at, clock.working_days or 0)
        if due_at is not None:
            Clock.objects.filter(pk=clock.pk, state="running").update(
                due_at=due_at, working_days=None
            )
            filled += 1
    if filled:
        work.record("clock.fill_awaiting", ("calendar", "working_days"), filled=filled)
    return filled
