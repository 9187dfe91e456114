"""Integrity cases: the county's own and the auditor's, nobody else's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.prepared import Prepared
from puhui.market.models import IntegrityCase, IntegrityStep
from puhui.market.queries.fencing import reached
from puhui.market.queries.shaping import grouped
from puhui.parties.terms import mask_name

READERS = (*COUNTY, Role.AUDITOR)
ROWS = 200


@dataclass(frozen=True, slots=True)
class IntegrityStepView:
    """One thing said or done; `kind` said, note, handed_over, closed."""

    at: datetime
    kind: str
    source: str
    by_ref: str
    role: str
    receiver: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class IntegrityView:
    """An integrity case with its record, oldest step first."""

    ref: str
    demand_ref: str
    """The request it is about; of a draft that never went out its number alone is left."""
    is_void_draft: bool
    helper_ref: str
    """Staff number of whoever filled the draft in."""
    bank_name: str
    source: str
    state: str
    opened_at: datetime
    due_at: datetime
    owner_masked: str
    handed_at: datetime | None
    handed_to: str
    finding: str
    closed_at: datetime | None
    steps: tuple[IntegrityStepView, ...]


@query(*READERS)
def integrity_cases(actor: Actor, *, state: str = "") -> tuple[IntegrityView, ...]:
    """Integrity cases, open ones first, then the newest; at most 200. Two statements."""
    rows = IntegrityCase.objects.all()
    if state:
        rows = rows.filter(state=state)
    found = _whole(rows).order_by("-opened_at")[:ROWS]
    rank = {"open": 0, "handed_over": 1}
    views = reached(actor, _views(list(found)))
    return tuple(sorted(views, key=lambda one: rank.get(one.state, 2)))


@query(*READERS)
def integrity_case(actor: Actor, ref: str) -> IntegrityView:
    """One integrity case. Refuses NOT_FOUND."""
    found = reached(actor, _views(list(_whole(IntegrityCase.objects.filter(ref=ref)))))
    if not found:
        raise Refused(NOT_FOUND)
    return found[0]


def open_integrity() -> list[IntegrityView]:
    """What nobody has handed over yet, the oldest first: on top of the county's list in red."""
    return _views(_open())


@Prepared
def _open() -> QuerySet[IntegrityCase]:
    return _whole(IntegrityCase.objects.filter(state="open")).order_by("opened_at")[:ROWS]


@Prepared
def _steps(of: list[UUID]) -> QuerySet[IntegrityStep]:
    return IntegrityStep.objects.filter(case_id__in=of).order_by("at", "id")


def _whole(rows: QuerySet[IntegrityCase]) -> QuerySet[IntegrityCase]:
    return rows.select_related("demand", "assistance__helper", "bank", "owner")


def _views(rows: Sequence[IntegrityCase]) -> list[IntegrityView]:
    """Rows of `_whole` with their steps, by one statement; none without a row."""
    steps = grouped(_steps([row.pk for row in rows]) if rows else (), "case_id")
    return [_view(row, steps[row.pk]) for row in rows]


def _view(row: IntegrityCase, steps: Iterable[IntegrityStep]) -> IntegrityView:
    draft = row.assistance
    return IntegrityView(
        ref=row.ref,
        demand_ref=row.demand.ref if row.demand else draft.demand_ref if draft else "",
        is_void_draft=draft is not None,
        helper_ref=draft.helper.ref if draft else "",
        bank_name=row.bank.name if row.bank else "",
        source=row.source,
        state=row.state,
        opened_at=row.opened_at,
        due_at=row.due_at,
        owner_masked=mask_name(row.owner.name) if row.owner else "",
        handed_at=row.handed_at,
        handed_to=row.handed_to,
        finding=row.finding,
        closed_at=row.closed_at,
        steps=tuple(
            IntegrityStepView(
                one.at, one.kind, one.source, one.by_ref, one.role, one.receiver, one.words
            )
            for one in steps
        ),
    )
