"""All cases of an actor's area, filtered and paged; what each bank did with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.command import database_now
from puhui.market.lifecycle import LIVE_ENGAGEMENT, OPEN_DEMAND
from puhui.market.models import Clock, Engagement, FinancingDemand, FollowUp, Supervision
from puhui.market.queries.callbacks import judged_demands, judged_engagements
from puhui.market.queries.case_order import CASE_ORDERS, beyond, ordered
from puhui.market.queries.county_lists import unclaimed
from puhui.market.queries.endings import of_end, with_end
from puhui.market.queries.measures.facts import Span, cases_of, published_between
from puhui.market.queries.owed import waits_still
from puhui.market.queries.township_lists import on_the_list
from puhui.market.reach import demands
from puhui.market.terms import ClockKind
from puhui.parties import queries as parties

WATCHERS = (*COUNTY, Role.TOWNSHIP_ADMIN, Role.AUDITOR)
LATE_KINDS: dict[str, tuple[ClockKind, ...]] = {
    "callback": (ClockKind.CALLBACK_BANK, ClockKind.CALLBACK_APPLICANT),
    "plan": (ClockKind.PLAN,),
    "investigation": (ClockKind.INVESTIGATION,),
    "decision": (ClockKind.DECISION,),
    "signing": (ClockKind.SIGNING,),
    "data_return": (ClockKind.DATA_RETURN,),
    "long_pending": (ClockKind.LONG_PENDING,),
}
"""What "late" may be asked for; a step counts only while it is still owed."""
COUNTED = (
    "taken",
    "confirmed",
    "self_reported",
    "denied",
    "late",
    "supervised",
    "open",
    "funded",
    "refused",
)
CODE_DIGITS = 4
STEPS_LATE = frozenset(LATE_KINDS) - {"callback"}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What narrows a list of cases; empty fields narrow nothing. Days are local, both included."""

    ref: str = ""
    """How the case's number begins, or of an open case its four-digit 对接号."""
    township: str = ""
    bank: str = ""
    states: tuple[str, ...] = ()
    callback: str = ""
    """confirmed, self_reported, denied, late or judged: by the bank's clock where one is named."""
    late: str = ""
    """One of LATE_KINDS, or `any` for a step that is owed past its day."""
    supervised: bool = False
    waiting: bool = False
    """Open, the clock runs, and nobody has called."""
    open_at_bank: bool = False
    """Live engagements only; of the named bank where one is named."""
    figure: str = ""
    """One of measures.FIGURES: the cases that it counts; the days are then the figure's own."""
    end: str = ""
    """Ended cases that came to this, one of CaseEnd; `any` for all that ended, `owed` for those
    that nobody has said it of yet."""
    since: date | None = None
    until: date | None = None
    sort: str = "-published"
    """One of CASE_ORDERS, `-` before it for the largest first."""
    subject: str = ""
    """A class of applicants (catalogue.terms.Subject)."""
    listed: str = ""
    """One of township_lists.LISTS, or `unclaimed`: the county's own list of that name."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of a list. Money in fen. Never a name, a phone, a rate or a reason."""

    ref: str
    township: str
    village: str
    purpose: str
    amount_fen: int
    term: str
    state: str
    published_at: datetime
    first_attempt_at: datetime | None
    clock_start_at: datetime
    callback: str
    banks: tuple[tuple[str, str], ...]
    """Short name and state of each bank's engagement, oldest first."""
    is_followed: bool
    """Waits on the list of township and county."""
    refusals: int
    ended_at: datetime | None
    end: str
    """What it came to: one of CaseEnd, or `owed`; empty while it is open."""
    subject: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of cases; `next_before` names the case to page on from, empty at the end."""

    rows: tuple[CaseRow, ...]
    total: int
    next_before: str
    now: datetime


@dataclass(frozen=True, slots=True)
class BankFigures:
    """What one bank did with the demands published in a span; each counts demands once."""

    bank_ref: str
    bank_name: str
    taken: int
    confirmed: int
    self_reported: int
    denied: int
    late: int
    supervised: int
    open: int
    funded: int
    refused: int

    @property
    def judged(self) -> int:
        return self.confirmed + self.self_reported + self.denied + self.late


@query(*WATCHERS)
def cases(actor: Actor, wanted: CaseFilter, *, limit: int = 50, before: str = "") -> CasePage:
    """Cases of the actor's area in the order asked for; `before` is the last case of the page before.

    Five statements. A township sees its own only (M012).
    """
    rows = narrowed(demands(actor).exclude(state="draft"), wanted)
    total = rows.count()
    rows = ordered(rows, wanted.sort, CASE_ORDERS)
    if before:
        rows = beyond(rows, wanted.sort, before)
    found = list(_whole(rows)[: limit + 1])
    shown = found[:limit]
    return CasePage(
        rows=tuple(_row(row) for row in shown),
        total=total,
        next_before=shown[-1].ref if len(found) > limit else "",
        now=database_now(),
    )


def _whole(rows: QuerySet[FinancingDemand]) -> QuerySet[Any]:
    found: QuerySet[Any] = (
        with_end(judged_demands(rows))
        .annotate(
            is_followed=Exists(
                FollowUp.objects.filter(demand=OuterRef("pk"), closed_at__isnull=True)
            )
        )
        .select_related("township", "village")
        .prefetch_related(
            Prefetch(
                "engagements",
                Engagement.objects.select_related("bank").order_by("claimed_at", "id"),
            )
        )
    )
    return found


def _row(row: Any) -> CaseRow:
    return CaseRow(
        ref=row.ref,
        township=row.township.name,
        village=row.village.short_name,
        purpose=row.purpose,
        amount_fen=row.amount_fen,
        term=row.term,
        state=row.state,
        published_at=row.published_at,
        first_attempt_at=row.first_attempt_at,
        clock_start_at=row.clock_start_at,
        callback=row.callback,
        banks=tuple((one.bank.sms_name, one.state) for one in row.engagements.all()),
        is_followed=row.is_followed,
        refusals=row.refusals,
        ended_at=row.ended_at,
        end=row.end,
        subject=row.subject,
    )


def named(text: str, prefix: str = "") -> Q:
    """The case's number, or of an open one the four digits that callers say (对接号)."""
    found = Q(**{f"{prefix}ref__startswith": text})
    if len(text) == CODE_DIGITS:
        found |= Q(**{f"{prefix}contact_code": text, f"{prefix}state__in": OPEN_DEMAND})
    return found


