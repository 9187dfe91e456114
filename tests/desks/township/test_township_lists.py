"""What the five lists of a deputy hold, in which order, and what they never hold."""

from __future__ import annotations

import dataclasses
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.kernel.actor import Actor, NotAllowed, Role
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.prepared import Prepared
from puhui.market import actions, queries
from puhui.market.models import FinancingDemand
from puhui.market.queries import CaseFilter
from puhui.market.queries.township_lists import month_start
from puhui.market.telling import Tellings
from puhui.parties import actions as parties_actions
from puhui.parties import queries as parties
from puhui.parties.queries import watching
from tests import world
from tests.desks import watched
from tests.market.ageing import age

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=3)


def lists(county: world.World, by: Actor | None = None) -> queries.TownshipLists:
    return queries.township_lists(by or county.deputy)


def test_m012_a_case_nobody_claims_waits_for_the_deputy_of_its_own_township(
    county: world.World,
) -> None:
    first = watched.unclaimed(county, seconds=900)
    second = watched.unclaimed(county)
    watched.unclaimed(county, village=world.OTHER_VILLAGE)
    assert [row.demand_ref for row in lists(county).waiting] == [first.ref, second.ref]
    row = lists(county).waiting[0]
    assert (row.kind, row.village, row.amount_fen) == ("unclaimed", "东湾村", 10_000_000)
    assert len(lists(county, county.other_deputy).waiting) == 1


def test_m012_a_case_leaves_the_list_only_with_a_destination(county: world.World) -> None:
    watched.unclaimed(county)
    row = lists(county).waiting[0]
    with pytest.raises(Refused) as refused:
        actions.close_follow_up(row.ref, "", by=county.deputy)
    assert refused.value.errors[0].field == "destination"
    assert len(lists(county).waiting) == 1
    actions.close_follow_up(row.ref, "guarantee_or_subsidy", by=county.deputy)
    assert lists(county).waiting == ()


def test_m012_a_deputy_closes_nothing_of_another_township(county: world.World) -> None:
    watched.unclaimed(county)
    row = lists(county).waiting[0]
    for ref in (row.ref, "999999"):
        with pytest.raises(Refused) as refused:
            actions.close_follow_up(ref, "given_up", by=county.other_deputy)
        assert refused.value.reason == NOT_FOUND


def test_three_refusals_and_a_call_for_help_wait_for_the_deputy(county: world.World) -> None:
    thrice = watched.published(county)
    for bank in range(3):
        watched.refused(county, bank, thrice.ref)
    asked = watched.published(county)
    actions.ask_for_help(asked.ref, by=asked.applicant)
    found = {(row.demand_ref, row.kind) for row in lists(county).waiting}
    assert found == {(thrice.ref, "three_refused"), (asked.ref, "asked_for_help")}


def test_the_deputy_learns_that_documents_were_missing_and_no_other_reason(
    county: world.World,
) -> None:
    case = watched.published(county)
    watched.refused(county, 0, case.ref, "R10", "流转合同")
    watched.refused(county, 1, case.ref, "R04")
    watched.refused(county, 2, case.ref, "R05", "一年收入不够")
    (row,) = lists(county).waiting
    assert row.told_reasons == (("R10", "流转合同"),)
    assert "R04" not in repr(lists(county))
    assert "一年收入不够" not in repr(lists(county))


def test_a_case_that_ended_without_a_loan_wants_its_destination(county: world.World) -> None:
    case = watched.published(county)
    watched.refused(county, 0, case.ref)
    age(case.ref, 31 * 86_400)
    watched.sweep()
    assert [row.kind for row in lists(county).ended] == ["unmet"]
    assert lists(county).figures.unexplained in (0, 1)  # 31 days ago is another month


def test_unreached_cases_stand_by_their_time_and_leave_when_somebody_answers(
    county: world.World,
) -> None:
    late = watched.overdue(county)
    fresh = watched.claimed(county, 1)
    watched.claimed(county, village=world.OTHER_VILLAGE)
    rows = lists(county).unreached
    assert [row.demand_ref for row in rows] == [late.ref, fresh.ref]
    assert rows[0].due_at < lists(county).now < rows[1].due_at
    assert (rows[0].is_supervised, rows[1].is_supervised) == (True, False)
    officer = county.banks[1].officer
    call = actions.start_call(fresh.engagement, by=officer)
    actions.record_callback(fresh.engagement, call.ref, "connected", by=officer)
    assert [row.demand_ref for row in lists(county).unreached] == [late.ref]


def test_a_step_is_listed_while_it_is_owed(county: world.World) -> None:
    case = watched.called(county)
    due = [row for row in lists(county).due if row.clock == "plan"]
    if due:  # not before a long holiday: the next working day is then further off than three days
        assert due[0].engagement_ref == case.engagement
    actions.submit_plan(case.engagement, world.PLAN, by=county.bank.officer)
    assert [row.clock for row in lists(county).due] == ["choice"]


def test_the_page_says_nothing_of_plans_rates_and_names(county: world.World) -> None:
    case = watched.called(county)
    actions.submit_plan(case.engagement, world.PLAN, by=county.bank.officer)
    shown = repr(lists(county)) + repr(queries.watched_case(county.deputy, case.ref))
    for secret in ("47500", "47_500", "夫妻两人签字", "李为民", "1980"):
        assert secret not in shown


