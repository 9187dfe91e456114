"""What each missed deadline does, kind by kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from puhui.kernel.actor import SYSTEM, Role
from puhui.market.actions.asking import ask
from puhui.market.actions.claiming import direct_due
from puhui.market.actions.ending import (
    after_engagement_ended,
    end_demand,
    end_engagement,
    is_signed,
    journal,
    open_follow_up,
)
from puhui.market.actions.helping import void
from puhui.market.actions.rounds import Round
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import (
    Clock,
    Engagement,
    FinancingDemand,
    Supervision,
    SupervisionStep,
)
from puhui.market.telling import at_words, case_words, topics
from puhui.market.terms import ClockKind, HelpState, QuestionKind
from puhui.parties import queries as parties

Effect = Callable[[Round, Clock, FinancingDemand, Engagement | None], None]


def _note_only(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """The breach itself is the record: bulletin and lists read it."""


def _bank_late(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """The bank's own five minutes: `callback_late`, recorded against that bank."""
    if engagement is None:
        return
    here.late.append(engagement.pk)
    if engagement.first_attempt_at is None:
        here.announce(
            "engagement.overdue",
            demand,
            [engagement.bank_id],
            engagement=engagement.ref,
            clock=clock.kind,
        )


def _supervise_bank(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is not None and engagement.state == "claimed":
        open_supervision(here, clock, demand, engagement, "first_callback")


def _supervise_applicant(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """Ten minutes after publication: every bank that holds the case and reached nobody (M011)."""
    for one in here.claimed(demand):
        open_supervision(here, clock, demand, one, "first_callback")


def open_supervision(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement, kind: str
) -> None:
    """Open a supervision record once per engagement and kind; tell officer, head and applicant."""
    if (demand.pk, engagement.pk, kind) in here.supervised:
        return
    here.supervised.add((demand.pk, engagement.pk, kind))
    work = here.work
    row = Supervision(
        ref=next(here.supervision_references),
        clock=clock,
        demand=demand,
        engagement=engagement,
        bank_id=engagement.bank_id,
        kind=kind,
        opened_at=work.now,
        answer_due_at=work.now + timedelta(seconds=here.rules.limits.supervision_answer_seconds),
    )
    here.supervisions.append(row)
    _tell_supervision(here, row, demand, engagement)
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


def _tell_supervision(
    here: Round, row: Supervision, demand: FinancingDemand, engagement: Engagement
) -> None:
    tell, bank = here.tell(demand), engagement.bank_id
    officers, heads = here.officers(bank), here.heads(bank)
    nth = here.count_supervision(bank, row.kind)
    if row.kind == "first_callback":
        tell.staff(officers, "B04", 编号=demand.ref)
        tell.staff(heads, "B05", 编号=demand.ref, 笔=str(nth))
        if demand.first_attempt_at is None:
            tell.applicant("S09", 编号=demand.ref)
    else:
        code = "B25" if row.kind == "objection" else "B12"
        tell.staff([*officers, *heads], code, 编号=demand.ref)
    here.steps.extend(
        SupervisionStep(
            supervision=row,
            at=here.work.now,
            kind=kind,
            by_ref="system",
            to_ref=one.ref,
            channel="inbox_and_text",
        )
        for kind, people in (("told_officer", officers), ("told_head", heads))
        for one in people
    )
    here.announce(
        "engagement.overdue",
        demand,
        [bank],
        engagement=engagement.ref,
        supervision=row.ref,
        clock=row.kind,
    )
    if demand.directed_bank_id is not None and row.kind == "first_callback":
        ask(here.work, demand, QuestionKind.OPEN_TO_ALL, engagement, "S11", tell)


def _reopen_slot(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """Ten minutes without an attempt: the slot goes back; the bank may still call, late."""
    if engagement is None or engagement.first_attempt_at is not None or not engagement.holds_slot:
        return
    here.reopened.append(engagement)
    engagement.holds_slot = False
    demand.live -= 1
    heard = topics(demand, engagement.bank.ref)
    here.work.record(
        "engagement.reopen_slot",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=("banks", *heard) if demand.directed_bank_id is None else heard,
        bank=engagement.bank.ref,
        slots_left=demand.slots - demand.live,
    )
    here.tell(demand).staff(here.officers(engagement.bank_id), "B07", 编号=demand.ref)


def _nobody_claims(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """An owner at county and township today; the responsible bank is asked; banks pushed again."""
    if demand.live > 0 or demand.state not in ("published", "in_progress"):
        return
    if open_follow_up(here.work, demand, "unclaimed") is None:
        return
    tell = here.tell(demand)
    county = parties.duty_holders(SYSTEM, Role.COUNTY_SUPERVISOR, now=here.work.now)
    tell.applicant("S10", 姓=county[0].surname if county else "")
    tell.township("T01", 地=demand.township.short_name, 编号=demand.ref)
    responsible = parties.responsible_bank(SYSTEM, demand.village_id)
    if responsible is not None:
        tell.staff(here.officers(responsible.id), "B01", **_pushed_again(demand))
    banks = [bank.id for bank in parties.banks(SYSTEM)]
    here.announce("demand.published", demand, banks, again=True)


def _pushed_again(demand: FinancingDemand) -> dict[str, str]:
    return {"名额": str(demand.slots - demand.live), **case_words(demand)}


def _nobody_chose(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """Twenty-four hours without a choice: a person phones the applicant (content.md K8)."""
    if demand.engagements.filter(state="planned").exists():
        open_follow_up(here.work, demand, "choice")


def _investigation_late(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is not None and engagement.state in LIVE_ENGAGEMENT:
        open_supervision(here, clock, demand, engagement, "investigation")


def _objection_late(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """The county hears of it: a supervision record that the bank's head answers."""
    if engagement is not None:
        open_supervision(here, clock, demand, engagement, "objection")


def _remind_call(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is not None and engagement.first_attempt_at is None:
        officers = here.officers(engagement.bank_id)
        here.tell(demand).staff(officers, "B03", 编号=demand.ref, 号=demand.contact_code)


def _remind_visit(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is not None and engagement.state in ("kept", "investigating"):
        here.tell(demand).staff(here.officers(engagement.bank_id), "B08", 编号=demand.ref)


def _remind_choice(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    last = demand.clocks.filter(kind=ClockKind.CHOICE, state="running").order_by("due_at").first()
    if last is not None and last.due_at is not None:
        words = {"编号": demand.ref, "时间": at_words(last.due_at, here.work.now)}
        here.tell(demand).applicant("S13", **words)


def _lapse(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is None or engagement.state not in ("offered", "accepted"):
        return
    change = end_engagement(here.work, demand, engagement, "lapse")
    journal(here.work, demand, change, banks=(engagement.bank.ref,))
    here.tell(demand).applicant("S32", 编号=demand.ref)
    after_engagement_ended(here.work, demand)


def _long_pending(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    if engagement is not None:
        Engagement.objects.filter(pk=engagement.pk).update(long_pending_since=clock.due_at)


def _expire(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """Thirty days: expired without any engagement ever, unmet with some; a live or signed one is
    let finish."""
    if demand.state not in ("published", "in_progress") or is_signed(demand):
        return
    if demand.engagements.filter(state__in=LIVE_ENGAGEMENT).exists():
        return
    had_engagements = demand.engagements.exists()
    move = "give_up" if had_engagements else "expire"
    end_demand(here.work, demand, move, reason=f"{move}_at_expiry")
    open_follow_up(here.work, demand, "unmet")
    ask(here.work, demand, QuestionKind.ASK_AGAIN, None, "S22", here.tell(demand))


def _direct_at_opening(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    direct_due(demand.ref, by=SYSTEM)


def _void_draft(
    here: Round, clock: Clock, demand: FinancingDemand, engagement: Engagement | None
) -> None:
    """A helper's draft that its applicant never confirmed goes out to nobody (content.md §1.11)."""
    if demand.state == "draft":
        void(here.work, demand, HelpState.LAPSED)


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
    ClockKind.OBJECTION: _objection_late,
}

MOVING = frozenset(
    {ClockKind.DIRECTION, ClockKind.OFFER_VALIDITY, ClockKind.SIGNING, ClockKind.EXPIRY}
)
"""Effects that move demand and engagements by themselves, past the round's own copies."""
