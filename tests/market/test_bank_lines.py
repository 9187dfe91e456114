"""A line of the bank's lists says what its case says, though it does not read the case."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.kernel.command import database_now
from puhui.market import actions, queries
from puhui.market.queries import BankCase, ListedCase
from tests import world
from tests.desks.bank.cases import walk
from tests.desks.bank.test_bank_team import colleague
from tests.desks.watched import overdue
from tests.market.ageing import age

pytestmark = pytest.mark.django_db
ALIKE = (
    *("contact_code", "name_masked", "township", "village", "purpose", "scale", "scale_unit"),
    *("amount_fen", "term", "demand_clock_start_at"),
)
OF_ENGAGEMENT = (
    *("ref", "demand_ref", "state", "is_directed", "officer_ref", "clock_start_at", "attempts"),
    *("first_attempt_at", "call_again_at", "visit_at", "arrived_at", "long_pending_since"),
    "papers_in",
)


def line(lists: queries.BankLists, name: str) -> ListedCase:
    (found,) = getattr(lists, name)
    return found  # type: ignore[no-any-return]


def agree(one: ListedCase, case: BankCase) -> None:
    engagement = case.engagement
    for name in ALIKE:
        assert getattr(one, name) == getattr(case, name), name
    for name in OF_ENGAGEMENT:
        assert getattr(one, name) == getattr(engagement, name), name
    assert one.has_open_call == bool(engagement.open_call)
    assert one.papers == len(engagement.papers)
    clock = engagement.clock("callback_bank")
    assert one.bank_due_at == (clock.due_at if clock else None)
    owed = case.owes_reason
    assert (one.supervision.ref if one.supervision else "") == (owed.ref if owed else "")


def test_a_case_and_the_newest_cases_are_read_with_every_kind_beneath_them() -> None:
    county = world.build()
    case, bare = walk(county, "investigating"), walk(county, "claimed")
    by = county.bank.officer
    actions.check_papers(case.engagement, received=(), more=["流转合同"], by=by)
    actions.note_obstacle(case.engagement, "等镇里盖章", by=by)
    actions.pause(case.engagement, "等羊出栏", by=by)
    actions.ask_bank(case.engagement, "还差什么", by=case.applicant)
    actions.report_investigation(case.engagement, by=by)
    actions.submit_offer(case.engagement, world.PLAN, by=by)
    one = queries.engagement(by, case.engagement).engagement
    assert (len(one.calls), len(one.papers), len(one.enquiries), len(one.pauses)) == (1, 1, 1, 1)
    assert one.plan and one.offer and one.clocks and one.obstacle
    assert one.offer.rate_ppm == world.PLAN.rate_ppm and one.offer.fees == ()
    whole = [queries.engagement(by, ref).engagement for ref in (bare.engagement, case.engagement)]
    for listed, alone in zip(queries.bank_engagements(by), whole, strict=True):
        assert asdict(listed) == asdict(alone)
    with CaptureQueriesContext(connection) as asked:
        queries.bank_engagements(by)
    assert len(asked) == 8


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("claimed", "calls"),
        ("called_back", "answers"),
        ("kept", "visits"),
        ("investigating", "visits"),
        ("investigated", "answers"),
        ("accepted", "returns"),
        ("signed", "returns"),
    ],
)
def test_a_line_agrees_with_its_case(state: str, name: str) -> None:
    county = world.build(banks=2)
    case = walk(county, state)
    walk(county, "claimed", bank=1)
    by = county.bank.officer
    if name == "visits":
        actions.check_papers(case.engagement, received=(), more=["流转合同", "防疫记录"], by=by)
        first = queries.engagement(by, case.engagement).engagement.papers[0].id
        actions.check_papers(case.engagement, received=[first], more=[], by=by)
    if name == "calls":
        actions.start_call(case.engagement, by=by)
    one = line(queries.bank_lists(by), name)
    agree(one, queries.engagement(by, case.engagement))
    assert one.officer_masked == ("周*理" if name == "visits" else "")
    assert (one.papers_in, one.papers) == ((1, 2) if name == "visits" else (0, 0))


def test_a_directed_line_agrees_with_its_case() -> None:
    county = world.build()
    sent = world.publish(county, directed_bank=county.bank.ref)
    (one,) = queries.bank_lists(county.bank.officer).calls
    agree(one, queries.engagement(county.bank.officer, one.ref))
    assert one.is_directed and one.demand_ref == sent.ref


def test_a_line_brings_the_reason_owed_and_both_clocks_of_an_overdue_call() -> None:
    county = world.build()
    late = overdue(county)
    (one,) = queries.bank_lists(county.bank.officer).calls
    agree(one, queries.engagement(county.bank.officer, late.engagement))
    assert one.supervision and one.due_at and one.bank_due_at and one.applicant_due_at
    assert one.due_at == min(one.bank_due_at, one.applicant_due_at) < database_now()


def test_a_line_of_the_last_list_says_what_is_waited_for_and_where_it_is_stuck() -> None:
    county = world.build()
    case = walk(county, "planned")
    by = county.bank.officer
    actions.note_obstacle(case.engagement, "等村里盖章", by=by)
    actions.note_obstacle(case.engagement, "等镇里盖章", by=by)
    actions.pause(case.engagement, "等羊出栏", by=by)
    age(case.ref, 20 * 86_400)
    while actions.breach_due(by=world.SYSTEM):
        pass
    (one,) = queries.bank_lists(by).returns
    agree(one, queries.engagement(by, case.engagement))
    assert (one.obstacle, one.pause) == ("等镇里盖章", "等羊出栏")
    assert one.working_day and one.working_day > 10


def test_who_neither_has_a_case_nor_is_on_duty_reads_no_village() -> None:
    county = world.build()
    walk(county, "claimed")
    askers = (county.bank.officer, county.bank.head, colleague(county))  # the head is on duty
    villages = [queries.bank_lists(by).calls[0].village for by in askers]
    assert villages == ["东湾村", "东湾村", ""]


def test_hidden_demands_are_counted_apart_and_take_no_place_of_the_forty() -> None:
    county = world.build()
    by = county.bank.officer
    sent = [world.publish(county).ref for _ in range(42)]
    for ref in sent[-3:]:
        actions.set_aside(ref, by=by)
    lists = queries.bank_lists(by)
    assert (lists.counts["open"], lists.aside) == (39, 3)
    assert {one.card.ref for one in lists.open} == set(sent[:39])
    actions.put_back(sent[-1], by=by)
    actions.put_back(sent[-2], by=by)
    lists = queries.bank_lists(by)
    assert (len(lists.open), lists.counts["open"], lists.aside) == (40, 41, 1)
    for ref in sent:
        actions.set_aside(ref, by=by) if ref != sent[-3] else None
    lists = queries.bank_lists(by)
    assert (lists.open, lists.counts["open"], lists.aside) == ((), 0, 42)


def test_a_wish_to_talk_is_read_by_banks_that_had_the_case_when_it_was_said() -> None:
    county = world.build(banks=2)
    case, other = walk(county, "planned"), walk(county, "planned")
    by, late = county.bank.officer, county.banks[1].officer
    actions.ask_to_talk(case.ref, ("cheaper",), words="利息再低点", by=case.applicant)
    joined = actions.claim(case.ref, by=late).engagement_ref
    assert [one.words for one in queries.talks(by, case.engagement)] == ["利息再低点"]
    assert queries.talks(late, joined) == () == queries.talks(by, other.engagement)
    assert queries.talks(late, case.engagement) == ()
    actions.refuse(case.engagement, "R07", by=by)
    assert queries.talks(by, case.engagement) == ()
