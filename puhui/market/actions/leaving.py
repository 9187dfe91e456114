"""Somebody leaves: the accounts close the same moment, the cases go to whoever answers for them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from puhui.access import actions as access
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Work, command
from puhui.market.actions.asking import ask
from puhui.market.actions.ending import (
    after_engagement_ended,
    end_engagement,
    is_signed,
    journal,
    open_follow_up,
)
from puhui.market.lifecycle import LIVE_ENGAGEMENT, OPEN_DEMAND
from puhui.market.models import Engagement, FinancingDemand, FollowUp
from puhui.market.telling import Tellings, banks_at_work, topics
from puhui.market.terms import QuestionKind
from puhui.parties import actions as parties_actions
from puhui.parties import queries as parties
from puhui.parties.terms import ImportReport

AT_WORK = LIVE_ENGAGEMENT | {"signed", "disbursed"}


@command(Role.COUNTY_ADMIN)
def let_staff_go(work: Work, staff_ref: str, *, by: Actor) -> int:
    """End somebody's service now (domain.md §2j: leaving closes accounts the same day).

    Every duty ends, its account closes, its sessions end. Cases at work go to the bank's
    administrator, follow-ups to the township's next deputy or the county; where nobody is, they
    stand without a name and the bank's team sees them so. Returns how many cases were handed on.
    Refuses NOT_FOUND, OWN_SERVICE.
    """
    duties = parties_actions.end_service(staff_ref, by=by)
    for duty in duties:
        access.end_sessions_of_duty(duty, by=by)
    return _hand_on(work, [staff_ref])


@command(Role.COUNTY_ADMIN)
def retire_duty(work: Work, duty: UUID, *, by: Actor) -> int:
    """End one duty and close its account; whoever has no other duty at the bank hands the cases on.

    Returns how many cases were handed on. Refuses NOT_FOUND, DUTY_ENDED.
    """
    held = parties.duty(SYSTEM, duty)
    parties_actions.end_duty(duty, by=by)
    access.end_sessions_of_duty(duty, by=by)
    if held is None or parties.serving_duties(SYSTEM, held.ref):
        return 0
    return _hand_on(work, [held.ref])


@command(Role.COUNTY_ADMIN)
def take_staff_list(
    work: Work, content: bytes, *, dry_run: bool = False, by: Actor
) -> ImportReport:
    """`parties.import_staff` of a table, and what follows for whoever leaves by it: accounts close,
    cases are handed on."""
    told = parties_actions.import_staff(content, dry_run=dry_run, by=by)
    if told.is_done and told.closed:
        access.close_ended(by=by)
        _hand_on(work, told.closed_refs)
    return told


@command(Role.COUNTY_ADMIN)
def close_organisation(work: Work, ref: str, *, by: Actor) -> int:
    """`parties.close_organisation`, and what follows where it is a bank: nobody there can end its
    cases any more, so each goes back to the other banks. Returns how many.

    What was signed stays: the contract holds. Refuses as `parties.close_organisation`.
    """
    parties_actions.close_organisation(ref, by=by)
    return _give_back(work)


@command(Role.COUNTY_ADMIN)
def take_organisation_list(
    work: Work, content: bytes, *, dry_run: bool = False, by: Actor
) -> ImportReport:
    """`parties.import_organisations`, and the cases of banks that it closes go back."""
    told = parties_actions.import_organisations(content, dry_run=dry_run, by=by)
    if told.is_done and told.closed:
        _give_back(work)
    return told


def _give_back(work: Work) -> int:
    """End what closed banks still hold, their applicants are told; who asked one of them alone is
    asked whether others may see the request."""
    left = Q(engagements__bank__is_active=False, engagements__state__in=LIVE_ENGAGEMENT)
    alone = Q(directed_bank__is_active=False, state__in=OPEN_DEMAND)
    wanted = FinancingDemand.objects.filter(left | alone).values("id")
    rows = FinancingDemand.objects.select_for_update(of=("self",)).filter(id__in=wanted)
    ended = 0
    for demand in rows.select_related("resident", "township", "directed_bank").order_by("id"):
        tell = Tellings.of(demand, work.now)
        held = demand.engagements.filter(bank__is_active=False, state__in=LIVE_ENGAGEMENT)
        for engagement in held.select_related("bank"):
            change = end_engagement(work, demand, engagement, "cancel")
            journal(work, demand, change, banks=(engagement.bank.ref,))
            ended += 1
        after_engagement_ended(work, demand)
        bank = demand.directed_bank
        if bank is not None and not bank.is_active and not is_signed(demand):
            ask(work, demand, QuestionKind.OPEN_TO_ALL, None, "S11", tell, 行=bank.sms_name)
            open_follow_up(work, demand, "directed_refused")
        else:
            tell.applicant("S17", 编号=demand.ref)
        tell.write()
    return ended


def _hand_on(work: Work, refs: Collection[str]) -> int:
    """Give the open cases of these people to whoever answers for them; the demand's lock first."""
    open_follow_ups = FollowUp.objects.filter(owner__ref__in=refs, closed_at__isnull=True)
    at_work = Engagement.objects.filter(officer__ref__in=refs, state__in=AT_WORK)
    wanted = set(open_follow_ups.values_list("demand_id", flat=True))
    wanted |= set(at_work.values_list("demand_id", flat=True))
    demands = FinancingDemand.objects.select_for_update().filter(id__in=wanted).order_by("id")
    held = {one.id: one for one in demands}
    heads: dict[UUID, UUID | None] = {}
    for engagement in at_work.select_related("bank").order_by("id"):
        bank = engagement.bank_id
        if bank not in heads:
            holders = parties.duty_holders(
                SYSTEM, Role.BANK_ADMIN, organisation_id=bank, now=work.now
            )
            heads[bank] = next((one.id for one in holders if one.ref not in refs), None)
        engagement.officer_id = heads[bank]
        engagement.save(update_fields=["officer"])
        _tell(work, held[engagement.demand_id], engagement)
    for row in open_follow_ups.order_by("id"):
        demand = held[row.demand_id]
        rivals = banks_at_work(demand)
        owner = parties.case_owner(SYSTEM, demand.township_id, work.now, rivals=rivals)
        row.owner_id = owner.id if owner else None
        row.save(update_fields=["owner"])
        work.record(
            "follow_up.pass_on", ("follow_up", row.ref), demand=demand.ref, topics=topics(demand)
        )
    return len(held)


def _tell(work: Work, demand: FinancingDemand, engagement: Engagement) -> None:
    work.record(
        "engagement.hand_on",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        has_officer=engagement.officer_id is not None,
        bank=engagement.bank.ref,
    )
