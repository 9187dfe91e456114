"""Numbers that people and firms carry: check digits, never a list of divisions (codes retire).

Errors carry a reason and a sentence, never the number itself.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from datetime import date
from operator import mul

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
BLANKS = re.compile(r"[\s\u200b\ufeff]+")

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
ID_ZEROS = sum(ID_WEIGHTS) * ord("0")
ID_FORM = re.compile(r"[0-9]{17}[0-9X]")
EARLIEST_BIRTH_YEAR = 1850

ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")

VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_CHARACTERS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
VIN_WORTH = "012345678912345678123457923456789"
VIN_VALUES = dict(zip(VIN_CHARACTERS, map(int, VIN_WORTH), strict=True))


class IdentifierReason(enum.StrEnum):
    """Why a number cannot be the one it claims to be."""

    LENGTH = "LENGTH"
    CHARACTERS = "CHARACTERS"
    CHECK_DIGIT = "CHECK_DIGIT"
    BIRTH_DATE = "BIRTH_DATE"
    PREFIX = "PREFIX"


class IdentifierError(ValueError):
    """`reason`, the number of places typed (`n`), and the sentence for the person."""

    LENGTH_SENTENCE = ""
    SENTENCE = ""

    def __init__(self, reason: IdentifierReason, n: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.n = n

    @property
    def sentence(self) -> str:
        if self.reason is IdentifierReason.LENGTH:
            return self.LENGTH_SENTENCE.format(n=self.n)
        return self.SENTENCE


class IdentityNumberError(IdentifierError):
    LENGTH_SENTENCE = "身份证号是 18 位，您填了 {n} 位，看看是不是漏了。"
    SENTENCE = "这个身份证号对不上，多半是哪一位按错了，请对着身份证再看一遍。"


class CreditCodeError(IdentifierError):
    LENGTH_SENTENCE = "统一社会信用代码是 18 位，您填了 {n} 位，看看是不是漏了。"
    SENTENCE = "这个统一社会信用代码对不上，请对着执照再看一遍。"


class VinError(IdentifierError):
    LENGTH_SENTENCE = "车架号是 17 位，您填了 {n} 位，看看是不是漏了。"
    SENTENCE = "这个车架号对不上，请对着行驶证再看一遍。"


class MobileNumberError(IdentifierError):
    LENGTH_SENTENCE = "手机号是 11 位，您填了 {n} 位。"
    SENTENCE = "手机号是 1 开头的 11 位数字，请再看一遍。"


class Sex(enum.StrEnum):
    FEMALE = "F"
    MALE = "M"


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A citizen's number (GB 11643-1999), 18 places, capital X; hidden from repr."""

    full: str = field(repr=False)
    born_on: date = field(repr=False)
    sex: Sex = field(repr=False)


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A unified social credit code (GB 32100-2015): its registrar and kind are two letters."""

    full: str

    @property
    def registrar_and_kind(self) -> str:
        return self.full[:2]

    @property
    def kind_text(self) -> str:
        """企业, 农民专业合作社 …; empty for a kind not in the table, which refuses nothing."""
        return CREDIT_CODE_KINDS.get(self.registrar_and_kind, "")


CREDIT_CODE_KINDS = {
    "54": "基层群众性自治组织",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "N1": "组级农村集体经济组织",
    "N2": "村级农村集体经济组织",
    "N3": "乡镇级农村集体经济组织",
}


def _plain(text: str) -> str:
    return BLANKS.sub("", text).translate(FULL_WIDTH).upper()


def identity_number(text: str) -> IdentityNumber:
    """Read a typed identity number; blanks, full-width digits and a small x are mended.

    Raises IdentityNumberError: LENGTH with n, CHARACTERS, CHECK_DIGIT, BIRTH_DATE. A division code
    that today's table does not know is accepted.
    """
    full = _plain(text)
    if len(full) != 18:
        raise IdentityNumberError(IdentifierReason.LENGTH, len(full))
    if not ID_FORM.fullmatch(full):
        raise IdentityNumberError(IdentifierReason.CHARACTERS, len(full))
    if identity_check_digit(full[:17]) != full[17]:
        raise IdentityNumberError(IdentifierReason.CHECK_DIGIT, len(full))
    return IdentityNumber(full, _born_on(full), Sex.MALE if int(full[16]) % 2 else Sex.FEMALE)


def identity_check_digit(first17: str) -> str:
    """The eighteenth place (GB 11643-1999: weights modulo 11)."""
    total = sum(map(mul, first17.encode(), ID_WEIGHTS)) - ID_ZEROS  # many times in an import
    return ID_CHECKS[total % 11]


def _born_on(full: str) -> date:
    try:
        born_on = date(int(full[6:10]), int(full[10:12]), int(full[12:14]))
    except ValueError:
        raise IdentityNumberError(IdentifierReason.BIRTH_DATE, len(full)) from None
    if born_on.year < EARLIEST_BIRTH_YEAR:
        raise IdentityNumberError(IdentifierReason.BIRTH_DATE, len(full))
    return born_on


def from_15_places(text: str) -> IdentityNumber:
    """The 18-place form of a first-generation number, whose years are 19xx."""
    old = _plain(text)
    if len(old) != 15:
        raise IdentityNumberError(IdentifierReason.LENGTH, len(old))
    if not (old.isascii() and old.isdigit()):
        raise IdentityNumberError(IdentifierReason.CHARACTERS, len(old))
    first17 = f"{old[:6]}19{old[6:]}"
    return identity_number(first17 + identity_check_digit(first17))


def credit_code(text: str) -> CreditCode:
    """Read a typed credit code, N-type codes of collectives included.

    Raises CreditCodeError: LENGTH with n, CHARACTERS, CHECK_DIGIT. The organisation code inside is
    not judged by its own check digit: only the code as a whole is.
    """
    full = _plain(text).replace("-", "")
    if len(full) != 18:
        raise CreditCodeError(IdentifierReason.LENGTH, len(full))
    if not CREDIT_FORM.fullmatch(full):
        raise CreditCodeError(IdentifierReason.CHARACTERS, len(full))
    if credit_check_digit(full[:17]) != full[17]:
        raise CreditCodeError(IdentifierReason.CHECK_DIGIT, len(full))
    return CreditCode(full)


def credit_check_digit(first17: str) -> str:
    """The eighteenth place (GB 32100-2015): weights 3^i modulo 31, base 31 without I O Z S V."""
    total = sum(CREDIT_DIGITS.index(digit) * pow(3, i, 31) for i, digit in enumerate(first17))
    return CREDIT_DIGITS[-total % 31]


def organisation_check_digit(first8: str) -> str:
    """The ninth place of an organisation code (GB 11714-1997)."""
    pairs = zip(first8, ORGANISATION_WEIGHTS, strict=True)
    total = sum(ORGANISATION_DIGITS.index(digit) * weight for digit, weight in pairs)
    return "0123456789X0"[11 - total % 11]


def credit_code_of(prefix8: str, organisation8: str) -> CreditCode:
    """Compose a valid code: registrar, kind and division, then an organisation's eight places."""
    first17 = prefix8 + organisation8 + organisation_check_digit(organisation8)
    return credit_code(first17 + credit_check_digit(first17))


