"""What people type on the desks becomes fen, ppm and instants, or a sentence."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError

from puhui.desks.shared import typed
from puhui.kernel.clock import SHANGHAI


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (typed.Wan("钱"), "10", 10_000_000),
        (typed.Wan("钱"), "5.5 万", 5_500_000),
        (typed.Wan("钱"), "１０", 10_000_000),
        (typed.Percent("率"), "4.75", 47_500),
        (typed.Percent("率"), "4.75%", 47_500),
        (typed.Whole("数", 1, 9), "9", 9),
        (typed.Moment("时"), "2026-11-26T10:00", datetime(2026, 11, 26, 10, tzinfo=SHANGHAI)),
        (typed.Moment("时"), "2026-11-26 10:00", datetime(2026, 11, 26, 10, tzinfo=SHANGHAI)),
        (typed.Words("话", 9), "  好  ", "好"),
        (
            typed.Fees("费"),
            "担保费 500\n评估费 1,200元\n",
            (("担保费", 50_000), ("评估费", 120_000)),
        ),
        (typed.Fees("费"), "", ()),
    ],
)
def test_what_is_typed_is_read(field: typed.Typed, text: str, value: object) -> None:
    assert field.clean(text) == value


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        (typed.Wan("钱"), "", "这一格要填。"),
        (typed.Wan("钱", empty="请填放了多少。"), " ", "请填放了多少。"),
        (typed.Wan("钱"), "十万", "这里只填数字，比如 5 或 5.5。"),
        (typed.Percent("率"), "4.75123", "年利率只填数字，比如 4.75，最多四位小数。"),
        (typed.Whole("数", 1, 9), "10", "请填 1 到 9 之间的整数。"),
        (typed.Whole("数", 1, 9), "٣", "请填 1 到 9 之间的整数。"),
        (typed.Moment("时"), "2026-13-01T10:00", "日期和时间要写成 2026-11-26 10:00 这样。"),
        (typed.Moment("时"), "明天", "日期和时间要写成 2026-11-26 10:00 这样。"),
        (typed.Words("话", 2), "三个字", "最多写 2 个字，您写了 3 个。"),
        (typed.Fees("费"), "500", "一行写一样费用：名称、空格、多少元，比如“担保费 500”。"),
        (typed.Fees("费"), "担保费 -5", "一行写一样费用：名称、空格、多少元，比如“担保费 500”。"),
        (typed.Pick("选", [("a", "甲")]), "b", "请从给出的里面选。"),
        (typed.Pick("选", [("a", "甲")], empty="请选。"), "", "请选。"),
    ],
)
def test_what_cannot_be_read_is_told(field: typed.Typed, text: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as told:
        field.clean(text)
    assert told.value.messages == [sentence]


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (typed.Wan("钱"), 5_500_000, "5.5"),
        (typed.Wan("钱"), 12_345_678_900, "12345.6789"),
        (typed.Percent("率"), 47_500, "4.75"),
        (typed.Percent("率"), 40_000, "4.00"),
        (typed.Percent("率"), 47_512, "4.7512"),
        (typed.Moment("时"), datetime(2026, 11, 26, 10, tzinfo=SHANGHAI), "2026-11-26T10:00"),
        (typed.Fees("费"), (("担保费", 50_000),), "担保费 500"),
        (typed.Wan("钱"), "十万", "十万"),
    ],
)
def test_a_value_is_shown_as_it_would_be_typed(
    field: typed.Typed, value: object, text: str
) -> None:
    assert field.prepare_value(value) == text
    if value != text:
        assert field.clean(text) == value
