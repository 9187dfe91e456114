"""Registers from spreadsheets: a dry run tells what will be, all or nothing, twice is once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from puhui.kernel.actor import SYSTEM, Role
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.models import UnsealedEntry
from puhui.parties import actions, queries
from puhui.parties.models import Branch, Division, Organisation, RosterShift, VillageBank
from puhui.parties.terms import DutyForm, ImportReport, OrganisationForm
from tests.parties import county

pytestmark = pytest.mark.django_db
HEAD = "登记表,,,,,,,\n"
"""A title above the headings."""
Take = Callable[..., ImportReport]


@pytest.fixture(autouse=True)
def places(db: None) -> None:
    county.divide()
    for ref, name in (("B01", "试验银行"), ("B02", "另一银行")):
        actions.create_organisation(name, "bank", ref=ref, sms_name=name, by=SYSTEM)
    for ref, name in (("2001", "周小军"), ("2002", "马小东")):
        actions.create_staff(
            "B01",
            name,
            f"1980000{ref}",
            ref=ref,
            duties=[DutyForm(str(Role.LOAN_OFFICER))],
            by=SYSTEM,
        )


LISTS: list[tuple[Take, str, int]] = [
    (
        actions.import_organisations,
        HEAD + "编号,类型,名称,短信简称,银行类型,值班电话,所在乡镇,状态\n"
        "B01,银行,试验银行,试验银行,村镇银行,0000-1,,在用\n"
        "B09,银行,第九银行,九行,,,,\n"
        ",乡镇,东镇政府,,,,东镇,\n",
        3,
    ),
    (
        actions.import_branches,
        "银行,网点,乡镇,地址,电话,营业时间\n试验银行,东镇支行,东镇,街上,0000-2,8:30–17:00\nB01,西乡支行,990101101,,,\n",
        2,
    ),
    (
        actions.import_village_banks,
        "乡镇,村,包村银行\n东镇,单庄,B01\n东镇,李家寨村民委员会,另一银行\n",
        2,
    ),
    (actions.import_natural_villages, "乡镇,行政村,自然村\n东镇,单庄,东头\n东镇,单庄,西头\n", 2),
    (
        actions.import_rosters,
        HEAD + "单位,工号,开始,结束\n"
        "B01,2001,2026-11-23 07:30,2026-11-23 14:30\n"
        "B01,2001,2026-11-23 14:30,2026-11-23 21:30\n"
        "B01,2002,2026/11/24 7:30,2026/11/24 24:00\n",
        3,
    ),
]


@pytest.mark.parametrize(("take", "text", "rows"), LISTS, ids=[one[0].__name__ for one in LISTS])
def test_a_dry_run_tells_and_writes_nothing_twice_changes_nothing(
    take: Take, text: str, rows: int
) -> None:
    before = _everything()
    tried = take(text.encode(), dry_run=True, by=SYSTEM)
    assert (tried.rows, tried.errors, tried.is_done) == (rows, (), False)
    assert tried.created + tried.changed == rows and _everything() == before
    done = take(text.encode("gb18030"), by=SYSTEM)
    assert done.is_done and (done.created, done.changed) == (tried.created, tried.changed)
    after = _everything()
    assert after != before
    assert any(
        '_imported"' in one.body and "sha256" in one.body for one in UnsealedEntry.objects.all()
    )
    again = take(text.encode(), by=SYSTEM)
    assert (again.created, again.changed, again.closed) == (0, 0, 0) and _everything() == after


def _everything() -> list[object]:
    return [
        sorted(Organisation.objects.values_list("ref", "name", "duty_phone", "is_active")),
        sorted(Branch.objects.values_list("name", "address", "closed_at")),
        sorted(VillageBank.objects.values_list("village", "organisation__ref")),
        Division.objects.count(),
        sorted(RosterShift.objects.values_list("staff__ref", "starts_at", "ends_at")),
        UnsealedEntry.objects.count(),
    ]


WRONG: list[tuple[Take, str, set[tuple[int, str, str]]]] = [
    (
        actions.import_organisations,
        "编号,类型,名称,所在乡镇,状态\nB08,银行,第八银行,没有,\nB01,村,试验银行,,\n,银行,没有的,,停用\n,银行,X,,\nB02,银行,试验银行,,\nB01,银行,试验银行,,停用\n",
        {
            (2, "所在乡镇", "township_unknown"),
            (3, "类型", "kind_changed"),
            (4, "编号", "organisation_unknown"),
            (5, "名称", "organisation_name_bad"),
            (6, "名称", "organisation_taken"),
            (7, "名称", "row_twice"),
        },
    ),
    (
        actions.import_branches,
        "银行,网点,乡镇,电话\n没有,东镇支行,东镇,\nB01,东镇支行,没有,\nB01,好支行,东镇,打我\nB01,同名支行,东镇,\nB01,同名支行,西乡,\n",
        {
            (2, "", "bank_unknown"),
            (3, "乡镇", "township_unknown"),
            (4, "", "duty_phone_bad"),
            (6, "网点", "row_twice"),
        },
    ),
    (
        actions.import_village_banks,
        "乡镇,村,包村银行\n东镇,吴村,B01\n东镇,单庄,没有\n",
        {(2, "村", "village_unknown"), (3, "包村银行", "bank_unknown")},
    ),
    (
        actions.import_natural_villages,
        f"乡镇,行政村,自然村\n没有,单庄,东头\n东镇,单庄,{'长' * 41}\n",
        {(2, "乡镇", "township_unknown"), (3, "自然村", "cell_too_long")},
    ),
    (
        actions.import_rosters,
        "单位,工号,开始,结束\nB01,9999,2026-11-23 07:30,2026-11-23 14:30\nB01,2001,2026-11-23 14:30,2026-11-23 07:30\n没有,2001,2026-11-23 14:30,明天\n",
        {(2, "工号", "turn_bad"), (3, "结束", "turn_bad"), (4, "结束", "cell_not_a_moment")},
    ),
]


@pytest.mark.parametrize(("take", "text", "wrong"), WRONG, ids=[one[0].__name__ for one in WRONG])
def test_one_wrong_row_and_nothing_is_written(
    take: Take, text: str, wrong: set[tuple[int, str, str]]
) -> None:
    before = _everything()
    report = take(text.encode(), by=SYSTEM)
    found = {(one.line, one.column, one.code) for one in report.errors}
    assert {(line, code) for line, _column, code in found} == {
        (line, code) for line, _c, code in wrong
    }
    assert {one for one in wrong if one[1]} <= found
    assert not report.is_done and _everything() == before


def test_a_row_can_close_an_organisation_only_when_nobody_serves_there() -> None:
    text = "编号,类型,名称,短信简称,状态\nB01,银行,试验银行,,停用\n".encode()
    assert [one.code for one in actions.import_organisations(text, by=SYSTEM).errors] == [
        "staff_remain"
    ]
    for ref in ("2001", "2002"):
        actions.end_service(ref, by=SYSTEM)
    assert actions.import_organisations(text, by=SYSTEM).closed == 1
    assert [one.ref for one in queries.banks(SYSTEM)] == ["B02"]
    back = text.replace("停用".encode(), "在用".encode())
    assert actions.import_organisations(back, by=SYSTEM).changed == 1
    assert len(queries.banks(SYSTEM)) == 2


def test_a_roster_list_leaves_other_days_and_houses_alone() -> None:
    head = "单位,工号,开始,结束\n"
    actions.import_rosters(
        f"{head}B01,2001,2026-11-20 08:00,2026-11-20 20:00\n".encode(), by=SYSTEM
    )
    actions.import_rosters(
        f"{head}B01,2002,2026-11-23 08:00,2026-11-23 20:00\n".encode(), by=SYSTEM
    )
    assert RosterShift.objects.count() == 2


def test_places_are_renamed_and_closed_but_never_from_under_anybody() -> None:
    assert actions.rename_division(county.VILLAGE, "单家庄村委会", by=SYSTEM)
    assert not actions.rename_division(county.VILLAGE, "单家庄村委会", by=SYSTEM)
    place = queries.division(SYSTEM, county.VILLAGE)
    assert (place.short_name, place.pinyin.split()[0]) == ("单家庄", "shanjiazhuang")
    with pytest.raises(Refused) as taken:
        actions.rename_division(county.VILLAGE, "李家寨村民委员会", by=SYSTEM)
    assert taken.value.errors[0].code == "division_name_taken"
    made = actions.add_natural_village(county.VILLAGE, "东头", by=SYSTEM)
    for code, reason in ((county.VILLAGE, "places_remain"), (county.TOWN, "places_remain")):
        with pytest.raises(Refused) as refused:
            actions.close_division(code, by=SYSTEM)
        assert refused.value.reason.code == reason
    actions.close_division(made.code, by=SYSTEM)
    assert made.code not in [one.code for one in queries.villages(SYSTEM, county.TOWN)]
    actions.reopen_division(made.code, by=SYSTEM)
    assert made.code in [one.code for one in queries.villages(SYSTEM, county.TOWN)]


def test_an_organisation_is_changed_field_by_field() -> None:
    form = OrganisationForm("试验银行", "试验银行", duty_phone="0000-1")
    assert actions.change_organisation("B01", form, by=SYSTEM)
    assert not actions.change_organisation("B01", form, by=SYSTEM)
    with pytest.raises(Refused) as refused:
        actions.change_organisation("B01", OrganisationForm("X", "太长的短信简称"), by=SYSTEM)
    assert {one.code for one in refused.value.errors} == {"organisation_name_bad", "sms_name_bad"}
    with pytest.raises(Refused):
        actions.change_organisation("B01", OrganisationForm("另一银行", "试验"), by=SYSTEM)
    with pytest.raises(Refused):
        actions.change_organisation("B99", form, by=SYSTEM)


def test_a_village_goes_to_another_bank_by_a_list(places: None) -> None:
    actions.set_village_banks([(county.VILLAGE, "B01")], by=SYSTEM)
    told = actions.import_village_banks("乡镇,村,包村银行\n东镇,单庄,B02\n".encode(), by=SYSTEM)
    assert (told.created, told.changed) == (0, 1)
    assert VillageBank.objects.get().organisation.ref == "B02"


def test_an_outlet_closes_once_opens_again_and_is_its_own_banks(places: None) -> None:
    row = "银行,网点,乡镇,地址,电话,营业时间,状态\nB01,东镇支行,东镇,街上,,,{}\n"
    actions.import_branches(row.format("在用").encode(), by=SYSTEM)
    for closed in (1, 0):
        assert actions.import_branches(row.format("停用").encode(), by=SYSTEM).closed == closed
    branch = Branch.objects.get()
    assert branch.closed_at is not None
    head = replace(county.COUNTY_ADMIN, role=Role.BANK_ADMIN, organisation_ref="B02")
    for act in (actions.close_branch, partial(actions.change_branch, name="X", township_code="Y")):
        with pytest.raises(Refused) as refused:
            act(branch.id, by=head)
        assert refused.value.reason == NOT_FOUND
    own = replace(head, organisation_ref="B01")
    assert actions.change_branch(branch.id, "东镇支行", county.TOWN, address="街上", by=own)
    assert Branch.objects.get().closed_at is None


def test_a_place_that_somebody_serves_stays(places: None) -> None:
    town = actions.create_organisation("东镇政府", "township", by=SYSTEM)
    duty = DutyForm(str(Role.VILLAGE_COMMISSIONER), county.VILLAGE)
    actions.create_staff(town.ref, "王小芬", county.phone(9), duties=[duty], by=SYSTEM)
    with pytest.raises(Refused) as refused:
        actions.close_division(county.VILLAGE, by=SYSTEM)
    assert refused.value.reason.code == "duties_remain"
    assert Division.objects.get(code=county.VILLAGE).is_active
