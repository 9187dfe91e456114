"""Where two sides do not agree: what an applicant says, what a bank recorded, what a call lasted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

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
    """The oldest word first; each goes once the county has ruled. Money taken stands apart.

    Two statements, a third for shared phones, a fourth for what was asked since.
    """
    others = [*(Mismatch(*row) for row in _of_engagements()), *_shared_phones(now)]
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
    # the phone is looked up for each request: as a join, PostgreSQL's general plan begins with
    # every resident there is
    asked = FinancingDemand.objects.filter(pk=OuterRef("pk"))
    phone = Subquery(asked.values("resident__phone_index")[:1])
    crowded = (
        _asked_since(since)
        .values(phone=phone)
        .annotate(people=Count("resident_id", distinct=True))
        .filter(people__gte=MANY_ON_PHONE)
    )
    return crowded.values_list("phone", "people")[:ROWS]


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
def _of_engagements() -> QuerySet[Any, Any]:
    """Every kind but shared phones, as the first fields of a Mismatch, by one statement."""
    parts = (_denials(), _money_words(), _money_unsigned(), _bare_refusals(), _sheets(), _brief())
    first, *others = (part[:ROWS] for part in parts)
    whole: QuerySet[Any, Any] = first.union(*others, all=True)
    return whole.order_by("said")[:ROWS]


def _said(
    rows: QuerySet[Any],
    kind: Case | Value,
    said: str,
    recorded: Combinable | None = None,
    *,
    engagement: str = "engagement__",
    seconds: str = "",
) -> QuerySet[Any, Any]:
    """The columns of a part, the oldest word first."""
    nothing = Cast(Value(None), DateTimeField())
    length = F(seconds) if seconds else Cast(Value(None), IntegerField())
    found = rows.filter(**{f"{said}__isnull": False}).order_by(said)
    columns: QuerySet[Any, Any] = found.annotate(
        mismatch=kind, said=F(said), recorded=recorded or nothing, length=length
    ).values_list(
        *("mismatch", f"{engagement}demand__ref", f"{engagement}ref", f"{engagement}bank__name"),
        *("said", "recorded", "length"),
    )
    return columns


def _either(condition: Q, then: MismatchKind, other: MismatchKind) -> Case:
    return Case(When(condition, then=Value(then.value)), default=Value(other.value))


def _denials() -> QuerySet[Any, Any]:
    """A call or a visit that the bank recorded and the applicant denied."""
    was_call = Q(kind=QuestionKind.CALLED)
    callback = was_call & Q(engagement__callback_word="denied")
    visit = Q(kind=QuestionKind.VISITED, engagement__visit_word="denied")
    rows = Question.objects.filter(
        callback & ~is_settled(MismatchKind.CALLBACK, "answered_at", "demand")
        | visit & ~is_settled(MismatchKind.VISIT, "answered_at", "demand"),
        answer="no",
    )
    kind = _either(was_call, MismatchKind.CALLBACK, MismatchKind.VISIT)
    recorded = Case(When(was_call, then=F("engagement__called_back_at")), default=None)
    return _said(rows, kind, "answered_at", recorded)


def _money_words() -> QuerySet[Any, Any]:
    """Money denied though returned, or there though the bank has returned nothing."""
    denied = Q(money_word="denied", returned_at__isnull=False)
    silent = Q(money_word="confirmed", returned_at__isnull=True)
    rows = LoanReturn.objects.filter(
        denied & ~is_settled(MismatchKind.MONEY, "money_word_at", "engagement__demand")
        | silent & ~is_settled(MismatchKind.NO_RETURN, "money_word_at", "engagement__demand"),
    )
    kind = _either(Q(money_word="denied"), MismatchKind.MONEY, MismatchKind.NO_RETURN)
    return _said(rows, kind, "money_word_at", F("returned_at"))


def _money_unsigned() -> QuerySet[Any, Any]:
    """Money there though the bank has not even returned that a contract was signed."""
    rows = Question.objects.filter(
        ~is_settled(MismatchKind.NO_RETURN, "answered_at", "demand"),
        kind=QuestionKind.MONEY,
        answer="yes",
        engagement__state="accepted",
    )
    return _said(rows, Value(MismatchKind.NO_RETURN.value), "answered_at")


def _bare_refusals() -> QuerySet[Any, Any]:
    """Refused without a word why, until the bank adds it."""
    rows = Engagement.objects.filter(
        ~is_settled(MismatchKind.NO_REASON, "ended_at", "demand"),
        state="refused",
        refusal_code="",
    )
    kind = Value(MismatchKind.NO_REASON.value)
    return _said(rows, kind, "ended_at", F("ended_at"), engagement="")


def _sheets() -> QuerySet[Any, Any]:
    """What a bank's monthly sheet says otherwise; rows without a case of ours stand on their page."""
    rows = SheetDifference.objects.filter(
        ~is_settled(MismatchKind.SHEET, "found_at", "engagement__demand"),
        settled_at__isnull=True,
        engagement__isnull=False,
    )
    return _said(rows, Value(MismatchKind.SHEET.value), "found_at")


def _brief() -> QuerySet[Any, Any]:
    """Said to be connected, and over within seconds."""
    rows = CallAttempt.objects.filter(
        ~is_settled(MismatchKind.SHORT_CALL, "recorded_at", "engagement__demand"),
        result=CallResult.CONNECTED,
        duration_seconds__lt=SHORTEST_CALL_SECONDS,
        engagement__callback_word="self_reported",
        engagement__state__in=LIVE_ENGAGEMENT,
    )
    kind = Value(MismatchKind.SHORT_CALL.value)
    return _said(rows, kind, "recorded_at", F("started_at"), seconds="duration_seconds")
