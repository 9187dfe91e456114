"""Whom the county calls today: the draw, and who takes the place of one not reached (M013)."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import Work, command
from puhui.market import references
from puhui.market.models import (
    Engagement,
    FinancingDemand,
    SurveyCall,
    SurveyDraw,
)
from puhui.market.references import next_references
from puhui.market.rules import surveys as rules
from puhui.market.rules.surveys import Candidate
from puhui.market.telling import topics
from puhui.market.terms import Outcome
from puhui.market.timing import timing
from puhui.parties import queries as parties

SEEDS = 10**8


@command(Role.SYSTEM, Role.COUNTY_SUPERVISOR)
def draw_survey(work: Work, *, by: Actor = SYSTEM) -> int:
    """Draw today's calls once, at the opening of duty hours; how many were listed (M013).

    The frame is every case that ended in the county's span, one for each person, without anybody
    who was phoned within the county's rest (90 days). The seed is drawn by chance, kept and shown;
    the journal keeps seed, digest of the frame and the list. What was not called the day before
    lapses. Returns 0 before opening and once drawn.
    """
    today, found = local_date(work.now), timing(work.now)
    drawn_already = SurveyDraw.objects.filter(kind="satisfaction", day=today)
    if not found.is_duty(work.now) or drawn_already.exists():
        return 0
    limits = found.limits
    frame = frame_of(
        work.now,
        since=work.now - timedelta(days=limits.survey_lookback_days),
        rested_since=work.now - timedelta(days=limits.survey_rest_days),
    )
    draw = _kept_draw(work, today, limits.survey_per_day, frame)
    if draw is None:
        return 0
    SurveyCall.objects.filter(state="listed", draw__day__lt=today).update(
        state="lapsed", closed_at=work.now
    )
    chosen = rules.drawn(frame, draw.seed)[: draw.size]
    _list(work, draw, [(place, place, one) for place, one in enumerate(chosen, start=1)])
    work.record(
        "survey.draw",
        ("survey", today.isoformat()),
        topics=("county",),
        seed=draw.seed,
        size=draw.size,
        frame=len(frame),
        frame_sha256=rules.digest(frame),
        drawn=[one.demand for one in chosen],
    )
    return len(chosen)


def _kept_draw(work: Work, today: date, size: int, frame: list[Candidate]) -> SurveyDraw | None:
    """The day's draw, or None where another worker was first."""
    try:
        with transaction.atomic():
            return SurveyDraw.objects.create(
                kind="satisfaction",
                day=today,
                drawn_at=work.now,
                seed=f"{secrets.randbelow(SEEDS):08d}",
                size=size,
                frame=[one.row for one in frame],
            )
    except IntegrityError:
        return None


def frame_of(now: datetime, *, since: datetime, rested_since: datetime) -> list[Candidate]:
    """Who may be called: the latest ended case of each person, by reference of the demand."""
    ended = [*_ended_at_banks(since), *_withdrawn(since)]
    rested = set(
        SurveyCall.objects.filter(attempts__gt=0, listed_at__gte=rested_since).values_list(
            "demand__resident_id", flat=True
        )
    )
    latest: dict[object, tuple[datetime, Candidate]] = {}
    for resident, at, one in ended:
        if resident not in rested and (resident not in latest or latest[resident][0] < at):
            latest[resident] = (at, one)
    return sorted((one for _at, one in latest.values()), key=lambda one: one.demand)


def _ended_at_banks(since: datetime) -> list[tuple[object, datetime, Candidate]]:
    asked = Engagement.objects.filter(demand__resident__requests_frozen_at__isnull=True)
    rows: list[tuple[Outcome, QuerySet[Engagement], str]] = [
        (
            Outcome.FUNDED,
            asked.filter(state__in=["disbursed", "settled"], loan_return__returned_at__gte=since),
            "loan_return__returned_at",
        ),
        (Outcome.REFUSED, asked.filter(state="refused", ended_at__gte=since), "ended_at"),
        (
            Outcome.UNREACHED,
            asked.filter(called_back_at__gte=since, callback_word="", demand__state__in=ENDED),
            "called_back_at",
        ),
    ]
    return [
        (resident, at, Candidate(str(outcome), bank, demand, engagement))
        for outcome, found, field in rows
        for resident, at, bank, demand, engagement in found.values_list(
            "demand__resident_id", field, "bank__ref", "demand__ref", "ref"
        )
    ]


