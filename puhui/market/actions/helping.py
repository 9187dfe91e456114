"""Somebody of the staff fills in for a resident, who alone can let it go out (content.md §1.11)."""

from __future__ import annotations

from datetime import datetime, timedelta

from puhui.kernel.actor import COUNTY, SYSTEM, Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, FieldError, Invalid, Refused, Work, command
from puhui.kernel.crypto import blind_index, new_id
from puhui.market import references
from puhui.market.actions.acting import Asking
from puhui.market.actions.asking import ask, ask_once_more
from puhui.market.actions.forgetting import forget_person
from puhui.market.actions.publishing import directed_to, drafted, refuse_second, send_out
from puhui.market.clocks import Sheet
from puhui.market.models import Assistance, FinancingDemand
from puhui.market.reach import lock_demand
from puhui.market.references import next_reference
from puhui.market.rules import forms
from puhui.market.telling import Tellings
from puhui.market.terms import (
    Answering,
    ClockKind,
    DemandForm,
    HelpChannel,
    HelpKind,
    HelpState,
    PhoneOf,
    QuestionKind,
    Refusals,
    Relation,
)
from puhui.market.timing import timing
from puhui.notices import actions as notices
from puhui.notices.terms import Answered, Telling
from puhui.parties import actions as registering
from puhui.parties import queries as parties
from puhui.parties.queries.registering import is_registered, registration_errors
from puhui.parties.terms import Applicant, BankCard, Channel, Registration
from puhui.parties.terms import Refusals as PartyRefusals

OWN_PHONE = Answering()
CHANNELS = {
    HelpChannel.SPECIALIST: Channel.COMMISSIONER,
    HelpChannel.HOTLINE: Channel.HOTLINE,
    HelpChannel.PAPER: Channel.PAPER,
}
AT_ONCE = 200


@command(Role.VILLAGE_COMMISSIONER, *COUNTY)
def draft_for(
    work: Work,
    form: DemandForm,
    registration: Registration,
    *,
    answering: Answering = OWN_PHONE,
    by: Actor,
) -> str:
    """Draft a demand for somebody: a specialist of the own village, the county's hotline of anybody;
    returns its reference (M019, content.md §1.11).

    Nothing goes out until the applicant answers 1 from the phone named, never one of the staff's;
    without an answer it is void after the county's limit (24 hours). The helper sees no result.
    Refuses every field that breaks a rule, ALREADY_OPEN, FROZEN, VILLAGE_NOT_YOURS, and what
    `register_resident` refuses.
    """
    channel = _channel_of(by)
    bank, product_id = right_fields(work, form, registration, answering)
    is_new = not is_registered(SYSTEM, registration.identity_number)
    applicant = registered_for(registration, channel, by)
    demand = drafted_for(work, form, applicant, (bank, product_id), channel, by)
    rules = timing(work.now)
    sheet = Sheet(rules, demand)
    due_at = sheet.seconds(ClockKind.CONFIRMATION, work.now, rules.limits.confirmation_seconds)
    sheet.write()
    helped(work, HelpKind.REQUEST, channel, applicant, answering, by, demand, due_at, is_new)
    tell = Tellings.of(demand, work.now)
    surname = parties.staff_card(SYSTEM, by.ref).surname
    ask(work, demand, QuestionKind.HELPER, None, "S23", tell, 专员=surname)
    tell.write()
    work.record(
        "financing_demand.draft",
        ("demand", demand.ref),
        demand=demand.ref,
        helper=by.ref,
        via=str(channel),
        phone_of=answering.phone_of,
    )
    return demand.ref


def _channel_of(by: Actor) -> HelpChannel:
    is_specialist = by.role is Role.VILLAGE_COMMISSIONER
    return HelpChannel.SPECIALIST if is_specialist else HelpChannel.HOTLINE


def right_fields(
    work: Work, form: DemandForm, registration: Registration, answering: Answering
) -> tuple[BankCard | None, object]:
    """The bank and product asked; refuses with every wrong field of request, person and phone."""
    errors = registration_errors(SYSTEM, registration, local_date(work.now))
    errors += forms.demand_errors(form, parties.county(SYSTEM).largest_amount_fen)
    bank, product_id = directed_to(form, errors)
    errors += answering_errors(answering)
    if errors:
        raise Invalid(errors)
    return bank, product_id


def answering_errors(answering: Answering) -> list[FieldError]:
    """Whose phone it is must be said, and they must know of it."""
    if answering.phone_of not in PhoneOf.values:
        return [forms.field_error(Refusals.PHONE_OF_BAD)]
    found = []
    if answering.phone_of == PhoneOf.FAMILY and answering.relation not in Relation.values:
        found.append(forms.field_error(Refusals.RELATION_EMPTY))
    if answering.phone_of != PhoneOf.OWN and not answering.agreed:
        found.append(forms.field_error(Refusals.PHONE_NOT_AGREED))
    return found


