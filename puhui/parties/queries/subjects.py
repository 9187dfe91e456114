"""Enterprises and whoever acts for them: one's own, and the county's register."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused, moment
from puhui.kernel.prepared import Prepared
from puhui.parties.models import Agency, Division, Enterprise
from puhui.parties.rules.names import mask_name, surname
from puhui.parties.subject_terms import (
    Acting,
    AgencyAsked,
    AgentCard,
    EnterpriseCard,
    Standing,
)


@dataclass(frozen=True, slots=True)
class EnterprisePage:
    """One page of the register; `following` is the reference to page on from, empty at the end."""

    rows: tuple[EnterpriseCard, ...]
    total: int
    following: str


def live_agencies(now: datetime | Now) -> QuerySet[Agency]:
    """Authorisations that hold at `now`: confirmed, begun, not over, not revoked."""
    return Agency.objects.filter(
        revoked_at=None, confirmed_at__isnull=False, starts_at__lte=now, ends_at__gt=now
    )


def acting_of(row: Enterprise, agency: Agency | None) -> Acting:
    """`agency` None: the legal representative, who may do everything."""
    return Acting(_standing(row, agency), row.representative_id, row.village_id, _township(row))


def _township(row: Enterprise) -> str:
    return row.village.township_code


def _standing(row: Enterprise, agency: Agency | None) -> Standing:
    return Standing(
        enterprise=row.id,
        ref=row.ref,
        name=row.name,
        kind=row.kind,
        is_representative=agency is None,
        may_request=agency is None or agency.may_request,
        may_choose=agency is None or agency.may_choose,
        until=agency.ends_at if agency else None,
    )


@query(Role.RESIDENT)
def my_standings(actor: Actor) -> list[Standing]:
    """For which enterprises the signed-in resident may act now, by name: two statements."""
    if actor.person is None:
        return []
    own = Enterprise.objects.filter(representative_id=actor.person, ended_at=None)
    given = live_agencies(Now()).filter(agent_id=actor.person).select_related("enterprise")
    found = [_standing(row, None) for row in own]
    found += [_standing(one.enterprise, one) for one in given]
    return sorted(found, key=lambda one: one.name)


@query(Role.RESIDENT)
def acted_for(actor: Actor) -> list[UUID]:
    """Ids of the enterprises that the resident may act for now: one statement."""
    if actor.person is None:
        return []
    return _acted_for(actor.person)


@Prepared
def _acted_for(person: UUID) -> QuerySet[Any, UUID]:
    given = live_agencies(Now()).filter(agent_id=person).values("enterprise_id")
    rows = Enterprise.objects.filter(Q(representative_id=person) | Q(id__in=given))
    rows = rows.filter(ended_at=None)
    return rows.values_list("id", flat=True)


@query(Role.SYSTEM)
def is_agent_now(actor: Actor, enterprise: UUID, agent: UUID) -> bool:
    """Whether somebody's authorisation for an enterprise holds now."""
    return live_agencies(Now()).filter(enterprise_id=enterprise, agent_id=agent).exists()


@query(Role.SYSTEM)
def agencies_asked(actor: Actor, ids: Collection[str]) -> dict[str, AgencyAsked]:
    """Which of these ids are authorisations that still wait for the representative's reply."""
    rows = Agency.objects.filter(pk__in=list(ids), confirmed_at=None, revoked_at=None)
    return {
        str(row.pk): AgencyAsked(
            row.pk, row.ref, row.given_by_id, row.given_by.phone, surname(row.agent.name)
        )
        for row in rows.select_related("given_by", "agent")
    }


@query(Role.RESIDENT)
def my_enterprise(actor: Actor, ref: str) -> EnterpriseCard:
    """An enterprise that the resident may act for; its agents for the representative alone, newest
    first. Refuses NOT_FOUND, alike for others' and missing ones."""
    row = _in_full().filter(ref=ref, id__in=acted_for(actor)).first()
    if row is None:
        raise Refused(NOT_FOUND)
    agents: tuple[AgentCard, ...] = ()
    if row.representative_id == actor.person:
        now = moment()
        given = Agency.objects.filter(enterprise=row).select_related("agent")
        agents = tuple(_agent_card(one, now) for one in given.order_by("-given_at")[:40])
    return _card(row, agents)


