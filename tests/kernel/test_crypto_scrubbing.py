"""What `scrub` takes out of a text, and what it leaves."""

from __future__ import annotations

import pytest

from puhui.kernel.crypto import declared_fields, new_id, scrub
from puhui.kernel.crypto.recent import KEPT, recent, remember
from tests.kernel.sealed_models import Person


@pytest.mark.parametrize(
    "personal",
    [
        "371525199001011234",
        "37152519900101123X",
        "19912345678",
        "+86 19912345678",
        "6222021234567890123",
    ],
)
def test_g2_numbers_are_taken_out(personal: str) -> None:
    for text in (f"sent to {personal}", f"值“{personal}”错", f"[{personal}]", personal):
        assert personal not in scrub(text)
        assert personal[-6:] not in scrub(text)


def test_identifiers_amounts_and_times_stay() -> None:
    text = f"demand D202611050001 at 2026-11-05T09:30:00Z took {new_id()} 120000 fen, 3 rows"
    assert scrub(text) == text


def test_g2_what_stands_after_a_declared_name_is_taken_out() -> None:
    names = {one.name for one in declared_fields() if one.data_class != "C1"}
    assert {"name", "phone", "identity_number"} <= names
    for name in names:
        for text in (
            f"{name}=Xiaoer",
            f'{{"{name}": "Xiao \\" er"}}',
            f"{name}: 'Xiaoer'",
            f"({name}=Xiaoer)",
        ):
            assert "Xiao" not in scrub(text), text


def test_g2_values_sealed_or_opened_of_late_are_taken_out_wherever_they_stand() -> None:
    field = Person._meta.get_field("name")
    pk = new_id()
    sealed = field.seal(pk, "慕容测试")
    assert "慕容" not in scrub("ValueError: 慕容测试 is odd")
    for number in range(KEPT):
        remember(f"another value {number}")
    assert "慕容测试" in scrub("慕容测试")
    field.open(pk, sealed)
    assert "慕容" not in scrub("ValueError: 慕容测试 is odd")


def test_values_inside_a_json_cell_are_taken_out_and_short_words_stay() -> None:
    Person._meta.get_field("household").seal(
        new_id(), {"a": ["欧阳测试", {"b": "secretword"}], "c": "yes"}
    )
    assert scrub("欧阳测试 secretword yes") == "[…] […] yes"


def test_a_value_within_another_is_taken_out_after_it() -> None:
    remember("测试甲")
    remember("测试甲乙丙")
    assert scrub("测试甲乙丙") == "[…]"
    assert recent() == sorted(recent(), key=len, reverse=True)
