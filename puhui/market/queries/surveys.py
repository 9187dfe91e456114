"""The county's calls as they stand, what they add up to, and the draw redone (M013)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, Func, IntegerField, Q, QuerySet

from puhui.kernel.actor import BANK, COUNTY, Actor, Role, query
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.prepared import Prepared
from puhui.market.models import Rating, SurveyCall, SurveyDraw
from puhui.market.queries.fencing import reached
from puhui.market.rules import surveys as rules
from puhui.market.rules.surveys import Candidate
from puhui.market.terms import BETWEEN_CALLS, SMALLEST_GROUP
from puhui.parties import queries as parties
from puhui.parties.terms import BankCard

READERS = (*COUNTY, Role.AUDITOR)
MONTHS = 12
CASES = 50


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One call of the list. `slot` 0: outside the sample, the person answered “不好” by text."""

    ref: str
    slot: int
    demand_ref: str
    outcome: str
    bank_name: str
    state: str
    attempts: int
    last_attempt_at: datetime | None
    attitude: int | None
    overall: int | None
    money_taken: bool | None
    again_at: datetime | None
    """Before this time another call that nobody answers would not count; None: at once."""


@dataclass(frozen=True, slots=True)
class SurveyToday:
    """Today's list; before the draw `seed` is empty."""

    day: date
    seed: str
    size: int
    frame: int
    drawn_at: datetime | None
    rows: tuple[SurveyRow, ...]

    @property
    def done(self) -> int:
        return sum(one.state == "done" and one.slot > 0 for one in self.rows)


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A day's draw done again from its seed and frame, against what was listed then."""

    day: date
    seed: str
    size: int
    frame: int
    frame_sha256: str
    drawn_at: datetime
    rows: tuple[tuple[int, str, str, str, str], ...]
    """Position, outcome, bank's reference, case, how its call ended (empty: never listed)."""
    agrees: bool


@dataclass(frozen=True, slots=True)
class BankSatisfaction:
    """One bank's scores over a span, by phone and by the people themselves, never added up.

    Tenths of a point; None where fewer than five answered. `n` counts scored phone answers of the
    random sample, `own_n` what people gave by page or text message (1 bad to 3 good).
    """

    bank_ref: str
    bank_name: str
    n: int
    attitude_tenths: int | None
    overall_tenths: int | None
    own_n: int
    own_tenths: int | None


@dataclass(frozen=True, slots=True)
class ToldCase:
    """A single case that the applicant agreed to let the bank read."""

    demand_ref: str
    on: date
    attitude: int | None
    overall: int | None
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnSatisfaction:
    """What a bank may know of its own calls: finished months of five or more, and cases told."""

    months: tuple[tuple[date, BankSatisfaction], ...]
    cases: tuple[ToldCase, ...]


NO_DRAW = UUID(int=0)


@Prepared
def _draw_of(day: date) -> QuerySet[Any, Any]:
    """Its seed, size, length of the frame and instant: the frame itself holds a month of cases."""
    frame = Func("frame", function="jsonb_array_length", output_field=IntegerField())
    rows = SurveyDraw.objects.filter(kind="satisfaction", day=day).annotate(among=frame)
    return rows.values_list("pk", "seed", "size", "among", "drawn_at")


@Prepared
def _listed(draw: UUID, begins: datetime) -> QuerySet[SurveyCall]:
    rows = SurveyCall.objects.filter(
        Q(draw_id=draw) | Q(draw__isnull=True) & (Q(state="listed") | Q(closed_at__gte=begins))
    ).exclude(state__in=["missed", "declined", "lapsed"])
    return rows.select_related("demand", "bank").order_by("-state", "slot", "listed_at")


def survey_rows(now: datetime) -> SurveyToday:
    """Today's list: whom to call now, whom to try again later, then what is done. Two statements."""
    today = local_date(now)
    draw, seed, size, frame, drawn_at = _draw_of.first(today) or (NO_DRAW, "", 0, 0, None)
    begins = at_local(today, time(0))
    return SurveyToday(
        day=today,
        seed=seed,
        size=size,
        frame=frame,
        drawn_at=drawn_at,
        rows=tuple(
            sorted(
                (_row(one, now) for one in _listed(draw, begins)),
                key=lambda one: (one.state != "listed", one.again_at is not None),
            )
        ),
    )


def _row(one: SurveyCall, now: datetime) -> SurveyRow:
    again_at = one.last_attempt_at + BETWEEN_CALLS if one.last_attempt_at else None
    return SurveyRow(
        ref=one.ref,
        slot=one.slot,
        demand_ref=one.demand.ref,
        outcome=one.outcome,
        bank_name=one.bank.name if one.bank else "",
        state=one.state,
        attempts=one.attempts,
        last_attempt_at=one.last_attempt_at,
        attitude=one.attitude,
        overall=one.overall,
        money_taken=one.money_taken,
        again_at=again_at if again_at and one.state == "listed" and again_at > now else None,
    )


@query(*READERS)
def survey_today(actor: Actor) -> SurveyToday:
    """Today's random calls and those who answered “不好” by text message (content.md §3.3 ④)."""
    found = survey_rows(database_now())
    return replace(found, rows=reached(actor, found.rows))


@query(*READERS)
def survey_call(actor: Actor, ref: str) -> SurveyRow:
    """One call of the list. Refuses NOT_FOUND."""
    found = SurveyCall.objects.select_related("demand", "bank").filter(ref=ref).first()
    rows = reached(actor, [_row(found, database_now())] if found else [])
    if not rows:
        raise Refused(NOT_FOUND)
    return rows[0]


