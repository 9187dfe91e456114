"""Plans and firm offers: a bank submits, the applicant keeps, declines, accepts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from puhui.catalogue import queries as catalogue
from puhui.kernel.actor import BANK, SYSTEM, Actor, Role
from puhui.kernel.clock import end_of_day, local_date
from puhui.kernel.command import FieldError, Invalid, Refused, Work, command
from puhui.kernel.copying import insert
from puhui.kernel.prepared import Prepared
from puhui.kernel.writing import update
from puhui.market.actions.asking import ask
from puhui.market.actions.breaching import take_effect
from puhui.market.actions.calling import start_investigation_clock
from puhui.market.actions.ending import after_engagement_ended, end_engagement, journal
from puhui.market.clocks import Sheet, settle
from puhui.market.lifecycle import ENGAGEMENT
from puhui.market.models import Clock, Engagement, FinancingDemand, FollowUp, Proposal
from puhui.market.reach import lock_demand, lock_engagement
from puhui.market.rules import forms
from puhui.market.telling import Tellings, announce
from puhui.market.terms import (
    ClockKind,
    Method,
    ProposalForm,
    QuestionKind,
    Refusals,
    mark_of,
)
from puhui.market.timing import timing
from puhui.parties.subject_terms import Scope

KEPT = ("kept", "investigating", "investigated", "offered", "accepted")
MAY_KEEP = 2


@command(*BANK)
def submit_plan(work: Work, engagement_ref: str, form: ProposalForm, *, by: Actor) -> None:
    """Give the applicant an indicative plan after the call: no bureau query, no visit yet.

    Sums in fen, rate in ppm a year. A directed demand's plan is kept at once by the system.
    Refuses every field that breaks a rule, NOT_FOUND, STATE.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    product = checked(form, engagement)
    if engagement.state != "called_back":
        raise Refused(Refusals.STATE)
    store(work, engagement, form, Proposal.Kind.PLAN, product, by)
    change = ENGAGEMENT.move(engagement, "submit_plan", now=work.now)
    late = settle(demand, [ClockKind.PLAN], work.now, engagement=engagement)
    take_effect(work, [clock for clock in late if clock.breached])
    journal(work, demand, change, banks=(engagement.bank.ref,), late=any(c.breached for c in late))
    rules = timing(work.now)
    if demand.first_proposal_at is None:
        demand.first_proposal_at = work.now
        update(demand, "first_proposal_at")
    tell = Tellings.of(demand, work.now)
    tell.applicant("S12", 编号=demand.ref)
    tell.write()
    if engagement.is_directed:
        keep_engagement(work, demand, engagement, by=SYSTEM)
        return
    sheet = Sheet(rules, demand)
    seconds = rules.limits.choice_seconds
    start = demand.first_proposal_at
    if start + timedelta(seconds=seconds) <= work.now:
        start = work.now  # that time to choose is over: what comes later has its own
    sheet.seconds(ClockKind.CHOICE, start, seconds, engagement)
    if not _was_reminded(demand.pk):
        sheet.seconds(ClockKind.CHOICE_SOON, start, seconds * 3 // 4)
    sheet.write()


@Prepared
def _was_reminded(demand: UUID) -> QuerySet[Any, UUID]:
    """The clock that reminds of the choice, once one was started."""
    rows = Clock.objects.filter(demand_id=demand, kind=ClockKind.CHOICE_SOON.value)
    return rows.values_list("id", flat=True)[:1]


def checked(form: ProposalForm, engagement: Engagement) -> UUID | None:
    """The product that a proposal names, if any. Raises Invalid with every field that breaks a rule."""
    errors = forms.proposal_errors(form)
    product = catalogue.on_shelf(SYSTEM, form.product) if form.product else None
    if form.product and (product is None or product.bank_ref != engagement.bank.ref):
        errors.append(FieldError("product", "product_unknown", "请选本行在架的产品。"))
    if errors:
        raise Invalid(errors)
    return product.id if product else None


def store(
    work: Work,
    engagement: Engagement,
    form: ProposalForm,
    kind: Proposal.Kind,
    product: UUID | None,
    by: Actor,
) -> Proposal:
    """A proposal as a row, as the bank sent it."""
    row = Proposal(
        engagement=engagement,
        kind=kind,
        product_id=product,
        amount_fen=form.amount_fen,
        rate_ppm=form.rate_ppm,
        months=form.months,
        method=form.method,
        grace_months=form.grace_months if form.method == Method.GRACE else None,
        is_scored=form.is_scored,
        fees=[{"name": name.strip(), "amount_fen": fen} for name, fen in form.fees],
        security_words=form.security_words.strip(),
        trips_words=form.trips_words.strip(),
        answer_working_days=form.answer_working_days,
        prepayment_words=form.prepayment_words.strip(),
        change_reason=form.change_reason.strip(),
        submitted_at=work.now,
        officer_id=by.person,
    )
    if kind == Proposal.Kind.OFFER:
        days = form.valid_days or timing(work.now).limits.offer_days
        row.valid_until = end_of_day(local_date(work.now) + timedelta(days=days))
    insert([row])
    return row


@command(Role.RESIDENT)
def keep_plan(work: Work, engagement_ref: str, *, seen: str = "", by: Actor) -> None:
    """The applicant keeps a plan: only that bank visits and, after a signature, queries the bureau.

    `seen`: the mark of the plan that the applicant read; a bank may have given another meanwhile.
    At most two are kept (content.md K8). Refuses NOT_FOUND, STATE, PLAN_CHANGED, KEPT_TWO.
    """
    demand, engagement = lock_engagement(by, engagement_ref, needs=Scope.CHOOSE)
    if engagement.state != "planned":
        raise Refused(Refusals.STATE)
    plan = engagement.proposals.filter(kind=Proposal.Kind.PLAN, superseded_at__isnull=True).first()
    if seen and plan is not None and seen != mark_of(plan.submitted_at):
        raise Refused(Refusals.PLAN_CHANGED)
    if demand.engagements.filter(state__in=KEPT).count() >= MAY_KEEP:
        raise Refused(Refusals.KEPT_TWO)
    keep_engagement(work, demand, engagement, by=by)


def keep_engagement(
    work: Work, demand: FinancingDemand, engagement: Engagement, *, by: Actor
) -> None:
    """Keep one plan of a locked demand and start the visit's clock where none runs yet."""
    change = ENGAGEMENT.move(engagement, "keep_plan", now=work.now, kept_at=work.now)
    late = settle(demand, [ClockKind.CHOICE], work.now, engagement=engagement)
    take_effect(work, [clock for clock in late if clock.breached])
    rules, sheet = timing(work.now), None
    if not engagement.is_directed:
        sheet = Sheet(rules, demand)
        start_investigation_clock(sheet, engagement, work.now)
        sheet.write()
    elif not engagement.clocks.filter(kind=ClockKind.INVESTIGATION).exists():
        sheet = Sheet(rules, demand)
        called_at = engagement.called_back_at or work.now
        start_investigation_clock(sheet, engagement, called_at)
        sheet.write()
    journal(work, demand, change, banks=(engagement.bank.ref,), chosen_by=str(by.role))
    FollowUp.objects.filter(demand=demand, kind="choice", closed_at__isnull=True).update(
        closed_at=work.now, destination="chosen", closed_by=by.ref
    )
    tell = Tellings.of(demand, work.now)
    tell.duty_officers(engagement.bank_id, "B09", 编号=demand.ref)
    tell.write()


@command(Role.RESIDENT)
def decline_plan(work: Work, engagement_ref: str, *, by: Actor) -> None:
    """The applicant does not go on with one bank; that never counts against it. Refuses STATE."""
    demand, engagement = lock_engagement(by, engagement_ref, needs=Scope.CHOOSE)
    if engagement.state not in ("planned", *KEPT):
        raise Refused(Refusals.STATE)
    not_select(work, demand, engagement)
    after_engagement_ended(work, demand)


def not_select(work: Work, demand: FinancingDemand, engagement: Engagement) -> None:
    """End one engagement as not selected and tell its bank so, without saying who was."""
    change = end_engagement(work, demand, engagement, "not_select")
    journal(work, demand, change, banks=(engagement.bank.ref,))
    tell = Tellings.of(demand, work.now)
    tell.duty_officers(engagement.bank_id, "B10", 编号=demand.ref)
    tell.write()


@command(Role.COUNTY_SUPERVISOR, Role.TOWNSHIP_ADMIN)
def keep_all_unreached(work: Work, demand_ref: str, *, by: Actor) -> int:
    """All plans go on, because the applicant could not be asked (content.md K8); how many."""
    demand = lock_demand(by, demand_ref)
    if not demand.follow_ups.filter(kind="choice", closed_at__isnull=True).exists():
        raise Refused(Refusals.STATE)
    planned = list(demand.engagements.filter(state="planned").select_related("bank"))
    for engagement in planned:
        engagement.demand = demand
        keep_engagement(work, demand, engagement, by=SYSTEM)
    return len(planned)


@command(*BANK)
def submit_offer(work: Work, engagement_ref: str, form: ProposalForm, *, by: Actor) -> None:
    """Return the bank's decision as a firm offer; what differs from the plan must be explained.

    Sums in fen, rate in ppm a year; `valid_days` default by the county's rule. Refuses every field
    that breaks a rule, NOT_FOUND, STATE, CHANGE_UNEXPLAINED.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    product = checked(form, engagement)
    if engagement.state not in ("called_back", "investigated"):
        raise Refused(Refusals.STATE)
    plan = engagement.proposals.filter(kind=Proposal.Kind.PLAN, superseded_at__isnull=True).first()
    changed = forms.differences(form_of(plan), form) if plan else ()
    if changed and not form.change_reason.strip():
        raise Refused(Refusals.CHANGE_UNEXPLAINED)
    offer = store(work, engagement, form, Proposal.Kind.OFFER, product, by)
    change = ENGAGEMENT.move(engagement, "submit_offer", now=work.now)
    late = settle(demand, [ClockKind.PLAN, ClockKind.DECISION], work.now, engagement=engagement)
    take_effect(work, [clock for clock in late if clock.breached])
    sheet = Sheet(timing(work.now), demand)
    assert offer.valid_until
    sheet.at(ClockKind.OFFER_VALIDITY, work.now, offer.valid_until, engagement)
    sheet.write()
    journal(work, demand, change, banks=(engagement.bank.ref,), changed=list(changed))
    tell = Tellings.of(demand, work.now)
    tell.applicant("S17", 编号=demand.ref)
    tell.write()


def form_of(row: Proposal) -> ProposalForm:
    """A stored proposal as the form it came from."""
    return ProposalForm(
        amount_fen=row.amount_fen,
        rate_ppm=row.rate_ppm,
        months=row.months,
        method=row.method,
        security_words=row.security_words,
        trips_words=row.trips_words,
        fees=tuple((fee["name"], fee["amount_fen"]) for fee in row.fees),
        answer_working_days=row.answer_working_days,
        prepayment_words=row.prepayment_words,
        change_reason=row.change_reason,
        grace_months=row.grace_months,
        is_scored=row.is_scored,
    )


@command(Role.RESIDENT)
def accept_offer(work: Work, engagement_ref: str, *, by: Actor) -> None:
    """The applicant accepts a firm offer; the others stay open until the contract is signed.

    The contract itself is made at the bank. An offer never changes once it is given: what was read
    is what is accepted. Refuses NOT_FOUND, STATE, also once the offer's validity has passed and no
    sweep has found it yet.
    """
    demand, engagement = lock_engagement(by, engagement_ref, needs=Scope.CHOOSE)
    if engagement.state != "offered":
        raise Refused(Refusals.STATE)
    late = settle(demand, [ClockKind.OFFER_VALIDITY], work.now, engagement=engagement)
    if any(clock.breached for clock in late):
        raise Refused(Refusals.STATE)
    change = ENGAGEMENT.move(engagement, "accept_offer", now=work.now)
    rules = timing(work.now)
    sheet = Sheet(rules, demand)
    sheet.working_days(ClockKind.SIGNING, work.now, rules.limits.signing_working_days, engagement)
    sheet.write()
    journal(work, demand, change, banks=(engagement.bank.ref,))
    tell = Tellings.of(demand, work.now)
    ask(work, demand, QuestionKind.CHOSEN, engagement, "S18", tell)
    tell.write()
    announce("offer.chosen", demand, [engagement.bank_id], work.now, engagement=engagement.ref)
