"""Where ended cases went: one of six for every one of them, or still owed (domain.md §2a, closure).

The first that holds is taken: money · the applicant withdrew · a follow-up of the case is still open:
owed · the newest destination that township or county wrote · a bank refused and gave its reason ·
nobody ever talked with the applicant. Source: M012.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.clock import at_local
from puhui.kernel.prepared import Prepared
from puhui.market.models import Engagement, FinancingDemand, FollowUp
from puhui.market.reach import demands, deputys_own, reach
from puhui.market.terms import CaseEnd, Destination
from puhui.parties import queries as parties

WATCHERS = (*COUNTY, Role.TOWNSHIP_ADMIN, Role.AUDITOR)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 30)
ENDED = ("funded", "closed", "withdrawn", "expired", "unmet")
OWED = "owed"
WROTE = {
    Destination.GUARANTEE: CaseEnd.PASSED,
    Destination.MISSING: CaseEnd.MISSING,
    Destination.EXPLAINED: CaseEnd.EXPLAINED,
    Destination.UNREACHED: CaseEnd.UNREACHED,
    Destination.GIVEN_UP: CaseEnd.WITHDRAWN,
}
"""What a written destination comes to; a case passed to another bank comes to what that bank does."""


@dataclass(frozen=True, slots=True)
class Ends:
    """How many cases of a township or bank ended, and where they went; the parts add up to `ended`."""

    ref: str
    """A division's code or a bank's reference; empty for all."""
    name: str
    ended: int = 0
    owed: int = 0
    """Ended, and nobody has said yet where it went."""
    by: Mapping[str, int] = field(default_factory=dict)
    """By CaseEnd, every one of them named."""


@dataclass(frozen=True, slots=True)
class Endings:
    """Ended cases of the reader's area. Townships add up to the whole; a case stands with every
    bank that took it."""

    whole: Ends
    townships: tuple[Ends, ...]
    banks: tuple[Ends, ...]


def with_end(rows: QuerySet[FinancingDemand]) -> QuerySet[Any]:
    """`rows` with `end`: one of CaseEnd, or OWED; empty while a case is open."""
    own = FollowUp.objects.filter(demand=OuterRef("pk"))
    written = own.filter(destination__in=list(WROTE)).order_by("-closed_at", "-id")
    refused = Engagement.objects.filter(demand=OuterRef("pk"), state="refused")
    talked = Engagement.objects.filter(demand=OuterRef("pk"), called_back_at__isnull=False)
    return rows.alias(written=Subquery(written.values("destination")[:1])).annotate(
        end=Case(
            When(~Q(state__in=ENDED), then=Value("")),
            When(state__in=["funded", "closed"], then=Value(CaseEnd.FUNDED.value)),
            When(state="withdrawn", then=Value(CaseEnd.WITHDRAWN.value)),
            When(Exists(own.filter(closed_at__isnull=True)), then=Value(OWED)),
            *(When(written=one.value, then=Value(end.value)) for one, end in WROTE.items()),
            When(Exists(refused), then=Value(CaseEnd.EXPLAINED.value)),
            When(~Exists(talked), then=Value(CaseEnd.UNREACHED.value)),
            default=Value(OWED),
        )
    )


def ended_between(since: date | None, until: date | None) -> Q:
    """Has ended, from the first midnight of `since` to the last moment of `until`, local days."""
    begins, ends = span(since, until)
    return Q(state__in=ENDED, ended_at__gte=begins, ended_at__lt=ends)


def span(since: date | None, until: date | None) -> tuple[datetime, datetime]:
    """From the first midnight of `since` to that after `until`; without them from and to any day."""
    begins = at_local(since or FIRST_DAY, time(0))
    return begins, at_local((until or LAST_DAY) + timedelta(days=1), time(0))


def of_end(
    rows: QuerySet[FinancingDemand], end: str, since: date | None, until: date | None
) -> QuerySet[Any]:
    """`rows` that ended in these days and came to this; `any`: to anything."""
    found = with_end(rows).filter(ended_between(since, until))
    return found if end == "any" else found.filter(end=end)


def end_of(demand: FinancingDemand) -> str:
    """What one case came to; empty while it is open."""
    rows = with_end(FinancingDemand.objects.filter(pk=demand.pk))
    return str(rows.values_list("end", flat=True).first() or "")


@query(*WATCHERS)
def ended(actor: Actor, since: date | None = None, until: date | None = None) -> Ends:
    """Cases of the actor's area that ended in these local days, by where they went. One statement."""
    begins, ends = span(since, until)
    if actor.role is Role.TOWNSHIP_ADMIN:
        return _ends("", "", dict(_counted_of(*reach(actor), begins, ends)))
    if actor.seconded_from:
        return _ends("", "", dict(_by_end(demands(actor), begins, ends)))
    return _ends("", "", dict(_counted(begins, ends)))


@Prepared
def _counted(begins: datetime, ends: datetime) -> QuerySet[Any, Any]:
    return _by_end(FinancingDemand.objects.all(), begins, ends)


@Prepared
def _counted_of(
    townships: list[str], own_bank: UUID, begins: datetime, ends: datetime
) -> QuerySet[Any, Any]:
    return _by_end(deputys_own(townships, own_bank), begins, ends)


def _by_end(
    rows: QuerySet[FinancingDemand], begins: datetime, ends: datetime
) -> QuerySet[Any, Any]:
    ended = rows.filter(state__in=ENDED, ended_at__gte=begins, ended_at__lt=ends)
    found: QuerySet[Any, Any] = with_end(ended)
    counted: QuerySet[Any, Any] = found.order_by().values_list("end").annotate(n=Count("pk"))
    return counted


@query(*WATCHERS)
def endings(actor: Actor, since: date | None = None, until: date | None = None) -> Endings:
    """The same for each township and each bank of the reader's area; five statements (M012).

    Every count is the number of `cases` with the filter `end`, the same days, and the township or
    bank. Townships and banks without an ended case are left out.
    """
    rows = with_end(demands(actor)).filter(ended_between(since, until)).order_by()
    towns = [(one.code, one.name) for one in parties.townships(actor)]
    banks = [(one.ref, one.name) for one in parties.banks(actor)]
    at_banks = rows.filter(engagements__isnull=False).values_list("engagements__bank__ref", "end")
    return Endings(
        whole=ended(actor, since, until),
        townships=_grouped(rows.values_list("township_id", "end").annotate(n=Count("pk")), towns),
        banks=_grouped(at_banks.annotate(n=Count("pk", distinct=True)), banks),
    )


def _grouped(rows: Any, names: list[tuple[str, str]]) -> tuple[Ends, ...]:
    counts: dict[str, dict[str, int]] = {}
    for ref, end, n in rows:
        counts.setdefault(ref, {})[end] = n
    return tuple(_ends(ref, name, counts[ref]) for ref, name in names if ref in counts)


def _ends(ref: str, name: str, counts: Mapping[str, int]) -> Ends:
    return Ends(
        ref=ref,
        name=name,
        ended=sum(counts.values()),
        owed=counts.get(OWED, 0),
        by={end.value: counts.get(end.value, 0) for end in CaseEnd},
    )
