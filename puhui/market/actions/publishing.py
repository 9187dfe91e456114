"""An applicant asks for money: keeping a draft, publishing, opening a directed demand to all."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from puhui.catalogue import queries as catalogue
from puhui.consent import actions as consents
from puhui.kernel.actor import ANYONE, SYSTEM, Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import FieldError, Invalid, Refused, Work, command
from puhui.kernel.crypto import new_id, token_hash
from puhui.kernel.lifecycle import Change
from puhui.market import references
from puhui.market.actions.acting import Asking, asking_again, asking_for
from puhui.market.actions.claiming import direct, restart_callback_clocks
from puhui.market.actions.ending import is_signed, journal
from puhui.market.clocks import Sheet
from puhui.market.lifecycle import DEMAND, OPEN_DEMAND
from puhui.market.models import FinancingDemand, Question, RequestDraft
from puhui.market.reach import demand_at_home, lock_demand
from puhui.market.references import next_reference
from puhui.market.rules import forms
from puhui.market.telling import Tellings, announce, at_words, case_words, topics
from puhui.market.terms import ClockKind, DemandForm, QuestionKind, Refusals, Relative
from puhui.market.timing import Timing, timing
from puhui.parties import actions as registering
from puhui.parties import queries as parties
from puhui.parties.identifiers import age_band
from puhui.parties.subject_terms import Scope
from puhui.parties.terms import Applicant, BankCard, Registration

PURPOSE_APPLICATION = "application"
PHONED = ("unclaimed", "three_refused", "asked_for_help")
"""Follow-ups that township or county answer with a call to the applicant."""
PHONE_WITHIN = timedelta(hours=2)
"""After the beginning of the time that the applicant asked to be called at."""


@dataclass(frozen=True, slots=True)
class Published:
    """A demand that has gone out."""

    ref: str
    contact_code: str
    published_at: datetime
    clock_start_at: datetime
    callback_due_at: datetime
    is_night: bool


@command(Role.ANYONE)
def keep_draft(work: Work, token: str, answers: dict[str, Any], *, by: Actor = ANYONE) -> None:
    """Keep what somebody has typed, under an anonymous token of their own, for seven days.

    Not journalled: nothing has been asked for yet.
    """
    digest = token_hash(token)
    row = RequestDraft.objects.select_for_update().filter(token_hash=digest).first()
    row = row or RequestDraft(token_hash=digest)
    row.answers = answers
    row.updated_at = work.now
    row.save()


@command(Role.ANYONE)
def drop_draft(work: Work, token: str, *, by: Actor = ANYONE) -> None:
    """Forget what was typed, once it has been sent."""
    RequestDraft.objects.filter(token_hash=token_hash(token)).delete()


@command(Role.RESIDENT)
def publish(
    work: Work,
    form: DemandForm,
    *,
    consent_given: bool,
    another: bool = False,
    again_of: str = "",
    registration: Registration | None = None,
    by: Actor,
) -> Published:
    """Publish a demand for the signed-in applicant, at any hour (M001, M006, M007, M008).

    Money in fen. `registration` registers the person on this phone in the same transaction.
    `another` lets a second demand of the same subject start beside an open one. A form that names an
    enterprise is its request, by whoever may make it. `again_of`: the subject's own earlier demand
    whose answers it began with, to which it is linked (of somebody else's: no link). Refuses with
    every field that breaks a rule, and CONSENT_MISSING, ALREADY_OPEN, FROZEN, NOT_FOUND or
    SCOPE_LACKING for the enterprise.
    """
    errors = forms.demand_errors(form, parties.county(SYSTEM).largest_amount_fen)
    if not consent_given:
        errors.append(forms.field_error(Refusals.CONSENT_MISSING))
    bank, product_id = directed_to(form, errors)
    if errors:
        raise Invalid(errors)
    if registration is not None:
        asking = Asking(registering.register_resident(registration, via=str(by.via), by=by))
    elif form.enterprise:
        asking = asking_for(form.enterprise, by)
    else:
        asking = Asking(parties.applicant(by))
    if not another:
        refuse_second(asking)
    demand = drafted(work, form, asking, bank, product_id, via=str(by.via))
    demand.republished_from = _earlier(demand, again_of)
    return send_out(work, demand, asking.applicant, bank, method=str(by.via), by=by)


def _earlier(demand: FinancingDemand, ref: str) -> FinancingDemand | None:
    """The same subject's demand of this reference."""
    if not ref:
        return None
    same = {"resident_id": demand.resident_id, "enterprise_id": demand.enterprise_id}
    rows = FinancingDemand.objects.filter(ref=ref, **same).exclude(state="draft")
    return rows.first()


def directed_to(form: DemandForm, errors: list[FieldError]) -> tuple[BankCard | None, UUID | None]:
    """The one bank and product asked, if any; wrong ones are added to `errors`."""
    if not form.directed_bank:
        return None, None
    bank = next((b for b in parties.banks(SYSTEM) if b.ref == form.directed_bank), None)
    if bank is None:
        errors.append(forms.field_error(Refusals.BANK_UNKNOWN))
        return None, None
    if not form.directed_product:
        return bank, None
    product = catalogue.on_shelf(SYSTEM, form.directed_product)
    if product is None or product.bank_ref != bank.ref:
        errors.append(forms.field_error(Refusals.PRODUCT_UNKNOWN))
        return bank, None
    return bank, product.id


def refuse_second(asking: Asking) -> None:
    """One open demand of a subject at a time; its requests queue here, so two taps are one."""
    if asking.applicant.is_frozen:
        raise Refused(Refusals.FROZEN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 514))", [asking.ref])
    rows = FinancingDemand.objects.filter(state__in=OPEN_DEMAND, enterprise=asking.enterprise)
    if asking.enterprise is None:
        rows = rows.filter(resident_id=asking.applicant.id)
    open_ref = rows.values_list("ref", flat=True).first()
    if open_ref is not None:
        raise Refused(Refusals.ALREADY_OPEN, ref=open_ref)


