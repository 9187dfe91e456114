"""A bank's month by spreadsheet: read, compared with the platform, recorded by the same actions."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

from django.db import connection

from puhui.kernel.actor import BANK, COUNTY, Actor
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, FieldError, Refused, Work, command
from puhui.market import references
from puhui.market.actions.returning import record_disbursement, record_signing
from puhui.market.models import Engagement, LoanReturn, ReturnSheet, SheetDifference
from puhui.market.reach import may_know_rates
from puhui.market.references import next_reference
from puhui.market.rules import forms
from puhui.market.rules.return_sheets import (
    COLUMNS,
    Difference,
    SheetReport,
    facts_of,
    month_of,
    next_month,
)
from puhui.market.terms import Refusals, ReturnForm
from puhui.sheets.reading import read
from puhui.sheets.terms import Found, Row

DONE = ("disbursed", "settled")
OPEN = ("accepted", "signed")


@command(*BANK)
def import_returns(
    work: Work, month: str, content: bytes, *, is_dry_run: bool, by: Actor
) -> SheetReport:
    """Compare a month of the bank's own books with the platform and record what is new.

    `month` as 2026-11; `content` xlsx or CSV with the columns of the template. Rows of accepted or
    signed cases are recorded through the same actions as the page; differences go to the county's
    list, where a later sheet of the month takes them away. With any error in a row nothing is done.
    Refuses MONTH_BAD.
    """
    first = month_of(month)
    if first is None or first > local_date(work.now):
        raise Refused(Refusals.MONTH_BAD)
    assert by.organisation
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 515))", [str(by.organisation)]
        )
    found = Found("")
    rows = read(content, COLUMNS, found)
    ours = _ours(by.organisation, rows)
    new, matched, differences = _compared(rows, ours, found, first, local_date(work.now))
    differences += _not_in_sheet(by.organisation, first, {row["engagement"] for row in rows})
    is_done = not (is_dry_run or found.count)
    if is_done:
        for row in new:
            _record(ours[row["engagement"]], row, by)
        _keep(work, first, content, len(rows), len(new), matched, differences, ours, by)
    return SheetReport(
        month=first,
        rows=len(rows),
        recorded=len(new),
        matched=matched,
        differences=tuple(differences),
        errors=tuple(found.errors),
        error_count=found.count,
        is_done=is_done,
    )


def _ours(bank: UUID, rows: list[Row]) -> dict[str, Engagement]:
    refs = {row["engagement"] for row in rows}
    found = Engagement.objects.filter(bank_id=bank, ref__in=refs)
    return {one.ref: one for one in found.select_related("loan_return", "demand")}


def _compared(
    rows: list[Row], ours: dict[str, Engagement], found: Found, month: date, today: date
) -> tuple[list[Row], int, list[Difference]]:
    """What is new, how many agree, what does not; wrong rows go to `found`."""
    new: list[Row] = []
    matched, differences, seen = 0, [], set()
    for row in rows:
        ref = row["engagement"]
        errors = _row_errors(row, month, today)
        if ref in seen:
            errors.append(FieldError("engagement", "twice", "这个单号在表里写了两遍。"))
        seen.add(ref)
        for error in errors:
            found.tell(row.line, error)
        one = ours.get(ref)
        if errors:
            continue
        if one is None or one.state not in (*OPEN, *DONE):
            differences.append(Difference("missing_in_platform", ref, row.line))
        elif one.state in OPEN:
            new.append(row)
        elif facts := facts_of(row.cells, _four(one.loan_return)):
            differences.append(Difference("differing", ref, row.line, facts))
        else:
            matched += 1
    return new, matched, differences


def _four(loan: LoanReturn) -> tuple[object, ...]:
    return loan.amount_fen, loan.rate_ppm, loan.paid_out_on, loan.due_on


def _row_errors(row: Row, month: date, today: date) -> list[FieldError]:
    errors, _due, paid_out_on = forms.return_errors(_form(row), today)
    if paid_out_on and not month <= paid_out_on < next_month(month):
        errors.append(FieldError("paid_out_on", "other_month", "放款日不在这个月里。"))
    return errors


def _form(row: Row) -> ReturnForm:
    return ReturnForm(
        row["amount_fen"], row["rate_ppm"], str(row["due_on"]), str(row["paid_out_on"])
    )


def _record(one: Engagement, row: Row, by: Actor) -> None:
    if one.state == "accepted":
        record_signing(one.ref, by=by)
    record_disbursement(one.ref, _form(row), by=by)


def _not_in_sheet(bank: UUID, month: date, refs: set[str]) -> list[Difference]:
    paid = LoanReturn.objects.filter(
        engagement__bank_id=bank, paid_out_on__gte=month, paid_out_on__lt=next_month(month)
    ).exclude(engagement__ref__in=refs)
    listed = paid.order_by("engagement__ref").values_list("engagement__ref", flat=True)
    return [Difference("missing_in_sheet", ref, None) for ref in listed]


def _keep(
    work: Work,
    month: date,
    content: bytes,
    rows: int,
    recorded: int,
    matched: int,
    differences: list[Difference],
    ours: dict[str, Engagement],
    by: Actor,
) -> None:
    """The sheet and its differences; those of an earlier sheet of the month are over."""
    assert by.organisation
    sheet = ReturnSheet.objects.create(
        ref=next_reference(references.RETURN_SHEET),
        bank_id=by.organisation,
        month=month,
        uploaded_at=work.now,
        uploaded_by_ref=by.ref,
        digest=hashlib.sha256(content).hexdigest(),
        rows=rows,
        recorded=recorded,
        matched=matched,
    )
    SheetDifference.objects.filter(
        bank_id=by.organisation, month=month, settled_at__isnull=True
    ).update(settled_at=work.now, settled_by_ref=by.ref)
    missing = [one.ref for one in differences if one.kind == "missing_in_sheet"]
    known = {one.ref: one for one in Engagement.objects.filter(ref__in=missing)} | ours
    SheetDifference.objects.bulk_create(
        SheetDifference(
            sheet=sheet,
            bank_id=by.organisation,
            month=month,
            kind=one.kind,
            engagement=known.get(one.ref),
            line=one.line,
            facts={name: list(pair) for name, pair in one.facts.items()},
            found_at=work.now,
        )
        for one in differences
    )
    work.record(
        "return_sheet.import",
        ("return_sheet", sheet.ref),
        topics=("county", f"bank:{by.organisation_ref}"),
        bank=by.organisation_ref,
        month=f"{month:%Y-%m}",
        rows=rows,
        recorded=recorded,
        matched=matched,
        differences=len(differences),
    )


@command(*COUNTY)
def settle_difference(work: Work, difference: UUID, *, by: Actor) -> None:
    """The county has asked and found out: the difference leaves the list. Refuses NOT_FOUND."""
    rows = SheetDifference.objects.filter(pk=difference, settled_at__isnull=True)
    row = rows.select_related("sheet", "bank").first() if may_know_rates(by) else None
    if row is None or not rows.update(settled_at=work.now, settled_by_ref=by.ref):
        raise Refused(NOT_FOUND)
    work.record(
        "return_sheet.settle",
        ("return_sheet", row.sheet.ref),
        topics=("county",),
        bank=row.bank.ref,
        kind=row.kind,
        line=row.line,
    )
