"""A village specialist fills in for somebody, who alone can let it go out (content.md §1.11)."""

from __future__ import annotations

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Invalid, Work, command
from puhui.market.actions.acting import Asking
from puhui.market.actions.asking import ask
from puhui.market.actions.publishing import directed_to, drafted, refuse_second, send_out
from puhui.market.clocks import Sheet
from puhui.market.models import FinancingDemand
from puhui.market.rules import forms
from puhui.market.telling import Tellings
from puhui.market.terms import ClockKind, DemandForm, QuestionKind
from puhui.market.timing import timing
from puhui.parties import actions as registering
from puhui.parties import queries as parties
from puhui.parties.terms import Channel, Registration


@command(Role.VILLAGE_COMMISSIONER)
def draft_for(work: Work, form: DemandForm, registration: Registration, *, by: Actor) -> str:
    """Draft a demand for somebody of the helper's village; returns its reference (M019).

    Nothing goes out until the applicant answers 1 from their own phone, never the helper's; without
    an answer it is void after the county's limit (24 hours). The helper sees no result. Refuses every
    field that breaks a rule, ALREADY_OPEN, FROZEN, and what `register_resident` refuses.
    """
    errors = forms.demand_errors(form, parties.county(SYSTEM).largest_amount_fen)
    bank, product_id = directed_to(form, errors)
    if errors:
        raise Invalid(errors)
    applicant = registering.register_resident(registration, via=str(Channel.COMMISSIONER), by=by)
    asking = Asking(applicant)
    refuse_second(asking)
    demand = drafted(work, form, asking, bank, product_id, via="specialist")
    demand.helper_id = by.person
    demand.save(force_insert=True)
    rules = timing(work.now)
    sheet = Sheet(rules, demand)
    sheet.seconds(ClockKind.CONFIRMATION, work.now, rules.limits.confirmation_seconds)
    sheet.write()
    tell = Tellings.of(demand, work.now)
    helper = parties.staff_card(SYSTEM, by.ref)
    ask(work, demand, QuestionKind.HELPER, None, "S23", tell, 专员=helper.surname)
    tell.write()
    work.record("financing_demand.draft", ("demand", demand.ref), demand=demand.ref, helper=by.ref)
    return demand.ref


def confirmed(work: Work, demand: FinancingDemand, by: Actor) -> None:
    """The applicant said yes: the draft goes out, and the helper hears that it did, no more."""
    applicant = parties.applicant_by_id(SYSTEM, demand.resident_id)
    banks = {one.id: one for one in parties.banks(SYSTEM)}
    bank = banks.get(demand.directed_bank_id) if demand.directed_bank_id else None
    demand.clocks.filter(kind=ClockKind.CONFIRMATION, state="running").update(
        state="met", settled_at=work.now
    )
    send_out(work, demand, applicant, bank, method=str(by.via), by=by)
    if demand.helper is not None:
        tell = Tellings.of(demand, work.now)
        tell.staff([parties.staff_card(SYSTEM, demand.helper.ref)], "V01")
        tell.write()


def void(work: Work, demand: FinancingDemand) -> None:
    """Not wanted, or never confirmed: the draft is gone; the journal keeps that there was one."""
    work.record("financing_demand.void", ("demand", demand.ref), demand=demand.ref)
    demand.questions.all().delete()
    demand.clocks.all().delete()
    demand.delete()
