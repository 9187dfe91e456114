"""Sampled re-checks of requests that somebody helped with, and villages without a specialist."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction

from puhui.kernel.actor import COUNTY, SYSTEM, Actor, Role
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.market import references
from puhui.market.actions.drawing import SEEDS
from puhui.market.actions.ending import open_follow_up
from puhui.market.actions.integrity import open_case
from puhui.market.models import FinancingDemand, Recheck, SurveyDraw, VacancyReport
from puhui.market.reach import demands, lock_demand
from puhui.market.references import next_references
from puhui.market.rules import surveys as rules
from puhui.market.rules.surveys import Candidate
from puhui.market.telling import topics
from puhui.market.terms import RecheckOutcome, Refusals, ReportSource
from puhui.market.timing import timing
from puhui.parties import queries as parties
from puhui.parties.queries.staffing import StaffGap

LONGEST_WORDS = 300
WEEK = timedelta(days=7)


@command(Role.SYSTEM)
def draw_rechecks(work: Work, *, by: Actor = SYSTEM) -> int:
    """Draw last week's assisted requests to be asked about, once a week; how many (M019).

    Of each village at least the county's share (5 %), one at the least. The seed is kept, the frame
    with it. Returns 0 before duty hours open and once drawn.
    """
    today, found = local_date(work.now), timing(work.now)
    monday = today - timedelta(days=today.weekday())
    drawn_already = SurveyDraw.objects.filter(kind="assisted", day=monday)
    if not found.is_duty(work.now) or drawn_already.exists():
        return 0
    frame = assisted_between(at_local(monday, time(0)) - WEEK, at_local(monday, time(0)))
    chosen, counts, seed = _chosen(frame, found.limits.recheck_percent)
    draw = _kept_draw(work, monday, seed, len(chosen), frame)
    if draw is None:
        return 0
    keys = dict(
        FinancingDemand.objects.filter(ref__in=[one.demand for one in chosen]).values_list(
            "ref", "pk"
        )
    )
    refs = next_references(references.RECHECK, len(chosen)) if chosen else []
    Recheck.objects.bulk_create(
        Recheck(
            ref=ref,
            draw=draw,
            demand_id=keys[one.demand],
            helped=counts[one.bank],
            listed_at=work.now,
        )
        for ref, one in zip(refs, chosen, strict=True)
    )
    work.record(
        "recheck.draw",
        ("recheck", monday.isoformat()),
        topics=("county", *{f"township:{one.outcome}" for one in chosen}),
        seed=seed,
        frame=len(frame),
        frame_sha256=rules.digest(frame),
        drawn=[one.demand for one in chosen],
    )
    return len(chosen)


def assisted_between(begins: datetime, ends: datetime) -> list[Candidate]:
    """Requests with a helper that went out in a span: township and village as the stratum."""
    rows = FinancingDemand.objects.filter(
        helper__isnull=False, published_at__gte=begins, published_at__lt=ends
    ).exclude(state="draft")
    return [
        Candidate(township, village, ref)
        for township, village, ref in rows.order_by("ref").values_list(
            "township_id", "village_id", "ref"
        )
    ]


def _chosen(frame: list[Candidate], percent: int) -> tuple[list[Candidate], dict[str, int], str]:
    seed = f"{secrets.randbelow(SEEDS):08d}"
    counts: dict[str, int] = {}
    for one in frame:
        counts[one.bank] = counts.get(one.bank, 0) + 1
    left = {village: rules.share_of(n, percent) for village, n in counts.items()}
    chosen = []
    for one in rules.drawn(frame, seed):
        if left[one.bank] > 0:
            left[one.bank] -= 1
            chosen.append(one)
    return chosen, counts, seed


def _kept_draw(
    work: Work, monday: date, seed: str, size: int, frame: list[Candidate]
) -> SurveyDraw | None:
    try:
        with transaction.atomic():
            return SurveyDraw.objects.create(
                kind="assisted",
                day=monday,
                drawn_at=work.now,
                seed=seed,
                size=size,
                frame=[one.row for one in frame],
            )
    except IntegrityError:
        return None


@command(Role.TOWNSHIP_ADMIN, *COUNTY)
def record_recheck(
    work: Work,
    recheck_ref: str,
    outcome: str,
    *,
    words: str = "",
    money_taken: bool = False,
    by: Actor,
) -> str:
    """What the person said of a request made with help; the integrity case's ref where money was taken.

    `unreached` counts the try and leaves it on the list. `not_theirs` opens a follow-up for the
    county at once. Refuses NOT_FOUND, ANSWER_BAD, WORDS_EMPTY where it is not theirs or money was
    taken, STATE once done.
    """
    if outcome not in RecheckOutcome.values:
        raise Refused(Refusals.ANSWER_BAD)
    needs_words = money_taken or outcome == RecheckOutcome.NOT_THEIRS
    if len(words) > LONGEST_WORDS or (needs_words and not words.strip()):
        raise Refused(Refusals.WORDS_EMPTY)
    ref = Recheck.objects.filter(ref=recheck_ref, demand__in=demands(by).values("pk")).values_list(
        "demand__ref", flat=True
    )
    found = ref.first()
    if found is None:
        raise Refused(NOT_FOUND)
    demand = lock_demand(by, found)
    row = Recheck.objects.get(ref=recheck_ref)
    if row.state != "listed":
        raise Refused(Refusals.STATE)
    row.attempts, row.by_ref = row.attempts + 1, by.ref
    if outcome != RecheckOutcome.UNREACHED:
        row.state, row.outcome = "done", outcome
        row.words, row.closed_at = words.strip(), work.now
    row.save()
    work.record(
        "recheck.record",
        ("demand", demand.ref),
        demand=demand.ref,
        topics=topics(demand),
        reached=outcome != RecheckOutcome.UNREACHED,
    )
    if outcome == RecheckOutcome.NOT_THEIRS:
        open_follow_up(work, demand, "not_me")
    if not money_taken:
        return ""
    return open_case(work, ReportSource.RECHECK, demand=demand, engagement=None, words=words, by=by)


@command(Role.TOWNSHIP_ADMIN)
def report_vacancy(work: Work, village_code: str, words: str = "", *, by: Actor) -> None:
    """Report to the county that a village of one's township, or a natural one, has no specialist.

    Refuses NOT_FOUND for a village of another township, STATE where somebody holds the duty or it
    was reported since the place fell vacant.
    """
    mine = {one.code: one for one in parties.staff_gaps(by)}
    place = parties.division(SYSTEM, village_code) if village_code.isdigit() else None
    if place is None or place.township_code not in by.areas:
        raise Refused(NOT_FOUND)
    if village_code not in mine or reported_since(mine[village_code]):
        raise Refused(Refusals.STATE)
    VacancyReport.objects.create(
        village_id=village_code, at=work.now, by_ref=by.ref, words=words.strip()[:LONGEST_WORDS]
    )
    work.record(
        "village.report_vacancy",
        ("village", village_code),
        topics=("county", f"township:{place.township_code}"),
    )


def reported_since(one: StaffGap) -> datetime | None:
    """When the vacancy was reported, if it was since the place fell vacant."""
    rows = VacancyReport.objects.filter(village_id=one.code)
    if one.vacant_since is not None:
        rows = rows.filter(at__gte=one.vacant_since)
    return rows.order_by("-at").values_list("at", flat=True).first()
