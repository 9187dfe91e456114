"""What a bank returns: the signing, the money paid out, settlement.

`signed` and `disbursed` are events of the bank (domain.md ruling 1); the platform records them.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError
from django.db.models import F

from puhui.consent import actions as consents
from puhui.kernel.actor import BANK, SYSTEM, Actor
from puhui.kernel.clock import end_of_day, local_date
from puhui.kernel.command import Invalid, Refused, Work, command
from puhui.kernel.lifecycle import Change
from puhui.market.actions.asking import ask, close
from puhui.market.actions.breaching import take_effect
from puhui.market.actions.ending import end_engagement, journal
from puhui.market.actions.pausing import end_pause
from puhui.market.actions.proposing import not_select
from puhui.market.clocks import Sheet, settle, stop_all
from puhui.market.lifecycle import DEMAND, ENGAGEMENT, LIVE_ENGAGEMENT
from puhui.market.models import Engagement, FinancingDemand, LoanReturn
from puhui.market.reach import lock_engagement
from puhui.market.rules import forms
from puhui.market.telling import Tellings, topics
from puhui.market.terms import ClockKind, QuestionKind, Refusals, ReturnForm
from puhui.market.timing import timing

LATEST_PAYOUT = timedelta(days=90)


@command(*BANK)
def record_signing(
    work: Work,
    engagement_ref: str,
    *,
    contract_hash: str = "",
    pays_out_on: date | None = None,
    by: Actor,
) -> None:
    """Return that the contract was signed at the bank; other live engagements end as not selected,
    and no slot is left to claim.

    `contract_hash` is hexadecimal, at most 128 characters. `pays_out_on`: the day that the contract
    names for the money, at most 90 days ahead, by default today; the return of it is due that day.
    Refuses NOT_FOUND, STATE, RETURN_BAD, PAYOUT_BAD.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state != "accepted":
        raise Refused(Refusals.STATE)
    if len(contract_hash) > 128 or not set(contract_hash.lower()) <= set("0123456789abcdef"):
        raise Refused(Refusals.RETURN_BAD)
    day = _payout_day(work, pays_out_on)
    over = [ClockKind.SIGNING, ClockKind.LONG_PENDING, ClockKind.DATA_RETURN]
    late = settle(demand, over, work.now, engagement=engagement)
    take_effect(work, [clock for clock in late if clock.breached])
    change = _signed(work, demand, engagement)
    end_pause(work, demand, engagement, "system")
    close(work.now, QuestionKind.CHOSEN, engagement=engagement)
    said = engagement.questions.filter(kind=QuestionKind.MONEY, answer="yes").last()
    LoanReturn.objects.create(
        engagement=engagement,
        signed_at=work.now,
        contract_hash=contract_hash.lower(),
        pays_out_on=pays_out_on,
        money_word="confirmed" if said else "",
        money_word_at=said.answered_at if said else None,
    )
    sheet = Sheet(timing(work.now), demand)
    due_on = local_date(work.now) if said else day
    sheet.at(ClockKind.DATA_RETURN, work.now, end_of_day(due_on), engagement)
    sheet.write()
    journal(work, demand, change, banks=(engagement.bank.ref,))
    others = demand.engagements.filter(state__in=LIVE_ENGAGEMENT).select_related("bank")
    for other in others:
        other.demand = demand
        if ENGAGEMENT.permits("not_select", other.state):
            not_select(work, demand, other)
        else:
            ended = end_engagement(work, demand, other, "cancel")
            journal(work, demand, ended, banks=(other.bank.ref,))
    demand.slots = demand.live
    demand.save(update_fields=["slots"])


def _payout_day(work: Work, wanted: date | None) -> date:
    today = local_date(work.now)
    if wanted is not None and not today <= wanted <= today + LATEST_PAYOUT:
        raise Refused(Refusals.PAYOUT_BAD)
    return wanted or today


