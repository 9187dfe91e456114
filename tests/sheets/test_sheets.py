"""Spreadsheets in: every wrong cell named, nothing too large opened; out: safe and readable again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from puhui.sheets.reading import read
from puhui.sheets.terms import Column, Found, Kind, Limits, Page, Row
from puhui.sheets.writing import csv_table, template, workbook

COLUMNS = (
    Column("name", "姓名", most=4),
    Column("phone", "手机号", Kind.CODE, also=("手机",)),
    Column("kind", "类型", choices={"银行": "bank", "村": "village"}),
    Column("amount", "金额（万元）", Kind.WAN, needed=False),
    Column("rate", "年利率", Kind.PERCENT, needed=False),
    Column("fee", "费用", Kind.YUAN, needed=False),
    Column("count", "人数", Kind.WHOLE, needed=False),
    Column("on", "日期", Kind.DAY, needed=False),
    Column("at", "几点", Kind.MOMENT, needed=False),
    Column("yes", "在岗", Kind.YES, needed=False),
)
TITLES = [column.title for column in COLUMNS]
AT = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
VALUES = (
    "李小民", "13800000001", "bank", 5_500_000, 47_500, 12_345, 12, date(2026, 11, 22), AT, True,
)  # fmt: skip


def book(*rows: list[object], page: str = "表", first: str = "") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        if first:
            made.add_worksheet(first).hide()
        sheet = made.add_worksheet(page)
        sheet.activate()
        sheet.set_first_sheet()
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                else:
                    sheet.write(line, place, cell)
    return file.getvalue()


def taken(content: bytes, limits: Limits | None = None) -> tuple[list[Row], Found]:
    found = Found("staff")
    return read(content, COLUMNS, found, *([limits] if limits else [])), found


def told(found: Found) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in found.errors]


def csv_of(*lines: str) -> bytes:
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "made",
    [
        lambda: workbook(Page("名单", COLUMNS, [VALUES])),
        lambda: csv_table(COLUMNS, [VALUES]),
        lambda: template("名单", COLUMNS, notes=["一行一个人。"], rows=[VALUES]),
    ],
)
def test_what_is_written_reads_back_the_same(made: Callable[[], bytes]) -> None:
    rows, found = taken(made())
    assert found.errors == []
    assert [tuple(row.cells[column.key] for column in COLUMNS) for row in rows] == [VALUES]


def test_a_form_with_a_title_above_marked_headings_and_real_numbers_is_read() -> None:
    rows, found = taken(
        book(
            ["某县工作人员名单"],
            [],
            ["* 手机", "姓 名", "类型（必填）", "日期", "金额（万元）", "不认得的一列"],
            [13800000001.0, "李小民", "银行", date(2026, 11, 22), 5.5, "随便"],
            [],
            [13800000002.0, "王芬", "村", date(2026, 11, 23), 10, ""],
            first="藏着的",
        )
    )
    assert found.errors == []
    assert [(row.line, row["phone"], row["amount"], row["on"]) for row in rows] == [
        (4, "13800000001", 5_500_000, date(2026, 11, 22)),
        (6, "13800000002", 10_000_000, date(2026, 11, 23)),
    ]


def test_every_wrong_cell_is_named_by_line_column_and_rule() -> None:
    head = ",".join(TITLES)
    rows, found = taken(
        csv_of(
            head,
            "李小民,1,银行,,,,,,,",
            "名字长过头,,信用社,五,5.12345,1.234,1.5,2026-02-30,2026-11-22 25:00,对",
            "王芬,2,村,,,,,,,",
        )
    )
    assert [row.line for row in rows] == [2, 4]
    assert told(found) == [
        (3, "姓名", "cell_too_long"),
        (3, "手机号", "cell_empty"),
        (3, "类型", "cell_not_a_choice"),
        (3, "金额（万元）", "cell_not_a_number"),
        (3, "年利率", "cell_not_a_number"),
        (3, "费用", "cell_not_yuan"),
        (3, "人数", "cell_not_whole"),
        (3, "日期", "cell_not_a_day"),
        (3, "几点", "cell_not_a_moment"),
        (3, "在岗", "cell_not_yes_or_no"),
    ]


def test_a_long_number_that_a_spreadsheet_rounded_is_refused_not_guessed() -> None:
    rows, found = taken(book(TITLES[:3], ["李小民", 371525199001011234.0, "银行"]))
    assert rows == [] and told(found) == [(2, "手机号", "cell_rounded")]


@pytest.mark.parametrize(
    "content",
    [
        "姓名,手机号,类型\n李\x00民,13800000001,银行\n".encode("utf-16"),
        "姓名,手机号,类型\n李民,138\x01,银行\n".encode(),
    ],
)
def test_a_mark_that_no_text_holds_is_an_error_of_its_cell(content: bytes) -> None:
    rows, found = taken(content)
    assert rows == [] and [one.code for one in found.errors] == ["cell_odd_marks"]


def test_a_day_of_a_year_that_nobody_means_is_refused() -> None:
    rows, found = taken(
        csv_of("姓名,手机号,类型,日期", "李民,138,银行,9999-12-31", "李民,138,银行,0001-1-1")
    )
    assert rows == [] and [one.code for one in found.errors] == ["cell_not_a_day"] * 2


def test_a_workbook_that_spells_such_a_mark_is_refused_too() -> None:
    made = io.BytesIO()
    spelled = book(TITLES[:3], ["李_x0000_民", "138", "银行"])
    with zipfile.ZipFile(io.BytesIO(spelled)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"_x005F_x0000_", b"_x0000_"))
    rows, found = taken(made.getvalue())
    assert rows == [] and told(found) == [(2, "姓名", "cell_odd_marks")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n,,\n", "file_empty"),
        (b"\xd0\xcf\x11\xe0 old", "file_old_format"),
        (b"\x89PNG\x00\x00", "file_not_text"),
        (b"PK\x03\x04 broken", "file_broken"),
        (csv_of("姓名,类型", "李小民,银行"), "column_missing"),
        (csv_of("姓名,手机号,手机,类型", "李小民,1,2,银行"), "column_double"),
        (csv_of("姓名,手机号,类型", '"李'), "file_broken"),
        (csv_of("姓名,手机号,类型", *["李小民,1,银行"] * 4), "too_many_rows"),
        (csv_of("姓名,手机号,类型" + ",x" * 20), "too_many_columns"),
        (b"x" * 3000, "file_too_large"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_and_gives_nothing(content: bytes, code: str) -> None:
    rows, found = taken(content, Limits(size=2000, unpacked=10_000, rows=3, columns=20))
    assert rows == []
    assert [one.code for one in found.errors] == [code]


def rezipped(content: bytes, **parts: bytes) -> bytes:
    """The same workbook with parts replaced."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            key = name.rpartition("/")[2].partition(".")[0]
            new.writestr(name, parts.get(key, old.read(name)))
    return made.getvalue()


