"""The bank's office: people and rosters, figures, the county's supervision, a month of returns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from puhui.kernel.clock import day_from
from puhui.market.actions import Difference, SheetReport
from puhui.market.queries import (
    BankSatisfaction,
    OfficerFigures,
    OrderView,
    OwnFigures,
    OwnSatisfaction,
    PastSheet,
)
from puhui.rest.frame.fields import Day, In, Instant, Out, Word
from puhui.rest.schemas.admin import RowErrorOut


class LoadOut(Out):
    """What one officer has in hand; `ref` empty: cases that nobody has."""

    ref: str
    is_on_duty: bool
    to_call: int
    to_visit: int
    to_answer: int
    to_return: int
    live: int
    late: int


class TeamOut(Out):
    """Everybody with their cases, those on duty first."""

    now: Instant
    officers: list[LoadOut]
    unassigned: LoadOut


class TurnOut(Out):
    """One person's turn of duty."""

    staff_ref: str
    starts_at: Instant
    ends_at: Instant


class TurnIn(In):
    """`staff`: a staff number of the bank; a turn lasts at most 31 days."""

    staff: Word
    starts_at: Instant
    ends_at: Instant


class RosterIn(In):
    """The turns of all days from `since` to `until`; what stood there before is replaced."""

    since: Day
    until: Day
    shifts: Annotated[list[TurnIn], Field(max_length=2000)]


class TurnsOut(Out):
    """How many turns stand; those of one person that overlap or touch have become one."""

    turns: int


class ReasonCountOut(Out):
    """A reason of refusal and how often."""

    code: str
    count: int


class OfficerFiguresOut(Out):
    """Cases claimed in the span; first calls on time in three words kept apart."""

    ref: str
    claims: int
    confirmed: int
    self_reported: int
    denied: int
    late: int
    visits_in_time: int
    visits: int
    word_kept: int
    offers: int
    returns_in_time: int
    returns: int
    refused: int
    refusals: list[ReasonCountOut]

    @classmethod
    def of(cls, one: OfficerFigures) -> OfficerFiguresOut:
        plain = {name: getattr(one, name) for name in cls.model_fields if name != "refusals"}
        counted = [ReasonCountOut(code=code, count=count) for code, count in one.refusals]
        return cls(**plain, refusals=counted)


class MedianOut(Out):
    """The county's median over banks, a share in ppm; null where too few banks have enough cases."""

    measure: str
    share_ppm: int | None


class FiguresOut(Out):
    officers: list[OfficerFiguresOut]
    whole: OfficerFiguresOut
    medians: list[MedianOut]

    @classmethod
    def of(cls, found: OwnFigures) -> FiguresOut:
        medians = [
            MedianOut(measure=name, share_ppm=None if share is None else round(share * 10_000))
            for name, share in found.medians.items()
        ]
        officers = [OfficerFiguresOut.of(one) for one in found.officers]
        return cls(officers=officers, whole=OfficerFiguresOut.of(found.whole), medians=medians)


class MonthScoreOut(Out):
    """Scores of a finished month in tenths; `n` asked by phone, `own_n` given by people themselves.
    Null where fewer than five answered."""

    month: str
    n: int
    attitude_tenths: int | None
    overall_tenths: int | None
    own_n: int
    own_tenths: int | None

    @classmethod
    def of(cls, month: date, one: BankSatisfaction) -> MonthScoreOut:
        names = [name for name in cls.model_fields if name != "month"]
        return cls(month=f"{month:%Y-%m}", **{name: getattr(one, name) for name in names})


class ToldOut(Out):
    """A case whose applicant lets the bank read what they said."""

    demand_ref: str
    on: Day
    attitude: int | None
    overall: int | None
    words: str


