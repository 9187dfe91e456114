"""Ruling 11: a deputy whose own bank competes loses the case at once, everywhere, and is told why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market import actions, queries
from puhui.market.models import FollowUp
from puhui.market.queries import CaseFilter
from puhui.notices.models import Notice
from puhui.parties.models import Duty
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