def test_a_workbook_that_would_fill_the_memory_is_not_opened() -> None:
    small = book(TITLES[:3], ["李小民", "1", "银行"])
    corner = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    shared = b"<sst><si><t>" + b"x" * 400_000 + b"</t></si></sst>"
    many = b"<worksheet>" + b'<c t="s"><v>0</v></c>' * 1000 + b"</worksheet>"
    bombs = {
        "file_spread_out": [
            rezipped(small, sheet1=corner),
            rezipped(small, theme1=b" " * 60_000_000),
        ],
        "file_too_large": [rezipped(small, sharedStrings=shared, sheet1=many)],
        "file_broken": [rezipped(small, sheet1=b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>')],
    }
    for code, files in bombs.items():
        for content in files:
            assert len(content) < 100_000
            rows, found = taken(content)
            assert rows == [] and [one.code for one in found.errors] == [code]


def test_a_header_that_lies_about_its_size_does_not_help() -> None:
    small = book(TITLES[:3], ["李小民", "1", "银行"])
    content = bytearray(rezipped(small, theme1=b" " * 60_000_000))
    real = (60_000_000).to_bytes(4, "little")
    while (place := content.find(real)) >= 0:
        content[place : place + 4] = (100).to_bytes(4, "little")
    rows, found = taken(bytes(content))
    assert rows == [] and [one.code for one in found.errors] == ["file_spread_out"]


def test_nothing_typed_becomes_a_formula_and_codes_stay_text() -> None:
    typed = ("=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "https://example.org")
    columns = (
        Column("a", "说的"),
        Column("b", "身份证号", Kind.CODE),
        Column("c", "多少", Kind.WHOLE),
    )
    rows = [(one, "371525199001010018", 7) for one in typed]
    page = CalamineWorkbook.from_filelike(
        io.BytesIO(workbook(Page("表", columns, rows)))
    ).get_sheet_by_index(0)
    assert page.to_python()[1:] == [[one, "371525199001010018", 7.0] for one in typed]
    plain = csv_table(columns, rows).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0].strip('"') for line in plain[1:6]] == [
        f"'{one}" for one in typed[:5]
    ]
    found = Found("x")
    back = read(csv_table(columns, rows), columns, found)
    assert [row["a"] for row in back] == [one.strip() for one in typed]


def test_a_template_explains_every_column() -> None:
    made = CalamineWorkbook.from_filelike(
        io.BytesIO(template("人员", COLUMNS, notes=["一行一个人。"]))
    )
    assert made.sheet_names == ["人员", "填写说明"]
    guide = made.get_sheet_by_index(1).to_python()
    assert [row[0] for row in guide[1 : len(COLUMNS) + 1]] == TITLES
    assert guide[3][2] == "银行、村" and guide[-1][0] == "一行一个人。"
