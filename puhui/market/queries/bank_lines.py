"""Lines of the bank desk's lists: of a case what its line shows, without the case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from puhui.kernel.actor import Actor
from puhui.kernel.crypto import decrypt_cell
from puhui.kernel.prepared import Prepared
from puhui.market.models import (
    CallAttempt,
    Clock,
    CustomerPause,
    Engagement,
    Enquiry,
    FinancingDemand,
    Obstacle,
    Paper,
    Supervision,
)
from puhui.market.queries.banks import AS_AFTER_CLAIM
from puhui.market.timing import timing
from puhui.parties import queries as parties
from puhui.parties.terms import mask_name

LINE = (
    *("pk", "ref", "state", "is_directed", "officer_id", "claimed_at", "clock_start_at"),
    *("first_attempt_at", "attempts", "call_again_at", "visit_at", "arrived_at"),
    *("long_pending_since", "missing_words", "officer__ref", "officer__name", "demand__ref"),
    *("demand__contact_code", "demand__purpose", "demand__scale", "demand__scale_unit"),
    *("demand__amount_fen", "demand__term", "demand__clock_start_at", "demand__resident_id"),
    *("demand__resident__name", "demand__township__name", "demand__village__short_name"),
    *("bank_due_at", "applicant_due_at", "has_open_call"),
)
"""What the lines of the lists read of a case and its demand; names and free words still sealed."""


@dataclass(frozen=True, slots=True)
class OwedReason:
    """A supervision record that waits for the bank's reason, and until when."""

    ref: str
    answer_due_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What the applicant asked and waits to hear."""

    ref: str
    kind: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case as one line of a list shows it.

    `due_at`: the limit that orders the list; `bank_due_at`, `applicant_due_at`: each one's own five
    minutes. Money in fen.
    """

    ref: str
    demand_ref: str
    state: str
    is_directed: bool
    officer_ref: str
    contact_code: str
    name_masked: str = field(repr=False)
    township: str
    village: str = field(repr=False)
    """Empty for colleagues who neither have the case nor are on duty."""
    purpose: str
    scale: int | None
    scale_unit: str
    amount_fen: int
    term: str
    clock_start_at: datetime
    demand_clock_start_at: datetime
    first_attempt_at: datetime | None
    attempts: int
    call_again_at: datetime | None
    visit_at: datetime | None
    arrived_at: datetime | None
    long_pending_since: datetime | None
    due_at: datetime | None
    bank_due_at: datetime | None
    applicant_due_at: datetime | None
    supervision: OwedReason | None
    has_open_call: bool
    """A call was started and has no result yet."""
    officer_masked: str = field(default="", repr=False)
    """In the list of visits alone."""
    papers: int = 0
    papers_in: int = 0
    is_missing_papers: bool = False
    """Something is missing that was said in words, not ticked off one by one."""
    enquiry: Asked | None = None
    """In the list of answers owed: what the applicant asked; nothing: a plan or a decision is owed."""
    working_day: int | None = None
    """Which working day it is since the claim; None while its year's table is not loaded."""
    pause: str = field(default="", repr=False)
    """What the customer is waited for."""
    obstacle: str = field(default="", repr=False)
    """Where it is stuck, as the bank wrote it last."""


