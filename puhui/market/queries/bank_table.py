"""All engagements of a bank as a table: narrowed, sorted, searched, paged by cursor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from puhui.kernel.actor import BANK, SYSTEM, Actor, query
from puhui.kernel.clock import at_local
from puhui.kernel.command import Refused, database_now
from puhui.market.lifecycle import LIVE_ENGAGEMENT
from puhui.market.models import Engagement
from puhui.market.queries.banks import AS_AFTER_CLAIM
from puhui.market.queries.shaping import scale_words
from puhui.market.reach import engagements, is_on_duty
from puhui.parties import queries as parties
from puhui.parties.terms import mask_name

PAGE_ROWS = 50
OWN_CASES = 500
SORTS = {
    "newest": ("claimed_at", True),
    "oldest": ("claimed_at", False),
    "largest": ("demand__amount_fen", True),
    "smallest": ("demand__amount_fen", False),
    "stillest": ("state_since", False),
}
"""Name of an order, its column, whether the largest comes first."""


@dataclass(frozen=True, slots=True)
class TableFilter:
    """What narrows the table; empty fields narrow nothing.

    `words`: a demand's or engagement's reference, a contact code, a township; the applicant's name
    or its pinyin among the asker's own open cases. `officer`: a staff number, or `none`.
    """

    states: tuple[str, ...] = ()
    is_live: bool | None = None
    is_late: bool = False
    officer: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = "newest"
    township: str = ""
    """A division's code."""
    subject: str = ""
    """A class of applicants (catalogue.terms.Subject)."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One engagement in the table. Money in fen; the name is masked."""

    ref: str
    demand_ref: str
    contact_code: str
    name_masked: str = field(repr=False)
    township: str
    village: str = field(repr=False)
    purpose: str
    scale: str
    amount_fen: int
    term: str
    state: str
    state_since: datetime
    officer_ref: str
    officer_masked: str
    claimed_at: datetime
    first_attempt_at: datetime | None
    callback_late: bool
    callback_word: str
    is_directed: bool
    subject: str


@query(*BANK)
def bank_table(
    actor: Actor, chosen: TableFilter, *, after: str = "", limit: int = PAGE_ROWS
) -> list[TableRow]:
    """A page of the bank's engagements; `after` is the reference of the last row before it.

    Five statements at most, whatever the number of rows.
    """
    rows = _ordered(_chosen(actor, chosen), chosen.sort)
    if after:
        rows = _beyond(actor, rows, chosen.sort, after)
    knows = is_on_duty(actor, database_now())
    return [_row(one, actor, knows) for one in _loaded(rows)[:limit]]


@query(*BANK)
def bank_table_size(actor: Actor, chosen: TableFilter) -> int:
    """How many engagements the filter leaves."""
    return _chosen(actor, chosen).count()


@query(*BANK)
def bank_table_rows(actor: Actor, chosen: TableFilter) -> Iterator[TableRow]:
    """All rows of the filter, for an export; read in portions."""
    rows = _loaded(_ordered(_chosen(actor, chosen), chosen.sort))
    knows = is_on_duty(actor, database_now())
    return (_row(one, actor, knows) for one in rows.iterator(chunk_size=500))


def _chosen(actor: Actor, chosen: TableFilter) -> QuerySet[Engagement]:
    rows, words = engagements(actor), chosen.words.strip()
    if chosen.states:
        rows = rows.filter(state__in=chosen.states)
    if chosen.is_live is not None:
        live = Q(state__in=[*LIVE_ENGAGEMENT, "signed"])
        rows = rows.filter(live if chosen.is_live else ~live)
    if chosen.is_late:
        rows = rows.filter(clocks__state="breached").distinct()
    if chosen.officer == "none":
        rows = rows.filter(officer=None)
    elif chosen.officer:
        rows = rows.filter(officer__ref=chosen.officer)
    rows = rows.filter(_of_demand(chosen))
    if words:
        rows = rows.filter(
            Q(demand__ref__iexact=words)
            | Q(ref__iexact=words)
            | Q(demand__contact_code=words, state__in=list(AS_AFTER_CLAIM))
            | Q(demand__township__name__icontains=words)
            | _of_name(actor, words)
        )
    return rows


def _of_demand(chosen: TableFilter) -> Q:
    """Where the demand is from, who asks, and when it was claimed."""
    found = Q()
    if chosen.township:
        found &= Q(demand__township_id=chosen.township)
    if chosen.subject:
        found &= Q(demand__subject=chosen.subject)
    if chosen.since:
        found &= Q(claimed_at__gte=at_local(chosen.since, datetime.min.time()))
    if chosen.until:
        found &= Q(claimed_at__lte=at_local(chosen.until, datetime.max.time()))
    return found


def _of_name(actor: Actor, words: str) -> Q:
    """The asker's own open cases of people so named: nobody searches a bank's customers by name."""
    own = engagements(actor).filter(officer_id=actor.person, state__in=list(AS_AFTER_CLAIM))
    if actor.person is None or words.isdigit():
        return Q(pk__in=[])
    people = list(own.values_list("demand__resident_id", flat=True)[:OWN_CASES])
    try:
        found = parties.residents_named(SYSTEM, words, among=people, limit=OWN_CASES)
    except Refused:  # too short a name
        return Q(pk__in=[])
    return Q(
        pk__in=own.filter(demand__resident_id__in=[one.id for one in found.people]).values("pk")
    )


def _ordered(rows: QuerySet[Engagement], sort: str) -> QuerySet[Engagement]:
    column, is_down = SORTS.get(sort, SORTS["newest"])
    return rows.order_by(*((f"-{column}", "-id") if is_down else (column, "id")))


def _beyond(
    actor: Actor, rows: QuerySet[Engagement], sort: str, after: str
) -> QuerySet[Engagement]:
    column, is_down = SORTS.get(sort, SORTS["newest"])
    edge = engagements(actor).filter(ref=after).values_list(column, "pk").first()
    if edge is None:
        return rows.none()
    word = "lt" if is_down else "gt"
    beyond: dict[str, Any] = {f"{column}__{word}": edge[0]}
    return rows.filter(Q(**beyond) | Q(**{column: edge[0], f"pk__{word}": edge[1]}))


def _loaded(rows: QuerySet[Engagement]) -> QuerySet[Engagement]:
    return rows.select_related("officer", "demand__resident", "demand__township", "demand__village")


def _row(one: Engagement, actor: Actor, is_on_duty: bool) -> TableRow:
    demand, is_shown = one.demand, one.state in AS_AFTER_CLAIM
    knows = is_shown and (is_on_duty or one.officer_id == actor.person)
    return TableRow(
        ref=one.ref,
        demand_ref=demand.ref,
        contact_code=demand.contact_code if is_shown else "",
        name_masked=mask_name(demand.resident.name),
        township=demand.township.name,
        village=demand.village.short_name if knows else "",
        purpose=demand.purpose,
        scale=scale_words(demand),
        amount_fen=demand.amount_fen,
        term=demand.term,
        state=one.state,
        state_since=one.state_since,
        officer_ref=one.officer.ref if one.officer else "",
        officer_masked=mask_name(one.officer.name) if one.officer else "",
        claimed_at=one.claimed_at,
        first_attempt_at=one.first_attempt_at,
        callback_late=one.callback_late,
        callback_word=one.callback_word,
        is_directed=one.is_directed,
        subject=demand.subject,
    )
