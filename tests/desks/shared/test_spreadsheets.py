"""Exports hold what people typed as words, never as formulas."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from puhui.desks.shared.spreadsheets import table_response

TYPED = ("=1+1", "+86 130", "-2", "@SUM(A1)", "\t=1", "平常的一句话，带“引号”")


def test_a_formula_in_a_csv_is_words() -> None:
    body = table_response("csv", "台账", ["说的"], [[one] for one in TYPED]).content
    assert body.startswith(b"\xef\xbb\xbf")  # without it a spreadsheet reads Chinese wrongly
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:6]] == [f"'{one}" for one in TYPED[:5]]
    assert rows[6] == [TYPED[5]]


def test_a_formula_in_an_xlsx_is_words_and_a_number_is_a_number() -> None:
    answer = table_response("xlsx", "台账", ["说的", "数"], [[one, 7] for one in TYPED])
    table = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    assert table.to_python()[1:] == [[one, 7.0] for one in TYPED]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_is_named_in_chinese_and_kept_nowhere(kind: str) -> None:
    answer = table_response(kind, "督导台账 2026-11-22", ["甲"], [])
    assert (
        f"%E7%9D%A3%E5%AF%BC%E5%8F%B0%E8%B4%A6%202026-11-22.{kind}"
        in (answer["Content-Disposition"])
    )
    assert "no-store" in answer["Cache-Control"]
