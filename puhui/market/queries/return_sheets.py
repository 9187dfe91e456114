"""Spreadsheets of returns: what a bank's month should hold, what does not agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from puhui.kernel.actor import BANK, COUNTY, Actor, query
from puhui.market.models import Engagement, LoanReturn, ReturnSheet, SheetDifference
from puhui.market.reach import may_know_rates
from puhui.market.rules.return_sheets import COLUMNS, next_month
from puhui.sheets.terms import Column

ROWS = 500


@dataclass(frozen=True, slots=True)
class ReturnTemplate:
    """The columns to fill in, with the bank's cases of the month already in their rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class PastSheet:
    """One upload."""

    ref: str
    month: date
    uploaded_at: datetime
    rows: int
    recorded: int
    matched: int
    differences: int


@dataclass(frozen=True, slots=True)
class OpenDifference:
    """One row of the county's list; `facts`: field → [in the sheet, on the platform]."""

    id: UUID
    bank_name: str
    month: date
    kind: str
    demand_ref: str
    engagement_ref: str
    line: int | None
    facts: dict[str, list[Any]]
    found_at: datetime


@query(*BANK)
def return_template(actor: Actor, month: date) -> ReturnTemplate:
    """What the bank has to fill in for a month: what is paid out, then what is signed or accepted."""
    paid = LoanReturn.objects.filter(
        engagement__bank_id=actor.organisation,
        paid_out_on__gte=month,
        paid_out_on__lt=next_month(month),
    ).order_by("paid_out_on", "engagement__ref")
    rows = [
        (ref, fen, ppm, on, due)
        for ref, fen, ppm, on, due in paid.values_list(
            "engagement__ref", "amount_fen", "rate_ppm", "paid_out_on", "due_on"
        )
    ]
    owed = Engagement.objects.filter(
        bank_id=actor.organisation, state__in=["accepted", "signed"]
    ).order_by("ref")
    rows += [(ref, None, None, None, None) for ref in owed.values_list("ref", flat=True)]
    return ReturnTemplate(COLUMNS, tuple(rows))


@query(*BANK)
def return_sheets(actor: Actor) -> tuple[PastSheet, ...]:
    """Uploads of the actor's bank, newest first; the last two dozen."""
    rows = ReturnSheet.objects.filter(bank_id=actor.organisation).order_by("-uploaded_at")
    return tuple(
        PastSheet(
            one.ref,
            one.month,
            one.uploaded_at,
            one.rows,
            one.recorded,
            one.matched,
            sum(each.settled_at is None for each in one.differences.all()),
        )
        for one in rows.prefetch_related("differences")[:24]
    )


@query(*COUNTY)
def sheet_differences(actor: Actor) -> tuple[OpenDifference, ...]:
    """What banks' months and the platform do not agree on, oldest first (content.md §3.3 ③).

    Rates stand in it: nothing for whoever comes from a bank (domain.md ruling 11).
    """
    if not may_know_rates(actor):
        return ()
    rows = SheetDifference.objects.filter(settled_at__isnull=True).order_by("found_at", "id")
    return tuple(
        OpenDifference(
            id=one.pk,
            bank_name=one.bank.name,
            month=one.month,
            kind=one.kind,
            demand_ref=one.engagement.demand.ref if one.engagement else "",
            engagement_ref=one.engagement.ref if one.engagement else "",
            line=one.line,
            facts=one.facts,
            found_at=one.found_at,
        )
        for one in rows.select_related("bank", "engagement__demand")[:ROWS]
    )
