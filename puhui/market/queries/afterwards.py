"""What a bank's people ask of what comes after a proposal: objections, wishes to talk again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from puhui.kernel.actor import BANK, Actor, query
from puhui.kernel.prepared import Prepared
from puhui.market.models import Clock, Engagement, Objection, TalkRequest
from puhui.market.terms import ClockKind

ROWS = 200


@dataclass(frozen=True, slots=True)
class OpenObjection:
    """An objection to a refusal of the actor's bank."""

    engagement_ref: str
    demand_ref: str
    is_against_automation: bool
    opened_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    outcome: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Talk:
    """What an applicant would like to be different; `wishes` are TalkWish codes."""

    at: datetime
    wishes: tuple[str, ...]
    words: str = field(repr=False)


@query(*BANK)
def bank_objections(actor: Actor) -> tuple[OpenObjection, ...]:
    """Objections of the actor's bank: what waits for an answer first, by its age. Two statements."""
    rows = Objection.objects.filter(engagement__bank_id=actor.organisation)
    found = rows.select_related("engagement__demand").order_by("answered_at", "opened_at")[:ROWS]
    waiting = sorted(found, key=lambda one: (one.answered_at is not None, one.opened_at))
    clocks = Clock.objects.filter(
        engagement__in=[one.engagement_id for one in waiting], kind=ClockKind.OBJECTION
    )
    due = {one.engagement_id: one.due_at for one in clocks}
    return tuple(
        OpenObjection(
            engagement_ref=one.engagement.ref,
            demand_ref=one.engagement.demand.ref,
            is_against_automation=one.is_against_automation,
            opened_at=one.opened_at,
            due_at=due.get(one.engagement_id),
            answered_at=one.answered_at,
            outcome=one.outcome,
            words=one.words,
        )
        for one in waiting
    )


@query(*BANK)
def open_objections(actor: Actor) -> int:
    """How many objections wait for an answer of the actor's bank. One statement."""
    return len(_unanswered(actor.organisation))


@Prepared
def _unanswered(bank: UUID) -> QuerySet[Any, UUID]:
    rows = Objection.objects.filter(engagement__bank_id=bank, answered_at__isnull=True)
    return rows.values_list("pk", flat=True)


@query(*BANK)
def talks(actor: Actor, engagement_ref: str) -> tuple[Talk, ...]:
    """What the applicant of a live engagement asked for since the bank took it, newest first. One
    statement."""
    rows = _talks(actor.organisation, engagement_ref)
    return tuple(Talk(row.at, tuple(row.wishes), row.words) for row in rows)


@Prepared
def _talks(bank: UUID, engagement: str) -> QuerySet[TalkRequest]:
    live = Engagement.objects.filter(
        bank_id=bank,
        ref=engagement,
        ended_at__isnull=True,
        demand=OuterRef("demand_id"),
        claimed_at__lte=OuterRef("at"),
    )
    return TalkRequest.objects.filter(Exists(live)).order_by("-at")
