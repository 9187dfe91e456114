"""Finding is authorising: the rows of the main job that an actor may reach, locked for a change.

The lock on a demand's row guards everything beneath it: every change of an engagement, a clock or
a question holds it. So the order of locks is always demand first, and no two actions can deadlock.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import Assistance, Engagement, FinancingDemand
from puhui.parties import actions as registering
from puhui.parties import queries as parties

COMPETING = LIVE_ENGAGEMENT | {"signed", "disbursed", "settled"}
"""States in which a bank competes for a case, or has it."""
EVERYWHERE = frozenset({Role.SYSTEM, Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN, Role.AUDITOR})


def demands(actor: Actor) -> QuerySet[FinancingDemand]:
    """Demands that the actor may see as cases. Banks reach theirs through `engagements`."""
    rows = FinancingDemand.objects.all()
    if actor.role in EVERYWHERE:
        return rows.exclude(_competes(actor)) if actor.seconded_from else rows
    if actor.role is Role.RESIDENT and actor.person is not None:
        own = Q(resident_id=actor.person, enterprise__isnull=True)
        enterprises = parties.acted_for(actor)
        return rows.filter(own | Q(enterprise_id__in=enterprises) if enterprises else own)
    if actor.role is Role.TOWNSHIP_ADMIN:
        return rows.filter(township_id__in=actor.areas).exclude(_competes(actor))
    if actor.role is Role.VILLAGE_COMMISSIONER and actor.person is not None:
        return rows.filter(helper_id=actor.person, state="draft")
    return rows.none()


def everywhere_or_demands(actor: Actor) -> QuerySet[FinancingDemand]:
    """What the actor's counts are taken from: a screen counts the county and lists nothing."""
    return FinancingDemand.objects.all() if actor.role is Role.SCREEN else demands(actor)


def _competes(actor: Actor) -> Q:
    """Cases in which the bank that somebody comes from competes (domain.md ruling 11)."""
    if actor.seconded_from is None:
        return Q(pk__in=[])
    own = Engagement.objects.filter(bank_id=actor.seconded_from, state__in=COMPETING)
    return Q(pk__in=own.values("demand_id")) | Q(directed_bank_id=actor.seconded_from)


def engagements(actor: Actor) -> QuerySet[Engagement]:
    """Engagements that the actor may see: a bank its own, others by the demand."""
    rows = Engagement.objects.all()
    if actor.is_bank:
        return rows.filter(bank_id=actor.organisation) if actor.organisation else rows.none()
    if actor.role in EVERYWHERE and actor.seconded_from is None:
        return rows
    return rows.filter(demand__in=demands(actor).values("pk"))


def helps(actor: Actor) -> QuerySet[Assistance]:
    """Help that the actor may know of: a helper their own, a township its own, a resident that in
    their own name."""
    rows = Assistance.objects.all()
    if actor.role in EVERYWHERE:
        return rows
    if actor.role is Role.TOWNSHIP_ADMIN:
        return rows.filter(township_id__in=actor.areas)
    if actor.person is None:
        return rows.none()
    if actor.role is Role.RESIDENT:
        return rows.filter(resident_id=actor.person)
    return rows.filter(helper_id=actor.person)


def may_know_rates(actor: Actor) -> bool:
    """Whether the actor may know what banks ask of others: no township, nobody who comes from one."""
    return actor.role is not Role.TOWNSHIP_ADMIN and actor.seconded_from is None


def is_on_duty(actor: Actor, now: datetime) -> bool:
    """Whether the actor is on the bank's roster at `now`; the system always is."""
    if actor.role is Role.SYSTEM:
        return True
    if not actor.is_bank or actor.organisation is None or actor.person is None:
        return False
    officers = parties.officers_on_duty(actor, actor.organisation, now)
    return any(one.id == actor.person for one in officers)


def lock_demand(actor: Actor, ref: str, *, needs: str = "") -> FinancingDemand:
    """The actor's demand, locked. Refuses NOT_FOUND for another's and for a missing one alike.

    Whoever acts for an enterprise holds the right to it until the end; `needs` names the Scope that
    the step asks of them (SCOPE_LACKING).
    """
    rows = demands(actor).select_for_update(of=("self",)).select_related("resident")
    found = rows.filter(ref=ref).first()
    if found is None:
        raise Refused(NOT_FOUND)
    _hold_standing(actor, found, needs)
    return found


def _hold_standing(actor: Actor, demand: FinancingDemand, needs: str) -> None:
    if actor.role is Role.RESIDENT and demand.enterprise is not None:
        registering.hold_standing(demand.enterprise.ref, needs=needs, by=actor)


def lock_engagement(
    actor: Actor, ref: str, *, needs: str = ""
) -> tuple[FinancingDemand, Engagement]:
    """The actor's engagement with its demand locked. Refuses like `lock_demand`."""
    demand_id = engagements(actor).filter(ref=ref).values_list("demand_id", flat=True).first()
    if demand_id is None:
        raise Refused(NOT_FOUND)
    rows = FinancingDemand.objects.select_for_update(of=("self",)).select_related("resident")
    demand = rows.get(pk=demand_id)
    _hold_standing(actor, demand, needs)
    engagement = engagements(actor).select_related("bank").filter(ref=ref).first()
    if engagement is None:
        raise Refused(NOT_FOUND)
    engagement.demand = demand
    return demand, engagement
