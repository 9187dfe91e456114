"""Ruling 11: a deputy whose own bank competes loses the case at once, everywhere, and is told why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from puhui.kernel.actor import COUNTY, Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market import actions, queries
from puhui.market.models import FollowUp
from puhui.market.queries import CaseFilter
from puhui.market.queries.watched_case import WatchedEngagement
from puhui.market.rules.return_sheets import COLUMNS
from puhui.notices.models import Notice
from puhui.parties.models import Duty
from puhui.sheets.terms import Page
from puhui.sheets.writing import workbook
from tests import world
from tests.desks import watched

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=3)


@pytest.fixture
def seconded(county: world.World) -> Actor:
    """A deputy who comes from the first bank, longer in the township than the other one."""
    FollowUp.objects.all().delete()
    actor = world.staff(
        "T01", "赵镇长", Role.TOWNSHIP_ADMIN, area=world.TOWNSHIP, seconded=county.bank.ref
    )
    Duty.objects.filter(staff=actor.person).update(starts_at=database_now() - timedelta(days=9))
    return actor


def owned_by(county: world.World, case: watched.Case, owner: Actor) -> None:
    FollowUp.objects.filter(demand__ref=case.ref).update(owner=owner.person)


def test_ruling_11_a_claim_hands_the_follow_up_to_another_deputy_and_both_are_told(
    county: world.World, seconded: Actor
) -> None:
    case = watched.unclaimed(county)
    owned_by(county, case, seconded)
    assert queries.watched_case(seconded, case.ref).ref == case.ref
    assert actions.hand_on(by=world.SYSTEM) == 0
    actions.claim(case.ref, by=county.bank.officer)
    with pytest.raises(Refused) as gone:
        queries.watched_case(seconded, case.ref)
    assert gone.value.reason == NOT_FOUND
    assert actions.hand_on(by=world.SYSTEM) == 1
    row = FollowUp.objects.get(demand__ref=case.ref)
    assert row.owner_id == county.deputy.person
    told = Notice.objects.get(code="T04", staff_id=seconded.person).words
    assert case.ref in told and "要回避" in told and "陈同志" in told
    assert Notice.objects.filter(code="T05", staff_id=county.deputy.person).exists()
    assert actions.hand_on(by=world.SYSTEM) == 0


def test_ruling_11_without_another_deputy_it_goes_to_the_county(
    county: world.World, seconded: Actor
) -> None:
    other = world.staff(
        "T02", "马镇长", Role.TOWNSHIP_ADMIN, area=world.OTHER_TOWNSHIP, seconded=county.bank.ref
    )
    case = watched.unclaimed(county, world.OTHER_VILLAGE)
    owned_by(county, case, other)
    Duty.objects.filter(staff=county.other_deputy.person).delete()
    actions.claim(case.ref, by=county.bank.officer)
    actions.hand_on(by=world.SYSTEM)
    assert FollowUp.objects.get(demand__ref=case.ref).owner_id == county.supervisor.person


def test_ruling_11_it_is_gone_from_every_list_search_export_and_act(
    county: world.World, seconded: Actor
) -> None:
    case = watched.claimed(county)
    other = watched.claimed(county, 1)
    desk = watched.browser(seconded)
    for address in (
        "/township/",
        "/township/lists",
        "/township/cases/",
        f"/township/cases/?q={case.ref}",
        "/township/cases/?format=csv",
        f"/township/cases/?before={other.ref}",
        f"/township/cases/?bank={county.bank.ref}",
    ):
        answer = desk.get(address)
        assert answer.status_code == 200, address
        body = (
            answer.content.decode().replace(f"?q={case.ref}", "").replace(f'value="{case.ref}"', "")
        )
        assert case.ref not in body, address
    here, missing = (desk.get(f"/township/cases/{ref}/") for ref in (case.ref, "999999"))
    assert here.status_code == missing.status_code == 404
    assert queries.cases(seconded, CaseFilter(ref=case.ref)).total == 0
    for act in (
        lambda: actions.add_note(case.ref, "x", by=seconded),
        lambda: actions.view_phone(case.ref, by=seconded),
        lambda: actions.nudge(case.engagement, by=seconded),
        lambda: queries.timeline(seconded, case.ref),
        lambda: queries.supervised_demand(seconded, case.ref),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason == NOT_FOUND
    assert "您派出的银行也在谈" in watched.read(desk.get("/township/"))


def test_ruling_11_a_directed_case_is_gone_before_any_engagement(
    county: world.World, seconded: Actor
) -> None:
    ref = world.publish(county, directed_bank=county.bank.ref).ref
    with pytest.raises(Refused):
        queries.watched_case(seconded, ref)
    assert queries.watched_case(county.deputy, ref).ref == ref


def test_ruling_11_missing_papers_are_told_of_other_banks_cases_alone(
    county: world.World, seconded: Actor
) -> None:
    """Content.md §3.2 ③: the township helps to find papers; where its own bank competes, nothing."""
    case = watched.published(county)
    watched.refused(county, 1, case.ref, "R10", "流转合同")
    watched.refused(county, 2, case.ref, "R05", "一年收入不够")
    told = {one.refusal_code: one.refusal_words for one in _banks(seconded, case)}
    assert told == {"R10": "流转合同", "": ""}
    assert "一年收入不够" not in repr(queries.watched_case(seconded, case.ref))
    assert "R05" in repr(queries.watched_case(county.supervisor, case.ref))
    actions.claim(case.ref, by=county.bank.officer)
    for ask in (queries.watched_case, queries.timeline, queries.supervised_demand):
        with pytest.raises(Refused) as gone:
            ask(seconded, case.ref)
        assert gone.value.reason == NOT_FOUND
    shown = repr(queries.township_lists(seconded)) + repr(queries.cases(seconded, CaseFilter()))
    assert case.ref not in shown and "流转合同" not in shown
    assert watched.browser(seconded).get(f"/township/cases/{case.ref}/").status_code == 404


def _banks(actor: Actor, case: watched.Case) -> tuple[WatchedEngagement, ...]:
    return queries.watched_case(actor, case.ref).engagements


def test_ruling_11_no_rate_is_in_what_a_township_is_given(county: world.World) -> None:
    case = watched.funded(county)
    given = queries.timeline(county.deputy, case.ref)
    (paid,) = [one for one in given if one.action == "engagement.record_disbursement"]
    assert {"amount_fen", "rate_ppm"} & set(paid.facts) == set()
    assert "47500" not in repr(given)
    assert "47500" in repr(queries.timeline(county.supervisor, case.ref))


@pytest.mark.parametrize("role", [Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN, Role.AUDITOR])
def test_ruling_11_a_duty_of_the_county_stored_with_a_bank_is_fenced(
    county: world.World, role: Role
) -> None:
    """Decision 0016: none is given any more; one from before tells nothing of other banks."""
    banker = replace(county.supervisor, role=role, seconded_from=county.bank.id)
    other = watched.published(county)
    watched.refused(county, 1, other.ref, "R05", "一年收入不够")
    paid, own = watched.funded(county), watched.overdue(county)
    assert "一年收入不够" not in repr(queries.watched_case(banker, other.ref))
    seen = {row.ref for row in queries.cases(banker, CaseFilter()).rows}
    assert seen == {other.ref}
    for ref in (own.ref, paid.ref):
        for ask in (queries.watched_case, queries.timeline):
            with pytest.raises(Refused) as gone:
                ask(banker, ref)
            assert gone.value.reason == NOT_FOUND
    if role in COUNTY:
        with pytest.raises(Refused):
            actions.add_note(own.ref, "x", by=banker)
        with pytest.raises(Refused):
            actions.push_to_responsible_bank(own.ref, by=banker)
    assert queries.overdue_engagements(county.supervisor)
    assert queries.overdue_engagements(banker) == []
    assert {own.ref} & _listed(county.supervisor) and not {own.ref} & _listed(banker)
    pages = ("/county/", "/county/supervision/", "/county/integrity/", "/county/survey/")
    Duty.objects.filter(staff=county.supervisor.person).update(seconded_from=county.bank.id)
    desk = watched.browser(county.supervisor)
    for address in pages:
        assert own.ref not in desk.get(address).content.decode(), address


def _listed(actor: Actor) -> set[str]:
    """Every case that a list of the county names."""
    lists = queries.county_lists(actor)
    rows = [one for bank in lists.overdue for one in bank.cases]
    rows += [*lists.unclaimed, *lists.mismatches, *lists.integrity, *lists.survey.rows]
    rows += [*queries.supervision_records(actor), *queries.integrity_cases(actor)]
    return {one.demand_ref for one in rows}


def test_ruling_11_rates_on_sheets_of_returns_are_not_for_whoever_comes_from_a_bank(
    county: world.World,
) -> None:
    banker = replace(county.supervisor, seconded_from=county.banks[1].id)
    case = watched.funded(county)
    today = local_date(database_now())
    cells = {
        "engagement": case.engagement,
        "amount_fen": 9_999_900,
        "rate_ppm": 47_500,
        "paid_out_on": today,
        "due_on": today + timedelta(days=180),
    }
    sheet = workbook(Page("回填", COLUMNS, [tuple(cells[column.key] for column in COLUMNS)]))
    month = f"{today:%Y-%m}"
    actions.import_returns(month, sheet, is_dry_run=False, by=county.bank.officer)
    (difference,) = queries.sheet_differences(county.supervisor)
    assert queries.sheet_differences(banker) == ()
    with pytest.raises(Refused) as gone:
        actions.settle_difference(difference.id, by=banker)
    assert gone.value.reason == NOT_FOUND
    actions.settle_difference(difference.id, by=county.supervisor)