class SatisfactionOut(Out):
    months: list[MonthScoreOut]
    cases: list[ToldOut]

    @classmethod
    def of(cls, found: OwnSatisfaction) -> SatisfactionOut:
        return cls(
            months=[MonthScoreOut.of(month, one) for month, one in found.months],
            cases=[ToldOut.model_validate(one) for one in found.cases],
        )


class StepOut(Out):
    """One step of supervision: who was told, what was answered, what was promised."""

    at: Instant
    kind: str
    to_ref: str
    channel: str
    words: str
    promised_at: Instant | None


class SupervisionOut(Out):
    """A supervision record; `answered_at` null: the bank has not said why yet."""

    ref: str
    demand_ref: str
    engagement_ref: str
    kind: str
    opened_at: Instant
    answer_due_at: Instant
    answered_at: Instant | None
    closed_at: Instant | None
    steps: list[StepOut]


class OrderItemOut(Out):
    """A case, the step that it owes, the day that it was due."""

    demand_ref: str
    step: str
    due_on: str


class OrderOut(Out):
    """A written order of the county."""

    ref: str
    issued_at: Instant
    due_at: Instant
    words: str
    items: list[OrderItemOut]
    answered_at: Instant | None
    answered_by_ref: str
    answer: str
    closed_at: Instant | None

    @classmethod
    def of(cls, one: OrderView) -> OrderOut:
        plain = {name: getattr(one, name) for name in cls.model_fields if name != "items"}
        items = [
            OrderItemOut(demand_ref=ref, step=step, due_on=due_on)
            for ref, step, due_on in one.items
        ]
        return cls(**plain, items=items)


class MonthReturnOut(Out):
    """A loan of the month; the four fields are null while it is not returned."""

    engagement_ref: str
    amount_fen: int | None
    rate_ppm: int | None
    paid_out_on: Day | None
    due_on: Day | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> MonthReturnOut:
        return cls(**dict(zip(cls.model_fields, row, strict=True)))


class ReturnSheetOut(Out):
    """One month's sheet as it was handed in."""

    ref: str
    month: str
    uploaded_at: Instant
    rows: int
    recorded: int
    matched: int
    differences: int

    @classmethod
    def of(cls, one: PastSheet) -> ReturnSheetOut:
        names = [name for name in cls.model_fields if name != "month"]
        return cls(month=f"{one.month:%Y-%m}", **{name: getattr(one, name) for name in names})


class DifferingOut(Out):
    """One field in which sheet and platform differ, each as text; empty: nothing there."""

    field: str
    in_sheet: str
    on_platform: str


class DifferenceOut(Out):
    """missing_in_platform, missing_in_sheet or differing."""

    kind: str
    engagement_ref: str
    line: int | None
    fields: list[DifferingOut]


class SheetReportOut(Out):
    """What a month's sheet did, or on a dry run would do."""

    month: str
    rows: int
    recorded: int
    matched: int
    is_done: bool
    differences: list[DifferenceOut]
    error_count: int
    errors: list[RowErrorOut]

    @classmethod
    def of(cls, report: SheetReport) -> SheetReportOut:
        return cls(
            month=f"{report.month:%Y-%m}",
            rows=report.rows,
            recorded=report.recorded,
            matched=report.matched,
            is_done=report.is_done,
            differences=[_difference(one) for one in report.differences],
            error_count=report.error_count,
            errors=[
                RowErrorOut(
                    file=one.file,
                    line=one.line,
                    field=one.field,
                    code=one.code,
                    detail=one.sentence,
                )
                for one in report.errors
            ],
        )


def _difference(one: Difference) -> DifferenceOut:
    fields = [
        DifferingOut(field=name, in_sheet=_plain(pair[0]), on_platform=_plain(pair[1]))
        for name, pair in one.facts.items()
    ]
    return DifferenceOut(kind=one.kind, engagement_ref=one.ref, line=one.line, fields=fields)


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def month_of(text: str) -> date | None:
    """The first day of 2026-11; None for anything else."""
    try:
        return day_from(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None
