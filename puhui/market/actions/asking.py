"""Questions that only the applicant can answer, asked on the page and by text message."""

from __future__ import annotations

from datetime import datetime

from puhui.kernel.command import Work
from puhui.market.models import Engagement, FinancingDemand, Question
from puhui.market.telling import Tellings
from puhui.market.terms import QuestionKind


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
    row = Question.objects.filter(
        demand=demand, engagement=engagement, kind=kind, answered_at__isnull=True
    ).first()
    if row is not None:
        return
    row = Question.objects.create(
        demand=demand, engagement=engagement, kind=kind, asked_at=work.now
    )
    params = {"编号": demand.ref, **words}
    if engagement is not None:
        params["行"] = engagement.bank.sms_name
    tell.applicant(code, question=str(row.pk), **params)


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
    rows.update(answered_at=now, answer="", answered_via="ended")
