"""What a bank returns: a refusal with its reason, the signing, the money paid out, settlement.

`signed` and `disbursed` are events of the bank (domain.md ruling 1); the platform records them.
"""

from __future__ import annotations

from django.db import IntegrityError
from django.db.models import F

from puhui.consent import actions as consents
from puhui.kernel.actor import BANK, SYSTEM, Actor
from puhui.kernel.clock import end_of_day, local_date
from puhui.kernel.command import Invalid, Refused, Work, command
from puhui.kernel.lifecycle import Change
from puhui.market.actions.asking import ask, close
from puhui.market.actions.breaching import take_effect
from puhui.market.actions.ending import after_engagement_ended, end_engagement, journal
from puhui.market.actions.pausing import end_pause
from puhui.market.actions.proposing import not_select
from puhui.market.clocks import Sheet, settle, stop_all
from puhui.market.lifecycle import DEMAND, ENGAGEMENT, LIVE_ENGAGEMENT
from puhui.market.models import Engagement, FinancingDemand, LoanReturn
from puhui.market.reach import lock_engagement
from puhui.market.rules import forms
from puhui.market.telling import Tellings
from puhui.market.terms import REFUSAL_CODES, ClockKind, QuestionKind, Refusals, ReturnForm
from puhui.market.timing import timing

OTHER = "R15"


@command(*BANK)
def refuse(work: Work, engagement_ref: str, code: str, *, words: str = "", by: Actor) -> None:
    """Refuse with one of R01–R15; the applicant sees why and what would help (content.md §1.9).

    `words` completes the reason, at most 40 characters, and is required for R15. A refusal on the
    phone frees the slot at once, without penalty. Refuses NOT_FOUND, STATE, REFUSAL_CODE,
    REFUSAL_WORDS.
    """
    if code not in REFUSAL_CODES:
        raise Refused(Refusals.REFUSAL_CODE)
    if len(words) > 40 or (code == OTHER and not words.strip()):
        raise Refused(Refusals.REFUSAL_WORDS)
    demand, engagement = lock_engagement(by, engagement_ref)
    if not ENGAGEMENT.permits("refuse", engagement.state):
        raise Refused(Refusals.STATE)
    engagement.refusal_words = words.strip()
    engagement.save(update_fields=["refusal_words"])
    change = end_engagement(work, demand, engagement, "refuse", refusal_code=code)
    FinancingDemand.objects.filter(pk=demand.pk).update(refusals=F("refusals") + 1)
    demand.refusals += 1
    journal(work, demand, change, banks=(engagement.bank.ref,))
    tell = Tellings.of(demand, work.now)
    tell.applicant("S17", 编号=demand.ref)
    tell.write()
    after_engagement_ended(work, demand)


@command(*BANK)
def record_signing(work: Work, engagement_ref: str, *, contract_hash: str = "", by: Actor) -> None:
    """Return that the contract was signed at the bank; other live engagements end as not selected,
    and no slot is left to claim.

    `contract_hash` is hexadecimal, at most 128 characters. Refuses NOT_FOUND, STATE.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state != "accepted":
        raise Refused(Refusals.STATE)
    if len(contract_hash) > 128 or not set(contract_hash.lower()) <= set("0123456789abcdef"):
        raise Refused(Refusals.RETURN_BAD)
    late = settle(
        demand, [ClockKind.SIGNING, ClockKind.LONG_PENDING], work.now, engagement=engagement
    )
    take_effect(work, [clock for clock in late if clock.breached])
    change = _signed(work, demand, engagement)
    end_pause(work, demand, engagement, "system")
    close(work.now, QuestionKind.CHOSEN, engagement=engagement)
    LoanReturn.objects.create(
        engagement=engagement, signed_at=work.now, contract_hash=contract_hash.lower()
    )
    sheet = Sheet(timing(work.now), demand)
    sheet.at(ClockKind.DATA_RETURN, work.now, end_of_day(local_date(work.now)), engagement)
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

    The demand is funded and the applicant is asked whether the money came. Refuses every field that
    breaks a rule, NOT_FOUND, STATE.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    errors, due_on, paid_out_on = forms.return_errors(form, local_date(work.now))
    if errors:
        raise Invalid(errors)
    if engagement.state != "signed":
        raise Refused(Refusals.STATE)
    late = settle(demand, [ClockKind.DATA_RETURN], work.now, engagement=engagement)
    take_effect(work, [clock for clock in late if clock.breached])
    row = engagement.loan_return
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
