"""Leaving: accounts close the same moment, cases go to whoever answers for them."""

from __future__ import annotations

import pytest

from puhui.access import actions as access
from puhui.access import queries as access_queries
from puhui.access.models import StaffAccount
from puhui.kernel.actor import ANYONE, Role, Via
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.models import UnsealedEntry
from puhui.market import actions
from puhui.market.models import Engagement, FollowUp
from puhui.parties import actions as parties
from puhui.parties import queries as parties_queries
from tests import world
from tests.desks import watched
from tests.rest import stages

pytestmark = pytest.mark.django_db


def signed_in(ref: str) -> str:
    return access.open_persona_session("staff", ref, by=world.SYSTEM).token


def test_the_cases_of_a_leaver_go_to_the_banks_administrator_and_the_account_closes() -> None:
    county = world.build()
    case = watched.claimed(county)
    other = watched.claimed(county, bank=1)
    token = signed_in(county.bank.officer.ref)
    handed = actions.let_staff_go(county.bank.officer.ref, by=county.admin)
    assert handed == 1
    officers = dict(Engagement.objects.values_list("ref", "officer__ref"))
    assert officers[case.engagement] == county.bank.head.ref
    assert officers[other.engagement] == county.banks[1].officer.ref
    assert access_queries.actor_of_session(token, Via.PAGE) == ANYONE
    assert StaffAccount.objects.filter(closed_at__isnull=True).count() == 0
    assert any('"engagement.hand_on"' in one.body for one in UnsealedEntry.objects.all())


def test_without_an_administrator_the_case_stands_without_a_name() -> None:
    county = world.build()
    case = watched.claimed(county)
    actions.let_staff_go(county.bank.head.ref, by=county.admin)
    actions.let_staff_go(county.bank.officer.ref, by=county.admin)
    assert Engagement.objects.get(ref=case.engagement).officer is None


def test_a_deputys_follow_ups_go_to_the_next_one() -> None:
    county = world.build()
    watched.unclaimed(county)
    row = FollowUp.objects.select_related("owner").get()
    owner = row.owner
    assert owner is not None and owner.ref == county.deputy.ref
    second = world.staff("T01", "赵镇长", Role.TOWNSHIP_ADMIN, area=world.TOWNSHIP)
    actions.let_staff_go(county.deputy.ref, by=county.admin)
    row.refresh_from_db()
    assert row.owner is not None and row.owner.ref == second.ref


def test_one_duty_of_two_ends_and_the_cases_stay() -> None:
    county = world.build()
    case = watched.claimed(county)
    officer = county.bank.officer
    second = parties.give_duty(officer.ref, Role.BANK_ADMIN, by=county.admin)
    assert officer.duty is not None
    token = signed_in(officer.ref)
    assert actions.retire_duty(officer.duty, by=county.admin) == 0
    assert access_queries.actor_of_session(token, Via.PAGE) == ANYONE
    assert StaffAccount.objects.get(duty=officer.duty).closed_at is not None
    assert Engagement.objects.values_list("officer__ref", flat=True).get(ref=case.engagement) == (
        officer.ref
    )
    assert actions.retire_duty(second, by=county.admin) == 1
    with pytest.raises(Refused) as refused:
        actions.retire_duty(second, by=county.admin)
    assert refused.value.reason.code == "duty_ended"


def test_a_list_that_lets_somebody_go_closes_the_account_and_hands_on() -> None:
    county = world.build()
    case = watched.claimed(county)
    token = signed_in(county.bank.officer.ref)
    ref = county.bank.officer.ref
    phone = parties_phone(ref)
    line = f"{ref},周经理,{phone},B01,客户经理,,,,离岗"
    text = f"工号,姓名,手机号,单位,职责,乡镇,村,来自银行,状态\n{line}\n".encode()
    assert actions.take_staff_list(text, dry_run=True, by=county.admin).closed == 1
    assert access_queries.actor_of_session(token, Via.PAGE).ref == ref
    assert actions.take_staff_list(text, by=county.admin).closed == 1
    assert access_queries.actor_of_session(token, Via.PAGE) == ANYONE
    assert Engagement.objects.values_list("officer__ref", flat=True).get(ref=case.engagement) == (
        county.bank.head.ref
    )


def parties_phone(ref: str) -> str:
    return parties_queries.staff_card(world.SYSTEM, ref).phone


def test_who_is_missing_cannot_leave() -> None:
    county = world.build()
    with pytest.raises(Refused) as refused:
        actions.let_staff_go("9999", by=county.admin)
    assert refused.value.reason == NOT_FOUND


def test_a_signed_case_goes_to_the_head_as_well() -> None:
    county = world.build()
    ref = stages.signed(county)
    assert actions.let_staff_go(county.bank.officer.ref, by=county.admin) == 1
    assert Engagement.objects.get(ref=ref).officer_id == county.bank.head.person


def test_ruling_11_a_follow_up_passes_no_deputy_whose_own_bank_is_at_work() -> None:
    county = world.build()
    rival = world.staff(
        "T01", "赵镇长", Role.TOWNSHIP_ADMIN, area=world.TOWNSHIP, seconded=county.bank.ref
    )
    case = watched.unclaimed(county)
    FollowUp.objects.update(owner=county.deputy.person)
    actions.claim(case.ref, by=county.bank.officer)
    actions.let_staff_go(county.deputy.ref, by=county.admin)
    owner = FollowUp.objects.get(demand__ref=case.ref).owner_id
    assert owner == county.supervisor.person != rival.person
