"""The supervision ledger (督导台账): every record with its steps, filtered and paged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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
from django.db.models.functions import Coalesce

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.clock import at_local
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market.models import Supervision, SupervisionStep
from puhui.market.queries.case_lists import WATCHERS, named
from puhui.market.queries.case_order import NEVER, beyond, number, ordered
from puhui.market.queries.shaping import supervisions
from puhui.market.queries.views import SupervisionView
from puhui.market.reach import demands


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
    sort: str = "-opened"
    """One of LEDGER_ORDERS, `-` before it for the largest first."""


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """One page of the ledger, newest first."""

    rows: tuple[SupervisionView, ...]
    total: int
    next_before: str
    now: datetime


@query(*WATCHERS)
def supervision_ledger(
    actor: Actor, wanted: LedgerFilter, *, limit: int = 50, before: str = ""
) -> LedgerPage:
    """Supervision records in the order asked for; `before` is the last record of the page before.

    A township reads those of its own cases (M011, M012).
    """
    now = database_now()
    rows = _narrowed(_reached(actor), wanted, now)
    total = rows.count()
    rows = ordered(rows, wanted.sort, ledger_orders(now))
    if before:
        rows = beyond(rows, wanted.sort, before)
    found_keys = list(rows.values_list("pk", "ref")[: limit + 1])
    shown = found_keys[:limit]
    found = supervisions(Supervision.objects.filter(pk__in=[key for key, _ref in shown]))
    place = {ref: at for at, (_key, ref) in enumerate(shown)}
    return LedgerPage(
        rows=tuple(sorted(found, key=lambda one: place[one.ref])),
        total=total,
        next_before=shown[-1][1] if len(found_keys) > limit else "",
        now=now,
    )


def _reached(actor: Actor) -> QuerySet[Supervision]:
    rows = Supervision.objects.all()
    if actor.role is Role.TOWNSHIP_ADMIN or actor.seconded_from is not None:
        return rows.filter(demand__in=demands(actor).values("pk"))
    return rows


def ledger_orders(now: datetime) -> dict[str, Any]:
    """What the ledger may be ordered by; a name with `-` before it falls."""
    silent = Q(answered_at__isnull=True, answer_due_at__lt=now)
    state = Case(
        When(closed_at__isnull=False, then=Value(2)),
        When(silent, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return {
        "ref": lambda: number("ref"),
        "demand": lambda: number("demand__ref"),
        "bank": lambda: Coalesce("bank__name", Value("")),
        "kind": lambda: F("kind"),
        "opened": lambda: F("opened_at"),
        "answered": lambda: Coalesce("answered_at", Value(NEVER), output_field=DateTimeField()),
        "state": lambda: state,
        "steps": _steps,
    }


def _steps() -> Coalesce:
    rows = SupervisionStep.objects.filter(supervision=OuterRef("pk")).order_by()
    counted = rows.values("supervision").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0))


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
        rows = rows.filter(named(wanted.ref, "demand__") | Q(ref=wanted.ref))
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
