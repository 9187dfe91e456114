"""One case as township and county see it: how far it has come, who acted, where it went."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market.models import (
    CallAttempt,
    Clock,
    CustomerPause,
    Engagement,
    FinancingDemand,
    Obstacle,
    Supervision,
)
from puhui.market.queries.case_lists import WATCHERS
from puhui.market.queries.endings import end_of
from puhui.market.queries.shaping import class_and_scale, clock_views, pause_views, supervisions
from puhui.market.queries.views import CallView, ClockView, PauseView, SupervisionView
from puhui.market.reach import demands
from puhui.market.terms import REFUSAL_CODES
from puhui.parties.terms import mask_name


@dataclass(frozen=True, slots=True)
class WatchedEngagement:
    """One bank at work on the case: never its plan, offer or rate; a reason only where allowed."""

    ref: str
    bank_ref: str
    bank_name: str
    state: str
    state_since: datetime
    is_directed: bool
    officer_masked: str
    claimed_at: datetime
    first_attempt_at: datetime | None
    attempts: int
    callback_late: bool
    callback_word: str
    called_back_at: datetime | None
    visit_at: datetime | None
    visit_word: str
    missing_words: str
    refusal_code: str
    """Empty where the reader may not know it."""
    refusal_words: str
    long_pending_since: datetime | None
    ended_at: datetime | None
    clocks: tuple[ClockView, ...]
    calls: tuple[CallView, ...]
    obstacle: str = field(default="", repr=False)
    """Where it is stuck, as its bank wrote it last."""
    pauses: tuple[PauseView, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """Why the case waits for township or county, and where it went."""

    ref: str
    kind: str
    opened_at: datetime
    due_at: datetime
    owner_masked: str
    destination: str
    destination_words: str = field(repr=False)
    again_on: date | None
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note of township or county."""

    at: datetime
    by_ref: str
    role: str
    kind: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WatchedCase:
    """A case with all that its watchers may know without a tap. Money in fen; no name, no phone."""

    ref: str
    state: str
    township: str
    township_code: str
    village: str
    purpose: str
    purpose_words: str = field(repr=False)
    scale: str
    amount_fen: int
    term: str
    repayment_wish: str
    securities: tuple[str, ...]
    age_band: str
    is_first_loan: bool | None
    call_wish: str
    directed_bank_name: str
    asks_product: bool
    """A product was asked for by name; `asked_product` tells which."""
    created_via: str
    slots: int
    live: int
    refusals: int
    published_at: datetime
    clock_start_at: datetime
    first_claimed_at: datetime | None
    first_attempt_at: datetime | None
    first_proposal_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    end: str
    """One of CaseEnd once the case ended, `owed` until somebody says it, empty while it is open."""
    now: datetime
    clocks: tuple[ClockView, ...]
    engagements: tuple[WatchedEngagement, ...]
    follow_ups: tuple[FollowUpView, ...]
    notes: tuple[NoteView, ...]
    supervisions: tuple[SupervisionView, ...]

    @property
    def open_follow_ups(self) -> tuple[FollowUpView, ...]:
        return tuple(one for one in self.follow_ups if one.closed_at is None)


@query(*WATCHERS)
def watched_case(actor: Actor, ref: str) -> WatchedCase:
    """One case of the actor's area. Refuses NOT_FOUND, alike for another area's and a missing one.

    Township and county never see a plan or a rate. A refusal's reason is the county's except for
    the codes that only the applicant sees; a township knows that documents are missing (R10).
    """
    row = (
        demands(actor)
        .exclude(state="draft")
        .select_related("township", "village", "directed_bank")
        .prefetch_related(
            Prefetch("clocks", Clock.objects.order_by("started_at", "id")),
            Prefetch("engagements", _engagements()),
            "follow_ups__owner",
            "notes",
        )
        .filter(ref=ref)
        .first()
    )
    if row is None:
        raise Refused(NOT_FOUND)
    return _case(actor, row)


def _engagements() -> QuerySet[Engagement]:
    return (
        Engagement.objects.select_related("bank", "officer")
        .prefetch_related(
            Prefetch("clocks", Clock.objects.order_by("started_at", "id")),
            Prefetch("calls", CallAttempt.objects.order_by("number")),
            Prefetch("obstacles", Obstacle.objects.order_by("-at")),
            Prefetch("pauses", CustomerPause.objects.order_by("asked_at")),
        )
        .order_by("claimed_at", "id")
    )


