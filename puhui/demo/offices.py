"""What the county's and the townships' offices have done today in the demo, through the real actions."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from puhui.demo import people
from puhui.demo.staffing import SPECIALIST, Desks, actor_of
from puhui.kernel.actor import SYSTEM, Actor
from puhui.kernel.clock import at_local, local, local_date
from puhui.kernel.command import database_now, history
from puhui.market import actions, queries
from puhui.market.terms import (
    Answering,
    DemandForm,
    PhoneOf,
    Relation,
    SlipCheck,
    SurveyAnswers,
)
from puhui.parties import queries as parties
from puhui.parties.terms import Registration

RANG_FROM = "清水镇"
HELPED = (
    ("王秀兰", 81, "19560311"),
    ("赵长海", 82, "19610825"),
    ("孙玉珍", 83, "19540619"),
    ("许春花", 84, "19660507"),
)
ASKED_HOURS_AGO = {2: 3, 3: 20}
HELPED_PHONES = 9901
RANG = ("马长河", 85, "19590917")
"""Rang the hotline: the one on duty fills in for him."""
SIGNED = (("陈桂荣", 86, "19520405"), ("杨德顺", 87, "19560128"))
"""Signed on paper: one slip is checked and gone out, one still waits for its second person."""
RANG_AT, SIGNED_AT, CHECKED_AT, SIGNED_LATER = 190, 260, 230, 75
"""Minutes ago."""
COME_LATER = len(HELPED) + 1 + len(SIGNED)
"""How many are registered by their own story, after everybody else."""
ANSWERS = (
    SurveyAnswers("yes", "within_5", "yes", "yes", "same", False, 5, 5, "办得顺当。", True),
    SurveyAnswers("yes", "within_10", "yes", "yes", "same", False, 5, 4),
    SurveyAnswers(
        "yes", "within_5", "no", "no_told", "not_there", False, 4, 3, "少跑一趟就更好了。", True
    ),
)
TAKEN = "有人说自己是帮忙跑贷款的，要先交两百块钱“材料费”，没有给。"


def play_offices(desks: Desks) -> None:
    """Calls of the day, a report about money, an order to a bank, help that is checked."""
    _helped()
    _rang(desks)
    _signed(desks)
    actions.draw_rechecks(by=SYSTEM)
    actions.draw_survey(by=SYSTEM)
    calls = queries.survey_today(desks.supervisor).rows
    for call, answers in zip(calls, ANSWERS, strict=False):
        actions.record_survey(call.ref, answers, by=desks.supervisor)
    if len(calls) > len(ANSWERS) + 1:
        last = calls[-1]
        actions.report_money_taken(last.demand_ref, TAKEN, by=desks.supervisor)
        actions.miss_survey(calls[len(ANSWERS)].ref, by=desks.supervisor)
    _order(desks)


def _order(desks: Desks) -> None:
    """A written order to the bank that owes most past its day."""
    stalled = queries.county_lists(desks.supervisor).stalled
    if len(stalled) > 1:
        day = local_date(database_now()) + timedelta(days=1)
        words = "以下各笔过了规定日子没有结果，请逐笔说明卡在哪儿、几时办完。"
        actions.issue_order(stalled[-1].bank_ref, words, day, by=desks.supervisor)


def _specialist() -> Actor:
    card = parties.staff_card(SYSTEM, SPECIALIST)
    return actor_of(card, card.organisation_ref, card.area_code)


def _office_time() -> datetime:
    """Now; in the morning yesterday evening, so that hours ago the banks were on duty."""
    now = database_now()
    if local(now).time() >= time(12, 0):
        return now
    return at_local(local_date(now) - timedelta(days=1), time(20, 0))


def _person(known: tuple[str, int, str], turn: int, village: str) -> Registration:
    name, serial, birth = known
    phone = people.phone(HELPED_PHONES + turn)
    return Registration(name, people.identity_number(serial, birth), phone, village)


def _helped() -> None:
    """Two requests that a village specialist filled in last week, confirmed, and two of today."""
    helper = _specialist()
    (village,) = helper.areas
    now = database_now()
    monday = now - timedelta(days=local_date(now).weekday() + 4)
    for turn, known in enumerate(HELPED):
        person = _person(known, turn, village)
        at = (
            monday + timedelta(minutes=40 * turn)
            if turn < 2
            else now - timedelta(hours=ASKED_HOURS_AGO[turn])
        )
        with history(at, by=SYSTEM):
            ref = actions.draft_for(_form(turn), person, by=helper)
            if turn < 2:
                actions.take_text_reply(f"demo-{ref}", person.phone, "1", by=SYSTEM)


def _rang(desks: Desks) -> None:
    """Somebody without a smartphone rings; he answers 1, a bank takes it and rings him."""
    township = next(one for one in parties.townships(SYSTEM) if one.name == RANG_FROM)
    village = next(one for one in parties.villages(SYSTEM, township.code) if one.kind == "village")
    person = _person(RANG, len(HELPED), village.code)
    at = _office_time() - timedelta(minutes=RANG_AT)
    with history(at, by=SYSTEM):
        ref = actions.draft_for(_form(2), person, by=desks.supervisor)
    with history(at + timedelta(minutes=2), by=SYSTEM):
        actions.take_text_reply(f"demo-{ref}", person.phone, "1", by=SYSTEM)
    _served(ref, desks.officers["B01"][1], at + timedelta(minutes=3))


def _signed(desks: Desks) -> None:
    """Two slips printed and entered by the specialist; the deputy has compared one with the paper."""
    helper, now = _specialist(), _office_time()
    (village,) = helper.areas
    deputy = desks.deputies[parties.division(SYSTEM, village).township_code][1]
    with history(now - timedelta(minutes=SIGNED_AT + 5), by=SYSTEM):
        slips = actions.print_slips(4, by=helper)
    entered = []
    for turn, minutes in enumerate((SIGNED_AT, SIGNED_LATER)):
        person = _person(SIGNED[turn], len(HELPED) + 1 + turn, village)
        with history(now - timedelta(minutes=minutes), by=SYSTEM):
            one = actions.enter_slip(
                slips[turn].ref,
                _form(turn),
                person,
                answering=Answering(PhoneOf.FAMILY, Relation.CHILD, agreed=True),
                signed=True,
                holder="村委会",
                by=helper,
            )
            entered.append(one)
    at = now - timedelta(minutes=CHECKED_AT)
    with history(at, by=SYSTEM):
        ref = actions.check_slip(entered[0], SlipCheck.SEEN, by=deputy)
    _served(ref, desks.officers["B01"][1], at + timedelta(minutes=1))


def _served(ref: str, officer: Actor, at: datetime) -> None:
    """Claimed and called in time, as most are."""
    with history(at, by=SYSTEM):
        engagement = actions.claim(ref, by=officer).engagement_ref
    with history(at + timedelta(minutes=1), by=SYSTEM):
        call = actions.start_call(engagement, by=officer)
    with history(at + timedelta(minutes=4), by=SYSTEM):
        actions.record_callback(engagement, call.ref, "connected", duration_seconds=150, by=officer)


def _form(turn: int) -> DemandForm:
    return DemandForm(
        amount_fen=(turn + 2) * 1_000_000,
        purpose="crops",
        term="year_1",
        repayment_wish="once",
        call_wish="now",
        securities=("none",),
        scale=(turn + 1) * 6,
        scale_unit="亩",
        story="开春买种子、化肥。",
    )
