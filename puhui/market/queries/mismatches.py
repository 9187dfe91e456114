"""Where two sides do not agree: what an applicant says, what a bank recorded, what a call lasted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from puhui.kernel.prepared import Prepared
from puhui.market.lifecycle import DEMAND, LIVE_ENGAGEMENT
from puhui.market.models import (
    CallAttempt,
    CaseNote,
    Engagement,
    FinancingDemand,
    LoanReturn,
    Question,
    SheetDifference,
)
from puhui.market.terms import (
    ASKED_AGAIN,
    ASKED_BANK,
    FINDING,
    CallResult,
    MismatchKind,
    QuestionKind,
)

SHORTEST_CALL_SECONDS = 10
"""A "connected" call shorter than this is asked about (content.md §3.3)."""
MANY_ON_PHONE = 3
"""A family of two on one phone is usual (content.md K9); from three on the county asks."""
RECENT = timedelta(days=30)
ROWS = 200


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Two sides that do not agree; `kind` is a MismatchKind."""

    kind: str
    demand_ref: str
    engagement_ref: str
    bank_name: str
    said_at: datetime
    recorded_at: datetime | None = None
    seconds: int | None = None
    count: int = 0
    """People on one phone."""
    asked: tuple[tuple[str, datetime], ...] = ()
    """What the county asked since: `applicant` or `bank`, and when."""


def is_settled(kind: str, said: str, demand: str) -> Exists:
    """Whether the county noted its finding on this kind after the field `said` of the case."""
    return Exists(
        CaseNote.objects.filter(
            demand=OuterRef(demand), kind=f"{FINDING}{kind}", at__gte=OuterRef(said)
        )
    )


def found_mismatches(now: datetime) -> tuple[Mismatch, ...]:
    """The oldest word first; each goes once the county has ruled. Money taken stands apart."""
    others = [
        *_denied_calls(),
        *_about_money(),
        *_not_even_signed(),
        *_short_calls(),
        *_without_reason(),
        *_shared_phones(now),
        *_by_sheet(),
    ]
    found = sorted(others, key=lambda one: one.said_at)[:ROWS]
    return tuple(_with_asked(found))


@Prepared
def _asked_of(refs: list[str]) -> QuerySet[Any, Any]:
    rows = CaseNote.objects.filter(
        Q(kind__startswith=ASKED_AGAIN) | Q(kind__startswith=ASKED_BANK), demand__ref__in=refs
    )
    return rows.order_by("at").values_list("demand__ref", "kind", "at")


def _with_asked(found: list[Mismatch]) -> Iterable[Mismatch]:
    """What was asked since of each, by one statement."""
    notes = _asked_of([one.demand_ref for one in found]) if found else []
    asked: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
    for ref, kind, at in notes:
        who = "bank" if kind.startswith(ASKED_BANK) else "applicant"
        of = kind.removeprefix(ASKED_BANK).removeprefix(ASKED_AGAIN)
        asked.setdefault((ref, of), []).append((who, at))
    for one in found:
        since = [
            row for row in asked.get((one.demand_ref, str(one.kind)), ()) if row[1] >= one.said_at
        ]
        yield replace(one, asked=tuple(since))


def _asked_since(since: datetime) -> QuerySet[FinancingDemand]:
    states = [state for state in DEMAND.states if state != "draft"]
    return FinancingDemand.objects.filter(state__in=states, published_at__gte=since)


@Prepared
def _crowded(since: datetime) -> QuerySet[Any, Any]:
    rows = _asked_since(since).values("resident__phone_index")
    crowded = rows.annotate(people=Count("resident", distinct=True)).filter(
        people__gte=MANY_ON_PHONE
    )
    return crowded.values_list("resident__phone_index", "people")[:ROWS]


def _shared_phones(now: datetime) -> Iterable[Mismatch]:
    """Phones from which three people or more asked for money within 30 days (content.md §3.3 ⑤):
    the newest request from each, unless the county has ruled on it."""
    people = {bytes(index): n for index, n in _crowded(now - RECENT)}
    if not people:
        return
    rows = _asked_since(now - RECENT).filter(resident__phone_index__in=list(people))
    settled = is_settled(MismatchKind.SHARED_PHONE, "published_at", "pk")
    newest = {
        bytes(index): (ref, at, ruled)
        for index, ref, at, ruled in rows.annotate(is_ruled=settled)
        .order_by("published_at")
        .values_list("resident__phone_index", "ref", "published_at", "is_ruled")
    }
    for index, (ref, at, ruled) in newest.items():
        if at is not None and not ruled:
            yield Mismatch(
                MismatchKind.SHARED_PHONE, ref, "", "同一手机", said_at=at, count=people[index]
            )


@Prepared
def _denials() -> QuerySet[Question]:
    callback = Q(kind=QuestionKind.CALLED, engagement__callback_word="denied")
    visit = Q(kind=QuestionKind.VISITED, engagement__visit_word="denied")
    rows = Question.objects.filter(
        callback & ~is_settled(MismatchKind.CALLBACK, "answered_at", "demand")
        | visit & ~is_settled(MismatchKind.VISIT, "answered_at", "demand"),
        answer="no",
    ).select_related("engagement__demand", "engagement__bank")
    return rows.order_by("answered_at")[:ROWS]


