"""From rows to views: one fixed set of statements for a page of cases, never one per case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet

from puhui.catalogue.terms import Subject
from puhui.kernel.prepared import Prepared
from puhui.market.models import (
    CallAttempt,
    Clock,
    CustomerPause,
    Engagement,
    Enquiry,
    LoanReturn,
    Objection,
    Obstacle,
    Paper,
    Proposal,
    Supervision,
    SupervisionStep,
)
from puhui.market.queries.views import (
    CallView,
    ClockView,
    EngagementView,
    EnquiryView,
    ObjectionView,
    ObstacleView,
    PaperView,
    PauseView,
    ProposalView,
    ReturnView,
    SupervisionStepView,
    SupervisionView,
)
from puhui.parties.terms import mask_name

BESIDE = ("bank", "officer", "demand", "loan_return", "objection")
"""What a view of an engagement reads from other rows, one of each."""


def _beneath(model: Any, *order: str, shown: tuple[str, ...] = ()) -> Prepared[Any]:
    """Rows of a kind beneath engagements; `shown` names what a view reads of them, where none of it
    is sealed: then they come as tuples, at a third of a model's cost."""

    def build(of: list[UUID]) -> QuerySet[Any, Any]:
        rows: QuerySet[Any, Any] = model.objects.filter(engagement_id__in=of).order_by(*order)
        return rows.values_list("engagement_id", *shown, named=True) if shown else rows

    return Prepared(build)


OF_CLOCK = ("kind", "state", "started_at", "due_at", "settled_at")
OF_CALL = ("ref", "number", "started_at", "is_on_time", "result", "duration_seconds")
OF_PROPOSAL = (
    *("kind", "product__ref", "product__name", "amount_fen", "rate_ppm", "months", "method"),
    *("fees", "security_words", "trips_words", "answer_working_days", "prepayment_words"),
    *("change_reason", "valid_until", "submitted_at", "grace_months", "is_scored"),
    "superseded_at",
)


FOR_APPLICANT = {
    "clocks": _beneath(Clock, "started_at", "kind", shown=OF_CLOCK),
    "calls": _beneath(CallAttempt, "number", shown=OF_CALL),
    "proposals": _beneath(Proposal, "id", shown=OF_PROPOSAL),
    "pauses": _beneath(CustomerPause, "asked_at"),
    "enquiries": _beneath(Enquiry, "asked_at"),
}
"""The rows beneath an engagement that its applicant sees: the others are the bank's own."""
FOR_BANK = {
    **FOR_APPLICANT,
    "papers": _beneath(Paper, "asked_at", "id"),
    "obstacles": _beneath(Obstacle, "at"),
}


RARE = {
    "calls": CallAttempt,
    "proposals": Proposal,
    "pauses": CustomerPause,
    "enquiries": Enquiry,
}


RARE_AT_BANK = {**RARE, "papers": Paper, "obstacles": Obstacle}


def with_marks(
    rows: QuerySet[Engagement], kinds: Mapping[str, type[Model]] = RARE
) -> QuerySet[Engagement]:
    """`rows` that know which of these rare kinds they have beneath them, so that nobody asks in
    vain."""
    return rows.annotate(
        **{
            f"has_{name}": Exists(model._default_manager.filter(engagement=OuterRef("pk")))
            for name, model in kinds.items()
        }
    )


def filled(
    rows: Sequence[Engagement], beneath: Mapping[str, Prepared[Any]] = FOR_BANK
) -> Sequence[Engagement]:
    """The same engagements, with `BESIDE` loaded before, and now all rows beneath them: one
    statement for each kind, however many engagements; none for a kind of which `with_marks` says
    that nobody has any."""
    if rows:
        for name, statement in beneath.items():
            keys = [row.pk for row in rows if getattr(row, f"has_{name}", True)]
            found = grouped(statement(keys) if keys else (), "engagement_id")
            for row in rows:
                _known(row)[name] = found[row.pk]
    return rows


