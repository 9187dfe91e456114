"""What the county's and the townships' offices have done today in the demo, through the real actions."""

from __future__ import annotations

from datetime import timedelta

from puhui.demo import people
from puhui.demo.staffing import SPECIALIST, Desks, actor_of
from puhui.kernel.actor import SYSTEM
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now, history
from puhui.market import actions, queries
from puhui.market.terms import DemandForm, SurveyAnswers
from puhui.parties import queries as parties
from puhui.parties.terms import Registration

HOME = "兰沃乡"
HELPED = (
    ("王秀兰", 81, "19560311"),
    ("赵长海", 82, "19610825"),
    ("孙玉珍", 83, "19540619"),
    ("许春花", 84, "19660507"),
)
ASKED_HOURS_AGO = {2: 3, 3: 20}
HELPED_PHONES = 9901
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


def _helped() -> None:
    """Two requests that a village specialist filled in last week, confirmed, and two of today."""
    home = next(one for one in parties.townships(SYSTEM) if one.name == HOME)
    villages = parties.villages(SYSTEM, home.code)
    card = parties.staff_card(SYSTEM, SPECIALIST)
    village = next(one for one in villages if one.code == card.area_code)
    helper = actor_of(card, card.organisation_ref, village.code)
    now = database_now()
    monday = now - timedelta(days=local_date(now).weekday() + 4)
    for turn, (name, serial, birth) in enumerate(HELPED):
        phone = people.phone(HELPED_PHONES + turn)
        person = Registration(name, people.identity_number(serial, birth), phone, village.code)
        at = (
            monday + timedelta(minutes=40 * turn)
            if turn < 2
            else now - timedelta(hours=ASKED_HOURS_AGO[turn])
        )
        with history(at, by=SYSTEM):
            ref = actions.draft_for(_form(turn), person, by=helper)
            if turn < 2:
                actions.take_text_reply(f"demo-{ref}", phone, "1", by=SYSTEM)
    actions.draw_rechecks(by=SYSTEM)


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
