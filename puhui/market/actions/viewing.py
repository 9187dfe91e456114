"""Showing contact data is an act: journalled, recorded as a disclosure, seen by the applicant."""

from __future__ import annotations

from dataclasses import dataclass

from puhui.consent import actions as consents
from puhui.kernel import journal
from puhui.kernel.actor import BANK, COUNTY, SYSTEM, Actor, Role
from puhui.kernel.command import Refused, Work, command
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import FinancingDemand
from puhui.market.reach import is_on_duty, lock_demand, lock_engagement
from puhui.market.telling import contact_of, topics
from puhui.market.terms import Refusals

CONTACT_FIELDS = ("name", "phone", "village")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who to call. Goes to the person who asked, never into a store or a log."""

    name: str
    phone: str
    village: str
    relative_name: str = ""
    relative_relation: str = ""
    relative_phone: str = ""
    enterprise_name: str = ""
    credit_code: str = ""
    """Of the enterprise that asks; empty for a person's own request."""


@command(*BANK)
def view_contact(work: Work, engagement_ref: str, *, by: Actor) -> Contact:
    """Name, phone and village of a claimed case, until the engagement ends.

    For the officer in charge of the case and whoever is on duty at the bank now; the bank's head,
    too, takes a case over first (domain.md §2a). Each view is journalled and shown to the applicant.
    Refuses NOT_FOUND, STATE once it has ended, CONTACT_NOT_YOURS, the consent's refusals, PERSONAL_DATA_CLOSED while the journal is not sealed.
    """
    _journal_is_sealed()
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state not in LIVE_ENGAGEMENT | {"signed", "disbursed"}:
        raise Refused(Refusals.STATE)
    if engagement.officer_id != by.person and not is_on_duty(by, work.now):
        raise Refused(Refusals.CONTACT_NOT_YOURS)
    consents.disclose(
        demand.resident_id,
        purpose_ref=demand.ref,
        recipient_ref=by.organisation_ref,
        officer_ref=by.ref,
        role=str(by.role),
        fields=shown_of(demand),
        by=SYSTEM,
    )
    work.record(
        "contact.view",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand),
        bank=by.organisation_ref,
        fields=shown_of(demand),
    )
    return _contact(demand)


@command(Role.TOWNSHIP_ADMIN, *COUNTY)
def view_phone(work: Work, demand_ref: str, *, by: Actor) -> Contact:
    """Name, phone and village for township and county, on a tap that the applicant sees.

    Refuses NOT_FOUND, PERSONAL_DATA_CLOSED.
    """
    _journal_is_sealed()
    demand = lock_demand(by, demand_ref)
    consents.disclose(
        demand.resident_id,
        purpose_ref=demand.ref,
        recipient_ref=by.organisation_ref,
        officer_ref=by.ref,
        role=str(by.role),
        fields=shown_of(demand),
        by=SYSTEM,
    )
    work.record(
        "contact.view",
        ("demand", demand.ref),
        demand=demand.ref,
        topics=topics(demand),
        fields=shown_of(demand),
    )
    return _contact(demand)


def shown_of(demand: FinancingDemand) -> list[str]:
    """Which fields of the person a look at the contact shows, by the consent's names."""
    words = [name for name in ("purpose_words", "story") if getattr(demand, name)]
    return [*CONTACT_FIELDS, *(["relative"] if demand.relative else []), *words]


def _journal_is_sealed() -> None:
    if not journal.personal_data_allowed():
        raise Refused(Refusals.PERSONAL_DATA_CLOSED)


def _contact(demand: FinancingDemand) -> Contact:
    resident, relative = contact_of(demand), demand.relative or {}
    enterprise = demand.enterprise
    return Contact(
        name=resident.name,
        phone=resident.phone,
        village=_place(demand, "" if enterprise else resident.village_text),
        relative_name=relative.get("name", ""),
        relative_relation=relative.get("relation", ""),
        relative_phone=relative.get("phone", ""),
        enterprise_name=enterprise.name if enterprise else "",
        credit_code=enterprise.credit_code if enterprise else "",
    )


def _place(demand: FinancingDemand, village_text: str) -> str:
    """Township and village; an enterprise of a unit without villages stands in the unit itself."""
    is_whole = demand.enterprise_id is not None and demand.village_id == demand.township_id
    village = "" if is_whole else demand.village.short_name
    return f"{demand.township.short_name}{village}{village_text}"
