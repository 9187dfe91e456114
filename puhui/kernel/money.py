"""Money is integer fen, a rate is integer ppm (47 500 is 4.75 % a year). No float, one rounding."""

from __future__ import annotations

import enum
import re
from decimal import Decimal
from fractions import Fraction

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
PPM = 1_000_000
PPM_PER_PERCENT = 10_000

FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%", " \u3000\u00a0")
WAN = re.compile(r"(?P<whole>\d{1,15})(?:\.(?P<part>\d{1,6}))?(?:万元?)?", re.ASCII)
PERCENT = re.compile(r"(?P<whole>\d{1,3})(?:\.(?P<part>\d{1,4}))?%?", re.ASCII)

NUMERALS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
LARGEST_CAPITALS_FEN = 10**18 - 1


class NumberReason(enum.StrEnum):
    """Why a typed number cannot be read."""

    EMPTY = "EMPTY"
    NOT_A_NUMBER = "NOT_A_NUMBER"


class AmountError(ValueError):
    """An amount of money that cannot be read; `sentence` is what the person is told."""

    SENTENCES = {
        NumberReason.EMPTY: "请写个大概的数，比如 5 万。",
        NumberReason.NOT_A_NUMBER: "这里只填数字，比如 5 或 5.5。",
    }

    def __init__(self, reason: NumberReason) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        return self.SENTENCES[self.reason]


class RateError(AmountError):
    """A rate in percent that cannot be read."""

    SENTENCES = {
        NumberReason.EMPTY: "请填年利率，比如 4.75。",
        NumberReason.NOT_A_NUMBER: "年利率只填数字，比如 4.75，最多四位小数。",
    }


def round_half_up(value: Fraction | Decimal | int) -> int:
    """To the nearest integer, halves away from zero (四舍五入): the only rounding of money."""
    exact = Fraction(value)
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return whole if exact >= 0 else -whole


def interest_fen(principal_fen: int, rate_ppm: int, days: int, basis: int = 360) -> int:
    """Simple interest of whole days at a yearly rate, rounded once (first day counts, last not)."""
    return round_half_up(Fraction(principal_fen * rate_ppm * days, PPM * basis))


def yuan_text(fen: int, *, drop_zero_fen: bool = False) -> str:
    """102,388.19 元; with `drop_zero_fen` a whole amount stands without .00: 500 元."""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    sign = "-" if fen < 0 else ""
    if drop_zero_fen and rest == 0:
        return f"{sign}{yuan:,} 元"
    return f"{sign}{yuan:,}.{rest:02d} 元"


def wan_text(fen: int, *, places: int | None = None) -> str:
    """10 万, 5.5 万, 0.8 万: exact, or rounded half up to so many decimals for sums of many."""
    scaled = Fraction(fen, FEN_PER_WAN)
    places = 6 if places is None else places
    return f"{_trimmed(round_half_up(scaled * 10**places), places)} 万"


def _trimmed(scaled: int, places: int) -> str:
    whole, part = divmod(abs(scaled), 10**places)
    text = f"{whole:,}.{part:0{places}d}".rstrip("0").rstrip(".") if places else f"{whole:,}"
    return f"-{text}" if scaled < 0 else text


def parse_wan(text: str) -> int:
    """Fen from what a person typed in 万元 ("5.5", "５", "10 万"); raises AmountError.

    At most six decimals (one fen). Limits of size are the caller's rule.
    """
    return _scaled(text, WAN, 6, AmountError)


def parse_percent(text: str) -> int:
    """ppm from a yearly rate typed in percent ("4.75", "4.75%"); raises RateError."""
    return _scaled(text, PERCENT, 4, RateError)


def _scaled(text: str, pattern: re.Pattern[str], places: int, error: type[AmountError]) -> int:
    plain = text.strip().translate(FULL_WIDTH)
    if not plain:
        raise error(NumberReason.EMPTY)
    match = pattern.fullmatch(plain)
    if match is None:
        raise error(NumberReason.NOT_A_NUMBER)
    return int(match["whole"] + (match["part"] or "").ljust(places, "0"))


def rate_text(rate_ppm: int) -> str:
    """4.75%: two decimals, half up."""
    hundredths = round_half_up(Fraction(rate_ppm, 100))
    whole, part = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{part:02d}%"


def per_ten_thousand_text(rate_ppm: int) -> str:
    """What 10,000 yuan cost in interest for a year: 475 元."""
    return yuan_text(rate_ppm, drop_zero_fen=True)


def rmb_capitals(fen: int) -> str:
    """Amount in capitals for cheques and contracts (支付结算办法附一): 壹拾万元整.

    整 closes whole yuan; 零 stands for skipped places, also between 元 and 角 when the unit of
    yuan is zero, and before 分 when 角 is. Refuses amounts of 10^16 yuan and more.
    """
    if abs(fen) > LARGEST_CAPITALS_FEN:
        raise ValueError("too large for capitals")
    if fen < 0:
        return "负" + rmb_capitals(-fen)
    yuan, rest = divmod(fen, FEN_PER_YUAN)
    jiao, cent = divmod(rest, 10)
    whole = f"{_integer_capitals(yuan)}元" if yuan or not rest else ""
    if not rest:
        return whole + "整"
    if whole and (yuan % 10 == 0 or not jiao):
        whole += "零"
    return whole + (f"{NUMERALS[jiao]}角" if jiao else "") + (f"{NUMERALS[cent]}分" if cent else "")


def _integer_capitals(number: int) -> str:
    """Four digits at a time, 万 within 亿; one 零 for any run of skipped places inside."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            text = _integer_capitals(high) + unit
            if not low:
                return text
            return text + (NUMERALS[0] if low < size // 10 else "") + _integer_capitals(low)
    return _section_capitals(number) or NUMERALS[0]


def _section_capitals(section: int) -> str:
    text = ""
    for power in range(3, -1, -1):
        digit = section // 10**power % 10
        if digit:
            text += NUMERALS[digit] + PLACES[power]
        elif text and not text.endswith(NUMERALS[0]):
            text += NUMERALS[0]
    return text.rstrip(NUMERALS[0])