def test_ruling_11_a_case_of_the_deputys_own_bank_is_only_counted(county: world.World) -> None:
    seconded = world.staff(
        "T01", "赵镇长", Role.TOWNSHIP_ADMIN, area=world.TOWNSHIP, seconded=county.bank.ref
    )
    own = watched.overdue(county, 0)
    other = watched.overdue(county, 1)
    seen = lists(county, seconded)
    assert [row.demand_ref for row in seen.unreached] == [other.ref]
    assert seen.handed_over == 1
    assert own.ref not in repr(seen)
    assert lists(county).handed_over == 0
    with pytest.raises(Refused) as refused:
        queries.watched_case(seconded, own.ref)
    assert refused.value.reason == NOT_FOUND
    assert seen.figures.published == 1


def test_ruling_11_a_deputy_is_neither_told_of_nor_given_a_case_of_the_own_bank(
    county: world.World,
) -> None:
    seconded = world.staff(
        "T01", "赵镇长", Role.TOWNSHIP_ADMIN, area=world.TOWNSHIP, seconded=county.bank.ref
    )
    case = watched.claimed(county, 0)
    demand = FinancingDemand.objects.get(ref=case.ref)
    tell = Tellings.of(demand, database_now())
    tell.township("T01", 地="河湾镇", 编号=case.ref)
    assert [row.staff for row in tell.rows] == [county.deputy.person]
    assert county.deputy.duty
    parties_actions.end_duty(county.deputy.duty, by=world.SYSTEM)
    now = database_now()
    for rivals, owner in (({county.bank.ref}, county.supervisor), (set(), seconded)):
        found = parties.case_owner(world.SYSTEM, world.TOWNSHIP, now, rivals=rivals)
        assert found and found.ref == owner.ref


def test_the_months_figures_add_up(county: world.World) -> None:
    watched.called(county)
    gone = watched.published(county)
    actions.withdraw(gone.ref, reason="not_needed", by=gone.applicant)
    watched.published(county)
    figures = lists(county).figures
    assert (figures.published, figures.underway, figures.explained) == (3, 2, 1)
    assert figures.published == (
        figures.funded + figures.underway + figures.explained + figures.unexplained
    )
    assert figures.since == month_start(database_now())


def test_the_lists_cost_the_same_however_many_cases_there_are(county: world.World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            lists(county)
        return len(caught)

    def one_of_each() -> None:
        watched.unclaimed(county)
        watched.overdue(county)
        watched.called(county)
        case = watched.published(county)
        watched.refused(county, 0, case.ref, "R10", "流转合同")

    one_of_each()
    cost()  # what is read once in a process
    before = cost()
    one_of_each()
    one_of_each()
    assert cost() == before <= 8


def test_villages_without_a_commissioner_are_the_townships_own(county: world.World) -> None:
    now = database_now()
    asked = {world.TOWNSHIP, world.OTHER_TOWNSHIP}
    found = watching.villages_without_commissioner(county.deputy, asked, now)
    assert [one.short_name for one in found] == ["东湾村", "西湾村"]
    world.staff("T01", "村专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    later = database_now() + timedelta(seconds=1)
    found = watching.villages_without_commissioner(county.deputy, asked, later)
    assert [one.short_name for one in found] == ["西湾村"]


def test_nobody_but_a_deputy_asks_for_these_lists(county: world.World) -> None:
    for actor in (county.bank.officer, county.supervisor, county.applicant):
        with pytest.raises(NotAllowed):
            queries.township_lists(actor)
    nowhere = dataclasses.replace(county.deputy, areas=frozenset())
    watched.unclaimed(county)
    assert queries.township_lists(nowhere).waiting == ()


def test_a_list_of_more_than_25_names_all_and_leads_to_them(
    county: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules["puhui.market.queries.township_lists"]
    monkeypatch.setattr(module, "ROWS", 1)
    for name in ("_open_follow_ups", "_claimed", "_owing"):
        monkeypatch.setattr(module, name, Prepared(getattr(module, name)._build))
    for _ in range(2):
        watched.unclaimed(county)
        watched.overdue(county)
        actions.submit_plan(watched.called(county).engagement, world.PLAN, by=county.bank.officer)
        gone = watched.published(county)
        watched.refused(county, 0, gone.ref)
        age(gone.ref, 31 * 86_400)
        watched.sweep()
    shown, client = lists(county), watched.browser(county.deputy)
    page = client.get("/township/").content.decode()
    for name in module.LISTS:
        count = shown.counts[name]
        assert (len(getattr(shown, name)), count > 1) == (1, True), name
        more = f'还有 {count - 1} 条。 <a href="/township/cases/?list={name}">看全部</a>'
        assert more in page, name
        found = queries.cases(county.deputy, CaseFilter(listed=name))
        assert found.total == count, name
        assert getattr(shown, name)[0].demand_ref in {one.ref for one in found.rows}, name
        page_of_all = watched.read(client.get(f"/township/cases/?list={name}"))
        assert f"{count}笔，按下面的条件" in page_of_all, name
    assert queries.cases(county.other_deputy, CaseFilter(listed="waiting")).total == 0