def registered_for(registration: Registration, channel: HelpChannel, by: Actor) -> Applicant:
    """The person, found or registered; a specialist helps the own village's people alone."""
    if by.is_bank:
        _refuse_staff_phone(registration.phone)
    who = SYSTEM if by.is_bank else by
    person = registering.register_resident(registration, via=str(CHANNELS[channel]), by=who)
    if by.role is Role.VILLAGE_COMMISSIONER and not _lives_in(person, by):
        raise Refused(Refusals.VILLAGE_NOT_YOURS)
    return person


def _refuse_staff_phone(phone: str) -> None:
    """A bank's officer enters signed slips alone, and registers nobody in any other way."""
    if parties.is_phone_of_staff(SYSTEM, blind_index("phone", phone.strip())):
        raise Refused(PartyRefusals.PHONE_OF_STAFF)


def _lives_in(person: Applicant, by: Actor) -> bool:
    home = parties.division(SYSTEM, person.village_code)
    return bool(by.areas & {home.code, home.parent_code})


def drafted_for(
    work: Work,
    form: DemandForm,
    applicant: Applicant,
    wanted: tuple[BankCard | None, object],
    channel: HelpChannel,
    by: Actor,
    contact_code: str = "",
) -> FinancingDemand:
    """A stored draft with its helper. Refuses ALREADY_OPEN, FROZEN, and a second draft."""
    asking = Asking(applicant)
    refuse_second(asking)
    if FinancingDemand.objects.filter(resident_id=applicant.id, state="draft").exists():
        raise Refused(Refusals.DRAFT_WAITS)
    bank, product_id = wanted
    demand = drafted(work, form, asking, bank, product_id, via=str(channel))  # type: ignore[arg-type]
    demand.helper_id = by.person
    demand.contact_code = contact_code or demand.contact_code
    demand.save(force_insert=True)
    return demand


def helped(
    work: Work,
    kind: HelpKind,
    channel: HelpChannel,
    person: Applicant,
    answering: Answering,
    by: Actor,
    demand: FinancingDemand | None,
    due_at: datetime | None,
    is_new: bool,
    *,
    state: HelpState = HelpState.WAITING,
    holder: str = "",
) -> Assistance:
    """Keep who helped whom, and what the confirmation waits for."""
    assert by.person is not None
    is_family = answering.phone_of == PhoneOf.FAMILY
    return Assistance.objects.create(
        id=new_id(),
        ref=next_reference(references.HELP),
        kind=kind,
        channel=channel,
        helper_id=by.person,
        resident_id=person.id,
        demand=demand,
        demand_ref=demand.ref if demand else "",
        village_id=person.village_code,
        township_id=person.township_code,
        phone_of=answering.phone_of,
        relation=answering.relation if is_family else "",
        is_new_person=is_new,
        state=state,
        asked_at=work.now,
        due_at=due_at,
        holder=holder,
    )


@command(Role.VILLAGE_COMMISSIONER, *COUNTY)
def register_for(
    work: Work, registration: Registration, *, answering: Answering = OWN_PHONE, by: Actor
) -> str:
    """Register somebody without a request; the reference of the help (M019).

    The person's own yes by text message makes it count; without one the registration is void after
    the county's limit and forgotten. Refuses REGISTERED, and what `draft_for` refuses of a person.
    """
    errors = answering_errors(answering)
    if errors:
        raise Invalid(errors)
    if is_registered(SYSTEM, registration.identity_number):
        raise Refused(Refusals.REGISTERED)
    channel = _channel_of(by)
    person = registered_for(registration, channel, by)
    seconds = timing(work.now).limits.confirmation_seconds
    due_at = work.now + timedelta(seconds=seconds)
    row = helped(
        work, HelpKind.REGISTRATION, channel, person, answering, by, None, due_at, is_new=True
    )
    _ask_registered(row, person, by)
    work.record("registration.help", ("help", row.ref), helper=by.ref, resident=person.ref)
    return row.ref


def _ask_registered(row: Assistance, person: Applicant, by: Actor) -> None:
    words = {"专员": parties.staff_card(SYSTEM, by.ref).surname}
    telling = Telling("S34", person.phone, words, resident=person.id, question=str(row.pk))
    notices.tell([telling], by=SYSTEM)


def open_registrations(questions: list[str]) -> set[str]:
    """Which of these are registrations that still wait for their person's word."""
    rows = Assistance.objects.filter(pk__in=questions, state=HelpState.WAITING)
    return {str(pk) for pk in rows.values_list("pk", flat=True)}


def answer_registration(work: Work, found: Answered) -> bool:
    """The person's word on a registration; whether there was one to be said."""
    rows = Assistance.objects.select_for_update(of=("self",)).filter(
        pk=found.question, kind=HelpKind.REGISTRATION, state=HelpState.WAITING
    )
    row = rows.select_related("resident").first()
    if row is None or found.digit not in ("1", "2"):
        return False
    is_yes = found.digit == "1"
    _settle(work, row, HelpState.CONFIRMED if is_yes else HelpState.REFUSED)
    work.record(
        "registration.answer",
        ("help", row.ref),
        resident=row.resident.ref if row.resident else "",
        answer="yes" if is_yes else "no",
    )
    if not is_yes:
        _forget_new(row)
    return True