def narrowed(rows: QuerySet[FinancingDemand], wanted: CaseFilter) -> QuerySet[Any]:
    """`rows` that the filter asks for: the one reading of it for lists, counts and exports."""
    if wanted.ref:
        rows = rows.filter(named(wanted.ref))
    if wanted.township:
        rows = rows.filter(township_id=wanted.township)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.subject:
        rows = rows.filter(subject=wanted.subject)
    if wanted.end:
        rows = of_end(rows, wanted.end, wanted.since, wanted.until)
    elif wanted.figure:
        counted = cases_of(wanted.figure, Span(wanted.since, wanted.until))
        rows = rows.filter(pk__in=RawSQL(*counted))  # noqa: S611 - the statement is ours
    else:
        rows = rows.filter(published_between(wanted.since, wanted.until))
    if wanted.waiting or wanted.listed:
        rows = rows.filter(_now(wanted))
    if wanted.bank or wanted.open_at_bank or wanted.supervised or wanted.late:
        rows = rows.filter(_at_a_bank(wanted))
    if wanted.callback:
        rows = _called(rows, wanted)
    return rows


def _now(wanted: CaseFilter) -> Q:
    """What holds at this moment only: nobody has called, a list has a row of it."""
    found, now = Q(), database_now()
    if wanted.waiting:
        uncalled = Q(first_attempt_at__isnull=True, clock_start_at__lte=now)
        found &= uncalled & Q(state__in=OPEN_DEMAND)
    if wanted.listed == "unclaimed":
        found &= Q(Exists(unclaimed().filter(demand=OuterRef("pk"))))
    elif wanted.listed:
        found &= on_the_list(wanted.listed, now)
    return found


def _at_a_bank(wanted: CaseFilter) -> Q:
    """Something holds of the same engagement: whose it is, that it is live, late, supervised."""
    rows = Engagement.objects.filter(demand=OuterRef("pk"))
    if wanted.bank:
        rows = rows.filter(bank__ref=wanted.bank)
    if wanted.open_at_bank:
        rows = rows.filter(state__in=LIVE_ENGAGEMENT)
    if wanted.supervised:
        rows = rows.filter(Exists(Supervision.objects.filter(engagement=OuterRef("pk"))))
    if wanted.late and wanted.late != "callback":
        kinds = [k for name in _steps(wanted.late) for k in LATE_KINDS[name]]
        clocks = Clock.objects.filter(waits_still(), state="breached", kind__in=kinds)
        rows = rows.filter(Exists(clocks.filter(engagement=OuterRef("pk"))))
    elif wanted.late:
        rows = rows.filter(callback_late=True)
    return Q(Exists(rows))


def _steps(late: str) -> list[str]:
    return sorted(STEPS_LATE) if late == "any" else [late]


def _called(rows: QuerySet[FinancingDemand], wanted: CaseFilter) -> QuerySet[Any]:
    words = (
        ("confirmed", "self_reported", "denied", "late")
        if wanted.callback == "judged"
        else (wanted.callback,)
    )
    if not wanted.bank:
        return judged_demands(rows).filter(callback__in=words)
    own = Engagement.objects.filter(demand=OuterRef("pk"), bank__ref=wanted.bank)
    return rows.filter(Exists(judged_engagements(own).filter(callback__in=words)))


@query(*COUNTY, Role.AUDITOR)
def bank_figures(
    actor: Actor, *, since: date | None = None, until: date | None = None
) -> list[BankFigures]:
    """Each bank's figures over demands published in these local days, in the county's order.

    On time is by the bank's own clock, in three words kept apart (K6). Two statements. Every figure
    is the count of `cases` with the same filter.
    """
    rows = judged_engagements(
        Engagement.objects.filter(published_between(since, until, "demand__")).exclude(
            demand__state="draft"
        )
    ).annotate(is_supervised=Exists(Supervision.objects.filter(engagement=OuterRef("pk"))))

    def of(**facts: Any) -> Count:
        return Count("demand", filter=Q(**facts), distinct=True)

    found: dict[Any, dict[str, int]] = {
        row["bank_id"]: {name: row[name] for name in COUNTED}
        for row in rows.values("bank_id").annotate(
            taken=Count("demand", distinct=True),
            confirmed=of(callback="confirmed"),
            self_reported=of(callback="self_reported"),
            denied=of(callback="denied"),
            late=of(callback="late"),
            supervised=of(is_supervised=True),
            open=of(state__in=LIVE_ENGAGEMENT),
            funded=of(state__in=("disbursed", "settled")),
            refused=of(state="refused"),
        )
    }
    nothing = dict.fromkeys(COUNTED, 0)
    return [
        BankFigures(bank_ref=bank.ref, bank_name=bank.name, **found.get(bank.id, nothing))
        for bank in parties.banks(actor)
    ]