def vin(text: str) -> str:
    """Read a vehicle identification number (GB 16735-2019), its ninth place the check digit.

    Raises VinError: LENGTH with n, CHARACTERS (I, O, Q and others), CHECK_DIGIT.
    """
    full = _plain(text)
    if len(full) != 17:
        raise VinError(IdentifierReason.LENGTH, len(full))
    if any(character not in VIN_VALUES for character in full):
        raise VinError(IdentifierReason.CHARACTERS, len(full))
    total = sum(VIN_VALUES[digit] * weight for digit, weight in zip(full, VIN_WEIGHTS, strict=True))
    if full[8] != "0123456789X"[total % 11]:
        raise VinError(IdentifierReason.CHECK_DIGIT, len(full))
    return full


def mobile_number(text: str) -> str:
    """Eleven digits that begin with 1; blanks, hyphens and +86 fall away.

    Raises MobileNumberError: LENGTH with n, CHARACTERS, PREFIX. Number segments are not judged:
    they are allotted anew every year.
    """
    number = re.sub(r"^(\+|00)86", "", _plain(text).replace("-", ""))
    if len(number) != 11:
        raise MobileNumberError(IdentifierReason.LENGTH, len(number))
    if not (number.isascii() and number.isdigit()):
        raise MobileNumberError(IdentifierReason.CHARACTERS, len(number))
    if number[0] != "1":
        raise MobileNumberError(IdentifierReason.PREFIX, len(number))
    return number


ADULT_AGE = 18
AGE_BANDS = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64))
UNDER_AGE = "不满 18"
OLDEST_BAND = "65+"


def age_on(born_on: date, on: date) -> int:
    """Full years, reached on the birthday itself; born 29 February: on 1 March of common years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def is_adult(born_on: date, on: date) -> bool:
    """Eighteen full years, the birthday included (民法典 17, 1259)."""
    return age_on(born_on, on) >= ADULT_AGE


def age_band(born_on: date, on: date) -> str:
    """What a bank sees before it claims: 18–24, 25–34, 35–44, 45–54, 55–64, 65+."""
    age = age_on(born_on, on)
    if age < ADULT_AGE:
        return UNDER_AGE
    for first, last in AGE_BANDS:
        if age <= last:
            return f"{first}–{last}"
    return OLDEST_BAND
