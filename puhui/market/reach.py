"""Finding is authorising: the rows of the main job that an actor may reach, locked for a change.

The lock on a demand's row guards everything beneath it: every change of an engagement, a clock or
a question holds it. So the order of locks is always demand first, and no two actions can deadlock.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.prepared import Prepared
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import Assistance, Engagement, FinancingDemand
from puhui.parties import actions as registering
from puhui.parties import queries as parties

NO_BANK = UUID(int=0)
COMPETING = LIVE_ENGAGEMENT | {"signed", "disbursed", "settled"}
"""States in which a bank competes for a case, or has it."""
EVERYWHERE = frozenset({Role.SYSTEM, Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN, Role.AUDITOR})


def demands(actor: Actor) -> QuerySet[FinancingDemand]:
    """Demands that the actor may see as cases. Banks reach theirs through `engagements`."""
    rows = FinancingDemand.objects.all()
    if actor.role in EVERYWHERE:
        return rows.filter(outside(actor.seconded_from)) if actor.seconded_from else rows
    if actor.role is Role.RESIDENT and actor.person is not None:
        return applicants_own(actor.person, parties.acted_for(actor))
    if actor.role is Role.TOWNSHIP_ADMIN:
        return deputys_own(*reach(actor))
    if actor.role is Role.VILLAGE_COMMISSIONER and actor.person is not None:
        return rows.filter(helper_id=actor.person, state="draft")
    return rows.none()


def everywhere_or_demands(actor: Actor) -> QuerySet[FinancingDemand]:
    """What the actor's counts are taken from: a screen counts the county and lists nothing."""
    return FinancingDemand.objects.all() if actor.role is Role.SCREEN else demands(actor)


def applicants_own(person: UUID, enterprises: list[UUID]) -> QuerySet[FinancingDemand]:
    """A person's own demands, and those of the enterprises that the person acts for now."""
    own = Q(resident_id=person, enterprise__isnull=True)
    return FinancingDemand.objects.filter(own | Q(enterprise_id__in=enterprises))


def reach(actor: Actor) -> tuple[list[str], UUID]:
    """A deputy's townships, and the bank that the deputy comes from or NO_BANK."""
    return list(actor.areas), actor.seconded_from or NO_BANK


def deputys_own(townships: list[str], own_bank: UUID) -> QuerySet[FinancingDemand]:
    """Demands of a deputy's townships. Those in which `own_bank` competes, the bank that the deputy
    comes from (or NO_BANK), are another deputy's (domain.md ruling 11)."""
    return FinancingDemand.objects.filter(in_deputys_reach(townships, own_bank))


def in_deputys_reach(townships: list[str], own_bank: UUID, demand: str = "") -> Q:
    """The same of rows that hang on a demand, found by `demand` (`demand__`)."""
    return Q(**{f"{demand}township_id__in": townships}) & outside(own_bank, demand)


def outside(bank: UUID, demand: str = "") -> Q:
    """Of cases in which this bank does not compete: looked up for each, so that no plan of
    PostgreSQL reads all that a bank ever had."""
    held = Engagement.objects.filter(bank_id=bank, state__in=COMPETING)
    competes = Exists(held.filter(demand_id=OuterRef(f"{demand}pk")))
    return ~(Q(competes) | Q(**{f"{demand}directed_bank_id": bank}))


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


@Prepared
def demand_at_home(key: UUID) -> QuerySet[FinancingDemand]:
    """A demand by its key, with its applicant and its township."""
    return FinancingDemand.objects.select_related("resident", "township").filter(pk=key)


@Prepared
def demand_of(key: UUID) -> QuerySet[FinancingDemand]:
    """A demand by its key, for those who hold its lock."""
    return FinancingDemand.objects.select_related("resident").filter(pk=key)


def _locking() -> QuerySet[FinancingDemand]:
    return FinancingDemand.objects.select_for_update(of=("self",)).select_related("resident")


@Prepared
def _locked(key: UUID) -> QuerySet[FinancingDemand]:
    return _locking().filter(pk=key)


@Prepared
def _locked_of_case(bank: UUID, ref: str) -> QuerySet[FinancingDemand]:
    """The demand of a bank's case: which one it is never changes."""
    return _locking().filter(engagements__bank_id=bank, engagements__ref=ref)


@Prepared
def _case(bank: UUID, ref: str) -> QuerySet[Engagement]:
    return Engagement.objects.filter(bank_id=bank, ref=ref).select_related("bank")


def lock_engagement(
    actor: Actor, ref: str, *, needs: str = ""
) -> tuple[FinancingDemand, Engagement]:
    """The actor's engagement with its demand locked. Refuses like `lock_demand`."""
    if actor.is_bank:
        demand = _locked_of_case.first(actor.organisation, ref)
    else:
        case = engagements(actor).filter(ref=ref).values_list("demand_id", flat=True).first()
        demand = _locked.first(case)
    if demand is None:
        raise Refused(NOT_FOUND)
    _hold_standing(actor, demand, needs)
    if actor.is_bank:
        engagement = _case.first(actor.organisation, ref)
    else:
        engagement = engagements(actor).select_related("bank").filter(ref=ref).first()
    if engagement is None:
        raise Refused(NOT_FOUND)
    engagement.demand = demand
    return demand, engagement