def _denied_calls() -> Iterable[Mismatch]:
    """A call or a visit that the bank recorded and the applicant denied."""
    for row in _denials():
        assert row.engagement and row.answered_at
        was_call = row.kind == QuestionKind.CALLED
        yield _mismatch(
            MismatchKind.CALLBACK if was_call else MismatchKind.VISIT,
            row.engagement,
            row.answered_at,
            recorded_at=row.engagement.called_back_at if was_call else None,
        )


@Prepared
def _money_words() -> QuerySet[LoanReturn]:
    denied = Q(money_word="denied", returned_at__isnull=False)
    silent = Q(money_word="confirmed", returned_at__isnull=True)
    rows = LoanReturn.objects.filter(
        denied & ~is_settled(MismatchKind.MONEY, "money_word_at", "engagement__demand")
        | silent & ~is_settled(MismatchKind.NO_RETURN, "money_word_at", "engagement__demand"),
    ).select_related("engagement__demand", "engagement__bank")
    return rows.order_by("money_word_at")[:ROWS]


def _about_money() -> Iterable[Mismatch]:
    """Money denied though returned, or there though the bank has returned nothing."""
    for row in _money_words():
        assert row.money_word_at
        kind = MismatchKind.MONEY if row.money_word == "denied" else MismatchKind.NO_RETURN
        yield _mismatch(kind, row.engagement, row.money_word_at, recorded_at=row.returned_at)


@Prepared
def _money_unsigned() -> QuerySet[Question]:
    rows = Question.objects.filter(
        ~is_settled(MismatchKind.NO_RETURN, "answered_at", "demand"),
        kind=QuestionKind.MONEY,
        answer="yes",
        engagement__state="accepted",
    ).select_related("engagement__demand", "engagement__bank")
    return rows.order_by("answered_at")[:ROWS]


def _not_even_signed() -> Iterable[Mismatch]:
    """Money there though the bank has not even returned that a contract was signed."""
    for row in _money_unsigned():
        assert row.engagement and row.answered_at
        yield _mismatch(MismatchKind.NO_RETURN, row.engagement, row.answered_at)


@Prepared
def _bare_refusals() -> QuerySet[Engagement]:
    rows = Engagement.objects.filter(
        ~is_settled(MismatchKind.NO_REASON, "ended_at", "demand"),
        state="refused",
        refusal_code="",
    ).select_related("demand", "bank")
    return rows.order_by("ended_at")[:ROWS]


def _without_reason() -> Iterable[Mismatch]:
    """Refused without a word why, until the bank adds it."""
    for row in _bare_refusals():
        assert row.ended_at
        yield _mismatch(MismatchKind.NO_REASON, row, row.ended_at, recorded_at=row.ended_at)


@Prepared
def _sheet_rows() -> QuerySet[SheetDifference]:
    rows = SheetDifference.objects.filter(
        ~is_settled(MismatchKind.SHEET, "found_at", "engagement__demand"),
        settled_at__isnull=True,
        engagement__isnull=False,
    ).select_related("engagement__demand", "engagement__bank")
    return rows.order_by("found_at")[:ROWS]


def _by_sheet() -> Iterable[Mismatch]:
    """What a bank's monthly sheet says otherwise; rows without a case of ours stand on their page."""
    for row in _sheet_rows():
        assert row.engagement
        yield _mismatch(MismatchKind.SHEET, row.engagement, row.found_at)


@Prepared
def _brief_calls() -> QuerySet[CallAttempt]:
    rows = CallAttempt.objects.filter(
        ~is_settled(MismatchKind.SHORT_CALL, "recorded_at", "engagement__demand"),
        result=CallResult.CONNECTED,
        duration_seconds__lt=SHORTEST_CALL_SECONDS,
        engagement__callback_word="self_reported",
        engagement__state__in=LIVE_ENGAGEMENT,
    ).select_related("engagement__demand", "engagement__bank")
    return rows.order_by("recorded_at")[:ROWS]


def _short_calls() -> Iterable[Mismatch]:
    """Said to be connected, and over within seconds."""
    for row in _brief_calls():
        assert row.recorded_at
        yield _mismatch(
            MismatchKind.SHORT_CALL,
            row.engagement,
            row.recorded_at,
            recorded_at=row.started_at,
            seconds=row.duration_seconds,
        )


def _mismatch(
    kind: str,
    engagement: Engagement,
    said_at: datetime,
    *,
    recorded_at: datetime | None = None,
    seconds: int | None = None,
) -> Mismatch:
    return Mismatch(
        kind=kind,
        demand_ref=engagement.demand.ref,
        engagement_ref=engagement.ref,
        bank_name=engagement.bank.name,
        said_at=said_at,
        recorded_at=recorded_at,
        seconds=seconds,
    )
