"""An enterprise gets another legal representative, or closes: what becomes of its requests."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from puhui.consent import actions as consents
from puhui.kernel.actor import COUNTY, SYSTEM, Actor, Role
from puhui.kernel.command import Invalid, Refused, Work, command
from puhui.market.actions.forgetting import forget_words
from puhui.market.actions.publishing import PURPOSE_APPLICATION
from puhui.market.lifecycle import LIVE_ENGAGEMENT, OPEN_DEMAND
from puhui.market.models import Engagement, FinancingDemand
from puhui.market.rules import forms
from puhui.market.standing import hindrances_of_enterprise
from puhui.market.telling import topics
from puhui.market.terms import Refusals
from puhui.notices import actions as notices
from puhui.notices.terms import Telling
from puhui.parties import actions as registering
from puhui.parties import queries as parties
from puhui.parties.subject_terms import SuccessionCard

SHOWN = LIVE_ENGAGEMENT | {"signed", "disbursed"}
"""While a bank has a case in one of these, it may look at whom to call."""


@command(Role.RESIDENT)
def name_successor(work: Work, enterprise_ref: str, name: str, phone: str, *, by: Actor) -> str:
    """The legal representative names the next one, who is told; the change's reference.

    Refuses what `parties.name_successor` refuses.
    """
    made = registering.name_successor(enterprise_ref, name, phone, by=by)
    _ask(made)
    return made.ref


@command(*COUNTY)
def open_succession(
    work: Work,
    enterprise_ref: str,
    *,
    name: str,
    phone: str,
    document: str,
    document_number: str,
    by: Actor,
) -> str:
    """The legal representative can no longer speak: the county names the next one by a document, and
    a second of its staff compares it. The old one's phone is told; the change's reference.

    What the enterprise asked for goes on meanwhile as it is. Refuses what
    `parties.open_succession` refuses.
    """
    made = registering.open_succession(
        enterprise_ref,
        name=name,
        phone=phone,
        document=document,
        document_number=document_number,
        by=by,
    )
    before = parties.applicant_by_id(SYSTEM, made.representative)
    told = Telling("S43", before.phone, {}, resident=before.id, subject_ref=made.enterprise_ref)
    notices.tell([told], by=SYSTEM)
    return made.ref


@command(*COUNTY)
def check_succession(work: Work, succession: str, *, is_right: bool = True, by: Actor) -> None:
    """The second one's word on `open_succession`: whoever is named is asked, or it ends there.
    Refuses what `parties.check_succession` refuses."""
    made = registering.check_succession(succession, is_right=is_right, by=by)
    if is_right:
        _ask(made)


def _ask(made: SuccessionCard) -> None:
    told = Telling("S42", made.phone, {}, resident=made.successor, subject_ref=made.enterprise_ref)
    notices.tell([told], by=SYSTEM)


@command(Role.RESIDENT)
def take_over(work: Work, succession: str, *, consent_given: bool = False, by: Actor) -> str:
    """The one named becomes the legal representative and goes on with what the enterprise has asked
    for; the reference of the enterprise.

    Requests keep their number, history and banks. They are the new representative's from now on:
    banks reach that person, by that person's own consent, and the relative whom the old one named
    is forgotten. Refuses NOT_FOUND; CONSENT_MISSING where a request is under way.
    """
    card = parties.succession_to_me(by, succession)
    list(_under_way(card.enterprise).select_for_update(of=("self",)))
    enterprise = registering.accept_succession(succession, by=by)
    rows = list(_under_way(enterprise).select_for_update(of=("self",)))
    if rows and not consent_given:
        raise Invalid([forms.field_error(Refusals.CONSENT_MISSING)])
    for row in rows:
        _hand_on(work, row, by)
    return card.enterprise_ref


def _under_way(enterprise: UUID) -> QuerySet[FinancingDemand]:
    """What is open, and what a bank still works or has paid out."""
    held = Engagement.objects.filter(demand__enterprise_id=enterprise, state__in=SHOWN)
    open_ = Q(state__in=(*OPEN_DEMAND, "draft")) | Q(pk__in=held.values("demand_id"))
    rows = FinancingDemand.objects.filter(open_, enterprise_id=enterprise)
    return rows.select_related("resident", "directed_bank", "agent").order_by("pk")


def _hand_on(work: Work, demand: FinancingDemand, by: Actor) -> None:
    assert by.person
    banks = [demand.directed_bank] if demand.directed_bank else parties.banks(SYSTEM)
    consents.wind_up(demand.ref, by=SYSTEM)
    demand.resident_id, demand.relative = by.person, None
    fields = ["resident", "relative"]
    if demand.published_at is not None:
        demand.consent_id = consents.give_consent(
            by.person,
            purpose=PURPOSE_APPLICATION,
            purpose_ref=demand.ref,
            recipients=[one.ref for one in banks],
            method=str(by.via),
            by=SYSTEM,
        )
        fields.append("consent")
    demand.save(update_fields=fields)
    work.record(
        "financing_demand.take_over",
        ("demand", demand.ref),
        demand=demand.ref,
        topics=topics(demand),
    )


@command(Role.RESIDENT)
def close_enterprise(work: Work, enterprise_ref: str, *, by: Actor) -> None:
    """The legal representative closes the enterprise: at once and for good (单位注销).

    Its name, code, figures and every free word of its requests are erased, authorisations end; sums,
    days and outcomes stay for the counts. Refuses NOT_FOUND, ENTERPRISE_BUSY while something is
    under way; `enterprise_hindrances` says what.
    """
    enterprise = registering.hold_enterprise(enterprise_ref, by=by)
    if hindrances_of_enterprise(enterprise):
        raise Refused(Refusals.ENTERPRISE_BUSY)
    forget_words(enterprise, of="enterprise")
    registering.erase_enterprise(enterprise, by=SYSTEM)