@command(Role.SYSTEM)
def lapse_registrations(work: Work, *, by: Actor = SYSTEM) -> int:
    """Registrations that nobody confirmed in time: void and forgotten; how many."""
    rows = Assistance.objects.select_for_update(of=("self",), skip_locked=True).filter(
        kind=HelpKind.REGISTRATION, settled_at__isnull=True, due_at__lt=work.now
    )
    found = list(rows.order_by("due_at")[:AT_ONCE])
    for row in found:
        _settle(work, row, HelpState.LAPSED)
        _forget_new(row)
        work.record("registration.lapse", ("help", row.ref))
    return len(found)


def _forget_new(row: Assistance) -> None:
    if row.is_new_person and row.resident_id:
        forget_person(row.resident_id)


def _settle(work: Work, row: Assistance, state: HelpState) -> None:
    row.state, row.settled_at = state, work.now
    row.save(update_fields=["state", "settled_at"])


@command(Role.VILLAGE_COMMISSIONER, *COUNTY)
def send_confirmation_again(work: Work, ref: str, *, by: Actor) -> None:
    """Send the same question to the same phone a second time, once. Refuses NOT_FOUND, STATE,
    SENT_AGAIN."""
    row = _own(by, ref)
    if row.state != HelpState.WAITING:
        raise Refused(Refusals.STATE)
    if row.sent_again_at is not None:
        raise Refused(Refusals.SENT_AGAIN)
    row.sent_again_at = work.now
    row.save(update_fields=["sent_again_at"])
    if row.demand is None:
        assert row.resident_id is not None
        _ask_registered(row, parties.applicant_by_id(SYSTEM, row.resident_id), by)
    else:
        demand = lock_demand(SYSTEM, row.demand.ref)
        tell = Tellings.of(demand, work.now)
        surname = parties.staff_card(SYSTEM, by.ref).surname
        ask_once_more(demand, QuestionKind.HELPER, "S23", tell, 专员=surname)
        tell.write()
    work.record("help.send_again", ("help", row.ref))


@command(Role.VILLAGE_COMMISSIONER, Role.LOAN_OFFICER, Role.BANK_ADMIN, *COUNTY)
def cancel_help(work: Work, ref: str, *, by: Actor) -> None:
    """The helper takes an unconfirmed draft back: wrongly typed, or no longer wanted.

    Refuses NOT_FOUND, STATE once it was answered.
    """
    row = _own(by, ref)
    if row.settled_at is not None:
        raise Refused(Refusals.STATE)
    work.record("help.cancel", ("help", row.ref))
    if row.demand is None:
        _settle(work, row, HelpState.CANCELLED)
        _forget_new(row)
        return
    void(work, lock_demand(SYSTEM, row.demand.ref), HelpState.CANCELLED)


def _own(by: Actor, ref: str) -> Assistance:
    """The helper's own row, locked after its demand. Refuses NOT_FOUND."""
    mine = Assistance.objects.filter(ref=ref, helper_id=by.person)
    found = mine.select_related("demand").first()
    if found is None or by.person is None:
        raise Refused(NOT_FOUND)
    if found.demand is not None:
        lock_demand(SYSTEM, found.demand.ref)
    return mine.select_for_update(of=("self",)).select_related("demand").get()


def confirmed(work: Work, demand: FinancingDemand, by: Actor) -> None:
    """The applicant said yes: the draft goes out, and the helper hears that it did, no more."""
    demand.clocks.filter(kind=ClockKind.CONFIRMATION, state="running").update(
        state="met", settled_at=work.now
    )
    go_out(work, demand, str(by.via), by)
    _settle_of(work, demand, HelpState.CONFIRMED)
    if demand.helper is not None:
        tell = Tellings.of(demand, work.now)
        tell.staff([parties.staff_card(SYSTEM, demand.helper.ref)], "V01")
        tell.write()


def go_out(work: Work, demand: FinancingDemand, method: str, by: Actor) -> None:
    """Publish a helper's draft. `method`: how the consent was given."""
    applicant = parties.applicant_by_id(SYSTEM, demand.resident_id)
    banks = {one.id: one for one in parties.banks(SYSTEM)}
    bank = banks.get(demand.directed_bank_id) if demand.directed_bank_id else None
    send_out(work, demand, applicant, bank, method=method, by=by)


def void(work: Work, demand: FinancingDemand, state: HelpState = HelpState.REFUSED) -> None:
    """Not wanted, or never confirmed: the draft is gone; the journal keeps that there was one."""
    row = Assistance.objects.filter(demand=demand).first()
    work.record("financing_demand.void", ("demand", demand.ref), demand=demand.ref)
    _settle_of(work, demand, state)
    demand.questions.all().delete()
    demand.clocks.all().delete()
    demand.delete()
    if row is not None:
        _forget_new(row)


def _settle_of(work: Work, demand: FinancingDemand, state: HelpState) -> None:
    Assistance.objects.filter(demand=demand, settled_at__isnull=True).update(
        state=state, settled_at=work.now
    )
