"""Written supervision orders: the county's, and a bank's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from puhui.kernel.actor import BANK, COUNTY, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market.models import SupervisionOrder

ROWS = 200


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as county and bank see it. `items`: case, step owed, its due day."""

    ref: str
    bank_ref: str
    bank_name: str
    issued_at: datetime
    issued_by_ref: str
    due_at: datetime
    words: str
    items: tuple[tuple[str, str, str], ...]
    answered_at: datetime | None
    answered_by_ref: str
    answer: str
    closed_at: datetime | None

    @property
    def cases(self) -> int:
        return len({ref for ref, _kind, _day in self.items})


@query(*COUNTY, Role.AUDITOR, *BANK)
def orders(actor: Actor, *, bank: str = "") -> tuple[OrderView, ...]:
    """Orders, the newest first, at most 200; a bank sees its own only."""
    rows = _reached(actor)
    if bank:
        rows = rows.filter(bank__ref=bank)
    return tuple(_view(one) for one in rows.order_by("-issued_at", "-id")[:ROWS])


@query(*COUNTY, Role.AUDITOR, *BANK)
def order(actor: Actor, ref: str) -> OrderView:
    """One order. Refuses NOT_FOUND, alike for another bank's and a missing one."""
    row = _reached(actor).filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return _view(row)


def _reached(actor: Actor) -> QuerySet[SupervisionOrder]:
    rows = SupervisionOrder.objects.select_related("bank")
    if actor.is_bank:
        return rows.filter(bank_id=actor.organisation) if actor.organisation else rows.none()
    return rows


def _view(row: SupervisionOrder) -> OrderView:
    return OrderView(
        ref=row.ref,
        bank_ref=row.bank.ref,
        bank_name=row.bank.name,
        issued_at=row.issued_at,
        issued_by_ref=row.issued_by_ref,
        due_at=row.due_at,
        words=row.words,
        items=tuple((ref, kind, day) for ref, kind, day in row.items),
        answered_at=row.answered_at,
        answered_by_ref=row.answered_by_ref,
        answer=row.answer,
        closed_at=row.closed_at,
    )