def drafted(
    work: Work,
    form: DemandForm,
    asking: Asking,
    bank: BankCard | None,
    product_id: UUID | None,
    *,
    via: str,
) -> FinancingDemand:
    """A draft of what the form asks, not stored yet."""
    applicant, (village, township) = asking.applicant, asking.home
    if applicant.is_frozen:
        raise Refused(Refusals.FROZEN)
    return FinancingDemand(
        id=new_id(),
        ref=next_reference(references.DEMAND),
        contact_code=f"{secrets.randbelow(10_000):04d}",
        resident_id=applicant.id,
        subject=asking.subject,
        enterprise_id=asking.enterprise,
        agent_id=asking.agent,
        village_id=village,
        township_id=township,
        state="draft",
        state_since=work.now,
        created_at=work.now,
        created_via=via,
        amount_fen=form.amount_fen,
        purpose=form.purpose,
        purpose_words=form.purpose_words.strip(),
        scale=form.scale,
        scale_unit=form.scale_unit if form.scale else "",
        story=form.story.strip(),
        term=form.term,
        repayment_wish=form.repayment_wish,
        securities=list(form.securities),
        age_band=age_band(applicant.born_on, local_date(work.now)),
        is_first_loan=form.is_first_loan,
        call_wish=form.call_wish,
        relative=asdict(form.relative) if form.relative else None,
        directed_bank_id=bank.id if bank else None,
        directed_product_id=product_id,
        slots=1,
    )


