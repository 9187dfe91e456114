"""Written supervision orders (督办单): issued to a bank, answered by it, closed by the county."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from puhui.kernel.actor import BANK, COUNTY, SYSTEM, Actor, Role
from puhui.kernel.clock import end_of_day, local_date
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.market import references
from puhui.market.models import Clock, SupervisionOrder
from puhui.market.queries.owed import waits_still
from puhui.market.references import next_reference
from puhui.market.terms import LATE_STEPS, Refusals
from puhui.notices import actions as notices
from puhui.notices.terms import Telling
from puhui.parties import queries as parties

LONGEST_WORDS = 500
MOST_ITEMS = 500
PRESSED_AGAIN = timedelta(minutes=10)


@command(*COUNTY)
def issue_order(work: Work, bank_ref: str, words: str, due_on: date, *, by: Actor) -> str:
    """Issue a written order to a bank about everything it owes past its day; the order's ref.

    `words` up to 500 characters; `due_on`: the local day by whose end it answers, today or later.
    Its heads are told. The same words pressed again within ten minutes are the same order. Refuses BANK_UNKNOWN, WORDS_EMPTY, ORDER_DUE, NOTHING_LATE.
    Source: content.md §3.3 ③.
    """
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise Refused(Refusals.WORDS_EMPTY)
    if due_on < local_date(work.now):
        raise Refused(Refusals.ORDER_DUE)
    bank = next((one for one in parties.banks(SYSTEM) if one.ref == bank_ref), None)
    if bank is None:
        raise Refused(Refusals.BANK_UNKNOWN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 517))", [str(bank.id)])
    stands = SupervisionOrder.objects.filter(
        bank_id=bank.id, words=words.strip(), due_at=end_of_day(due_on), answered_at__isnull=True
    ).filter(closed_at__isnull=True, issued_at__gt=work.now - PRESSED_AGAIN)
    if twin := stands.first():
        return twin.ref
    late = Clock.objects.filter(
        waits_still(), state="breached", kind__in=LATE_STEPS, engagement__bank_id=bank.id
    ).order_by("due_at", "id")
    items = [
        [ref, kind, local_date(due_at).isoformat()]
        for ref, kind, due_at in late.values_list("demand__ref", "kind", "due_at")[:MOST_ITEMS]
        if due_at
    ]
    if not items:
        raise Refused(Refusals.NOTHING_LATE)
    row = SupervisionOrder.objects.create(
        ref=next_reference(references.ORDER),
        bank_id=bank.id,
        issued_at=work.now,
        issued_by_ref=by.ref,
        due_at=end_of_day(due_on),
        words=words.strip(),
        items=items,
    )
    heads = parties.duty_holders(SYSTEM, Role.BANK_ADMIN, organisation_id=bank.id, now=work.now)
    told = {"编号": row.ref, "笔": str(len({ref for ref, _kind, _day in items}))}
    notices.tell(
        [Telling("B31", one.phone, told, staff=one.id, subject_ref=row.ref) for one in heads],
        by=SYSTEM,
    )
    _record(work, row, "order.issue", bank.ref, cases=told["笔"])
    return row.ref


@command(*BANK)
def answer_order(work: Work, order_ref: str, words: str, *, by: Actor) -> None:
    """The bank answers in writing; it may answer again until the county closes the order.

    Refuses NOT_FOUND for another bank's and a missing one alike, WORDS_EMPTY, STATE once closed.
    """
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise Refused(Refusals.WORDS_EMPTY)
    row = _locked(order_ref, by)
    if row.closed_at is not None:
        raise Refused(Refusals.STATE)
    row.answer, row.answered_at, row.answered_by_ref = words.strip(), work.now, by.ref
    row.save()
    _record(work, row, "order.answer", by.organisation_ref, late=work.now > row.due_at)


@command(*COUNTY)
def close_order(work: Work, order_ref: str, *, by: Actor) -> None:
    """The county takes the answer. Refuses NOT_FOUND, STATE without an answer or once closed."""
    row = _locked(order_ref, by)
    if row.answered_at is None or row.closed_at is not None:
        raise Refused(Refusals.STATE)
    row.closed_at, row.closed_by_ref = work.now, by.ref
    row.save()
    _record(work, row, "order.close", row.bank.ref)


def _locked(ref: str, by: Actor) -> SupervisionOrder:
    rows = SupervisionOrder.objects.select_for_update(of=("self",)).select_related("bank")
    if by.is_bank:
        rows = rows.filter(bank_id=by.organisation)
    row = rows.filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return row


def _record(work: Work, row: SupervisionOrder, action: str, bank: str, **facts: object) -> None:
    topics = ("county", f"bank:{bank}")
    work.record(action, ("order", row.ref), topics=topics, bank=bank, **facts)  # type: ignore[arg-type]
