"""Identity numbers, credit codes, vehicle and mobile numbers, ages. All numbers are synthetic."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from puhui.parties import identifiers as ids
from puhui.parties.identifiers import IdentifierReason

TESTS = Path(__file__).parents[1]
CASES = json.loads((TESTS / "cases/identifiers.json").read_text())["cases"]
AGES = json.loads((TESTS / "cases/misc.json").read_text())["cases"]
EXAMPLE = "11010519491231002X"


def cases(prefix: str, key: str) -> list[dict[str, dict[str, str]]]:
    return [case for case in CASES if case["id"].startswith(prefix) and key in case["input"]]


@pytest.mark.parametrize("case", cases("ID-", "first17"), ids=lambda case: case["id"])
def test_identity_numbers_of_the_cases(case: dict[str, dict[str, str]]) -> None:
    first17, expected = case["input"]["first17"], case["expected"]
    number = ids.identity_number(first17 + ids.identity_check_digit(first17))
    assert number.full == expected["full"]
    assert number.born_on == date.fromisoformat(expected["birth"])
    assert number.sex == expected["sex"]


@pytest.mark.parametrize("case", cases("ID-", "id"), ids=lambda case: case["id"])
def test_identity_numbers_judged(case: dict[str, dict[str, str]]) -> None:
    expected = case["expected"]
    if expected["valid"]:
        assert ids.identity_number(case["input"]["id"]).full == expected["normalised"]
        return
    with pytest.raises(ids.IdentityNumberError) as caught:
        ids.identity_number(case["input"]["id"])
    assert caught.value.reason == expected["reason"]


@pytest.mark.parametrize("case", cases("ID-", "id15"), ids=lambda case: case["id"])
def test_an_old_number_gets_its_eighteen_places(case: dict[str, dict[str, str]]) -> None:
    assert ids.from_15_places(case["input"]["id15"]).full == case["expected"]["id18"]


def test_an_old_number_is_judged_too() -> None:
    for text, reason in (
        ("11010549123100", IdentifierReason.LENGTH),
        ("11010549123100X", IdentifierReason.CHARACTERS),
        ("110105491331002", IdentifierReason.BIRTH_DATE),
    ):
        with pytest.raises(ids.IdentityNumberError) as caught:
            ids.from_15_places(text)
        assert caught.value.reason is reason


@pytest.mark.parametrize(
    "typed",
    [
        "110105 1949 1231 002x",
        " 11010519491231002X\n",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５\u3000１９４９１２３１\u3000００２ｘ",
        "\ufeff110105\u200b19491231002X",
    ],
)
def test_what_people_type_is_mended(typed: str) -> None:
    assert ids.identity_number(typed).full == EXAMPLE


@pytest.mark.parametrize("typed", ["", "1", EXAMPLE[:-1], EXAMPLE + "0", "110105491231002"])
def test_a_number_too_short_or_long_says_how_many(typed: str) -> None:
    with pytest.raises(ids.IdentityNumberError) as caught:
        ids.identity_number(typed)
    assert (caught.value.reason, caught.value.n) == (IdentifierReason.LENGTH, len(typed))
    n = len(typed)
    assert caught.value.sentence == f"身份证号是 18 位，您填了 {n} 位，看看是不是漏了。"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("110105194912310021", IdentifierReason.CHECK_DIGIT),
        ("1101051949123100AX", IdentifierReason.CHARACTERS),
        ("X1010519491231002X", IdentifierReason.CHARACTERS),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", IdentifierReason.CHARACTERS),
        ("①1010519491231002X", IdentifierReason.CHARACTERS),
    ],
)
def test_a_wrong_number_is_told_in_one_sentence(typed: str, reason: IdentifierReason) -> None:
    with pytest.raises(ids.IdentityNumberError) as caught:
        ids.identity_number(typed)
    assert caught.value.reason is reason
    expected = "这个身份证号对不上，多半是哪一位按错了，请对着身份证再看一遍。"
    assert caught.value.sentence == expected


def test_a_birth_date_before_anyone_alive_is_refused() -> None:
    first17 = "37152502030315001"
    with pytest.raises(ids.IdentityNumberError) as caught:
        ids.identity_number(first17 + ids.identity_check_digit(first17))
    assert caught.value.reason is IdentifierReason.BIRTH_DATE


def test_g2_numbers_stay_out_of_errors_and_representations() -> None:
    number = ids.identity_number(EXAMPLE)
    assert "1949" not in repr(number)
    with pytest.raises(ids.IdentityNumberError) as caught:
        ids.identity_number("371525190503150018")
    assert "1905" not in f"{caught.value!r}{caught.value}{caught.value.__cause__}"
    with pytest.raises(ids.IdentityNumberError) as caught:
        ids.identity_number("37152519050229001X")
    assert "1905" not in f"{caught.value!r}{caught.value}{caught.value.__cause__}"


BIRTHDAYS = st.dates(date(1904, 1, 1), date(1905, 12, 31))


@settings(deadline=None)
@given(BIRTHDAYS, st.integers(0, 999))
def test_any_division_is_accepted_and_check_digits_agree_with_a_library(
    born_on: date, order: int
) -> None:
    first17 = f"999999{born_on:%Y%m%d}{order:03d}"
    number = ids.identity_number(first17 + ids.identity_check_digit(first17))
    assert number.born_on == born_on
    assert (number.sex == "M") == bool(order % 2)
    assert ric.calc_check_digit(number.full) == number.full[-1]


@settings(deadline=None)
@given(BIRTHDAYS, st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(born_on: date, order: int, at: int, by: int) -> None:
    first17 = f"371525{born_on:%Y%m%d}{order:03d}"
    full = first17 + ids.identity_check_digit(first17)
    digit = "0" if full[at] == "X" else str((int(full[at]) + by) % 10)
    with pytest.raises(ids.IdentityNumberError):
        ids.identity_number(full[:at] + digit + full[at + 1 :])


@pytest.mark.parametrize("case", cases("USCC-", "prefix8"), ids=lambda case: case["id"])
def test_credit_codes_of_the_cases(case: dict[str, dict[str, str]]) -> None:
    code = ids.credit_code_of(case["input"]["prefix8"], case["input"]["org8"])
    assert code.full == case["expected"]["uscc"]
    assert ids.credit_code(code.full.lower()) == code
    kind = case["expected"]["category"].split(" (")[0]
    assert f"{code.registrar_and_kind} {code.kind_text}" == kind
    assert uscc.is_valid(code.full) is (code.full[0] != "N")


def test_a_published_credit_code() -> None:
    assert ids.credit_code("91350100M000100Y43").kind_text == "企业"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("91371525MA0000015", IdentifierReason.LENGTH),
        ("91371525MA0000015N", IdentifierReason.CHECK_DIGIT),
        ("91371525MA000001SM", IdentifierReason.CHARACTERS),
        ("9137152XMA0000015M", IdentifierReason.CHARACTERS),
    ],
)
def test_wrong_credit_codes(typed: str, reason: IdentifierReason) -> None:
    with pytest.raises(ids.CreditCodeError) as caught:
        ids.credit_code(typed)
    assert caught.value.reason is reason
    assert "信用代码" in caught.value.sentence


@settings(deadline=None)
@given(
    st.sampled_from(["91", "92", "93", "54", "12", "11"]),
    st.text(ids.CREDIT_DIGITS, min_size=8, max_size=8),
)
def test_credit_codes_agree_with_a_library(kind: str, organisation: str) -> None:
    assert uscc.is_valid(ids.credit_code_of(f"{kind}371525", organisation).full)


@pytest.mark.parametrize("case", cases("VIN-", "vin"), ids=lambda case: case["id"])
def test_vehicle_numbers_of_the_cases(case: dict[str, dict[str, str]]) -> None:
    typed = case["input"]["vin"]
    if case["expected"]["valid"]:
        assert ids.vin(typed.lower()) == typed
        return
    with pytest.raises(ids.VinError) as caught:
        ids.vin(typed)
    assert caught.value.reason is IdentifierReason.CHECK_DIGIT


def test_wrong_vehicle_numbers() -> None:
    for typed, reason in (
        ("1M8GDM9AXKP04278", IdentifierReason.LENGTH),
        ("1M8GDM9AXKPO42788", IdentifierReason.CHARACTERS),
    ):
        with pytest.raises(ids.VinError) as caught:
            ids.vin(typed)
        assert caught.value.reason is reason


@pytest.mark.parametrize(
    "typed",
    ["10012345678", "100 1234 5678", "１００１２３４５６７８", "100-1234-5678", "+86 10012345678"],
)
def test_mobile_numbers_are_mended(typed: str) -> None:
    assert ids.mobile_number(typed) == "10012345678"


@pytest.mark.parametrize(
    ("typed", "reason", "sentence"),
    [
        ("1001234567", IdentifierReason.LENGTH, "手机号是 11 位，您填了 10 位。"),
        ("", IdentifierReason.LENGTH, "手机号是 11 位，您填了 0 位。"),
        ("100123456789", IdentifierReason.LENGTH, "手机号是 11 位，您填了 12 位。"),
        ("20012345678", IdentifierReason.PREFIX, "手机号是 1 开头的 11 位数字，请再看一遍。"),
        ("1001234567a", IdentifierReason.CHARACTERS, "手机号是 1 开头的 11 位数字，请再看一遍。"),
    ],
)
def test_wrong_mobile_numbers(typed: str, reason: IdentifierReason, sentence: str) -> None:
    with pytest.raises(ids.MobileNumberError) as caught:
        ids.mobile_number(typed)
    assert (caught.value.reason, caught.value.sentence) == (reason, sentence)


def test_age_at_maturity() -> None:
    case = next(case for case in AGES if case["id"] == "MISC-002")
    born_on, matures_on = (date.fromisoformat(case["input"][key]) for key in ("birth", "maturity"))
    age = ids.age_on(born_on, matures_on)
    assert age == case["expected"]["age"]
    assert (age <= 65) is case["expected"]["allowed"]


def test_an_adult_on_the_birthday() -> None:
    case = next(case for case in AGES if case["id"] == "MISC-003")
    born_on = date.fromisoformat(case["input"]["birth"])
    days = [date.fromisoformat(day) for day in case["input"]["on"]]
    assert [ids.is_adult(born_on, day) for day in days] == case["expected"]["adult"]


def test_a_leap_day_birthday_comes_on_the_first_of_march() -> None:
    assert ids.age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert ids.age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (17, "不满 18"),
        (18, "18–24"),
        (24, "18–24"),
        (25, "25–34"),
        (34, "25–34"),
        (35, "35–44"),
        (45, "45–54"),
        (55, "55–64"),
        (64, "55–64"),
        (65, "65+"),
        (90, "65+"),
    ],
)
def test_age_bands(age: int, band: str) -> None:
    assert ids.age_band(date(2026 - age, 11, 22), date(2026, 11, 22)) == band
