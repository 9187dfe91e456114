"""Questions that only the applicant can answer, asked on the page and by text message."""

from __future__ import annotations

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
) -> None:
    """Open a question unless it is open; the text message's reply finds it by `question:id`."""
    row = Question.objects.filter(
        demand=demand, engagement=engagement, kind=kind, answered_at__isnull=True
    ).first()
    if row is not None:
        return
    row = Question.objects.create(
        demand=demand, engagement=engagement, kind=kind, asked_at=work.now
    )
    params = {"编号": demand.ref}
    if engagement is not None:
        params["行"] = engagement.bank.sms_name
    tell.applicant(code, question=str(row.pk), **params)