@query(Role.SYSTEM)
def enterprise_card(actor: Actor, enterprise: UUID) -> EnterpriseCard:
    """An enterprise, for the context that holds the reference. Refuses NOT_FOUND."""
    row = _in_full().filter(id=enterprise).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return _card(row)


@query(Role.SYSTEM)
def represented(actor: Actor, resident: UUID) -> list[str]:
    """References of the enterprises whose legal representative this person is."""
    rows = Enterprise.objects.filter(representative_id=resident, ended_at=None).order_by("ref")
    return list(rows.values_list("ref", flat=True))


@query(*COUNTY)
def enterprise_named(actor: Actor, ref: str) -> str:
    """The name of an enterprise that has not closed. Refuses NOT_FOUND."""
    name = Enterprise.objects.filter(ref=ref, ended_at=None).values_list("name", flat=True).first()
    if name is None:
        raise Refused(NOT_FOUND)
    return name


@query(*COUNTY, Role.AUDITOR)
def enterprise_register(
    actor: Actor,
    *,
    words: str = "",
    kind: str = "",
    township: str = "",
    after: str = "",
    limit: int = 50,
) -> EnterprisePage:
    """The county's register by name; `words` stand in the name or begin the credit code.

    `after`: the reference of the last row before. Four statements however many rows.
    """
    rows = _chosen(words, kind, township)
    total = rows.count()
    edge = Enterprise.objects.filter(ref=after).values_list("name", "id").first() if after else None
    if edge is not None:
        rows = rows.filter(Q(name__gt=edge[0]) | Q(name=edge[0], id__gt=edge[1]))
    found = list(rows[: limit + 1])
    shown = tuple(_card(one) for one in found[:limit])
    return EnterprisePage(shown, total, shown[-1].ref if len(found) > limit else "")


@query(*COUNTY, Role.AUDITOR)
def enterprise_rows(
    actor: Actor, *, words: str = "", kind: str = "", township: str = ""
) -> list[EnterpriseCard]:
    """All rows of the register that the filter leaves, for an export."""
    return [_card(one) for one in _chosen(words, kind, township).iterator(chunk_size=500)]


def _chosen(words: str, kind: str, township: str) -> QuerySet[Enterprise]:
    rows = _in_full().filter(ended_at=None).order_by("name", "id")
    words = "".join(words.split())
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(credit_code__startswith=words.upper()))
    if kind:
        rows = rows.filter(kind=kind)
    if township:
        rows = rows.filter(village__township_code=township)
    return rows


def _in_full() -> QuerySet[Enterprise]:
    township = Division.objects.filter(code=OuterRef("village__township_code"))
    return Enterprise.objects.select_related("village", "representative").annotate(
        township_name=Subquery(township.values("short_name")[:1])
    )


def _card(row: Enterprise, agents: tuple[AgentCard, ...] = ()) -> EnterpriseCard:
    return EnterpriseCard(
        ref=row.ref,
        kind=row.kind,
        name=row.name,
        credit_code=row.credit_code,
        industry=row.industry,
        size=row.size,
        sized_on=row.sized_on,
        revenue_fen=row.revenue_fen,
        staff_count=row.staff_count,
        assets_fen=row.assets_fen,
        village_code=row.village_id,
        village=row.village.short_name if row.village.parent_id else "",
        township=str(getattr(row, "township_name", "") or ""),
        representative_masked=mask_name(row.representative.name),
        registered_at=row.registered_at,
        checked_at=row.checked_at,
        agents=agents,
    )


def _agent_card(row: Agency, now: datetime) -> AgentCard:
    return AgentCard(
        ref=row.ref,
        name_masked=mask_name(row.agent.name),
        phone_tail=row.agent.phone[-4:],
        may_request=row.may_request,
        may_choose=row.may_choose,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=_state(row, now),
    )


def _state(row: Agency, now: datetime) -> str:
    if row.revoked_at is not None or row.ends_at <= now:
        return "over"
    return "waiting" if row.confirmed_at is None else "live"
