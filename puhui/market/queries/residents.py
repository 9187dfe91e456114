"""What an applicant asks: my demands, how far each has come, what I had typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Prefetch

from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.calendar import UnknownYear, WorkingCalendar
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.crypto import token_hash
from puhui.market.lifecycle import OPEN_DEMAND
from puhui.market.models import (
    Clock,
    Engagement,
    FinancingDemand,
    Question,
    ReassignmentProposal,
    RequestDraft,
)
from puhui.market.queries.paging import older
from puhui.market.queries.shaping import clock_views, engagement_view, whole
from puhui.market.queries.views import ClockView, DemandView, QuestionView
from puhui.market.reach import demands
from puhui.market.terms import ClockKind, Relation
from puhui.market.timing import timing
from puhui.parties.terms import mask_name

IN_WORKING_DAYS = (
    ClockKind.PLAN,
    ClockKind.INVESTIGATION,
    ClockKind.DECISION,
    ClockKind.SIGNING,
)


@query(Role.ANYONE)
def kept_draft(actor: Actor, token: str) -> dict[str, Any]:
    """What was typed under this anonymous token; empty where nothing is kept."""
    row = RequestDraft.objects.filter(token_hash=token_hash(token)).first() if token else None
    return dict(row.answers) if row else {}


@query(Role.RESIDENT)
def my_demands(actor: Actor, *, limit: int = 50, before: str = "") -> list[DemandView]:
    """The applicant's demands, newest first, whole; `before` is a reference to page on from."""
    rows = _whole(actor).exclude(state="draft").order_by("-created_at", "-id")
    if before:
        rows = older(rows, "created_at", demands(actor).filter(ref=before))
    now = database_now()
    return [_view(row, now) for row in rows[:limit]]


@query(Role.RESIDENT)
def my_demand(actor: Actor, ref: str) -> DemandView:
    """One demand of the applicant's own. Refuses NOT_FOUND, alike for others' and missing ones."""
    row = _whole(actor).filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return _with_days_late(_view(row, database_now()))


@query(Role.RESIDENT)
def my_open_demand(actor: Actor, enterprise: str | None = None) -> str:
    """Reference of the newest demand still under way, or nothing. `enterprise`: of that one by its
    reference, empty for one's own; None for any."""
    rows = demands(actor).filter(state__in=OPEN_DEMAND).order_by("-created_at")
    if enterprise is not None:
        rows = (
            rows.filter(enterprise__ref=enterprise) if enterprise else rows.filter(enterprise=None)
        )
    return rows.values_list("ref", flat=True).first() or ""


def _whole(actor: Actor) -> Any:
    return (
        demands(actor)
        .select_related(
            "resident",
            "township",
            "village",
            "directed_bank",
            "directed_product",
            "republished_from",
            "enterprise",
        )
        .prefetch_related(
            Prefetch("engagements", whole(Engagement.objects.order_by("claimed_at"))),
            Prefetch(
                "clocks",
                Clock.objects.filter(engagement__isnull=True).order_by("started_at"),
                to_attr="own_clocks",
            ),
            Prefetch(
                "questions",
                Question.objects.filter(answered_at__isnull=True)
                .select_related("engagement__bank")
                .order_by("asked_at", "id"),
                to_attr="open_questions",
            ),
            Prefetch(
                "reassignment_proposals",
                ReassignmentProposal.objects.filter(answered_at__isnull=True).select_related(
                    "bank"
                ),
                to_attr="open_proposals",
            ),
            Prefetch(
                "financingdemand_set",
                FinancingDemand.objects.order_by("-id"),
                to_attr="asked_again",
            ),
            "follow_ups",
        )
    )


def _view(row: FinancingDemand, now: Any) -> DemandView:
    bank, product = row.directed_bank, row.directed_product
    return DemandView(
        ref=row.ref,
        contact_code=row.contact_code,
        state=row.state,
        created_at=row.created_at,
        published_at=row.published_at,
        clock_start_at=row.clock_start_at,
        first_attempt_at=row.first_attempt_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        amount_fen=row.amount_fen,
        purpose=row.purpose,
        purpose_words=row.purpose_words,
        scale=row.scale,
        scale_unit=row.scale_unit,
        story=row.story,
        term=row.term,
        repayment_wish=row.repayment_wish,
        securities=tuple(row.securities),
        call_wish=row.call_wish,
        township=row.township.name,
        village=row.village.short_name,
        directed_bank_ref=bank.ref if bank else "",
        directed_bank_name=bank.name if bank else "",
        directed_product_name=product.name if product else "",
        slots=row.slots,
        live=row.live,
        refusals=row.refusals,
        now=now,
        engagements=tuple(engagement_view(one) for one in row.engagements.all()),
        clocks=clock_views(row.own_clocks),  # type: ignore[attr-defined]
        questions=tuple(_question(one) for one in row.open_questions),  # type: ignore[attr-defined]
        follow_up_kinds=tuple(one.kind for one in row.follow_ups.all() if one.closed_at is None),
        proposed_bank_name=next((one.bank.name for one in row.open_proposals), ""),  # type: ignore[attr-defined]
        relative_words=_relative_words(row.relative),
        republished_from=row.republished_from.ref if row.republished_from else "",
        republished_as=next((one.ref for one in row.asked_again), ""),  # type: ignore[attr-defined]
        name_masked=mask_name(row.resident.name),
        phone_tail=row.resident.phone[-4:],
        subject=row.subject,
        enterprise_ref=row.enterprise.ref if row.enterprise else "",
        enterprise_name=row.enterprise.name if row.enterprise else "",
    )


def _with_days_late(demand: DemandView) -> DemandView:
    """Says of missed deadlines in working days how many have passed since (content.md W13)."""
    if not any(_is_late(clock, demand) for one in demand.engagements for clock in one.clocks):
        return demand
    calendar = timing(demand.now).calendar
    engagements = []
    for one in demand.engagements:
        clocks = tuple(
            replace(clock, late_working_days=_days_late(clock, demand, calendar))
            if _is_late(clock, demand)
            else clock
            for clock in one.clocks
        )
        engagements.append(replace(one, clocks=clocks))
    return replace(demand, engagements=tuple(engagements))


def _is_late(clock: ClockView, demand: DemandView) -> bool:
    is_past = clock.due_at is not None and clock.due_at < demand.now
    return clock.kind in IN_WORKING_DAYS and clock.state in ("running", "breached") and is_past


def _days_late(clock: ClockView, demand: DemandView, calendar: WorkingCalendar) -> int | None:
    assert clock.due_at
    try:
        return calendar.working_days_between(local_date(clock.due_at), local_date(demand.now))
    except UnknownYear:
        return None


def _relative_words(relative: dict[str, Any] | None) -> str:
    if not relative or not relative.get("agreed"):
        return ""
    return f"家里人（{Relation(relative['relation']).label}）"


def _question(row: Question) -> QuestionView:
    engagement = row.engagement
    return QuestionView(
        kind=row.kind,
        engagement_ref=engagement.ref if engagement else "",
        bank_name=engagement.bank.name if engagement else "",
        asked_at=row.asked_at,
    )