@command(*BANK)
def expect_payout(work: Work, engagement_ref: str, on: date, *, by: Actor) -> None:
    """Move the day that the money is to be paid out, before it has passed; the return is due then.

    At most 90 days ahead; not once the applicant has said that the money came. Refuses NOT_FOUND,
    STATE, PAYOUT_BAD.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    day = _payout_day(work, on)
    if engagement.state != "signed" or engagement.loan_return.money_word == "confirmed":
        raise Refused(Refusals.STATE)
    moved = engagement.clocks.filter(
        kind=ClockKind.DATA_RETURN, state="running", due_at__gte=work.now
    ).update(due_at=end_of_day(day))
    if not moved:
        raise Refused(Refusals.STATE)
    LoanReturn.objects.filter(engagement=engagement).update(pays_out_on=day)
    work.record(
        "engagement.expect_payout",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
        on=day.isoformat(),
    )


def owe_return_today(work: Work, demand: FinancingDemand, engagement: Engagement) -> None:
    """The applicant says that the money came: what the bank has not returned is due today."""
    until = end_of_day(local_date(work.now))
    running = engagement.clocks.filter(kind=ClockKind.DATA_RETURN, state="running")
    if running.exists():
        running.filter(due_at__gt=until).update(due_at=until)
    elif not engagement.clocks.filter(kind=ClockKind.DATA_RETURN, state="breached").exists():
        sheet = Sheet(timing(work.now), demand)
        sheet.at(ClockKind.DATA_RETURN, work.now, until, engagement)
        sheet.write()
    tell = Tellings.of(demand, work.now)
    tell.duty_officers(engagement.bank_id, "B11", 笔="1")
    tell.write()


def _signed(work: Work, demand: FinancingDemand, engagement: Engagement) -> Change:
    """The guarded move; the database admits one signed engagement per demand."""
    held = engagement.holds_slot
    try:
        change = ENGAGEMENT.move(engagement, "record_signing", now=work.now, holds_slot=False)
    except IntegrityError:
        raise Refused(Refusals.STATE) from None
    if held:
        FinancingDemand.objects.filter(pk=demand.pk).update(live=F("live") - 1)
        demand.live -= 1
    return change


@command(*BANK)
def record_disbursement(work: Work, engagement_ref: str, form: ReturnForm, *, by: Actor) -> None:
    """Return that the money was paid out: amount in fen, rate in ppm, due date, payout date.

    The demand is funded and the applicant is asked whether the money came, unless they have said so.
    Late where the payout day has passed. Refuses every field that breaks a rule, NOT_FOUND, STATE.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    errors, due_on, paid_out_on = forms.return_errors(form, local_date(work.now))
    if errors:
        raise Invalid(errors)
    if engagement.state != "signed":
        raise Refused(Refusals.STATE)
    assert paid_out_on
    engagement.clocks.filter(
        kind=ClockKind.DATA_RETURN, state="running", due_at__gt=end_of_day(paid_out_on)
    ).update(due_at=end_of_day(paid_out_on))
    late = settle(demand, [ClockKind.DATA_RETURN], work.now, engagement=engagement)
    take_effect(work, [clock for clock in late if clock.breached])
    row = LoanReturn.objects.get(engagement=engagement)
    row.amount_fen, row.rate_ppm = form.amount_fen, form.rate_ppm
    row.due_on, row.paid_out_on, row.returned_at = due_on, paid_out_on, work.now
    row.contract_hash = form.contract_hash.lower() or row.contract_hash
    row.is_first_loan = form.is_first_loan
    row.save()
    change = ENGAGEMENT.move(engagement, "record_disbursement", now=work.now)
    journal(
        work,
        demand,
        change,
        banks=(engagement.bank.ref,),
        amount_fen=form.amount_fen,
        rate_ppm=form.rate_ppm,
    )
    funded = DEMAND.move(demand, "disbursed", now=work.now, ended_at=work.now, end_reason="funded")
    stop_all(demand, work.now)
    consents.wind_up(demand.ref, by=SYSTEM)
    journal(work, demand, funded)
    if row.money_word != "confirmed":
        tell = Tellings.of(demand, work.now)
        ask(work, demand, QuestionKind.MONEY, engagement, "S19", tell)
        tell.write()


@command(*BANK)
def settle_loan(work: Work, engagement_ref: str, *, by: Actor) -> None:
    """Return that the loan is repaid; the demand closes. Refuses NOT_FOUND, STATE."""
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state != "disbursed":
        raise Refused(Refusals.STATE)
    change = ENGAGEMENT.move(engagement, "settle", now=work.now, ended_at=work.now)
    journal(work, demand, change, banks=(engagement.bank.ref,))
    if demand.state == "funded":
        journal(work, demand, DEMAND.move(demand, "settled", now=work.now))
