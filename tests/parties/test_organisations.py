"""Organisations, their people, what these may act as, and who is on duty when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from puhui.kernel.actor import ANYONE, SYSTEM, Actor, NotAllowed, Role
from puhui.kernel.command import NOT_FOUND, Invalid, Reason, Refused, database_now
from puhui.parties import actions, queries
from puhui.parties.models import Branch, Duty, Organisation, RosterShift
from puhui.parties.terms import DutyForm, Refusals, Shift, StaffCard, StaffLine
from tests.parties import county
from tests.parties.together import together

pytestmark = pytest.mark.django_db
ADMIN = county.COUNTY_ADMIN
START = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def places(db: None) -> None:
    county.divide()


def hours(begin: float, end: float, who: str = "2001") -> Shift:
    return Shift(who, START + timedelta(hours=begin), START + timedelta(hours=end))


def turns() -> list[tuple[str, float, float]]:
    hour = timedelta(hours=1)
    return [
        (row.staff.ref, (row.starts_at - START) / hour, (row.ends_at - START) / hour)
        for row in RosterShift.objects.select_related("staff").order_by("starts_at", "staff__ref")
    ]


def refused(reason: Reason, act: object, *args: object, **kwargs: object) -> None:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)  # type: ignore[operator]
    codes = [error.code for error in caught.value.errors] or [caught.value.reason.code]
    assert codes == [reason.code]


def test_a_bank_is_created_and_listed_in_the_countys_order() -> None:
    second = actions.create_organisation("禾稷银行", "bank", position=2, by=ADMIN)
    first = actions.create_organisation("沃野农商银行", "bank", position=1, ref="B09", by=ADMIN)
    assert (second.ref, first.ref, first.sms_name) == ("B01", "B09", "沃野农商银行")
    assert [one.ref for one in queries.banks(ANYONE)] == ["B09", "B01"]
    assert queries.bank(ANYONE, "B09").name == "沃野农商银行"
    office = actions.create_organisation(
        "西乡人民政府普惠金融办", "township", township_code="990101101", by=ADMIN
    )
    assert (office.ref, office.sms_name, office.township_code) == (
        "T01",
        "西乡人民政府",
        "990101101",
    )
    assert len(queries.organisations(SYSTEM)) == 3
    assert actions.create_organisation("新银行", "bank", by=ADMIN).ref == "B10"


@pytest.mark.parametrize(
    ("name", "kind", "more", "reason"),
    [
        ("新银行", "shop", {}, Refusals.ORGANISATION_KIND),
        ("银", "bank", {}, Refusals.ORGANISATION_NAME),
        ("名字很长的新银行", "bank", {}, Refusals.SMS_NAME),
        ("新银行", "bank", {"sms_name": "名字很长的新"}, None),
        ("新银行", "bank", {"sms_name": "名字很长的新银"}, Refusals.SMS_NAME),
        ("新银行", "bank", {"duty_phone": "call me"}, Refusals.DUTY_PHONE),
        ("新银行", "bank", {"township_code": "1"}, Refusals.DIVISION_UNKNOWN),
        ("新银行", "bank", {"ref": "x!"}, Refusals.ORGANISATION_REF),
        ("沃野农商银行", "bank", {}, Refusals.ORGANISATION_TAKEN),
        ("新银行", "bank", {"ref": "B01"}, Refusals.ORGANISATION_TAKEN),
    ],
)
def test_wrong_organisations_are_refused(
    name: str, kind: str, more: dict[str, str], reason: Reason | None
) -> None:
    county.bank()
    if reason is None:
        assert actions.create_organisation(name, kind, by=ADMIN, **more).ref
    else:
        refused(reason, actions.create_organisation, name, kind, by=ADMIN, **more)
        assert Organisation.objects.count() == 1


def test_branches_belong_to_their_bank() -> None:
    county.bank()
    county.bank("禾稷银行", "B02")
    own = county.staff_actor(county.officer(role="bank_admin"))
    actions.add_branch("B01", "东镇支行", county.TOWN, phone="0000-1101", by=own)
    refused(Refusals.BRANCH_TAKEN, actions.add_branch, "B01", "东镇支行", county.TOWN, by=own)
    refused(NOT_FOUND, actions.add_branch, "B02", "东镇支行", county.TOWN, by=own)
    refused(NOT_FOUND, actions.add_branch, "B99", "东镇支行", county.TOWN, by=own)
    refused(Refusals.DIVISION_UNKNOWN, actions.add_branch, "B01", "二支行", county.VILLAGE, by=own)
    assert Branch.objects.count() == 1


def test_staff_have_numbers_that_residents_may_see() -> None:
    county.bank()
    first, second = county.officer(), county.officer(number=5002)
    assert (first.ref, second.ref, first.name_masked) == ("2001", "2002", "周*勇")
    assert county.officer(ref="7001").ref == "7001"
    assert queries.staff_card(ADMIN, "2001").role == "loan_officer"
    refused(Refusals.STAFF_TAKEN, county.officer, ref="7001")
    refused(Refusals.ORGANISATION_UNKNOWN, county.officer, "B99")
    refused(NOT_FOUND, queries.staff_card, ADMIN, "9999")
    with pytest.raises(NotAllowed):
        queries.staff_card(ANYONE, "2001")
    with pytest.raises(Invalid) as caught:
        actions.create_staff("B01", "X", "12", by=ADMIN)
    assert {error.field for error in caught.value.errors} == {"name", "phone"}


@pytest.mark.parametrize("role", ["finance_monitoring_centre", "county_admin", "auditor"])
def test_ruling_11_nobody_from_a_bank_has_a_duty_of_the_county(role: str) -> None:
    county.bank()
    office = actions.create_organisation("县金融运行监测中心", "county", by=ADMIN)
    banker = actions.create_staff(office.ref, "陈一明", county.phone(7), by=ADMIN)
    with pytest.raises(Invalid) as caught:
        actions.give_duty(banker.ref, role, seconded_from_ref="B01", by=ADMIN)
    assert [(one.field, one.code) for one in caught.value.errors] == [
        ("seconded_from", "no_banker_here")
    ]
    row = StaffLine("陈一明", county.phone(8), office.ref, role, seconded_from="B01")
    report = actions.import_staff([row], by=ADMIN)
    assert [(one.field, one.code) for one in report.errors] == [("seconded_from", "no_banker_here")]
    assert not Duty.objects.exists()
    actions.give_duty(banker.ref, role, by=ADMIN)


def test_duties_fit_the_organisation_and_name_their_area() -> None:
    county.bank()
    town = actions.create_organisation("东镇人民政府", "township", by=ADMIN)
    deputy = actions.create_staff(town.ref, "陈一明", county.phone(7), by=ADMIN)
    actions.give_duty(
        deputy.ref, "township_admin", area_code=county.TOWN, seconded_from_ref="B01", by=ADMIN
    )
    now = database_now()
    found = queries.duty_holders(SYSTEM, "township_admin", township_code=county.TOWN, now=now)
    assert [(one.ref, one.area_code, one.seconded_from_ref) for one in found] == [
        (deputy.ref, county.TOWN, "B01")
    ]
    assert queries.duty_holders(SYSTEM, "township_admin", township_code="990101101", now=now) == []
    for role, area, reason in (
        ("loan_officer", "", Refusals.ROLE_BAD),
        ("system", "", Refusals.ROLE_BAD),
        ("resident", "", Refusals.ROLE_BAD),
        ("township_admin", "", Refusals.AREA_MISSING),
        ("township_admin", county.VILLAGE, Refusals.AREA_MISSING),
        ("village_finance_commissioner", county.TOWN, Refusals.AREA_MISSING),
        ("township_admin", county.TOWN, Refusals.DUTY_TAKEN),
    ):
        refused(reason, actions.give_duty, deputy.ref, role, area_code=area, by=ADMIN)
    refused(Refusals.STAFF_UNKNOWN, actions.give_duty, "9999", "auditor", by=ADMIN)


def test_staff_are_not_created_when_a_duty_is_wrong() -> None:
    county.bank()
    refused(Refusals.ROLE_BAD, county.officer, role="county_admin")
    refused(NOT_FOUND, queries.staff_card, ADMIN, "2001")


def test_an_ended_duty_is_held_no_longer() -> None:
    county.bank()
    card = county.officer()
    assert card.duty
    assert queries.duty(SYSTEM, card.duty) == card
    actions.end_duty(card.duty, by=ADMIN)
    assert queries.duty(SYSTEM, card.duty) is None
    refused(NOT_FOUND, queries.staff_card, ADMIN, card.ref)
    refused(Refusals.DUTY_ENDED, actions.end_duty, card.duty, by=ADMIN)
    actions.give_duty(card.ref, "loan_officer", by=ADMIN)
    assert Duty.objects.count() == 2


def test_a_roster_replaces_what_was_planned_for_its_span() -> None:
    county.bank()
    county.officer()
    county.officer(number=5002)
    assert actions.set_roster("B01", [hours(0, 8), hours(8, 16, "2002")], by=ADMIN) == 2
    actions.set_roster("B01", [hours(4, 6, "2002"), hours(6, 7, "2002")], by=ADMIN)
    assert turns() == [("2001", 0, 4), ("2002", 4, 7), ("2001", 7, 8), ("2002", 8, 16)]
    actions.set_roster("B01", [hours(7, 8)], by=ADMIN)
    assert turns() == [("2001", 0, 4), ("2002", 4, 7), ("2001", 7, 8), ("2002", 8, 16)]
    span = (START + timedelta(hours=3), START + timedelta(hours=20))
    assert actions.set_roster("B01", [], span=span, by=ADMIN) == 0
    assert turns() == [("2001", 0, 3)]


def test_overlapping_turns_of_one_person_become_one() -> None:
    county.bank()
    county.officer()
    county.officer(number=5002)
    shifts = [hours(4, 9), hours(0, 5), hours(9, 10), hours(11, 12), hours(1, 2, "2002")]
    assert actions.set_roster("B01", shifts, by=ADMIN) == 3
    assert turns() == [("2001", 0, 10), ("2002", 1, 2), ("2001", 11, 12)]


def test_wrong_turns_are_named_by_their_place() -> None:
    county.bank()
    county.bank("禾稷银行", "B02")
    county.officer()
    county.officer("B02", number=5002)
    naive = Shift("2001", datetime(2026, 11, 24, 8), datetime(2026, 11, 24, 9))
    with pytest.raises(Invalid) as caught:
        actions.set_roster(
            "B01",
            [hours(0, 8), hours(0, 8, "2002"), hours(8, 8), naive, hours(0, 24 * 32)],
            by=ADMIN,
        )
    assert [(error.field, error.code) for error in caught.value.errors] == [
        ("shifts.1.staff", "shift_staff_unknown"),
        ("shifts.2.ends_at", "shift_times_bad"),
        ("shifts.3.ends_at", "shift_times_bad"),
        ("shifts.4.ends_at", "shift_times_bad"),
    ]
    refused(Refusals.SHIFTS_EMPTY, actions.set_roster, "B01", [], by=ADMIN)
    assert turns() == []


def test_a_banks_administrator_plans_the_own_bank_only() -> None:
    county.bank()
    county.bank("禾稷银行", "B02")
    own = county.staff_actor(county.officer(role="bank_admin"))
    assert actions.set_roster("B01", [hours(0, 8)], by=own) == 1
    refused(NOT_FOUND, actions.set_roster, "B02", [hours(0, 8)], by=own)
    refused(NOT_FOUND, actions.set_roster, "B99", [hours(0, 8)], by=own)
    for actor in (ANYONE, county.staff_actor(county.officer(number=5002))):
        with pytest.raises(NotAllowed):
            actions.set_roster("B01", [hours(0, 8)], by=actor)


def test_officers_on_duty_are_those_of_the_roster() -> None:
    bank, other = county.bank(), county.bank("禾稷银行", "B02")
    card = county.officer()
    actions.give_duty(card.ref, "bank_admin", by=ADMIN)
    county.officer(number=5002)
    county.officer("B02", number=5003)
    actions.set_roster("B01", [hours(0, 8)], by=ADMIN)
    actions.set_roster("B02", [hours(0, 8, "2003")], by=ADMIN)
    start, middle, end = START, START + timedelta(hours=4), START + timedelta(hours=8)

    def on_duty(now: datetime, actor: Actor = SYSTEM) -> list[tuple[str, str]]:
        return [(one.ref, one.role) for one in queries.officers_on_duty(actor, bank.id, now)]

    # the clock of the duties themselves runs from now on
    Duty.objects.update(starts_at=START - timedelta(days=1))
    assert on_duty(start) == on_duty(middle) == [("2001", "bank_admin")]
    assert on_duty(end) == []
    everybody = queries.officers_on_duty_everywhere(SYSTEM, middle)
    assert [one.ref for one in everybody] == ["2001", "2003"]
    told = [(one.id, one.phone) for one in everybody]
    found = queries.phones_on_duty_everywhere(SYSTEM, middle)
    assert [(one.id, one.phone) for one in found] == told
    assert queries.phones_on_duty_everywhere(SYSTEM, end) == []
    own = Actor(Role.LOAN_OFFICER, organisation=bank.id)
    assert on_duty(middle, own) == [("2001", "bank_admin")]
    assert queries.officers_on_duty(own, other.id, middle) == []


def test_a_cases_owner_is_the_townships_deputy_else_the_county() -> None:
    now = database_now()
    assert queries.case_owner(SYSTEM, county.TOWN, now) is None
    centre = actions.create_organisation("县金融运行监测中心", "county", by=ADMIN)
    for number in (1, 2):
        actions.create_staff(
            centre.ref,
            "刘一刚",
            county.phone(number),
            duties=[DutyForm("finance_monitoring_centre")],
            by=ADMIN,
        )
    town = actions.create_organisation("东镇人民政府", "township", by=ADMIN)
    now = database_now()
    owner = queries.case_owner(SYSTEM, county.TOWN, now)
    assert owner
    assert owner.ref == "2001"
    begin, end = now - timedelta(hours=1), now + timedelta(hours=1)
    actions.set_roster(centre.ref, [Shift("2002", begin, end)], by=ADMIN)
    owner = queries.case_owner(SYSTEM, county.TOWN, now)
    assert owner
    assert (owner.ref, owner.surname) == ("2002", "刘")
    actions.create_staff(
        town.ref,
        "欧阳小华",
        county.phone(3),
        duties=[DutyForm("township_admin", county.TOWN)],
        by=ADMIN,
    )
    owner = queries.case_owner(SYSTEM, county.TOWN, database_now())
    assert owner
    assert (owner.ref, owner.surname) == ("2003", "欧阳")


def test_villages_have_a_responsible_bank_and_a_commissioner() -> None:
    county.bank()
    county.bank("禾稷银行", "B02")
    hamlet = actions.add_natural_village(county.VILLAGE, "小单庄", by=ADMIN)
    assert queries.responsible_bank(SYSTEM, county.VILLAGE) is None
    actions.set_village_banks([(county.VILLAGE, "B01")], by=ADMIN)
    actions.set_village_banks([(county.VILLAGE, "B02")], by=ADMIN)
    for code in (county.VILLAGE, hamlet.code):
        found = queries.responsible_bank(SYSTEM, code)
        assert found
        assert found.ref == "B02"
    refused(Refusals.DIVISION_UNKNOWN, actions.set_village_banks, [(county.TOWN, "B01")], by=ADMIN)
    refused(Refusals.BANK_UNKNOWN, actions.set_village_banks, [(county.VILLAGE, "B99")], by=ADMIN)
    twice = [(county.VILLAGE, "B01"), ("990101100202", "B01"), (county.VILLAGE, "B02")]
    with pytest.raises(Refused) as caught:
        actions.set_village_banks(twice, by=ADMIN)
    assert caught.value.reason == Refusals.VILLAGE_TWICE
    assert "第 3 行" in caught.value.sentence and "第 1 行" in caught.value.sentence
    found = queries.responsible_bank(SYSTEM, county.VILLAGE)
    assert found and found.ref == "B02"

    office = actions.create_organisation("单庄村委会", "village", by=ADMIN)
    assert queries.commissioner_of(ADMIN, county.VILLAGE) is None
    actions.create_staff(
        office.ref,
        "刘一刚",
        county.phone(1),
        duties=[DutyForm("village_finance_commissioner", county.VILLAGE)],
        by=ADMIN,
    )
    for code in (county.VILLAGE, hamlet.code):
        commissioner = queries.commissioner_of(ADMIN, code)
        assert commissioner
        assert commissioner.surname == "刘"
    for number, code in enumerate((county.VILLAGE, hamlet.code, county.OTHER_VILLAGE), start=11):
        person = county.register(number, village=code)
        mine = Actor(Role.RESIDENT, ref=person.ref, person=person.id)
        found = queries.own_commissioner(mine)
        assert (found.surname if found else "") == ("" if code == county.OTHER_VILLAGE else "刘")
    assert queries.own_commissioner(Actor(Role.RESIDENT, phone_index=b"1" * 32)) is None


def test_the_county_counts_the_banks_that_take_part() -> None:
    county.bank()
    gone = county.bank("禾稷银行", "B02")
    actions.create_organisation("县担保公司", "guarantor", by=ADMIN)
    assert queries.county(ANYONE).banks == 2
    actions.set_county("东山县", "东山", "0000-110", by=ADMIN)
    actions.close_organisation(gone.ref, by=ADMIN)
    assert queries.county(ANYONE).banks == 1 == len(queries.banks(ANYONE))


def test_the_county_says_which_it_is() -> None:
    assert queries.county(ANYONE).name == "本县"
    actions.set_county("东山县", "东山", "0000-110", five_one_three="“1”是一次办好", by=ADMIN)
    card = queries.county(ANYONE)
    assert (card.name, card.hotline, card.sms_signature) == ("东山县", "0000-110", "【东山普惠】")
    actions.set_county("东山县", "东山", "12345", sms_signature="【东山】", by=ADMIN)
    assert queries.county(ANYONE).sms_signature == "【东山】"
    with pytest.raises(Invalid) as caught:
        actions.set_county(
            "", "五个字的名", "call", sms_signature="东山", largest_amount_fen=1, by=ADMIN
        )
    assert {error.field for error in caught.value.errors} == {
        "name",
        "hotline",
        "sms_signature",
        "largest_amount_fen",
    }
    assert queries.county(ANYONE).hotline == "12345"


def test_questions_about_staff_are_one_statement_each(django_assert_num_queries: object) -> None:
    bank = county.bank()
    for number in range(3):
        county.officer(number=5000 + number)
    now = database_now()
    begin, end = now - timedelta(hours=1), now + timedelta(hours=1)
    shifts = [Shift(f"200{number}", begin, end) for number in (1, 2, 3)]
    actions.set_roster("B01", shifts, by=ADMIN)
    asked = (
        lambda: queries.officers_on_duty(SYSTEM, bank.id, now),
        lambda: queries.officers_on_duty_everywhere(SYSTEM, now),
        lambda: queries.phones_on_duty_everywhere(SYSTEM, now),
        lambda: queries.duty_holders(SYSTEM, "loan_officer", organisation_id=bank.id, now=now),
    )
    for ask in asked:
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert len(ask()) == 3
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.banks(ANYONE)
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.responsible_bank(SYSTEM, county.VILLAGE)
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.commissioner_of(ADMIN, county.VILLAGE)


@pytest.mark.django_db(transaction=True)
def test_staff_numbers_made_at_once_differ() -> None:
    county.bank()
    cards = together(12, lambda number: county.officer(number=6000 + number))
    assert all(isinstance(one, StaffCard) for one in cards), cards
    assert len({one.ref for one in cards if isinstance(one, StaffCard)}) == 12