ENDED = ("published", "in_progress", "expired", "unmet")
"""Where a bank that reached nobody still counts as the outcome."""


def _withdrawn(since: datetime) -> list[tuple[object, datetime, Candidate]]:
    rows = FinancingDemand.objects.filter(
        state="withdrawn",
        ended_at__gte=since,
        resident__requests_frozen_at__isnull=True,
    )
    last = {
        demand: (bank, engagement)
        for demand, bank, engagement in Engagement.objects.filter(demand__in=rows.values("pk"))
        .order_by("claimed_at", "id")
        .values_list("demand_id", "bank__ref", "ref")
    }
    return [
        (resident, at, Candidate(str(Outcome.WITHDRAWN), *_at(last.get(pk), ref)))
        for pk, ref, resident, at in rows.values_list("pk", "ref", "resident_id", "ended_at")
        if at
    ]


def _at(found: tuple[str, str] | None, demand: str) -> tuple[str, str, str]:
    bank, engagement = found or ("", "")
    return bank, demand, engagement


def _list(
    work: Work, draw: SurveyDraw | None, rows: list[tuple[int, int, Candidate]]
) -> list[SurveyCall]:
    """Write slots, positions and cases as calls to make."""
    banks = {one.ref: one.id for one in parties.banks(SYSTEM)}
    demands = dict(
        FinancingDemand.objects.filter(ref__in=[one.demand for _, _, one in rows]).values_list(
            "ref", "pk"
        )
    )
    engagements = dict(
        Engagement.objects.filter(ref__in=[one.engagement for _, _, one in rows]).values_list(
            "ref", "pk"
        )
    )
    refs = next_references(references.SURVEY, len(rows)) if rows else []
    return SurveyCall.objects.bulk_create(
        SurveyCall(
            ref=ref,
            draw=draw,
            slot=slot,
            position=position,
            demand_id=demands[one.demand],
            engagement_id=engagements.get(one.engagement),
            bank_id=banks.get(one.bank),
            outcome=one.outcome,
            listed_at=work.now,
        )
        for ref, (slot, position, one) in zip(refs, rows, strict=True)
    )


def list_unhappy(work: Work, demand: FinancingDemand, engagement: Engagement | None) -> None:
    """Who answered “不好” by text message gets a call, outside the sample (content.md S20)."""
    if SurveyCall.objects.filter(demand=demand, state="listed").exists():
        return
    outcome = Outcome.FUNDED if demand.state in ("funded", "closed") else Outcome.REFUSED
    bank = engagement.bank.ref if engagement else ""
    row = Candidate(str(outcome), bank, demand.ref, engagement.ref if engagement else "")
    _list(work, None, [(0, 0, row)])
    work.record(
        "survey.list_unhappy", ("demand", demand.ref), demand=demand.ref, topics=topics(demand)
    )


def replace(work: Work, row: SurveyCall) -> str:
    draw = row.draw
    if draw is None:
        return ""
    draw = SurveyDraw.objects.select_for_update().get(pk=draw.pk)
    order = rules.drawn([Candidate(*one) for one in draw.frame], draw.seed)
    taken = set(draw.calls.values_list("demand__ref", flat=True))
    missed = next(one for one in order if one.demand == row.demand.ref)
    rest = timedelta(days=timing(work.now).limits.survey_rest_days)
    barred = _barred([one.demand for one in order], work.now - rest)
    found = rules.next_after(order, taken, missed, barred)
    if found is None:
        return ""
    position, one = found
    (listed,) = _list(work, draw, [(row.slot, position, one)])
    work.record(
        "survey.replace",
        ("survey", draw.day.isoformat()),
        topics=("county",),
        missed=row.demand.ref,
        drawn=one.demand,
        position=position,
    )
    return listed.ref


def _barred(demands: list[str], rested_since: datetime) -> set[str]:
    """Demands of people who were phoned meanwhile, or who stopped requests in their name."""
    rested = SurveyCall.objects.filter(attempts__gt=0, listed_at__gte=rested_since).values(
        "demand__resident_id"
    )
    rows = FinancingDemand.objects.filter(ref__in=demands)
    return set(rows.filter(resident_id__in=rested).values_list("ref", flat=True)) | set(
        rows.filter(resident__requests_frozen_at__isnull=False).values_list("ref", flat=True)
    )
