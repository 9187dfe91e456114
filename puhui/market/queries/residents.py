"""What an applicant asks: my demands, how far each has come, what I had typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, F, Func, OuterRef, QuerySet, Subquery

from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.calendar import UnknownYear, WorkingCalendar
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.crypto import token_hash
from puhui.kernel.prepared import Prepared
from puhui.market.lifecycle import OPEN_DEMAND
from puhui.market.models import (
    Clock,
    Engagement,
    FinancingDemand,
    FollowUp,
    Question,
    ReassignmentProposal,
    RequestDraft,
)
from puhui.market.queries.paging import older
from puhui.market.queries.shaping import (
    FOR_APPLICANT,
    clock_views,
    engagement_view,
    filled,
    grouped,
    with_marks,
)
from puhui.market.queries.views import (
    ClockView,
    DemandView,
    EngagementView,
    FollowUpLine,
    QuestionView,
)
from puhui.market.reach import applicants_own, demands
from puhui.market.terms import ClockKind, Relation
from puhui.market.timing import timing
from puhui.parties import queries as parties
from puhui.parties.terms import mask_name, surname

IN_WORKING_DAYS = (
    ClockKind.PLAN,
    ClockKind.INVESTIGATION,
    ClockKind.DECISION,
    ClockKind.SIGNING,
)


class ClockTimestamp(Func):
    """The database's time, by the statement that fetches the rows."""

    function = "clock_timestamp"
    output_field = DateTimeField()


@query(Role.ANYONE)
def kept_draft(actor: Actor, token: str) -> dict[str, Any]:
    """What was typed under this anonymous token; empty where nothing is kept."""
    row = RequestDraft.objects.filter(token_hash=token_hash(token)).first() if token else None
    return dict(row.answers) if row else {}


@query(Role.RESIDENT)
def my_demands(actor: Actor, *, limit: int = 50, before: str = "") -> list[DemandView]:
    """The applicant's demands, newest first, whole; `before` is a reference to page on from."""
    if not before:
        mine = parties.acted_for(actor)
        return _views(_newest(limit)(actor.person, mine))
    rows = older(_listed(demands(actor)), "created_at", demands(actor).filter(ref=before))
    return _views(list(rows[:limit]))


@query(Role.RESIDENT)
def my_demand(actor: Actor, ref: str) -> DemandView:
    """One demand of the applicant's own. Refuses NOT_FOUND, alike for others' and missing ones."""
    found = _views(_own(actor.person, parties.acted_for(actor), ref))
    if not found:
        raise Refused(NOT_FOUND)
    return _with_days_late(found[0])


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


def _whole(rows: QuerySet[FinancingDemand]) -> QuerySet[Any]:
    """Demands, with what `_view` reads beside them."""
    return rows.annotate(
        asked_at=ClockTimestamp(),
        earlier_ref=F("republished_from__ref"),
        republished_as=Subquery(
            FinancingDemand.objects.filter(republished_from=OuterRef("pk"))
            .exclude(state="draft")
            .order_by("-created_at", "-id")
            .values("ref")[:1]
        ),
        proposed_bank=Subquery(
            ReassignmentProposal.objects.filter(demand=OuterRef("pk"), answered_at=None)
            .order_by("id")
            .values("bank__name")[:1]
        ),
        has_questions=Exists(Question.objects.filter(demand=OuterRef("pk"), answered_at=None)),
        has_follow_ups=Exists(FollowUp.objects.filter(demand=OuterRef("pk"), closed_at=None)),
    ).select_related(
        "resident", "township", "village", "directed_bank", "directed_product", "enterprise"
    )


def _listed(rows: QuerySet[FinancingDemand]) -> QuerySet[Any]:
    return _whole(rows).exclude(state="draft").order_by("-created_at", "-id")


@cache
def _newest(limit: int) -> Prepared[Any]:
    def build(person: UUID, enterprises: list[UUID]) -> QuerySet[Any]:
        return _listed(applicants_own(person, enterprises))[:limit]

    return Prepared(build)


@Prepared
def _own(person: UUID, enterprises: list[UUID], ref: str) -> QuerySet[Any]:
    return _whole(applicants_own(person, enterprises)).filter(ref=ref)


@Prepared
def _engagements(of: list[UUID]) -> QuerySet[Engagement]:
    rows = Engagement.objects.filter(demand_id__in=of).order_by("claimed_at")
    return with_marks(rows).select_related("bank", "officer", "loan_return", "objection")


@Prepared
def _clocks(of: list[UUID]) -> QuerySet[Clock]:
    return Clock.objects.filter(demand_id__in=of, engagement=None).order_by("started_at")


@Prepared
def _questions(of: list[UUID]) -> QuerySet[Question]:
    rows = Question.objects.filter(demand_id__in=of, answered_at=None)
    return rows.order_by("asked_at", "id")


@Prepared
def _follow_ups(of: list[UUID]) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(demand_id__in=of, closed_at=None).select_related("owner")
    return rows.order_by("opened_at", "id")


def _views(rows: Sequence[Any]) -> list[DemandView]:
    """Rows of `_whole` with all beneath them: two to nine statements, however many rows."""
    if not rows:
        return []
    keys, by_key = [row.pk for row in rows], {row.pk: row for row in rows}
    held = _engagements(keys)
    for one in filled(held, FOR_APPLICANT):
        one.demand = by_key[one.demand_id]
    engagements = grouped(held, "demand_id")
    clocks = grouped(_clocks(keys), "demand_id")
    asked = [row.pk for row in rows if row.has_questions]
    questions = grouped(_questions(asked) if asked else (), "demand_id")
    followed = [row.pk for row in rows if row.has_follow_ups]
    follow_ups = grouped(_follow_ups(followed) if followed else (), "demand_id")
    return [
        _view(row, engagements[row.pk], clocks[row.pk], questions[row.pk], follow_ups[row.pk])
        for row in rows
    ]


def _view(
    row: Any,
    held: Iterable[Engagement],
    clocks: Iterable[Clock],
    questions: Iterable[Question],
    follow_ups: Iterable[FollowUp],
) -> DemandView:
    """`row` of `_whole`, with the database's time of the answer."""
    bank, product = row.directed_bank, row.directed_product
    engagements = tuple(engagement_view(one, to_bank=False) for one in held)
    by_id = {one.id: one for one in engagements}
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
        now=row.asked_at,
        engagements=engagements,
        clocks=clock_views(clocks),
        questions=tuple(_question(one, by_id) for one in questions),
        follow_ups=tuple(_follow_up(one) for one in follow_ups),
        proposed_bank_name=row.proposed_bank or "",
        relative_words=_relative_words(row.relative),
        republished_from=row.earlier_ref or "",
        republished_as=row.republished_as or "",
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


def _follow_up(row: FollowUp) -> FollowUpLine:
    return FollowUpLine(row.kind, row.due_at, surname(row.owner.name) if row.owner else "")


def _question(row: Question, engagements: Mapping[UUID, EngagementView]) -> QuestionView:
    engagement = engagements.get(row.engagement_id) if row.engagement_id else None
    return QuestionView(
        kind=row.kind,
        engagement_ref=engagement.ref if engagement else "",
        bank_name=engagement.bank_name if engagement else "",
        asked_at=row.asked_at,
    )