@query(*READERS)
def survey_draws(actor: Actor, *, limit: int = 60) -> list[tuple[date, str, int]]:
    """Days of the draw with seed and size, newest first."""
    rows = SurveyDraw.objects.filter(kind="satisfaction").order_by("-day")
    return list(rows.values_list("day", "seed", "size")[:limit])


@query(*READERS)
def redrawn(actor: Actor, day: date) -> Redrawn:
    """Draw a day's list again from the seed and the frame kept then. Refuses NOT_FOUND (M013)."""
    draw = SurveyDraw.objects.filter(kind="satisfaction", day=day).first()
    if draw is None:
        raise Refused(NOT_FOUND)
    order = rules.drawn([Candidate(*one) for one in draw.frame], draw.seed)
    listed = {
        ref: (position, state)
        for ref, position, state in draw.calls.values_list("demand__ref", "position", "state")
    }
    last = max([draw.size, *(position for position, _state in listed.values())])
    shown = list(enumerate(order, start=1))[:last]
    places = {one.demand: place for place, one in enumerate(order, start=1)}
    first = {one.demand for place, one in shown if place <= draw.size}
    return Redrawn(
        day=day,
        seed=draw.seed,
        size=draw.size,
        frame=len(draw.frame),
        frame_sha256=rules.digest([Candidate(*one) for one in draw.frame]),
        drawn_at=draw.drawn_at,
        rows=tuple(
            (place, one.outcome, one.bank, one.demand, listed.get(one.demand, (0, ""))[1])
            for place, one in shown
        ),
        agrees=first <= set(listed)
        and all(places.get(ref) == position for ref, (position, _state) in listed.items()),
    )


@query(*READERS)
def satisfaction(actor: Actor, *, since: date, until: date) -> list[BankSatisfaction]:
    """Each bank's scores over calls and ratings of these local days, in the county's order.

    Two statements. Fewer than five answers give no figure (domain.md §2a).
    """
    return _by_bank(since, until, parties.banks(actor))


def _by_bank(since: date, until: date, banks: list[BankCard]) -> list[BankSatisfaction]:
    begins, ends = at_local(since, time(0)), at_local(until + timedelta(days=1), time(0))
    phoned: dict[object, Mapping[str, object]] = {
        row["bank_id"]: row
        for row in _scored()
        .filter(closed_at__gte=begins, closed_at__lt=ends)
        .values("bank_id")
        .annotate(n=Count("pk"), attitude=Avg("attitude"), overall=Avg("overall"))
    }
    own: dict[object, Mapping[str, object]] = {
        row["engagement__bank_id"]: row
        for row in Rating.objects.filter(at__gte=begins, at__lt=ends)
        .filter(Q(speed__isnull=False) | Q(kept_word__isnull=False) | Q(overall__isnull=False))
        .values("engagement__bank_id")
        .annotate(
            n=Count("pk"),
            speed=Avg("speed"),
            kept=Avg("kept_word"),
            overall=Avg("overall"),
        )
    }
    return [_of_bank(bank, phoned.get(bank.id, {}), own.get(bank.id, {})) for bank in banks]


def _scored() -> QuerySet[SurveyCall]:
    return SurveyCall.objects.filter(
        state="done", draw__isnull=False, attitude__isnull=False, overall__isnull=False
    )


def _of_bank(
    bank: BankCard, phoned: Mapping[str, object], own: Mapping[str, object]
) -> BankSatisfaction:
    n, own_n = int(str(phoned.get("n", 0))), int(str(own.get("n", 0)))
    parts = [float(str(own[name])) for name in ("speed", "kept", "overall") if own.get(name)]
    return BankSatisfaction(
        bank_ref=bank.ref,
        bank_name=bank.name,
        n=n,
        attitude_tenths=_tenths(phoned.get("attitude"), n),
        overall_tenths=_tenths(phoned.get("overall"), n),
        own_n=own_n,
        own_tenths=_tenths(sum(parts) / len(parts) if parts else None, own_n),
    )


def _tenths(mean: object, n: int) -> int | None:
    if mean is None or n < SMALLEST_GROUP:
        return None
    return int(float(str(mean)) * 10 + 0.5)


@query(*BANK)
def own_satisfaction(actor: Actor) -> OwnSatisfaction:
    """A bank's own scores by finished month, five answers or more, and the cases it was told of.

    Only finished months, so that no single answer can be read from a figure that moves. A case
    only with the applicant's word, and never one in which money was said to be taken.
    """
    today = local_date(database_now())
    mine = [bank for bank in parties.banks(actor) if bank.id == actor.organisation]
    months: list[tuple[date, BankSatisfaction]] = []
    first = today.replace(day=1)
    for _turn in range(MONTHS):
        last = first - timedelta(days=1)
        first = last.replace(day=1)
        months.extend((first, one) for one in _by_bank(first, last, mine) if one.n or one.own_n)
    told = (
        SurveyCall.objects.filter(
            bank_id=actor.organisation, state="done", may_tell_bank=True, money_taken=False
        )
        .select_related("demand")
        .order_by("-closed_at")[:CASES]
    )
    return OwnSatisfaction(
        months=tuple(months),
        cases=tuple(
            ToldCase(
                one.demand.ref, local_date(one.closed_at), one.attitude, one.overall, one.words
            )
            for one in told
            if one.closed_at
        ),
    )
