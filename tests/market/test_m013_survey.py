"""The county's daily random calls: drawn once, redone from the seed, nobody twice, misses replaced."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection

from puhui.kernel import journal
from puhui.kernel.actor import NotAllowed
from puhui.kernel.clock import local_date
from puhui.kernel.command import Invalid, Refused, database_now
from puhui.market import actions, queries
from puhui.market.models import Engagement, FinancingDemand, SurveyCall, SurveyDraw
from puhui.market.rules.surveys import Candidate, drawn, next_after, share_of
from puhui.market.terms import SurveyAnswers
from puhui.notices.models import TextMessage
from puhui.parties import actions as parties
from tests import world
from tests.desks import watched
from tests.market.ageing import age

pytestmark = pytest.mark.django_db

GOOD = SurveyAnswers("yes", "within_5", "yes", "yes", "same", False, 5, 4, "都挺好", True)
TAKEN = SurveyAnswers(
    "yes", "within_5", "yes", "yes", "same", True, 5, 5, "", True, "客户经理要了两条烟"
)


@pytest.fixture
def county() -> world.World:
    return world.build(banks=3)


def refused(county: world.World, bank: int = 0) -> watched.Case:
    case = watched.called(county, bank)
    actions.refuse(case.engagement, "R07", by=county.banks[bank].officer)
    return case


def withdrawn(county: world.World) -> watched.Case:
    case = watched.called(county, 1)
    actions.withdraw(case.ref, by=case.applicant)
    return case


def journalled(action: str) -> list[dict[str, object]]:
    return [
        dict(one.facts)
        for one in journal.timeline([("survey", local_date(database_now()).isoformat())])
        if one.action == action
    ]


def by_hand(frame: list[list[str]], seed: str) -> list[str]:
    """The draw as anybody can redo it with a calculator for SHA-256 and the rule on the page."""

    def key(*parts: str) -> str:
        return sha256("|".join((seed, *parts)).encode()).hexdigest()

    queues = []
    for outcome in sorted({row[0] for row in frame}, key=lambda one: key("outcome", one)):
        banks = sorted(
            {row[1] for row in frame if row[0] == outcome},
            key=lambda one: key(f"bank {outcome}", one),
        )
        piles = [
            sorted((r[2] for r in frame if r[:2] == [outcome, bank]), key=lambda d: key("case", d))
            for bank in banks
        ]
        queues.append([pile[n] for n in range(len(frame)) for pile in piles if n < len(pile)])
    return [queue[n] for n in range(len(frame)) for queue in queues if n < len(queue)]


def test_m013_the_draw_is_redone_from_its_seed_and_stands_in_the_journal(
    county: world.World,
) -> None:
    cases = [refused(county, number % 2) for number in range(4)] + [withdrawn(county)]
    cases.append(watched.funded(county))
    actions.set_clock_rules({"survey_per_day": 3}, by=county.admin)
    assert actions.draw_survey(by=world.SYSTEM) == 3
    assert actions.draw_survey(by=world.SYSTEM) == 0
    draw = SurveyDraw.objects.get()
    assert {row[2] for row in draw.frame} == {one.ref for one in cases}
    assert {row[0] for row in draw.frame} == {"funded", "refused", "withdrawn"}
    listed = list(SurveyCall.objects.order_by("position").values_list("demand__ref", flat=True))
    assert listed == by_hand(draw.frame, draw.seed)[:3]
    (told,) = journalled("survey.draw")
    assert (told["seed"], told["size"], told["frame"]) == (draw.seed, 3, 6)
    assert told["drawn"] == listed
    assert told["frame_sha256"] == sha256(json.dumps(draw.frame).encode()).hexdigest()
    again = queries.redrawn(county.supervisor, draw.day)
    assert again.agrees and [row[3] for row in again.rows] == listed
    outcomes = [row[1] for row in again.rows]
    assert len(set(outcomes)) == 3, "outcomes take turns"
    SurveyDraw.objects.update(seed="00000000" if draw.seed != "00000000" else "00000001")
    assert queries.redrawn(county.supervisor, draw.day).agrees is (
        by_hand(draw.frame, SurveyDraw.objects.get().seed)[:3] == listed
    )


def test_m013_another_seed_draws_otherwise_and_every_stratum_gets_its_turn() -> None:
    frame = [
        Candidate(outcome, bank, f"{outcome}{bank}{n}")
        for outcome in ("funded", "refused", "withdrawn", "unreached")
        for bank in ("B01", "B02", "B03")
        for n in range(20)
    ]
    first, second = drawn(frame, "20261124"), drawn(frame, "20261125")
    assert first == drawn(list(reversed(frame)), "20261124") and first != second
    assert {(one.outcome, one.bank) for one in first[:12]} == {
        (one.outcome, one.bank) for one in frame
    }
    assert sorted(first, key=lambda one: one.demand) == sorted(frame, key=lambda one: one.demand)
    assert [share_of(n, 5) for n in (0, 1, 9, 20, 21, 100)] == [0, 1, 1, 1, 2, 5]


def test_m013_the_next_of_the_same_bank_and_outcome_comes_first() -> None:
    order = [
        Candidate("refused", "B01", "1"),
        Candidate("refused", "B02", "2"),
        Candidate("refused", "B01", "3"),
        Candidate("refused", "B01", "4"),
    ]
    missed = order[0]
    assert next_after(order, {"1"}, missed, set()) == (3, order[2])
    assert next_after(order, {"1"}, missed, {"3"}) == (4, order[3])
    assert next_after(order, {"1", "4"}, missed, {"3"}) == (2, order[1])
    assert next_after(order, {"1", "2", "3", "4"}, missed, set()) is None


def test_m013_nobody_is_phoned_twice_in_ninety_days(county: world.World) -> None:
    case = refused(county)
    actions.draw_survey(by=world.SYSTEM)
    (call,) = queries.survey_today(county.supervisor).rows
    actions.record_survey(call.ref, GOOD, by=county.supervisor)
    for days, listed in ((1, 0), (89, 0), (91, 1)):
        SurveyCall.objects.update(listed_at=database_now() - timedelta(days=days))
        SurveyDraw.objects.update(day=local_date(database_now()) - timedelta(days=days))
        assert actions.draw_survey(by=world.SYSTEM) == listed, days
        SurveyDraw.objects.filter(calls__isnull=True).delete()
    fresh = SurveyCall.objects.exclude(ref=call.ref).get()
    assert fresh.demand.ref == case.ref


def test_m013_one_person_with_two_cases_stands_once_in_the_frame(county: world.World) -> None:
    case = refused(county)
    second = world.publish(county, case.applicant).ref
    actions.withdraw(second, by=case.applicant)
    actions.draw_survey(by=world.SYSTEM)
    assert [row[2] for row in SurveyDraw.objects.get().frame] == [second]


def waited(ref: str) -> None:
    """Half an hour goes by after the last call."""
    row = SurveyCall.objects.get(ref=ref)
    assert row.last_attempt_at
    SurveyCall.objects.filter(ref=ref).update(
        last_attempt_at=row.last_attempt_at - timedelta(minutes=30)
    )


def test_m013_after_three_misses_the_next_in_order_takes_the_place(county: world.World) -> None:
    for bank in (0, 0, 1, 1, 2):
        refused(county, bank)
    actions.set_clock_rules({"survey_per_day": 1}, by=county.admin)
    actions.draw_survey(by=world.SYSTEM)
    draw = SurveyDraw.objects.get()
    order = by_hand(draw.frame, draw.seed)
    banks = {row[2]: row[1] for row in draw.frame}
    (call,) = queries.survey_today(county.supervisor).rows
    for _turn in range(2):
        assert actions.miss_survey(call.ref, by=county.supervisor) == ""
        waited(call.ref)
    (still,) = queries.survey_today(county.supervisor).rows
    assert (still.ref, still.attempts) == (call.ref, 2)
    fresh = actions.miss_survey(call.ref, by=county.supervisor)
    (now,) = queries.survey_today(county.supervisor).rows
    assert (now.ref, now.slot) == (fresh, 1)
    alike = [one for one in order[1:] if banks[one] == banks[order[0]]]
    assert now.demand_ref == (alike or order[1:])[0]
    assert queries.redrawn(county.supervisor, draw.day).agrees
    assert actions.decline_survey(fresh, by=county.supervisor)
    with pytest.raises(Refused):
        actions.miss_survey(call.ref, by=county.supervisor)


def test_m013_presses_one_after_another_are_one_call(county: world.World) -> None:
    for bank in (0, 1):
        refused(county, bank)
    actions.draw_survey(by=world.SYSTEM)
    first, second = queries.survey_today(county.supervisor).rows
    actions.miss_survey(first.ref, by=county.supervisor)
    for _press in range(2):
        with pytest.raises(Refused) as refusal:
            actions.miss_survey(first.ref, by=county.supervisor)
        assert refusal.value.reason.code == "called_lately"
    later = queries.survey_today(county.supervisor).rows
    assert [one.ref for one in later] == [second.ref, first.ref]
    assert later[1].again_at and later[1].attempts == 1
    waited(first.ref)
    (call, _other) = queries.survey_today(county.supervisor).rows
    assert (call.ref, call.again_at) == (first.ref, None)
    actions.miss_survey(first.ref, by=county.supervisor)
    assert SurveyCall.objects.get(ref=first.ref).attempts == 2


def test_m013_what_was_not_called_lapses_and_may_be_drawn_again(county: world.World) -> None:
    refused(county)
    actions.draw_survey(by=world.SYSTEM)
    SurveyDraw.objects.update(day=local_date(database_now()) - timedelta(days=1))
    assert actions.draw_survey(by=world.SYSTEM) == 1
    assert sorted(SurveyCall.objects.values_list("state", flat=True)) == ["lapsed", "listed"]


def test_m013_the_look_at_the_phone_is_journalled_and_shown_to_the_applicant(
    county: world.World,
) -> None:
    case = refused(county)
    actions.draw_survey(by=world.SYSTEM)
    (call,) = queries.survey_today(county.supervisor).rows
    contact = actions.view_survey_phone(call.ref, by=county.supervisor)
    assert contact.name == "李为民"
    seen = [one.action for one in queries.timeline(case.applicant, case.ref)]
    assert seen[-1] == "contact.view"
    for nobody in (county.deputy, county.bank.officer, county.admin):
        with pytest.raises(NotAllowed):
            actions.view_survey_phone(call.ref, by=nobody)


def test_m013_answers_out_of_range_are_refused_and_nothing_is_kept(county: world.World) -> None:
    refused(county)
    actions.draw_survey(by=world.SYSTEM)
    (call,) = queries.survey_today(county.supervisor).rows
    bad = SurveyAnswers("maybe", "", "yes", "", "same", False, 6, None, "x" * 301)
    with pytest.raises(Invalid) as found:
        actions.record_survey(call.ref, bad, by=county.supervisor)
    assert {one.field for one in found.value.errors} == {
        "called",
        "finished",
        "attitude",
        "overall",
        "words",
    }
    assert SurveyCall.objects.get().state == "listed"


def surveyed(county: world.World, scores: list[int]) -> None:
    """So many scored answers about the first bank, from different people."""
    for _score in scores:
        refused(county)
    actions.set_clock_rules({"survey_per_day": 50}, by=county.admin)
    actions.draw_survey(by=world.SYSTEM)
    calls = [one for one in queries.survey_today(county.supervisor).rows if one.state == "listed"]
    for call, score in zip(calls, scores, strict=True):
        answers = SurveyAnswers(
            "yes", "within_5", "no", "no_told", "same", False, score, score, "话", score == 1
        )
        actions.record_survey(call.ref, answers, by=county.supervisor)


def test_m013_a_score_needs_five_answers_and_says_how_many(county: world.World) -> None:
    surveyed(county, [5, 4, 4, 1])
    today = local_date(database_now())
    first = queries.satisfaction(county.supervisor, since=today, until=today)[0]
    assert (first.n, first.attitude_tenths, first.overall_tenths) == (4, None, None)
    SurveyDraw.objects.update(day=today - timedelta(days=1))
    surveyed(county, [4])
    first = queries.satisfaction(county.supervisor, since=today, until=today)[0]
    assert (first.n, first.attitude_tenths, first.overall_tenths) == (5, 36, 36)
    assert (first.own_n, first.own_tenths) == (0, None)


def test_m013_a_bank_reads_finished_months_of_five_and_only_cases_told(
    county: world.World,
) -> None:
    surveyed(county, [5, 4, 4, 4, 1])
    officer = county.bank.officer
    own = queries.own_satisfaction(officer)
    assert own.months == (), "a month that still runs would tell the newest answer"
    assert [(one.attitude, one.words) for one in own.cases] == [(1, "话")]
    first = local_date(database_now()).replace(day=1)
    SurveyCall.objects.update(closed_at=database_now() - timedelta(days=first.day + 35))
    ((_month, scores),) = queries.own_satisfaction(officer).months
    assert (scores.n, scores.overall_tenths) == (5, 36)
    assert queries.own_satisfaction(county.banks[1].officer).months == ()
    with pytest.raises(NotAllowed):
        queries.satisfaction(officer, since=first, until=first)


def test_m013_ratings_by_text_are_kept_apart_and_a_bad_one_is_phoned(county: world.World) -> None:
    case = watched.funded(county)
    actions.confirm_report(
        case.ref, "money", "yes", engagement_ref=case.engagement, by=case.applicant
    )
    asked = TextMessage.objects.get(code="S20")
    assert actions.take_text_reply(
        "g1", asked.phone, "3", in_reply_to=str(asked.pk), by=world.SYSTEM
    )
    today = local_date(database_now())
    first = queries.satisfaction(county.supervisor, since=today, until=today)[0]
    assert (first.n, first.own_n) == (0, 1)
    (call,) = queries.survey_today(county.supervisor).rows
    assert (call.slot, call.demand_ref) == (0, case.ref)
    actions.record_survey(call.ref, GOOD, by=county.supervisor)
    first = queries.satisfaction(county.supervisor, since=today, until=today)[0]
    assert first.n == 0, "a call outside the sample is no part of the score"


def test_m013_the_database_itself_keeps_scores_in_range(county: world.World) -> None:
    refused(county)
    actions.draw_survey(by=world.SYSTEM)
    with pytest.raises(Exception, match="survey_overall_1_to_5"), connection.cursor() as cursor:
        cursor.execute("UPDATE market_surveycall SET overall = 9")


def _frame() -> set[str]:
    return {row[2] for row in SurveyDraw.objects.latest("drawn_at").frame}


def test_m013_nobody_is_drawn_outside_duty_hours(county: world.World) -> None:
    refused(county)
    today = local_date(database_now())
    actions.set_duty_day(today, None, None, by=county.admin)
    assert actions.draw_survey(by=world.SYSTEM) == 0 and not SurveyDraw.objects.exists()


def test_m013_a_day_is_drawn_once(county: world.World) -> None:
    refused(county)
    assert actions.draw_survey(by=world.SYSTEM) == 1
    refused(county)
    assert actions.draw_survey(by=world.SYSTEM) == 0
    assert SurveyCall.objects.get().state == "listed"


def test_m013_who_is_in_the_frame(county: world.World) -> None:
    """Ended lately at a bank or withdrawn after it went out; none whose name is frozen."""
    old, gone, frozen, stopped = (
        refused(county),
        withdrawn(county),
        refused(county),
        withdrawn(county),
    )
    Engagement.objects.filter(demand__ref=old.ref).update(
        ended_at=database_now() - timedelta(days=400)
    )
    for case in (frozen, stopped):
        parties.freeze_requests(case.applicant.ref, by=case.applicant)
    unreached, reached = watched.claimed(county), watched.called(county)
    for _number in range(3):
        call = actions.start_call(unreached.engagement, by=county.bank.officer)
        actions.record_callback(unreached.engagement, call.ref, "no_answer", by=county.bank.officer)
        age(unreached.ref, 3_600)
    actions.draw_survey(by=world.SYSTEM)
    assert _frame() == {gone.ref, unreached.ref}
    assert reached.ref not in _frame()


def test_m013_a_replacement_is_journalled_and_was_not_phoned_meanwhile(
    county: world.World,
) -> None:
    cases = [refused(county) for _number in range(3)]
    actions.set_clock_rules({"survey_per_day": 1}, by=county.admin)
    actions.draw_survey(by=world.SYSTEM)
    draw = SurveyDraw.objects.get()
    order = by_hand(draw.frame, draw.seed)
    phoned = next(one for one in cases if one.ref == order[1])
    row = SurveyCall.objects.get()
    SurveyCall.objects.create(
        ref="999", demand=FinancingDemand.objects.get(ref=phoned.ref), outcome="refused", slot=0,
        position=0, attempts=1, state="done", listed_at=row.listed_at, closed_at=row.listed_at,
    )  # fmt: skip
    fresh = actions.decline_survey(row.ref, by=county.supervisor)
    assert SurveyCall.objects.get(ref=fresh).demand.ref == order[2]
    (told,) = journalled("survey.replace")
    assert (told["missed"], told["drawn"], told["position"]) == (order[0], order[2], 3)


def test_m013_an_answer_is_the_supervisors_told_to_the_applicant_and_money_a_case(
    county: world.World,
) -> None:
    case = refused(county)
    actions.draw_survey(by=world.SYSTEM)
    (call,) = queries.survey_today(county.supervisor).rows
    for nobody in (county.admin, county.deputy, county.bank.head):
        with pytest.raises(NotAllowed):
            actions.record_survey(call.ref, GOOD, by=nobody)
    with pytest.raises(Invalid) as found:
        actions.record_survey(call.ref, replace(TAKEN, money_words=" "), by=county.supervisor)
    assert [one.field for one in found.value.errors] == ["money_words"]
    ref = actions.record_survey(call.ref, TAKEN, by=county.supervisor)
    assert queries.integrity_case(county.supervisor, ref).demand_ref == case.ref
    told = [one.action for one in queries.timeline(case.applicant, case.ref)]
    assert told[-1] == "survey.answer"


def test_m013_who_is_listed_already_is_not_listed_again_for_a_bad_word(
    county: world.World,
) -> None:
    case = watched.funded(county)
    actions.confirm_report(
        case.ref, "money", "yes", engagement_ref=case.engagement, by=case.applicant
    )
    assert actions.draw_survey(by=world.SYSTEM) == 1
    asked = TextMessage.objects.get(code="S20")
    assert actions.take_text_reply(
        "g1", asked.phone, "3", in_reply_to=str(asked.pk), by=world.SYSTEM
    )
    assert SurveyCall.objects.count() == 1


def test_m013_an_unhappy_one_is_phoned_beside_the_draw_and_nobody_takes_the_place(
    county: world.World,
) -> None:
    case = watched.funded(county)
    actions.confirm_report(
        case.ref, "money", "yes", engagement_ref=case.engagement, by=case.applicant
    )
    asked = TextMessage.objects.get(code="S20")
    actions.take_text_reply("g1", asked.phone, "3", in_reply_to=str(asked.pk), by=world.SYSTEM)
    refused(county)
    assert actions.draw_survey(by=world.SYSTEM) == 2, "the unhappy one has not been phoned yet"
    beside = SurveyCall.objects.get(draw=None)
    assert beside.state == "listed", "a new day does not take it away"
    assert actions.decline_survey(beside.ref, by=county.supervisor) == ""


def test_m013_a_call_is_answered_once_and_a_frozen_name_replaces_nobody(
    county: world.World,
) -> None:
    cases = {one.ref: one for one in (refused(county) for _number in range(3))}
    actions.set_clock_rules({"survey_per_day": 1}, by=county.admin)
    actions.draw_survey(by=world.SYSTEM)
    draw = SurveyDraw.objects.get()
    order = by_hand(draw.frame, draw.seed)
    frozen = cases[order[1]]
    parties.freeze_requests(frozen.applicant.ref, by=frozen.applicant)
    (call,) = queries.survey_today(county.supervisor).rows
    fresh = actions.decline_survey(call.ref, by=county.supervisor)
    assert SurveyCall.objects.get(ref=fresh).demand.ref == order[2]
    actions.record_survey(fresh, GOOD, by=county.supervisor)
    for ref in (call.ref, fresh):
        with pytest.raises(Refused) as over:
            actions.record_survey(ref, GOOD, by=county.supervisor)
        assert over.value.reason.code == "wrong_state"
