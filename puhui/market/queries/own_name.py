"""Everything ever asked for in a resident's name, and what keeps the account from being deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.prepared import Prepared
from puhui.market.models import Assistance, FinancingDemand
from puhui.market.reach import helps
from puhui.market.standing import hindrances_of, hindrances_of_enterprise
from puhui.market.terms import Hindrance
from puhui.parties import queries as parties
from puhui.parties.terms import surname

ROWS = 200


@dataclass(frozen=True, slots=True)
class InMyName:
    """One request or registration made in the resident's name. Money in fen, 0 for a registration
    and for a draft that is void."""

    ref: str
    """The demand's number; empty for a registration."""
    at: datetime
    channel: str
    """How it came: page, rest, sms, specialist, hotline, paper."""
    helper: str = field(repr=False)
    """Surname and staff number of whoever filled it in."""
    state: str
    amount_fen: int
    may_deny: bool


@query(Role.RESIDENT)
def requests_in_my_name(actor: Actor) -> tuple[InMyName, ...]:
    """Every request ever made in one's name, by whomever, void drafts included; newest first.

    At most 200; two statements (content.md §1.11).
    """
    if actor.person is None:
        return ()
    demands = (
        FinancingDemand.objects.filter(resident_id=actor.person)
        .select_related("helper")
        .order_by("-created_at")[:ROWS]
    )
    found = [_of_demand(one) for one in demands]
    alone = helps(actor).filter(demand__isnull=True).select_related("helper")
    found += [_of_help(one) for one in alone.order_by("-asked_at")[:ROWS]]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:ROWS])


def _of_demand(row: FinancingDemand) -> InMyName:
    helper = row.helper
    is_denied = row.end_reason == "not_me"
    return InMyName(
        ref=row.ref,
        at=row.published_at or row.created_at,
        channel=row.created_via,
        helper=f"{surname(helper.name)}同志（工号 {helper.ref}）" if helper else "",
        state="denied" if is_denied else row.state,
        amount_fen=row.amount_fen,
        may_deny=not is_denied,
    )


def _of_help(row: Assistance) -> InMyName:
    return InMyName(
        ref=row.demand_ref,
        at=row.asked_at,
        channel=row.channel,
        helper=f"{surname(row.helper.name)}同志（工号 {row.helper.ref}）",
        state=row.state,
        amount_fen=0,
        may_deny=False,
    )


@query(Role.RESIDENT)
def account_hindrances(actor: Actor) -> tuple[Hindrance, ...]:
    """What is still under way and keeps one's account from being deleted; empty: nothing."""
    return hindrances_of(actor.person) if actor.person else ()


@query(Role.RESIDENT)
def enterprise_hindrances(actor: Actor, enterprise_ref: str) -> tuple[Hindrance, ...]:
    """What is still under way of an enterprise that the resident acts for, and keeps it from being
    closed; empty: nothing. Refuses NOT_FOUND."""
    for one in parties.my_standings(actor):
        if one.ref == enterprise_ref:
            return hindrances_of_enterprise(one.enterprise)
    raise Refused(NOT_FOUND)


@query(Role.RESIDENT)
def requests_to_take_over(actor: Actor, succession: str) -> int:
    """How many requests of the enterprise are under way that the actor would take over. Refuses
    NOT_FOUND."""
    card = parties.succession_to_me(actor, succession)
    return len(hindrances_of_enterprise(card.enterprise))


@query(Role.RESIDENT)
def draft_awaiting_me(actor: Actor) -> str:
    """Reference of a draft that somebody filled in for the resident and that waits, or nothing."""
    if actor.person is None:
        return ""
    return _draft_of.first(actor.person) or ""


@Prepared
def _draft_of(resident: UUID) -> QuerySet[Any, str]:
    rows = FinancingDemand.objects.filter(resident_id=resident, state="draft")
    return rows.order_by("id").values_list("ref", flat=True)[:1]
