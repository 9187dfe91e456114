"""Places of a county from the statistics bureau's tables, and those added by hand."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from puhui.kernel.actor import ANYONE, SYSTEM, NotAllowed
from puhui.kernel.command import NOT_FOUND, Invalid, Refused
from puhui.parties import actions, queries
from puhui.parties.models import Division
from puhui.parties.rules.divisions import short_name
from puhui.parties.rules.pinyin import person_key, place_key
from puhui.parties.terms import ImportReport, Refusals
from tests.parties import county
from tests.parties.together import together

TABLES = Path(__file__).parent / "tables"

pytestmark = pytest.mark.django_db


def load(townships: str | bytes, villages: str | bytes, **how: bool) -> ImportReport:
    files = [one.encode() if isinstance(one, str) else one for one in (townships, villages)]
    return actions.import_divisions(files[0], files[1], by=SYSTEM, **how)


def wrongs(report: ImportReport) -> list[tuple[str, int, str, str]]:
    return [(one.file, one.line, one.field, one.code) for one in report.errors]


def test_a_county_is_loaded_and_again_changes_nothing() -> None:
    first = load(county.TOWNSHIPS, county.VILLAGES)
    assert (first.rows, first.created, first.changed, first.is_done) == (6, 6, 0, True)
    again = load(county.TOWNSHIPS, county.VILLAGES)
    assert (again.rows, again.created, again.changed, again.is_done) == (6, 0, 0, True)
    assert [one.name for one in queries.townships(ANYONE)] == ["东镇", "西乡"]
    here = queries.villages(ANYONE, county.TOWN)
    assert [(one.short_name, one.pinyin) for one in here] == [
        ("李家寨", "lijiazhai ljz"),
        ("单庄", "shanzhuang sz"),
    ]
    assert queries.villages(ANYONE, "nowhere") == []


def test_a_new_name_changes_the_place_and_others_stay() -> None:
    county.divide()
    changed = county.VILLAGES.replace("单庄村委会", "曾庄村委会")
    report = load(county.TOWNSHIPS, "\n".join(changed.splitlines()[:2]))
    assert (report.rows, report.created, report.changed) == (3, 0, 1)
    assert queries.division(ANYONE, county.VILLAGE).pinyin == "zengzhuang zz"
    assert Division.objects.count() == 6


def test_a_closed_place_that_the_files_hold_opens_again_whole() -> None:
    county.divide()
    actions.close_division(county.VILLAGE, by=SYSTEM)
    assert Division.objects.get(code=county.VILLAGE).closed_at is not None
    assert load(county.TOWNSHIPS, county.VILLAGES).changed == 1
    place = Division.objects.get(code=county.VILLAGE)
    assert (place.is_active, place.closed_at) == (True, None)


@pytest.mark.parametrize("name", ["division", "organisation", "staff"])
def test_the_database_refuses_an_end_without_its_day_and_a_day_without_an_end(name: str) -> None:
    county.divide()
    county.bank()
    county.officer()
    day = "left_at" if name == "staff" else "closed_at"
    for wrong in ("is_active = false", f"{day} = now()"):
        with pytest.raises(IntegrityError) as told, transaction.atomic():
            _set(name, wrong)
        assert "has_its_day" in str(told.value)
    _set(name, f"is_active = false, {day} = now()")


def _set(name: str, facts: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE parties_{name} SET {facts}")


def test_a_dry_run_counts_and_writes_nothing() -> None:
    report = load(county.TOWNSHIPS, county.VILLAGES, dry_run=True)
    assert (report.created, report.is_done, report.errors) == (6, False, ())
    assert not Division.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_files_of_every_usual_encoding_are_read(encoding: str) -> None:
    report = load(county.TOWNSHIPS.encode(encoding), county.VILLAGES.encode(encoding))
    assert (report.created, report.is_done) == (6, True)
    assert queries.division(ANYONE, county.TOWN).name == "东镇"


def test_every_wrong_row_is_named_and_nothing_is_written() -> None:
    townships = (
        "code,name,areaCode\n"
        "990101001,东镇,990101\n"
        "99010100,西乡,990101\n"
        "990101001,又一个,990101\n"
        "990101102,,990101\n"
        "990101103,南镇,990102\n"
    )
    villages = (
        "code,name,streetCode\n"
        "990101001001,单庄村委会,990101001\n"
        "9.90E+11,王庄村委会,990101001\n"
        "990101001003,赵庄村委会,990101999\n"
        "\n"
        "990101999001,钱庄村委会,990101999\n"
        f"990101001004,{'长' * 41},990101001\n"
    )
    report = load(townships, villages)
    assert wrongs(report) == [
        ("townships", 3, "code", "code_not_9_digits"),
        ("townships", 4, "code", "code_double"),
        ("townships", 5, "name", "name_bad"),
        ("townships", 6, "areaCode", "area_code_differs"),
        ("villages", 3, "code", "code_not_12_digits"),
        ("villages", 4, "streetCode", "street_code_differs"),
        ("villages", 6, "streetCode", "township_unknown"),
        ("villages", 7, "name", "name_bad"),
    ]
    assert "第 2 行" in report.errors[1].sentence
    assert (report.error_count, report.is_done) == (8, False)
    assert not Division.objects.exists()


@pytest.mark.parametrize(
    ("townships", "code"),
    [
        (b"", "file_empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file_not_text"),
        (b"name\nx\n", "column_missing"),
        (b"code,name,code\n1,2,3\n", "column_double"),
        (b'code,name\n990101001,"open\n', "file_broken"),
        ("code,name\n990101001,\x81\n".encode("latin-1"), "file_not_text"),
    ],
)
def test_a_file_that_is_no_table_is_refused(townships: bytes, code: str) -> None:
    report = load(townships, county.VILLAGES)
    assert code in [one.code for one in report.errors]
    assert not Division.objects.exists()


def test_more_errors_than_can_be_listed_are_counted() -> None:
    villages = "code,name\n" + "".join(f"{number},x\n" for number in range(1500))
    report = load(county.TOWNSHIPS, villages)
    assert (len(report.errors), report.error_count) == (1000, 1500)


def test_chinese_headings_and_a_missing_street_column_are_understood() -> None:
    report = load("编码,名称\n990101001,东镇\n", "代码,名称\n990101001001,单庄村委会\n")
    assert report.is_done
    assert queries.division(ANYONE, county.VILLAGE).parent_code == county.TOWN


def test_a_real_countys_tables_load_whole() -> None:
    tables = [(TABLES / f"371525-{name}.csv").read_bytes() for name in ("townships", "villages")]
    report = load(tables[0], tables[1])
    assert report.is_done, report.errors[:3]
    rows = [list(csv.DictReader(io.StringIO(table.decode("utf-8-sig")))) for table in tables]
    assert report.created == len(rows[0]) + len(rows[1]) == 370
    assert queries.division(ANYONE, "371525001042").short_name == "戴屯"
    assert not [one for one in Division.objects.all() if len(one.short_name) < 2]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("耿儿庄村委会", "耿儿庄"),
        ("三里韩村村委会", "三里韩村"),
        ("徐刘村村民委员会", "徐刘村"),
        ("戴屯社区居民委员会", "戴屯"),
        ("南街居委会", "南街"),
        ("李村民委员会", "李村"),
        ("村委会", "村委会"),
        ("清泉街道", "清泉街道"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("冠县", "guanxian gx"),
        ("单庄", "shanzhuang sz"),
        ("解家寨", "xiejiazhai xjz"),
        ("乜村", "niecun nc"),
        ("前张义堡", "qianzhangyibu qzyb"),
        ("十里堡", "shilipu slp"),
        ("大垡", "dafa df"),
        ("三里屯", "sanlitun slt"),
        ("乐陵", "laoling ll"),
        ("长屯", "changtun ct"),
    ],
)
def test_places_are_read_as_in_the_field(name: str, key: str) -> None:
    assert place_key(name) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [("曾乐", "zengle zl"), ("单雄信", "shanxiongxin sxx"), ("长孙无忌", "zhangsunwuji zswj")],
)
def test_people_are_read_by_their_surname(name: str, key: str) -> None:
    assert person_key(name) == key


def test_a_development_zone_is_added_by_hand() -> None:
    county.divide()
    zone = actions.add_unit("经济开发区", by=county.COUNTY_ADMIN)
    assert (zone.code, zone.kind, zone.township_code) == ("990101U01", "unit", "990101U01")
    assert actions.add_unit("经济开发区", by=county.COUNTY_ADMIN) == zone
    assert actions.add_unit("工业园", by=county.COUNTY_ADMIN).code == "990101U02"
    assert actions.add_unit("湖区", "990101U07", by=county.COUNTY_ADMIN).code == "990101U07"
    assert "经济开发区" in [one.name for one in queries.townships(ANYONE)]
    for name, code, reason in (
        ("新区", "990101U01", Refusals.DIVISION_TAKEN),
        ("新区", "99", Refusals.DIVISION_CODE),
        (" ", "", Refusals.DIVISION_NAME),
    ):
        with pytest.raises(Refused) as caught:
            actions.add_unit(name, code, by=county.COUNTY_ADMIN)
        assert caught.value.reason is reason


def test_a_zone_needs_a_county_first() -> None:
    with pytest.raises(Refused) as caught:
        actions.add_unit("经济开发区", by=county.COUNTY_ADMIN)
    assert caught.value.reason is Refusals.DIVISIONS_MISSING


def test_natural_villages_hang_beneath_a_village() -> None:
    county.divide()
    one = actions.add_natural_village(county.VILLAGE, "小单庄", by=county.COUNTY_ADMIN)
    assert (one.code, one.parent_code) == (f"{county.VILLAGE}N001", county.VILLAGE)
    assert one.township_code == county.TOWN
    assert actions.add_natural_village(county.VILLAGE, "小单庄", by=county.COUNTY_ADMIN) == one
    rows = [(county.VILLAGE, "大单庄"), (county.VILLAGE, "小单庄"), (county.OTHER_VILLAGE, "吴庄")]
    assert actions.add_natural_villages(rows, dry_run=True, by=SYSTEM).created == 2
    report = actions.add_natural_villages(rows, by=SYSTEM)
    assert (report.rows, report.created, report.is_done) == (3, 2, True)
    assert len(queries.villages(ANYONE, county.TOWN)) == 4

    bad = actions.add_natural_villages(
        [(county.VILLAGE, "好庄"), (county.TOWN, "坏庄"), (county.VILLAGE, "")], by=SYSTEM
    )
    assert [(row.line, row.code) for row in bad.errors] == [
        (2, "parent_not_a_village"),
        (3, "division_name_bad"),
    ]
    assert not Division.objects.filter(name="好庄").exists()
    with pytest.raises(Invalid):
        actions.add_natural_village(county.TOWN, "坏庄", by=county.COUNTY_ADMIN)


def test_places_are_changed_by_the_countys_administrator_only() -> None:
    county.divide()
    county.bank()
    for actor in (ANYONE, county.on(county.phone(1)), county.staff_actor(county.officer())):
        with pytest.raises(NotAllowed):
            actions.add_unit("新区", by=actor)
        with pytest.raises(NotAllowed):
            actions.import_divisions(b"", b"", by=actor)
    with pytest.raises(Refused) as caught:
        queries.division(ANYONE, "990101999")
    assert caught.value.reason is NOT_FOUND


def test_lists_of_places_are_one_statement_each(django_assert_num_queries: object) -> None:
    county.divide()
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.townships(ANYONE)
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.villages(ANYONE, county.TOWN)
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.county(ANYONE)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_wait_for_each_other() -> None:
    answers = together(8, lambda _number: load(county.TOWNSHIPS, county.VILLAGES))
    assert all(isinstance(one, ImportReport) for one in answers), answers
    assert sorted(one.created for one in answers if isinstance(one, ImportReport)) == [0] * 7 + [6]
    zones = together(8, lambda number: actions.add_unit(f"新区{number}", by=SYSTEM))
    assert len({getattr(one, "code", one) for one in zones}) == 8, zones
