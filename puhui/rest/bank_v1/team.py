"""The bank's own people: who has what, who is on duty when, and the figures of a span."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from puhui.kernel.clock import at_local
from puhui.kernel.command import FieldError, Invalid
from puhui.market import queries
from puhui.parties import actions as parties
from puhui.parties import queries as people
from puhui.parties.terms import Refusals, Shift
from puhui.rest.bank_v1.door import bank
from puhui.rest.frame.doors import Ask
from puhui.rest.frame.fields import Day, Page
from puhui.rest.schemas.bank.office import (
    FiguresOut,
    RosterIn,
    SatisfactionOut,
    TeamOut,
    TurnOut,
    TurnsOut,
)
from puhui.rest.schemas.examples import ROSTER

LONGEST = timedelta(days=366)


@bank.get("/team", uses=queries.team)
def get_team(ask: Ask) -> TeamOut:
    """本行每个人手里有几笔、谁在值班"""
    return TeamOut.model_validate(queries.team(ask.by))


@bank.get("/roster", uses=people.roster)
def get_roster(ask: Ask, since: Day, until: Day) -> Page[TurnOut]:
    """值班表：从哪天到哪天（都算在内）"""
    begins, ends = _span(since, until)
    return Page[TurnOut](
        items=[TurnOut.model_validate(one) for one in people.roster(ask.by, begins, ends)]
    )


@bank.put(
    "/roster",
    uses=parties.set_roster,
    refuses=(Refusals.SHIFT_STAFF, Refusals.SHIFT_TIMES, Refusals.SHIFTS_EMPTY),
    example=ROSTER,
)
def set_roster(ask: Ask, body: RosterIn) -> TurnsOut:
    """排班（本行负责人）：since 到 until 之间原来排的全换掉，别的日子不动"""
    span = _span(body.since, body.until)
    shifts = [Shift(one.staff, one.starts_at, one.ends_at) for one in body.shifts]
    return TurnsOut(turns=parties.set_roster(ask.by.organisation_ref, shifts, span=span, by=ask.by))


@bank.get("/figures", uses=queries.own_figures)
def get_own_figures(ask: Ask, since: Day, until: Day) -> FiguresOut:
    """本行的数：按人、合计，旁边是全县中位数；since 到 until 接的单

    少于 20 笔的不算比例，少于三家银行的不给中位数。
    """
    _span(since, until)
    return FiguresOut.of(queries.own_figures(ask.by, since, until))


@bank.get("/satisfaction", uses=queries.own_satisfaction)
def get_own_satisfaction(ask: Ask) -> SatisfactionOut:
    """群众给本行打的分：按月，不足 5 份不显示；本人愿意告诉银行的话"""
    return SatisfactionOut.of(queries.own_satisfaction(ask.by))


def _span(since: date, until: date) -> tuple[datetime, datetime]:
    """The instants of whole days, both included."""
    if not timedelta(0) <= until - since <= LONGEST:
        raise Invalid([FieldError("until", "span_bad", "要从早到晚，最多一年。")])
    midnight = time(0, 0)
    return at_local(since, midnight), at_local(until + timedelta(days=1), midnight)
