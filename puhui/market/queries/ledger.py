"""The supervision ledger (督导台账): every record with its steps, filtered and paged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.clock import at_local
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market.models import Supervision, SupervisionStep
from puhui.market.queries.shaping import supervisions
from puhui.market.queries.views import SupervisionView


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What narrows the ledger; empty fields narrow nothing. Days are local, both included."""

    ref: str = ""
    bank: str = ""
    kind: str = ""
    state: str = ""
    """open, closed, answered, silent (past its answer's time without one) or unphoned."""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """One page of the ledger, newest first."""

    rows: tuple[SupervisionView, ...]
    total: int
    next_before: str
    now: datetime


@query(*COUNTY, Role.AUDITOR)
def supervision_ledger(
    actor: Actor, wanted: LedgerFilter, *, limit: int = 50, before: str = ""
) -> LedgerPage:
    """Supervision records, newest first; `before` is the last record of the page before (M011)."""
    now = database_now()
    rows = _narrowed(Supervision.objects.all(), wanted, now)
    total = rows.count()
    if before:
        edge = Supervision.objects.filter(ref=before).values_list("opened_at", "id").first()
        if edge is None:
            rows = rows.none()
        else:
            rows = rows.filter(Q(opened_at__lt=edge[0]) | Q(opened_at=edge[0], id__lt=edge[1]))
    newest = list(rows.order_by("-opened_at", "-id").values_list("pk", "ref")[: limit + 1])
    shown = newest[:limit]
    return LedgerPage(
        rows=supervisions(Supervision.objects.filter(pk__in=[key for key, _ref in shown])),
        total=total,
        next_before=shown[-1][1] if len(newest) > limit else "",
        now=now,
    )


@query(*COUNTY, Role.AUDITOR)
def supervision_record(actor: Actor, ref: str) -> SupervisionView:
    """One record with its steps. Refuses NOT_FOUND."""
    found = supervisions(Supervision.objects.filter(ref=ref))
    if not found:
        raise Refused(NOT_FOUND)
    return found[0]


def _narrowed(
    rows: QuerySet[Supervision], wanted: LedgerFilter, now: datetime
) -> QuerySet[Supervision]:
    if wanted.ref:
        rows = rows.filter(Q(demand__ref__startswith=wanted.ref) | Q(ref=wanted.ref))
    if wanted.bank:
        rows = rows.filter(bank__ref=wanted.bank)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state:
        rows = rows.filter(_in_state(wanted.state, now))
    if wanted.since:
        rows = rows.filter(opened_at__gte=at_local(wanted.since, time(0)))
    if wanted.until:
        rows = rows.filter(opened_at__lt=at_local(wanted.until + timedelta(days=1), time(0)))
    return rows


def _in_state(state: str, now: datetime) -> Q:
    phoned = SupervisionStep.objects.filter(supervision=OuterRef("pk"), kind="phoned")
    return {
        "open": Q(closed_at__isnull=True),
        "closed": Q(closed_at__isnull=False),
        "answered": Q(answered_at__isnull=False),
        "silent": Q(answered_at__isnull=True, answer_due_at__lt=now),
        "unphoned": ~Q(Exists(phoned)),
    }.get(state, Q())
