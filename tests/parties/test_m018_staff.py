"""M018: 46 deputy heads in 18 townships, 1,055 specialists in 760 villages, each bound to its area."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.demo import tables
from puhui.kernel.actor import SYSTEM, NotAllowed, Role
from puhui.kernel.command import Refused, database_now
from puhui.kernel.models import UnsealedEntry
from puhui.parties import actions, queries
from puhui.parties.models import Division, Duty, RosterShift, Staff
from puhui.parties.queries.administration import StaffFilter, staff_rows
from puhui.parties.rules import registers
from puhui.parties.terms import DutyForm, ImportReport, Shift, StaffLine
from puhui.sheets.terms import Page
from puhui.sheets.writing import csv_table, workbook
from tests.parties import county

pytestmark = pytest.mark.django_db
DEPUTY, SPECIALIST = str(Role.TOWNSHIP_ADMIN), str(Role.VILLAGE_COMMISSIONER)
HEAD = "工号,姓名,手机号,单位,职责,乡镇,村,来自银行,状态\n"


def load(*lines: str, **how: bool) -> ImportReport:
    return actions.import_staff((HEAD + "\n".join(lines)).encode(), by=SYSTEM, **how)


@pytest.fixture
def small(db: None) -> None:
    county.divide()
    actions.create_organisation("东镇政府", "township", ref="T01", by=SYSTEM)
    actions.create_organisation("试验银行", "bank", ref="B01", sms_name="试验行", by=SYSTEM)


def told(report: ImportReport) -> set[tuple[int, str, str]]:
    return {(one.line, one.column, one.code) for one in report.errors}


def full_size() -> list[StaffLine]:
    """The real divisions of one county, 760 natural villages, and everybody who serves there."""
    assert actions.import_divisions(
        tables.content(tables.TOWNSHIPS), tables.content(tables.VILLAGES), by=SYSTEM
    ).is_done
    towns = queries.townships(SYSTEM)
    villages = [one for town in towns for one in queries.villages(SYSTEM, town.code)]
    spread = [(villages[n % len(villages)].code, f"第{n // len(villages)}庄") for n in range(760)]
    assert actions.add_natural_villages(spread, by=SYSTEM).is_done
    actions.create_organisation("试验银行", "bank", ref="B01", sms_name="试验行", by=SYSTEM)
    for town in towns:
        actions.create_organisation(
            f"{town.name}政府",
            "township",
            ref=f"T{town.code[-3:]}",
            township_code=town.code,
            by=SYSTEM,
        )
    natural = list(Division.objects.filter(kind="natural_village").order_by("code"))
    deputies = [
        StaffLine("陈晓明", f"1980000{n:04d}", f"T{towns[n % 18].code[-3:]}", DEPUTY,
                  township=towns[n % 18].code, seconded_from="B01" if n % 2 else "")
        for n in range(46)
    ]  # fmt: skip
    specialists = [
        StaffLine("王小芬", f"1981000{n:04d}", f"T{place.township_code[-3:]}", SPECIALIST,
                  township=place.township_code, village=place.code)
        for n in range(1055)
        for place in (natural[n % 760],)
    ]  # fmt: skip
    return [*deputies, *specialists]


@pytest.mark.slow
def test_m018_the_whole_county_comes_in_one_list_and_every_village_has_its_specialist() -> None:
    lines = full_size()
    cells = [(one.ref, one.name, one.phone, one.organisation, one.role, one.township, one.village,
              one.seconded_from, "在岗") for one in lines]  # fmt: skip
    table = workbook(Page("人员", registers.STAFF, cells))
    tried = actions.import_staff(table, dry_run=True, by=SYSTEM)
    assert (tried.rows, tried.created, tried.errors, tried.is_done) == (1101, 1101, (), False)
    assert Staff.objects.count() == 0
    with CaptureQueriesContext(connection) as asked:
        done = actions.import_staff(table, by=SYSTEM)
    assert (done.created, done.is_done) == (1101, True)
    assert len(asked) < 30
    assert Duty.objects.filter(role=DEPUTY).count() == 46
    assert Duty.objects.filter(role=SPECIALIST, area__kind="natural_village").count() == 1055
    assert queries.staff_gaps(SYSTEM) == []
    summary = queries.staff_coverage(SYSTEM)
    assert len(summary) == 18 and sum(one.deputies for one in summary) == 46
    assert sum(one.specialists for one in summary) == 1055
    assert sum(one.natural_villages for one in summary) == 760
    again = actions.import_staff(table, by=SYSTEM)
    assert (again.created, again.changed, again.closed, again.same) == (0, 0, 0, 1101)
    with CaptureQueriesContext(connection) as asked:
        rows = staff_rows(SYSTEM, StaffFilter(role=SPECIALIST))
    assert len(rows) == 1055 and len(asked) <= 2


def test_m018_who_leaves_makes_a_gap_at_once_in_the_own_township_alone(small: None) -> None:
    assert len(queries.staff_gaps(SYSTEM)) == 4
    assert load(
        "3001,王小芬,19800000001,T01,村级金融专员,东镇,单庄,,",
        "3002,陈晓明,19800000002,东镇政府,金融副镇长,东镇,,试验行,在岗",
    ).is_done
    gaps = queries.staff_gaps(SYSTEM)
    assert "单庄" not in [one.name for one in gaps] and len(gaps) == 3
    deputy = replace(county.COUNTY_ADMIN, role=Role.TOWNSHIP_ADMIN, areas=frozenset({county.TOWN}))
    assert [one.name for one in queries.staff_gaps(deputy)] == ["李家寨"]
    assert queries.staff_gaps(deputy, "990101101") == []
    gone = load("3001,王小芬,19800000001,T01,村级金融专员,东镇,单庄,,离岗")
    assert (gone.closed, gone.closed_refs, gone.is_done) == (1, ("3001",), True)
    (gap,) = [one for one in queries.staff_gaps(deputy) if one.name == "单庄"]
    assert (gap.vacant_days, gap.township) == (0, "东镇") and gap.vacant_since is not None
    assert Staff.objects.get(ref="3001").is_active is False


def test_m018_where_specialists_hold_natural_villages_each_needs_one(small: None) -> None:
    actions.add_natural_villages([(county.VILLAGE, "东头"), (county.VILLAGE, "西头")], by=SYSTEM)
    load("3001,王小芬,19800000001,T01,村级金融专员,东镇,单庄/东头,,")
    here = [one for one in queries.staff_gaps(SYSTEM) if one.township == "东镇"]
    assert {(one.name, one.village) for one in here} == {("西头", "单庄"), ("李家寨", "")}


def test_every_wrong_row_is_named_and_nothing_is_written(small: None) -> None:
    report = load(
        "3001,王小芬,19800000001,T01,村级金融专员,东镇,单庄,,",
        "x!,A,123,没有的单位,村级金融专员,,,,",
        "3003,王小芬,19800000003,T01,客户经理,,,,",
        "3004,王小芬,19800000004,T01,村级金融专员,东镇,没有的村,,",
        "3005,陈晓明,19800000005,T01,金融副镇长,没有的镇,,没有的行,",
        "3006,王小芬,19800000006,T01,当官的,东镇,单庄,,",
        "3001,王大芬,19800000001,T01,村级金融专员,东镇,李家寨,,",
        "3009,王小芬,19800000009,T01,村级金融专员,东镇,单庄,,离岗",
    )
    assert told(report) == {
        (3, "手机号", "phone_length"),
        (3, "姓名", "staff_name_bad"),
        (3, "工号", "staff_ref_bad"),
        (3, "单位", "organisation_unknown"),
        (3, "乡镇", "township_needed"),
        (3, "村", "village_needed"),
        (4, "职责", "role_bad"),
        (5, "村", "village_unknown"),
        (6, "乡镇", "township_unknown"),
        (6, "来自银行", "bank_unknown"),
        (7, "职责", "cell_not_a_choice"),
        (8, "姓名", "person_differs"),
        (9, "状态", "not_serving"),
    }
    assert not report.is_done and Staff.objects.count() == 0


def test_the_same_list_twice_changes_nothing_a_corrected_one_only_what_differs(small: None) -> None:
    lines = (
        ",王小芬,19800000001,T01,村级金融专员,东镇,单庄,,",
        ",王小芬,19800000001,T01,村级金融专员,东镇,李家寨,,",
        "3105,陈晓明,19800000002,T01,金融副镇长,东镇,,B01,",
    )
    first = load(*lines)
    assert (first.created, first.is_done, Staff.objects.count()) == (3, True, 2)
    before = UnsealedEntry.objects.count()
    assert load(*lines).same == 3 and UnsealedEntry.objects.count() == before
    changed = load("3105,陈晓亮,19800000022,T01,金融副镇长,东镇,,B01,")
    assert (changed.created, changed.changed) == (0, 1)
    assert Staff.objects.get(ref="3105").name == "陈晓亮"
    assert not load("3105,陈晓亮,19800000022,B01,客户经理,,,,").is_done  # not to another house


def test_a_list_is_journalled_with_its_hash_and_holds_nothing_personal(small: None) -> None:
    load("3001,王小芬,19800000001,T01,村级金融专员,东镇,单庄,,")
    bodies = [one.body for one in UnsealedEntry.objects.all()]
    assert any('"staff_imported"' in body and '"sha256"' in body for body in bodies)
    assert any('"duty_given"' in body and '"ref":"3001"' in body for body in bodies)
    assert not any("王小芬" in body or "19800000001" in body for body in bodies)


def test_leaving_takes_the_turns_still_to_come(small: None) -> None:
    card = county_staff("B01", Role.LOAN_OFFICER)
    now = database_now()
    span = (now - timedelta(hours=1), now + timedelta(hours=5))
    later = (now + timedelta(days=1), now + timedelta(days=1, hours=8))
    actions.set_roster("B01", [Shift(card, *span), Shift(card, *later)], by=SYSTEM)
    actions.end_service(card, by=SYSTEM)
    (left,) = RosterShift.objects.all()
    assert left.starts_at == span[0] and left.ends_at < span[1]
    with pytest.raises(Refused):
        actions.end_service(card, by=SYSTEM)


def county_staff(organisation: str, role: Role) -> str:
    return actions.create_staff(
        organisation, "周小军", "19800000077", duties=[DutyForm(str(role))], by=SYSTEM
    ).ref


def test_nobody_ends_the_own_service(small: None) -> None:
    actions.create_organisation("县中心", "county", ref="C01", by=SYSTEM)
    ref = county_staff("C01", Role.COUNTY_ADMIN)
    me = replace(county.COUNTY_ADMIN, person=Staff.objects.get(ref=ref).id)
    with pytest.raises(Refused) as refused:
        actions.end_service(ref, by=me)
    assert refused.value.reason.code == "own_service"


def test_nobody_ends_the_own_service_by_a_list_or_by_the_last_duty(small: None) -> None:
    actions.create_organisation("县中心", "county", ref="C01", by=SYSTEM)
    ref = county_staff("C01", Role.COUNTY_ADMIN)
    duty = Duty.objects.get(staff__ref=ref)
    me = replace(county.COUNTY_ADMIN, person=duty.staff_id, duty=duty.id)
    list_ = f"{HEAD}{ref},周小军,19800000077,C01,县管理员,,,,离岗"
    told_ = actions.import_staff(list_.encode(), by=me)
    assert told(told_) == {(2, "状态", "own_service")} and not told_.is_done
    with pytest.raises(Refused) as refused:
        actions.end_duty(duty.id, by=me)
    assert refused.value.reason.code == "own_service"


def test_ruling_11_a_list_that_names_a_deputys_bank_is_taken_at_its_word(small: None) -> None:
    assert load("3001,赵大河,19800000001,T01,金融副镇长,东镇,,,").is_done
    duty = Duty.objects.get(staff__ref="3001")
    assert duty.seconded_from is None
    told_ = load("3001,赵大河,19800000001,T01,金融副镇长,东镇,,B01,")
    duty.refresh_from_db()
    assert duty.seconded_from is not None and duty.seconded_from.ref == "B01"
    assert (told_.changed, told_.is_done) == (1, True)
    assert load("3001,赵大河,19800000001,T01,金融副镇长,东镇,,,").same == 1
    duty.refresh_from_db()
    assert duty.seconded_from is not None  # an empty cell takes nobody's bank away


def test_a_search_finds_by_number_name_and_initials(small: None) -> None:
    load(
        "3001,王小芬,19800000001,T01,村级金融专员,东镇,单庄,,",
        "3002,曾乐,19800000002,T01,金融副镇长,东镇,,B01,",
    )
    for words, refs in (("3001", ["3001"]), ("小芬", ["3001"]), ("zl", ["3002"]),
                        ("zeng", ["3002"]), ("单庄", ["3001"]), ("nobody", [])):  # fmt: skip
        assert [one.ref for one in staff_rows(SYSTEM, StaffFilter(words=words))] == refs
    assert [one.ref for one in staff_rows(SYSTEM, StaffFilter(sort="name"))] == ["3001", "3002"]
    assert staff_rows(SYSTEM, StaffFilter(township="990101101")) == []


def test_an_export_of_the_staff_is_a_list_that_changes_nothing(small: None) -> None:
    load("3001,王小芬,19800000001,T01,村级金融专员,东镇,单庄,,")
    rows = [
        ("3001", "王小芬", "19800000001", "T01", SPECIALIST, county.TOWN, county.VILLAGE, "", "on")
    ]
    assert actions.import_staff(csv_table(registers.STAFF, rows), by=SYSTEM).same == 1


def test_m018_who_has_two_duties_leaves_with_the_last_and_does_not_come_back_by_a_list(
    small: None,
) -> None:
    first, second = (
        f"3001,王小芬,19800000001,T01,村级金融专员,东镇,{one},," for one in ("单庄", "李家寨")
    )
    assert load(first, second).is_done
    one = load(f"{first}离岗")
    assert (one.closed, one.closed_refs, Staff.objects.get().is_active) == (1, (), True)
    assert told(load(f"{first}离岗", f"{second}离岗")) == {(2, "状态", "not_serving")}
    assert load(f"{second}离岗").closed_refs == ("3001",)
    bodies = UnsealedEntry.objects.filter(body__contains='"staff_left"')
    assert bodies.filter(body__contains='"ref":"3001"').count() == 1
    assert told(load(first)) == {(2, "工号", "has_left")}
    fresh = "3009,王小玲,19800000009,T01,村级金融专员,东镇,单庄,,"
    assert told(load(fresh, f"{fresh}离岗")) == {(3, "状态", "not_serving")}


def test_m018_a_leaver_of_a_list_leaves_no_turn_of_duty(small: None) -> None:
    card = county_staff("B01", Role.LOAN_OFFICER)
    now = database_now()
    span = (now - timedelta(hours=1), now + timedelta(hours=5))
    later = (now + timedelta(days=1), now + timedelta(days=1, hours=8))
    actions.set_roster("B01", [Shift(card, *span), Shift(card, *later)], by=SYSTEM)
    assert load(f"{card},周小军,19800000077,B01,客户经理,,,,离岗").closed == 1
    (left,) = RosterShift.objects.all()
    assert left.starts_at == span[0] and left.ends_at < span[1]


def test_m018_whoever_leaves_holds_no_duty(small: None) -> None:
    card = county_staff("B01", Role.LOAN_OFFICER)
    assert len(actions.end_service(card, by=SYSTEM)) == 1
    assert not Duty.objects.filter(ends_at__isnull=True).exists()


def test_m018_a_list_knows_no_closed_place_no_house_that_is_no_bank_and_no_name_twice(
    small: None,
) -> None:
    assert told(load("3002,陈晓明,19800000002,T01,金融副镇长,东镇,,东镇政府,")) == {
        (2, "来自银行", "bank_unknown")
    }
    for parent in (county.VILLAGE, "990101001002"):
        actions.add_natural_village(parent, "东头", by=SYSTEM)
    line = "3001,王小芬,19800000001,T01,村级金融专员,东镇,{},,"
    assert told(load(line.format("东头"))) == {(2, "村", "village_ambiguous")}
    actions.close_division("990101001001N001", by=SYSTEM)
    actions.close_division(county.VILLAGE, by=SYSTEM)
    assert told(load(line.format("单庄"))) == {(2, "村", "village_unknown")}


def test_m018_the_countys_administrator_alone_takes_a_list(small: None) -> None:
    for role in (Role.BANK_ADMIN, Role.TOWNSHIP_ADMIN, Role.COUNTY_SUPERVISOR):
        with pytest.raises(NotAllowed):
            actions.import_staff([], by=replace(county.COUNTY_ADMIN, role=role))


def test_ruling_11_the_list_journals_from_which_bank_a_new_deputy_comes(small: None) -> None:
    assert load("4001,赵镇长,19900004001,T01,金融副镇长,东镇,,B01,在岗").is_done
    bodies = [json.loads(str(one)) for one in UnsealedEntry.objects.values_list("body", flat=True)]
    (given,) = [one["facts"] for one in bodies if one["action"] == "duty_given"]
    assert given["seconded_from"] == "B01"
    assert given["duty"] == str(Duty.objects.get(staff__ref="4001").id)