def grouped(rows: Iterable[Any], key: str) -> defaultdict[UUID, list[Any]]:
    """Rows by one of their attributes, in their order."""
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _known(row: Any) -> dict[str, Any]:
    """Where Django keeps what it has fetched of the rows beneath one row."""
    if not hasattr(row, "_prefetched_objects_cache"):
        row._prefetched_objects_cache = {}
    return row._prefetched_objects_cache  # type: ignore[no-any-return]


def engagement_view(row: Engagement, *, to_bank: bool = True) -> EngagementView:
    """One engagement as its bank sees it; its applicant sees neither papers nor obstacles."""
    in_force = (one for one in row.proposals.all() if one.superseded_at is None)
    proposals = {one.kind: _proposal_view(one) for one in in_force}
    loan = getattr(row, "loan_return", None)
    return EngagementView(
        id=row.pk,
        ref=row.ref,
        demand_ref=row.demand.ref,
        bank_ref=row.bank.ref,
        bank_name=row.bank.name,
        bank_phone=row.bank.duty_phone,
        state=row.state,
        state_since=row.state_since,
        is_directed=row.is_directed,
        holds_slot=row.holds_slot,
        claimed_at=row.claimed_at,
        clock_start_at=row.clock_start_at,
        officer_ref=row.officer.ref if row.officer else "",
        officer_masked=mask_name(row.officer.name) if row.officer else "",
        first_attempt_at=row.first_attempt_at,
        attempts=row.attempts,
        callback_late=row.callback_late,
        called_back_at=row.called_back_at,
        call_again_at=row.call_again_at,
        callback_word=row.callback_word,
        visit_at=row.visit_at,
        visit_word=row.visit_word,
        missing_words=row.missing_words,
        refusal_code=row.refusal_code,
        refusal_words=row.refusal_words,
        slot_reopened_at=row.slot_reopened_at,
        long_pending_since=row.long_pending_since,
        ended_at=row.ended_at,
        clocks=clock_views(row.clocks.all()),
        calls=tuple(_call_view(one) for one in row.calls.all()),
        plan=proposals.get(Proposal.Kind.PLAN),
        offer=proposals.get(Proposal.Kind.OFFER),
        loan=_return_view(loan) if loan is not None else None,
        pauses=pause_views(row.pauses.all()),
        arrived_at=row.arrived_at,
        papers=_papers(row) if to_bank else (),
        enquiries=tuple(_enquiry_view(one) for one in row.enquiries.all()),
        obstacle=_newest_obstacle(row) if to_bank else None,
        refusal_amount_fen=row.refusal_amount_fen,
        refusal_products=tuple(row.refusal_products),
        is_refusal_automated=row.is_refusal_automated,
        objection=_objection_view(getattr(row, "objection", None)),
    )


def pause_views(rows: Iterable[CustomerPause]) -> tuple[PauseView, ...]:
    return tuple(PauseView(one.words, one.asked_at, one.confirmed_at, one.ended_at) for one in rows)


def _papers(row: Engagement) -> tuple[PaperView, ...]:
    return tuple(PaperView(str(one.pk), one.name, one.received_at) for one in row.papers.all())


def _enquiry_view(row: Enquiry) -> EnquiryView:
    return EnquiryView(
        row.ref, row.kind, row.words, row.asked_at, row.due_at, row.answer, row.answered_at
    )


def _newest_obstacle(row: Engagement) -> ObstacleView | None:
    found = list(row.obstacles.all())
    return ObstacleView(found[-1].words, found[-1].at) if found else None


def clock_views(rows: Iterable[Any]) -> tuple[ClockView, ...]:
    return tuple(
        ClockView(one.kind, one.state, one.started_at, one.due_at, one.settled_at) for one in rows
    )


def _call_view(row: Any) -> CallView:
    return CallView(
        row.ref, row.number, row.started_at, row.is_on_time, row.result, row.duration_seconds
    )