def send_out(
    work: Work,
    demand: FinancingDemand,
    applicant: Applicant,
    bank: BankCard | None,
    *,
    method: str,
    by: Actor,
) -> Published:
    """Publish a draft: consent, state, clocks, messages. Joined by every door that publishes."""
    rules = timing(work.now)
    asked = [bank] if bank else parties.banks(SYSTEM)
    recipients = tuple(one.ref for one in asked)
    demand.consent_id = consents.give_consent(
        applicant.id,
        purpose=PURPOSE_APPLICATION,
        purpose_ref=demand.ref,
        recipients=recipients,
        method=method,
        by=SYSTEM,
    )
    demand.slots = rules.limits.slots
    demand.published_at = work.now
    demand.clock_start_at = rules.clock_start(work.now, demand.call_wish)
    demand.state = "published"
    demand.state_since = work.now
    is_night = not rules.is_duty(work.now)
    due_at = _store(rules, demand, is_directed=bank is not None)
    stored = demand_at_home(demand.pk)[0]
    demand.resident, demand.township = stored.resident, stored.township
    change = Change(DEMAND.entity, demand.ref, "publish", "draft", "published")
    journal(work, demand, change, banks=recipients, via=demand.created_via)
    if bank is not None and demand.clock_start_at <= work.now:
        direct(work, demand, bank.id, rules)
    _tell_publication(work, demand, None if bank else asked, is_night=is_night)
    return Published(
        ref=demand.ref,
        contact_code=demand.contact_code,
        published_at=work.now,
        clock_start_at=demand.clock_start_at,
        callback_due_at=due_at,
        is_night=is_night,
    )


def _store(rules: Timing, demand: FinancingDemand, *, is_directed: bool) -> datetime:
    """The demand's row with its clocks; when the applicant's call is due."""
    assert demand.clock_start_at and demand.published_at
    start, limits, sheet = demand.clock_start_at, rules.limits, Sheet(rules, demand)
    due_at = sheet.seconds(ClockKind.CALLBACK_APPLICANT, start, limits.callback_seconds)
    sheet.seconds(ClockKind.SUPERVISION_APPLICANT, start, limits.supervision_seconds)
    sheet.seconds(ClockKind.EXPIRY, demand.published_at, limits.expiry_days * 86_400)
    if not is_directed:
        sheet.seconds(ClockKind.UNCLAIMED, start, limits.unclaimed_seconds)
    elif start > rules.now:
        sheet.at(ClockKind.DIRECTION, demand.published_at, start)
    if demand._state.adding:
        sheet.write(demand)
    else:
        demand.save(force_update=True)
        sheet.write()
    return due_at


def _tell_publication(
    work: Work, demand: FinancingDemand, banks: list[BankCard] | None, *, is_night: bool
) -> None:
    """Tell the applicant, and `banks` where all of them may claim it."""
    assert demand.clock_start_at
    tell = Tellings.of(demand, work.now)
    wished = {"编号": demand.ref, "号": demand.contact_code}
    if demand.call_wish != "now":
        tell.applicant("S04", 时间=at_words(demand.clock_start_at, work.now), **wished)
    else:
        tell.applicant("S03" if is_night else "S02", **wished)
    if banks is not None:
        tell.staff(
            parties.phones_on_duty_everywhere(SYSTEM, work.now),
            "B01",
            名额=str(demand.slots),
            **case_words(demand),
        )
        announce("demand.published", demand, [one.id for one in banks], work.now)
    tell.write()


@command(Role.RESIDENT)
def republish(work: Work, ref: str, *, by: Actor) -> Published:
    """Ask again with the answers of an ended demand, as a new one linked to it.

    The applicant's own yes, on the page or by text message, is the new consent. Goes to all banks.
    Refuses NOT_FOUND, STATE while the old one is not ended, ALREADY_OPEN, FROZEN.
    """
    old = lock_demand(by, ref, needs=Scope.REQUEST)
    if not DEMAND.permits("republish", old.state):
        raise Refused(Refusals.STATE)
    asking = asking_again(old, by)
    refuse_second(asking)
    demand = drafted(work, form_again(old), asking, None, None, via=str(by.via))
    demand.republished_from = old
    return send_out(work, demand, asking.applicant, None, method=str(by.via), by=by)


