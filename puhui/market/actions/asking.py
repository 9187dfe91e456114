"""Questions that only the applicant can answer, asked on the page and by text message."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from puhui.kernel.command import Work
from puhui.kernel.copying import insert
from puhui.kernel.prepared import Prepared
from puhui.kernel.writing import Change, PreparedUpdate
from puhui.market.models import Engagement, FinancingDemand, Question
from puhui.market.telling import Tellings
from puhui.market.terms import QuestionKind

UNNEEDED = {"answer": "", "answered_via": "ended"}


def ask(
    work: Work,
    demand: FinancingDemand,
    kind: QuestionKind,
    engagement: Engagement | None,
    code: str,
    tell: Tellings,
    **words: str,
) -> None:
    """Open a question unless it is open, and send it; a reply finds it by its id."""
    if _is_open(demand.pk, kind.value, engagement):
        return
    row = Question(demand=demand, engagement=engagement, kind=kind, asked_at=work.now)
    insert([row])
    params = {"编号": demand.ref, **words}
    if engagement is not None:
        params["行"] = engagement.bank.sms_name
    tell.applicant(code, question=str(row.pk), **params)


def _is_open(demand: UUID, kind: str, engagement: Engagement | None) -> bool:
    if engagement is None:
        return bool(_asked_of_demand(demand, kind))
    return bool(_asked_of_case(engagement.pk, kind))


@Prepared
def _asked_of_demand(demand: UUID, kind: str) -> QuerySet[Any, UUID]:
    open_ = Question.objects.filter(demand_id=demand, kind=kind, answered_at__isnull=True)
    return open_.filter(engagement__isnull=True).values_list("id", flat=True)


@Prepared
def _asked_of_case(engagement: UUID, kind: str) -> QuerySet[Any, UUID]:
    open_ = Question.objects.filter(engagement_id=engagement, kind=kind, answered_at__isnull=True)
    return open_.values_list("id", flat=True)


def ask_once_more(
    demand: FinancingDemand, kind: QuestionKind, code: str, tell: Tellings, **words: str
) -> None:
    """Send an open question of the demand itself a second time."""
    row = Question.objects.filter(demand=demand, kind=kind, answered_at__isnull=True).first()
    if row is not None:
        tell.applicant(code, question=str(row.pk), 编号=demand.ref, **words)


def close(
    now: datetime,
    kind: QuestionKind | None = None,
    *,
    engagement: Engagement | None = None,
    demand: FinancingDemand | None = None,
) -> None:
    """Nobody needs the answer any more: of one kind, or all of an engagement or a demand."""
    rows = Question.objects.filter(answered_at__isnull=True)
    rows = rows.filter(engagement=engagement) if engagement else rows.filter(demand=demand)
    if kind is not None:
        rows = rows.filter(kind=kind)
    rows.update(answered_at=now, **UNNEEDED)


@PreparedUpdate
def close_of_case(engagement: UUID, kind: str, now: datetime) -> Change:
    """`close` of one kind for an engagement, to be sent with other statements."""
    open_ = Question.objects.filter(engagement_id=engagement, kind=kind, answered_at__isnull=True)
    return open_, {"answered_at": now, **UNNEEDED}
