"""Townships and villages as the statistics bureau codes them: which rows can be right."""

from __future__ import annotations

import re
from dataclasses import dataclass

from puhui.kernel.command import Reason
from puhui.parties.rules.pinyin import place_key
from puhui.sheets.terms import Column, Found, Kind, Row

COMMITTEES = ("社区居民委员会", "社区居委会", "村民委员会", "居民委员会", "村委会", "居委会")
LONGEST_NAME = 40
TOWNSHIP_CODE = re.compile(r"[0-9]{9}")
VILLAGE_CODE = re.compile(r"[0-9]{12}")
UNIT_CODE = re.compile(r"[0-9]{6}U[0-9]{2}")

TOWNSHIP_COLUMNS = (
    Column("code", "代码", Kind.CODE, also=("编码",), may_be_empty=True),
    Column("name", "名称", may_be_empty=True),
    Column("areaCode", "县代码", Kind.CODE, needed=False),
)
VILLAGE_COLUMNS = (
    *TOWNSHIP_COLUMNS,
    Column("streetCode", "乡镇代码", Kind.CODE, needed=False),
)

CODE_TOWNSHIP = Reason("code_not_9_digits", "乡镇编码要是 9 位数字。", 422, "code")
CODE_VILLAGE = Reason("code_not_12_digits", "村编码要是 12 位数字。", 422, "code")
NAME = Reason("name_bad", "名称要有 1 到 40 个字。", 422, "name")
DOUBLE = Reason("code_double", "这个编码在文件里出现了两次（第 {first} 行）。", 422, "code")
AREA = Reason("area_code_differs", "县编码要是编码的前 6 位。", 422, "areaCode")
STREET = Reason("street_code_differs", "乡镇编码要是村编码的前 9 位。", 422, "streetCode")
TOWNSHIP_UNKNOWN = Reason("township_unknown", "乡镇表里没有这个乡镇。", 422, "streetCode")


@dataclass(frozen=True, slots=True)
class Place:
    """A division as a row gives it."""

    line: int
    code: str
    name: str
    parent: str

    @property
    def short_name(self) -> str:
        return short_name(self.name)

    @property
    def pinyin(self) -> str:
        return place_key(self.short_name)


def short_name(name: str) -> str:
    """耿儿庄村委会 → 耿儿庄; a name of one character keeps its 村."""
    for ending in COMMITTEES:
        if name.endswith(ending) and len(name) > len(ending):
            short = name.removesuffix(ending)
            return short if len(short) > 1 else f"{short}村"
    return name


def is_name(name: str) -> bool:
    return 1 <= len(name) <= LONGEST_NAME and name.isprintable()


def townships(rows: list[Row], found: Found) -> list[Place]:
    """The right rows of a table of townships; the others go to `found`."""
    places = []
    seen: dict[str, int] = {}
    for row in rows:
        is_good = _check(row, TOWNSHIP_CODE, CODE_TOWNSHIP, seen, found)
        if is_good:
            places.append(Place(row.line, row["code"], row["name"], ""))
    return places


def villages(rows: list[Row], known_townships: set[str], found: Found) -> list[Place]:
    """The right rows of a table of villages whose townships are known; the others go to `found`."""
    places = []
    seen: dict[str, int] = {}
    for row in rows:
        is_good = _check(row, VILLAGE_CODE, CODE_VILLAGE, seen, found)
        parent = row["streetCode"] or row["code"][:9]
        if is_good and parent != row["code"][:9]:
            found.add(row.line, STREET)
        elif is_good and parent not in known_townships:
            found.add(row.line, TOWNSHIP_UNKNOWN)
        elif is_good:
            places.append(Place(row.line, row["code"], row["name"], parent))
    return places


def _check(
    row: Row, form: re.Pattern[str], wrong: Reason, seen: dict[str, int], found: Found
) -> bool:
    before, code = found.count, row["code"]
    if not form.fullmatch(code):
        found.add(row.line, wrong)
    elif code in seen:
        found.add(row.line, DOUBLE, first=seen[code])
    else:
        seen[code] = row.line
        if row["areaCode"] and row["areaCode"] != code[:6]:
            found.add(row.line, AREA)
    if not is_name(row["name"]):
        found.add(row.line, NAME)
    return found.count == before