def _case(actor: Actor, row: FinancingDemand) -> WatchedCase:
    assert row.published_at and row.clock_start_at
    return WatchedCase(
        ref=row.ref,
        state=row.state,
        township=row.township.name,
        township_code=row.township_id,
        village=row.village.short_name,
        purpose=row.purpose,
        purpose_words=row.purpose_words,
        scale=class_and_scale(row),
        amount_fen=row.amount_fen,
        term=row.term,
        repayment_wish=row.repayment_wish,
        securities=tuple(row.securities),
        age_band=row.age_band,
        is_first_loan=row.is_first_loan,
        call_wish=row.call_wish,
        directed_bank_name=row.directed_bank.name if row.directed_bank else "",
        asks_product=row.directed_product_id is not None,
        created_via=row.created_via,
        slots=row.slots,
        live=row.live,
        refusals=row.refusals,
        published_at=row.published_at,
        clock_start_at=row.clock_start_at,
        first_claimed_at=row.first_claimed_at,
        first_attempt_at=row.first_attempt_at,
        first_proposal_at=row.first_proposal_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        end=end_of(row) if row.ended_at else "",
        now=database_now(),
        clocks=clock_views(one for one in row.clocks.all() if one.engagement_id is None),
        engagements=tuple(_engagement(actor, one) for one in row.engagements.all()),
        follow_ups=_follow_ups(row),
        notes=tuple(
            NoteView(one.at, one.by_ref, one.role, one.kind, one.words)
            for one in sorted(row.notes.all(), key=lambda note: note.at)
        ),
        supervisions=supervisions(Supervision.objects.filter(demand=row)),
    )


def _engagement(actor: Actor, row: Engagement) -> WatchedEngagement:
    is_told = may_know_reason(actor, row.refusal_code)
    return WatchedEngagement(
        ref=row.ref,
        bank_ref=row.bank.ref,
        bank_name=row.bank.name,
        state=row.state,
        state_since=row.state_since,
        is_directed=row.is_directed,
        officer_masked=mask_name(row.officer.name) if row.officer else "",
        claimed_at=row.claimed_at,
        first_attempt_at=row.first_attempt_at,
        attempts=row.attempts,
        callback_late=row.callback_late,
        callback_word=row.callback_word,
        called_back_at=row.called_back_at,
        visit_at=row.visit_at,
        visit_word=row.visit_word,
        missing_words=row.missing_words,
        refusal_code=row.refusal_code if is_told else "",
        refusal_words=row.refusal_words if is_told else "",
        long_pending_since=row.long_pending_since,
        ended_at=row.ended_at,
        clocks=clock_views(row.clocks.all()),
        calls=tuple(
            CallView(
                one.ref,
                one.number,
                one.started_at,
                one.is_on_time,
                one.result,
                one.duration_seconds,
            )
            for one in row.calls.all()
        ),
        obstacle=next((one.words for one in row.obstacles.all()), ""),
        pauses=pause_views(row.pauses.all()),
    )


def may_know_reason(actor: Actor, code: str) -> bool:
    """Who may know why a bank refused (content.md §1.9, last column).

    Whoever comes from a bank knows of missing papers alone (decision 0016).
    """
    reason = REFUSAL_CODES.get(code)
    if reason is None or reason.applicant_only:
        return False
    if actor.role is Role.TOWNSHIP_ADMIN:
        return reason.township_too
    return actor.role in COUNTY and (reason.township_too or actor.seconded_from is None)


def _follow_ups(row: FinancingDemand) -> tuple[FollowUpView, ...]:
    return tuple(
        FollowUpView(
            ref=one.ref,
            kind=one.kind,
            opened_at=one.opened_at,
            due_at=one.due_at,
            owner_masked=mask_name(one.owner.name) if one.owner else "",
            destination=one.destination,
            destination_words=one.destination_words,
            again_on=one.again_on,
            closed_at=one.closed_at,
            closed_by=one.closed_by,
        )
        for one in sorted(row.follow_ups.all(), key=lambda found: found.opened_at)
    )
