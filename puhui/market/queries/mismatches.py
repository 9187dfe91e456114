"""Where two sides do not agree: what an applicant says, what a bank recorded, what a call lasted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

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


def _with_asked(found: list[Mismatch]) -> Iterable[Mismatch]:
    """What was asked since of each, by one statement."""
    notes = CaseNote.objects.filter(
        Q(kind__startswith=ASKED_AGAIN) | Q(kind__startswith=ASKED_BANK),
        demand__ref__in=[one.demand_ref for one in found],
    )
    asked: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
    for ref, kind, at in notes.order_by("at").values_list("demand__ref", "kind", "at"):
        who = "bank" if kind.startswith(ASKED_BANK) else "applicant"
        of = kind.removeprefix(ASKED_BANK).removeprefix(ASKED_AGAIN)
        asked.setdefault((ref, of), []).append((who, at))
    for one in found:
        since = [
            row for row in asked.get((one.demand_ref, str(one.kind)), ()) if row[1] >= one.said_at
        ]
        yield replace(one, asked=tuple(since))


def _shared_phones(now: datetime) -> Iterable[Mismatch]:
    """Phones from which three people or more asked for money within 30 days (content.md §3.3 ⑤)."""
    recent = FinancingDemand.objects.filter(
        state__in=[state for state in DEMAND.states if state != "draft"],
        published_at__gte=now - RECENT,
    )
    crowded = (
        recent.values("resident__phone_index")
        .annotate(people=Count("resident", distinct=True))
        .filter(people__gte=MANY_ON_PHONE)
    )
    people = {bytes(row["resident__phone_index"]): row["people"] for row in crowded[:ROWS]}
    if not people:
        return
    rows = recent.filter(
        ~is_settled(MismatchKind.SHARED_PHONE, "published_at", "pk"),
        resident__phone_index__in=list(people),
    ).order_by("-published_at")
    seen: set[bytes] = set()
    newest = {
        bytes(index): ref
        for index, ref in recent.filter(resident__phone_index__in=list(people))
        .order_by("published_at")
        .values_list("resident__phone_index", "ref")
    }
    for index, ref, at in rows.values_list("resident__phone_index", "ref", "published_at"):
        key = bytes(index)
        if key in seen or newest[key] != ref or at is None:
            continue
        seen.add(key)
        yield Mismatch(
            MismatchKind.SHARED_PHONE, ref, "", "同一手机", said_at=at, count=people[key]
        )


def _denied_calls() -> Iterable[Mismatch]:
    """A call or a visit that the bank recorded and the applicant denied."""
    callback = Q(kind=QuestionKind.CALLED, engagement__callback_word="denied")
    visit = Q(kind=QuestionKind.VISITED, engagement__visit_word="denied")
    rows = Question.objects.filter(
        callback & ~is_settled(MismatchKind.CALLBACK, "answered_at", "demand")
        | visit & ~is_settled(MismatchKind.VISIT, "answered_at", "demand"),
        answer="no",
    ).select_related("engagement__demand", "engagement__bank")
    for row in rows.order_by("answered_at")[:ROWS]:
        assert row.engagement and row.answered_at
        was_call = row.kind == QuestionKind.CALLED
        yield _mismatch(
            MismatchKind.CALLBACK if was_call else MismatchKind.VISIT,
            row.engagement,
            row.answered_at,
            recorded_at=row.engagement.called_back_at if was_call else None,
        )


def _about_money() -> Iterable[Mismatch]:
    """Money denied though returned, or there though the bank has returned nothing."""
    denied = Q(money_word="denied", returned_at__isnull=False)
    silent = Q(money_word="confirmed", returned_at__isnull=True)
    rows = LoanReturn.objects.filter(
        denied & ~is_settled(MismatchKind.MONEY, "money_word_at", "engagement__demand")
        | silent & ~is_settled(MismatchKind.NO_RETURN, "money_word_at", "engagement__demand"),
    ).select_related("engagement__demand", "engagement__bank")
    for row in rows.order_by("money_word_at")[:ROWS]:
        assert row.money_word_at
        kind = MismatchKind.MONEY if row.money_word == "denied" else MismatchKind.NO_RETURN
        yield _mismatch(kind, row.engagement, row.money_word_at, recorded_at=row.returned_at)


def _not_even_signed() -> Iterable[Mismatch]:
    """Money there though the bank has not even returned that a contract was signed."""
    rows = Question.objects.filter(
        ~is_settled(MismatchKind.NO_RETURN, "answered_at", "demand"),
        kind=QuestionKind.MONEY,
        answer="yes",
        engagement__state="accepted",
    ).select_related("engagement__demand", "engagement__bank")
    for row in rows.order_by("answered_at")[:ROWS]:
        assert row.engagement and row.answered_at
        yield _mismatch(MismatchKind.NO_RETURN, row.engagement, row.answered_at)


def _without_reason() -> Iterable[Mismatch]:
    """Refused without a word why, until the bank adds it."""
    rows = Engagement.objects.filter(
        ~is_settled(MismatchKind.NO_REASON, "ended_at", "demand"),
        state="refused",
        refusal_code="",
    ).select_related("demand", "bank")
    for row in rows.order_by("ended_at")[:ROWS]:
        assert row.ended_at
        yield _mismatch(MismatchKind.NO_REASON, row, row.ended_at, recorded_at=row.ended_at)


def _by_sheet() -> Iterable[Mismatch]:
    """What a bank's monthly sheet says otherwise; rows without a case of ours stand on their page."""
    rows = SheetDifference.objects.filter(
        ~is_settled(MismatchKind.SHEET, "found_at", "engagement__demand"),
        settled_at__isnull=True,
        engagement__isnull=False,
    ).select_related("engagement__demand", "engagement__bank")
    for row in rows.order_by("found_at")[:ROWS]:
        assert row.engagement
        yield _mismatch(MismatchKind.SHEET, row.engagement, row.found_at)


def _short_calls() -> Iterable[Mismatch]:
    rows = CallAttempt.objects.filter(
        ~is_settled(MismatchKind.SHORT_CALL, "recorded_at", "engagement__demand"),
        result=CallResult.CONNECTED,
        duration_seconds__lt=SHORTEST_CALL_SECONDS,
        engagement__callback_word="self_reported",
        engagement__state__in=LIVE_ENGAGEMENT,
    ).select_related("engagement__demand", "engagement__bank")
    for row in rows.order_by("recorded_at")[:ROWS]:
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