def applicants_due(demand: str) -> Subquery:
    """Until when the applicant of a demand was promised a first call."""
    clocks = Clock.objects.filter(
        demand_id=OuterRef(demand), engagement__isnull=True, kind="callback_applicant"
    )
    clocks = clocks.exclude(state="stopped").order_by(F("due_at").desc(nulls_last=True))
    return Subquery(clocks.values("due_at")[:1])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands: in which list, for which question, until when; `of_list` in all."""

    case: UUID
    list: str
    enquiry: str
    due_at: datetime | None
    of_list: int


@Prepared
def _rows(bank: UUID, cases: list[UUID]) -> QuerySet[Any, Any]:
    clocks = Clock.objects.filter(engagement_id=OuterRef("pk"), kind="callback_bank")
    unanswered = CallAttempt.objects.filter(engagement=OuterRef("pk"), recorded_at__isnull=True)
    rows = Engagement.objects.filter(bank_id=bank, pk__in=cases).annotate(
        bank_due_at=Subquery(clocks.order_by("-started_at").values("due_at")[:1]),
        applicant_due_at=applicants_due("demand_id"),
        has_open_call=Exists(unanswered),
    )
    return rows.values_list(*LINE, named=True)


@Prepared
def _owed_reasons(bank: UUID) -> QuerySet[Any, tuple[UUID, str, datetime]]:
    rows = Supervision.objects.filter(
        bank_id=bank, answered_at__isnull=True, engagement__ended_at__isnull=True
    )
    return rows.order_by("-opened_at").values_list("engagement_id", "ref", "answer_due_at")


@Prepared
def _papers(cases: list[UUID]) -> QuerySet[Any, tuple[UUID, int, int]]:
    rows = Paper.objects.filter(engagement_id__in=cases).values("engagement_id").order_by()
    counted = rows.annotate(asked=Count("pk"), came=Count("received_at"))
    return counted.values_list("engagement_id", "asked", "came")


@Prepared
def _asked(refs: list[str]) -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(ref__in=refs)


@Prepared
def _pauses(cases: list[UUID]) -> QuerySet[CustomerPause]:
    return CustomerPause.objects.filter(engagement_id__in=cases, ended_at__isnull=True)


@Prepared
def _obstacles(cases: list[UUID]) -> QuerySet[Obstacle]:
    rows = Obstacle.objects.filter(engagement_id__in=cases)
    return rows.order_by("engagement_id", "-at").distinct("engagement_id")


def lines(
    actor: Actor, picked: Sequence[Place], now: datetime, turns: Iterable[parties.Turn]
) -> dict[str, list[ListedCase]]:
    """The lines of the four lists of own cases."""
    lists: dict[str, list[ListedCase]] = defaultdict(list)
    if not picked:
        return lists
    cases = list({one.case for one in picked})
    lines = {row.pk: row for row in _rows(actor.organisation, cases)}
    owed = _owed_reasons(actor.organisation)
    reasons = {case: OwedReason(ref, due_at) for case, ref, due_at in owed}
    is_here = any(
        one.staff_ref == actor.ref and one.starts_at <= now < one.ends_at for one in turns
    )
    more = _More(picked, lines, now)
    for place in picked:
        if place.case in lines:  # it may have ended between two statements
            row = lines[place.case]
            knows = is_here or row.officer_id == actor.person
            one = _listed(row, place.due_at, reasons.get(row.pk), knows, more.of(place, row))
            lists[place.list].append(one)
    return lists


class _More:
    """What only some of the lists show: asked for only where one of their lines is there."""

    def __init__(self, picked: Sequence[Place], lines: dict[UUID, Any], now: datetime) -> None:
        def of(*lists: str) -> list[UUID]:
            return [one.case for one in picked if one.list in lists]

        dossiers, owed = of("visits", "answers"), of("returns")
        questions = [one.enquiry for one in picked if one.enquiry]
        self.papers = {row[0]: row[1:] for row in _papers(dossiers)} if dossiers else {}
        self.asked = {one.ref: one for one in _asked(questions)} if questions else {}
        self.pauses = {one.engagement_id: one.words for one in _pauses(owed)} if owed else {}
        self.obstacles = {one.engagement_id: one.words for one in _obstacles(owed)} if owed else {}
        self.rules = timing(now) if owed else None

    def of(self, place: Place, row: Any) -> dict[str, Any]:
        """The fields of a line that its list shows beside those of every line."""
        if place.list == "returns" and self.rules:
            return {
                "working_day": self.rules.working_day_of(row.claimed_at),
                "pause": self.pauses.get(row.pk, ""),
                "obstacle": self.obstacles.get(row.pk, ""),
            }
        if place.list == "calls":
            return {}
        asked, came = self.papers.get(row.pk, (0, 0))
        shown = {"papers": asked, "papers_in": came}
        if not asked:
            words = decrypt_cell(Engagement, "missing_words", row.pk, row.missing_words)
            shown["is_missing_papers"] = bool(words)
        if place.list == "visits":
            return {
                **shown,
                "officer_masked": _masked("officer", row.officer_id, row.officer__name),
            }
        question = self.asked.get(place.enquiry)
        if question is None:
            return shown
        return {**shown, "enquiry": Asked(question.ref, question.kind, question.words)}


def _masked(who: str, key: UUID | None, name: bytes | None) -> str:
    """The masked name of the officer or the resident of a line."""
    model = Engagement if who == "officer" else FinancingDemand
    people: Any = model._meta.get_field(who).related_model
    return mask_name(decrypt_cell(people, "name", key, name) or "")


def _listed(
    row: Any,
    due_at: datetime | None,
    supervision: OwedReason | None,
    knows: bool,
    more: dict[str, Any],
) -> ListedCase:
    shown = row.state in AS_AFTER_CLAIM
    return ListedCase(
        ref=row.ref,
        demand_ref=row.demand__ref,
        state=row.state,
        is_directed=row.is_directed,
        officer_ref=row.officer__ref or "",
        contact_code=row.demand__contact_code if shown else "",
        name_masked=_masked("resident", row.demand__resident_id, row.demand__resident__name),
        township=row.demand__township__name,
        village=row.demand__village__short_name if shown and knows else "",
        purpose=row.demand__purpose,
        scale=row.demand__scale,
        scale_unit=row.demand__scale_unit,
        amount_fen=row.demand__amount_fen,
        term=row.demand__term,
        clock_start_at=row.clock_start_at,
        demand_clock_start_at=row.demand__clock_start_at,
        first_attempt_at=row.first_attempt_at,
        attempts=row.attempts,
        call_again_at=row.call_again_at,
        visit_at=row.visit_at,
        arrived_at=row.arrived_at,
        long_pending_since=row.long_pending_since,
        due_at=due_at,
        bank_due_at=row.bank_due_at,
        applicant_due_at=row.applicant_due_at,
        supervision=supervision,
        has_open_call=row.has_open_call,
        **more,
    )
