"""Text messages: short enough with the longest variables, and free of what residents must not get."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from puhui.kernel.clock import SHANGHAI, moment_text
from puhui.market.terms import Purpose, Term
from puhui.notices import terms
from puhui.notices.terms import LONGEST_TEXT, TEMPLATES, TO_RESIDENTS, render

SIGNATURE = "【XXXX普惠】"
LONGEST = {
    "编号": "112401",
    "号": "4718",
    "天": "60",
    "码": "123456",
    "热线": "0635-5231234",
    "行": "麦浪村镇银行",
    "时间": "11-26 10:00",
    "姓": "张",
    "专员": "张",
    "地": "兰沃乡镇",
    "用途": max((one.label for one in Purpose), key=len),
    "金额": "4,999.9万元",
    "期限": max((one.label.replace(" ", "") for one in Term), key=len),
    "名额": "3",
    "笔": "99",
    "家": "11",
    "分钟": "120",
    "件": "99",
    "件号": "1234",
    "没人接": "99",
    "超时": "99",
    "回访": "99",
    "新增": "999",
    "及时率": "100%",
    "放款": "999",
}
BARRED = ("贷款", "额度", "利率", "放款", "http", "www.", ".com", ".cn")
HALF_WIDTH = re.compile(r"[㐀-鿿}][,;:?!()]|[,;:?!()][㐀-鿿{]")


def test_every_text_of_the_handbook_is_there() -> None:
    handbook = {
        *(f"B{n:02d}" for n in range(1, 13)),
        "C01",
        "C02",
        *(f"S{n:02d}" for n in range(1, 28)),
        *(f"T{n:02d}" for n in range(1, 4)),
        "V01",
    }
    assert handbook <= set(TEMPLATES)
    assert all(re.fullmatch(r"[BCSTV]\d\d", code) for code in TEMPLATES)


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_a_text_fits_with_the_longest_variables(code: str) -> None:
    words = SIGNATURE + render(code, **LONGEST)
    assert len(SIGNATURE) == 8
    assert len(words) <= LONGEST_TEXT, f"{len(words)}: {words}"
    assert "{" not in words


@pytest.mark.parametrize("code", sorted(TO_RESIDENTS))
def test_a_resident_is_told_no_amount_purpose_or_link(code: str) -> None:
    template = TEMPLATES[code]
    assert not [word for word in BARRED if word in template.words]
    assert not {"金额", "用途", "期限"} & set(template.names)
    assert not re.search(r"\d+\s*万?元", template.words)


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_marks_between_chinese_are_full_width(code: str) -> None:
    assert not HALF_WIDTH.search(TEMPLATES[code].words)


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_the_digits_offered_are_those_that_are_taken(code: str) -> None:
    template = TEMPLATES[code]
    assert set(re.findall(r"回(\d)", template.words)) == set(template.digits)


def test_a_text_without_its_variables_is_our_mistake_and_extras_are_not() -> None:
    with pytest.raises(ValueError, match="S05 lacks 号"):
        render("S05", 行="沃野农商")
    assert "4718" in render("S05", 行="沃野农商", 号="4718", 金额="10万元")


def test_a_variable_is_never_read_as_a_template() -> None:
    assert "{热线}" in render("S05", 行="{热线}", 号="4718")


def test_a_moment_is_no_longer_than_the_longest() -> None:
    now = datetime(2026, 11, 1, 8, tzinfo=SHANGHAI)
    assert len(moment_text(datetime(2026, 11, 26, 10, tzinfo=SHANGHAI), now=now)) <= 11


ASKING = sorted(code for code, one in TO_RESIDENTS.items() if one.digits)


@pytest.mark.parametrize("code", ASKING)
def test_where_nobody_can_reply_the_hotline_is_named_instead_of_digits(code: str) -> None:
    words = SIGNATURE + render(code, takes_replies=False, **LONGEST)
    assert not re.search(r"回[123]", words) and LONGEST["热线"] in words
    assert len(words) <= LONGEST_TEXT, f"{len(words)}: {words}"


def test_no_code_is_given_twice() -> None:
    written = re.findall(
        r'^    "([A-Z]\d\d)": Template\(', Path(terms.__file__).read_text("utf-8"), re.MULTILINE
    )
    assert len(written) == len(set(written)) == len(TEMPLATES)