def form_again(demand: FinancingDemand) -> DemandForm:
    """What an ended demand asked for, to start a new one from."""
    relative = demand.relative
    return DemandForm(
        amount_fen=demand.amount_fen,
        purpose=demand.purpose,
        term=demand.term,
        repayment_wish=demand.repayment_wish,
        call_wish="now",
        securities=tuple(demand.securities),
        purpose_words=demand.purpose_words,
        scale=demand.scale,
        scale_unit=demand.scale_unit,
        story=demand.story,
        is_first_loan=demand.is_first_loan,
        relative=Relative(**relative) if relative else None,
        enterprise=demand.enterprise.ref if demand.enterprise else "",
    )


@command(Role.RESIDENT, Role.SYSTEM)
def open_to_all(work: Work, ref: str, *, by: Actor) -> None:
    """Let every bank see a demand that asked one bank only (content.md W5, S11).

    The applicant's own decision; the bank first asked keeps its engagement, and the product that was
    asked for stays on record: the other banks do not see it. Refuses NOT_FOUND, STATE.
    """
    demand = lock_demand(by, ref, needs=Scope.REQUEST)
    if demand.state not in OPEN_DEMAND or demand.directed_bank_id is None or is_signed(demand):
        raise Refused(Refusals.STATE)
    rules = timing(work.now)
    banks = parties.banks(SYSTEM)
    demand.consent_id = consents.give_consent(
        demand.resident_id,
        purpose=PURPOSE_APPLICATION,
        purpose_ref=demand.ref,
        recipients=[one.ref for one in banks],
        method=str(by.via),
        by=SYSTEM,
    )
    demand.directed_bank_id = None
    demand.slots = max(demand.live, rules.limits.slots)
    demand.save(update_fields=["consent", "directed_bank", "slots"])
    Question.objects.filter(
        demand=demand, kind=QuestionKind.OPEN_TO_ALL, answered_at__isnull=True
    ).update(answered_at=work.now, answer="yes", answered_via=str(by.via))
    sheet = Sheet(rules, demand)
    if demand.first_claimed_at is None or not demand.live:
        assert demand.clock_start_at
        start = max(rules.clock_start(work.now, "now"), demand.clock_start_at)
        sheet.seconds(ClockKind.UNCLAIMED, start, rules.limits.unclaimed_seconds)
    sheet.write()
    work.record(
        "financing_demand.open_to_all",
        ("demand", demand.ref),
        demand=demand.ref,
        topics=("banks", *topics(demand)),
    )
    tell = Tellings.of(demand, work.now)
    tell.staff(
        parties.phones_on_duty_everywhere(SYSTEM, work.now),
        "B01",
        名额=str(demand.slots - demand.live),
        **case_words(demand),
    )
    tell.write()
    announce("demand.published", demand, [one.id for one in banks], work.now)


@command(Role.RESIDENT)
def change_call_time(work: Work, ref: str, call_wish: str, *, by: Actor) -> None:
    """The applicant asks to be called at another time; running callback clocks move with it,
    and so does the call that township or county owe.

    The wish outranks duty hours (content.md K4). Refuses NOT_FOUND, STATE, CALL_WISH_EMPTY.
    """
    demand = lock_demand(by, ref)
    if demand.state not in OPEN_DEMAND:
        raise Refused(Refusals.STATE)
    if call_wish not in {"now", "noon", "evening", "tomorrow_morning"}:
        raise Refused(Refusals.CALL_WISH_EMPTY)
    start = restart_callback_clocks(work, demand, call_wish)
    if call_wish != "now":
        demand.follow_ups.filter(kind__in=PHONED, closed_at__isnull=True).update(
            due_at=start + PHONE_WITHIN
        )


@command(Role.SYSTEM)
def forget_drafts(work: Work, *, by: Actor = SYSTEM) -> int:
    """Drop drafts that nobody has touched for seven days; how many."""
    old = RequestDraft.objects.filter(updated_at__lt=work.now - timedelta(days=7))
    dropped, _ = old.delete()
    return dropped