def _proposal_view(row: Any) -> ProposalView:
    """A plan or an offer as its bank and its applicant see it, from a row of OF_PROPOSAL."""
    return ProposalView(
        kind=row.kind,
        product_ref=row.product__ref or "",
        product_name=row.product__name or "",
        amount_fen=row.amount_fen,
        rate_ppm=row.rate_ppm,
        months=row.months,
        method=row.method,
        fees=tuple((fee["name"], fee["amount_fen"]) for fee in row.fees),
        security_words=row.security_words,
        trips_words=row.trips_words,
        answer_working_days=row.answer_working_days,
        prepayment_words=row.prepayment_words,
        change_reason=row.change_reason,
        valid_until=row.valid_until,
        submitted_at=row.submitted_at,
        grace_months=row.grace_months,
        is_scored=row.is_scored,
    )


def _objection_view(row: Objection | None) -> ObjectionView | None:
    if row is None:
        return None
    return ObjectionView(
        ref=row.ref,
        words=row.words,
        is_against_automation=row.is_against_automation,
        opened_at=row.opened_at,
        answered_at=row.answered_at,
        outcome=row.outcome,
        answer_words=row.answer_words,
    )


def _return_view(row: LoanReturn) -> ReturnView:
    return ReturnView(
        signed_at=row.signed_at,
        amount_fen=row.amount_fen,
        rate_ppm=row.rate_ppm,
        due_on=row.due_on,
        paid_out_on=row.paid_out_on,
        returned_at=row.returned_at,
        money_word=row.money_word,
        pays_out_on=row.pays_out_on,
    )


@Prepared
def _steps(of: list[UUID]) -> QuerySet[SupervisionStep]:
    return SupervisionStep.objects.filter(supervision_id__in=of).order_by("at", "id")


def steps_of(rows: Sequence[Supervision]) -> defaultdict[UUID, list[SupervisionStep]]:
    """The steps of supervision records, by record, in their order: one statement."""
    return grouped(_steps([row.pk for row in rows]) if rows else [], "supervision_id")


def with_parties(rows: QuerySet[Supervision]) -> QuerySet[Supervision]:
    """Supervision records as `supervision_views` reads them, newest first."""
    found = rows.select_related("demand", "engagement", "bank")
    return found.order_by("-opened_at", "-id")


def supervisions(rows: QuerySet[Supervision]) -> tuple[SupervisionView, ...]:
    """Supervision records with their steps, newest first: two statements."""
    return supervision_views(list(with_parties(rows)))


def supervision_views(rows: Sequence[Supervision]) -> tuple[SupervisionView, ...]:
    """The same of rows that are here already: one statement, none without a row."""
    steps = steps_of(rows)
    return tuple(_supervision_view(row, steps[row.pk]) for row in rows)


def _supervision_view(row: Supervision, steps: Iterable[SupervisionStep]) -> SupervisionView:
    return SupervisionView(
        ref=row.ref,
        demand_ref=row.demand.ref,
        engagement_ref=row.engagement.ref if row.engagement else "",
        bank_ref=row.bank.ref if row.bank else "",
        bank_name=row.bank.name if row.bank else "",
        kind=row.kind,
        opened_at=row.opened_at,
        answer_due_at=row.answer_due_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        steps=tuple(
            SupervisionStepView(
                one.at, one.kind, one.by_ref, one.to_ref, one.channel, one.words, one.promised_at
            )
            for one in steps
        ),
    )


def scale_words(demand: Any) -> str:
    """120 只, or nothing."""
    return f"{demand.scale} {demand.scale_unit}".strip() if demand.scale else ""


def class_and_scale(demand: Any) -> str:
    """企业，120 台: before a claim the scale carries the class of an applicant who is no person."""
    scale = scale_words(demand)
    if demand.enterprise_id is None:
        return scale
    label = str(Subject(demand.subject).label)
    return f"{label}，{scale}" if scale else label
