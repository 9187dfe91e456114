"""Waiting for the customer counts apart, and only while the customer agrees (domain.md §2a)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db.models import F

from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import Refused
from puhui.market import actions, queries
from puhui.market.models import Clock, CustomerPause, Engagement
from puhui.market.terms import Refusals
from puhui.market.timing import timing
from puhui.notices.models import Notice, TextMessage
from tests import world
from tests.desks import watched
from tests.market.ageing import age
from tests.rest import stages

pytestmark = pytest.mark.django_db
DAY = 86_400


@pytest.fixture
def county() -> world.World:
    return world.build(banks=1)


@pytest.fixture
def offered(county: world.World) -> str:
    return stages.offered(county)


def _demand(engagement: str) -> str:
    return Engagement.objects.get(ref=engagement).demand.ref


def _long(engagement: str) -> list[str]:
    rows = Clock.objects.filter(engagement__ref=engagement, kind="long_pending")
    return [one.state for one in rows.order_by("started_at")]


def _since(engagement: str) -> object:
    return Engagement.objects.get(ref=engagement).long_pending_since


def test_m010_a_pause_counts_only_once_the_applicant_agrees(
    county: world.World, offered: str
) -> None:
    actions.pause(offered, "等流转合同办下来", by=county.bank.officer)
    assert _long(offered) == ["running"]
    actions.confirm_report(
        _demand(offered), "pause", "yes", engagement_ref=offered, by=county.applicant
    )
    assert _long(offered) == ["stopped"]
    age(_demand(offered), 40 * DAY)
    actions.breach_due(by=SYSTEM)
    assert _since(offered) is None


def test_m010_without_the_applicants_yes_the_case_becomes_long_pending(
    county: world.World, offered: str
) -> None:
    actions.pause(offered, "等流转合同办下来", by=county.bank.officer)
    age(_demand(offered), 40 * DAY)
    actions.breach_due(by=SYSTEM)
    assert _since(offered) is not None


@pytest.mark.parametrize("side", ["bank", "applicant"])
def test_m010_either_side_ends_a_pause_and_the_days_left_go_on(
    county: world.World, offered: str, side: str
) -> None:
    actions.pause(offered, "等流转合同办下来", by=county.bank.officer)
    actions.confirm_report(
        _demand(offered), "pause", "yes", engagement_ref=offered, by=county.applicant
    )
    left = Engagement.objects.get(ref=offered).pauses.get().left_working_days
    if side == "bank":
        actions.resume(offered, by=county.bank.officer)
    else:
        actions.say_ready(offered, by=county.applicant)
    assert left == 15
    assert _long(offered) == ["stopped", "running"]
    age(_demand(offered), 40 * DAY)
    actions.breach_due(by=SYSTEM)
    assert _since(offered) is not None


def test_m010_an_applicant_who_says_no_ends_the_question(county: world.World, offered: str) -> None:
    actions.pause(offered, "等流转合同办下来", by=county.bank.officer)
    demand = _demand(offered)
    actions.confirm_report(demand, "pause", "no", engagement_ref=offered, by=county.applicant)
    assert _long(offered) == ["running"]
    assert queries.my_demand(county.applicant, demand).engagements[0].pause is None
    with pytest.raises(Refused) as refused:
        actions.say_ready(offered, by=county.applicant)
    assert refused.value.reason == Refusals.STATE


def test_a_second_pause_and_an_ended_case_are_refused(county: world.World, offered: str) -> None:
    actions.pause(offered, "等流转合同办下来", by=county.bank.officer)
    with pytest.raises(Refused) as refused:
        actions.pause(offered, "再等等", by=county.bank.officer)
    assert refused.value.reason == Refusals.PAUSE_OPEN
    actions.decline_plan(offered, by=county.applicant)
    assert Engagement.objects.get(ref=offered).pauses.get().ended_by == "system"
    with pytest.raises(Refused) as refused:
        actions.pause(offered, "再等等", by=county.bank.officer)
    assert refused.value.reason == Refusals.STATE


def _asked(engagement: str, county: world.World) -> str:
    """Ask, and say which reason refused it."""
    try:
        actions.pause(engagement, "等流转合同办下来", by=county.bank.officer)
    except Refused as refused:
        return refused.reason.code
    return ""


@pytest.mark.parametrize("words", [" ", "等" * 201])
def test_m010_what_is_waited_for_is_said_in_a_sentence(
    county: world.World, offered: str, words: str
) -> None:
    with pytest.raises(Refused) as refused:
        actions.pause(offered, words, by=county.bank.officer)
    assert refused.value.reason == Refusals.WORDS_EMPTY


@pytest.mark.parametrize("stage", [stages.claimed, stages.signed])
def test_m010_nobody_waits_before_the_call_or_after_the_signature(
    county: world.World, stage: Callable[[world.World], str]
) -> None:
    ref = stage(county)
    for act in (partial(actions.pause, ref, "等合同"), partial(actions.resume, ref)):
        with pytest.raises(Refused) as refused:
            act(by=county.bank.officer)
        assert refused.value.reason == Refusals.STATE


def _confirmed(county: world.World, engagement: str) -> None:
    actions.pause(engagement, "等流转合同办下来", by=county.bank.officer)
    actions.confirm_report(
        _demand(engagement), "pause", "yes", engagement_ref=engagement, by=county.applicant
    )


def test_m010_a_pause_is_told_to_all_who_follow_the_case(county: world.World, offered: str) -> None:
    _confirmed(county, offered)
    actions.say_ready(offered, by=county.applicant)
    told = {one.action for one in queries.timeline(county.supervisor, _demand(offered))}
    assert {"engagement.pause", "engagement.confirm_pause", "engagement.resume"} <= told
    assert Notice.objects.filter(code="B21").exists()


def test_m010_the_days_left_are_those_that_were_left(county: world.World, offered: str) -> None:
    _confirmed(county, offered)
    CustomerPause.objects.update(left_working_days=7)
    actions.resume(offered, by=county.bank.officer)
    clock = Clock.objects.get(kind="long_pending", state="running")
    days = timing(clock.started_at)
    assert clock.due_at == days.end_of_working_day(clock.started_at, 7)


def test_m010_a_yes_is_to_the_question_that_stands(county: world.World, offered: str) -> None:
    actions.pause(offered, "等流转合同办下来", by=county.bank.officer)
    actions.resume(offered, by=county.bank.officer)
    CustomerPause.objects.update(asked_at=F("asked_at") - timedelta(days=1))
    _confirmed(county, offered)
    first, second = CustomerPause.objects.order_by("asked_at")
    assert first.confirmed_at is None and second.confirmed_at is not None


@pytest.mark.parametrize("end", ["declined", "signed"])
def test_m010_the_end_of_the_work_ends_the_pause_and_starts_no_days(
    county: world.World, offered: str, end: str
) -> None:
    _confirmed(county, offered)
    if end == "declined":
        actions.decline_plan(offered, by=county.applicant)
    else:
        actions.accept_offer(offered, by=county.applicant)
        actions.record_signing(offered, by=county.bank.officer)
    assert CustomerPause.objects.get().ended_by == "system"
    assert "running" not in _long(offered)


def _texts() -> int:
    return TextMessage.objects.filter(code="S31").count()


@pytest.mark.parametrize("answer", ["no", "silence"])
def test_m010_the_applicant_is_asked_once_a_day_and_three_times_in_vain(
    county: world.World, offered: str, answer: str
) -> None:
    demand = _demand(offered)
    for day in range(3):
        assert _asked(offered, county) == ""
        if answer == "no":
            actions.confirm_report(
                demand, "pause", "no", engagement_ref=offered, by=county.applicant
            )
        else:
            assert _asked(offered, county) == "pause_open"
            actions.resume(offered, by=county.bank.officer)
        assert _texts() == day + 1
        assert _asked(offered, county) == (
            "pause_asked_today" if day < 2 else "pause_asked_in_vain"
        )
        CustomerPause.objects.update(
            asked_at=F("asked_at") - timedelta(days=1), ended_at=F("ended_at") - timedelta(days=1)
        )
    assert _asked(offered, county) == "pause_asked_in_vain"
    assert _texts() == 3


def test_m010_after_a_yes_the_bank_may_ask_again_and_the_time_waited_adds_up(
    county: world.World, offered: str
) -> None:
    demand = _demand(offered)
    for _turn in range(2):
        assert _asked(offered, county) == ""
        actions.confirm_report(demand, "pause", "yes", engagement_ref=offered, by=county.applicant)
        actions.resume(offered, by=county.bank.officer)
    first, second = CustomerPause.objects.order_by("asked_at")
    for row, began, days in ((first, 20, 5), (second, 9, 2)):
        assert row.ended_at is not None
        yes = row.ended_at - timedelta(days=began)
        CustomerPause.objects.filter(pk=row.pk).update(
            asked_at=yes, confirmed_at=yes, ended_at=yes + timedelta(days=days)
        )
    assert "等客户一共7天，2次" in watched.read(
        watched.browser(county.bank.officer).get(f"/bank/engagements/{offered}/")
    )
    for actor, desk in ((county.supervisor, "county"), (county.deputy, "township")):
        page = watched.read(watched.browser(actor).get(f"/{desk}/cases/{demand}/"))
        assert "等客户一共7天，2次" in page
