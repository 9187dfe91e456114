"""One cell: from what a spreadsheet holds, or a person typed, to a value; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from puhui.kernel.clock import at_local, day_from
from puhui.kernel.command import FieldError
from puhui.kernel.money import FULL_WIDTH, AmountError, parse_percent, parse_wan
from puhui.sheets.terms import Column, Kind, Refusals

BLANKS = re.compile(r"[\s\u200b\u3000\ufeff\u00a0]+")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?")
WHOLE = re.compile(r"-?\d{1,15}(?:\.0+)?", re.ASCII)
YUAN = re.compile(r"(\d{1,15})(?:\.(\d{1,2}))?元?", re.ASCII)
LONGEST_WHOLE = 10**15
"""What a spreadsheet's number still holds to the last digit."""
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""No text holds these; a database keeps none that has the first."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
YES = {"是": True, "否": False, "有": True, "无": False, "true": True, "false": False}


class CellError(ValueError):
    """A cell that cannot be read."""

    def __init__(self, error: FieldError) -> None:
        super().__init__(error.code)
        self.error = error


def text_of(cell: object) -> str:
    """A cell as its reader would see it. A number without a fraction has no point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        exact = Decimal(repr(cell))
        return f"{exact:f}" if exact % 1 else f"{exact.to_integral_value():f}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}" if cell.time() != time(0) else f"{cell:%Y-%m-%d}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    text = str(cell).strip()
    return text[1:].strip() if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def value_of(column: Column, cell: object) -> Any:
    """The value of a cell of `column`. Raises CellError with the rule that it breaks."""
    text = text_of(cell)
    if not text:
        if column.must_be_filled:
            raise _wrong(column, "CELL_EMPTY")
        return _EMPTY.get(column.kind, None if column.kind not in _WORDS else "")
    if UNSEEN.search(text):
        raise _wrong(column, "CELL_ODD")
    if text.startswith("#") and text.rstrip("!?").isupper() and "/" in text + "/":
        raise _wrong(column, "CELL_ERROR")
    if column.choices is not None:
        return _chosen(column, BLANKS.sub("", text))
    return _READERS[column.kind](column, text, cell)


def _chosen(column: Column, text: str) -> str:
    choices = column.choices or {}
    if text in choices:
        return choices[text]
    if text in choices.values():
        return text
    raise _wrong(column, "CELL_CHOICE", choices="、".join(choices))


def _words(column: Column, text: str, cell: object) -> str:
    if len(text) > column.most:
        raise _wrong(column, "CELL_LONG", most=column.most)
    return text


def _code(column: Column, text: str, cell: object) -> str:
    if isinstance(cell, float) and abs(cell) >= LONGEST_WHOLE:
        raise _wrong(column, "CELL_ROUNDED")
    return _words(column, BLANKS.sub("", text.translate(FULL_WIDTH)), cell)


def _whole(column: Column, text: str, cell: object) -> int:
    plain = text.translate(FULL_WIDTH).replace(",", "")
    if not WHOLE.fullmatch(plain):
        raise _wrong(column, "CELL_WHOLE")
    return int(plain.partition(".")[0])


def _amount(parse: Callable[[str], int]) -> Callable[[Column, str, object], int]:
    def read(column: Column, text: str, cell: object) -> int:
        try:
            return parse(text)
        except AmountError as error:
            code = f"cell_{error.reason.lower()}"
            raise CellError(FieldError(column.key, code, error.sentence)) from None

    return read


def _yuan(column: Column, text: str, cell: object) -> int:
    match = YUAN.fullmatch(text.translate(FULL_WIDTH).replace(",", ""))
    if match is None:
        raise _wrong(column, "CELL_YUAN")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _day(column: Column, text: str, cell: object) -> date:
    match = DAY.fullmatch(text.partition(" ")[0] if isinstance(cell, datetime) else text)
    try:
        if match is not None:
            return day_from(f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}")
    except ValueError:
        pass
    raise _wrong(column, "CELL_DAY")


def _moment(column: Column, text: str, cell: object) -> datetime:
    day, _, of_day = unicodedata.normalize("NFKC", text).replace("T", " ").partition(" ")
    on, clock = DAY.fullmatch(day), TIME.fullmatch(of_day.strip() or "0:00")
    try:
        if on is not None and clock is not None:
            hours, minutes = int(clock[1]), int(clock[2])
            found = day_from(f"{on[1]}-{int(on[2]):02d}-{int(on[3]):02d}")
            if (hours, minutes) == (24, 0):
                return at_local(found + timedelta(days=1), time(0))
            return at_local(found, time(hours, minutes))
    except (ValueError, OverflowError):
        pass
    raise _wrong(column, "CELL_MOMENT")


def _yes(column: Column, text: str, cell: object) -> bool:
    try:
        return YES[text.lower()]
    except KeyError:
        raise _wrong(column, "CELL_YES") from None


def _wrong(column: Column, reason: str, **facts: object) -> CellError:
    found = getattr(Refusals, reason)
    return CellError(FieldError(column.key, found.code, found.sentence.format(**facts)))


_WORDS = (Kind.WORDS, Kind.CODE)
_EMPTY: dict[Kind, Any] = {Kind.YES: False}
_READERS: dict[Kind, Callable[[Column, str, object], Any]] = {
    Kind.WORDS: _words,
    Kind.CODE: _code,
    Kind.WHOLE: _whole,
    Kind.WAN: _amount(parse_wan),
    Kind.YUAN: _yuan,
    Kind.PERCENT: _amount(parse_percent),
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.YES: _yes,
}
