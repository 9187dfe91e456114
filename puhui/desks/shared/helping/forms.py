"""The fields by which somebody of the staff fills in for a resident (content.md §1.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from puhui.desks.shared.typed import Pick, Picks, Typed, Wan, Words
from puhui.market.terms import (
    Answering,
    DemandForm,
    PhoneOf,
    Purpose,
    Relation,
    RepaymentWish,
    Security,
    Term,
)
from puhui.parties.terms import BankCard, DivisionCard, Registration

CALL_TIMES = (
    ("now", "现在就行"),
    ("noon", "中午 12 点到 1 点半"),
    ("evening", "傍晚 6 点到晚上 9 点半"),
    ("tomorrow_morning", "明天上午"),
)
PHONES = ((PhoneOf.OWN, "他自己的"), (PhoneOf.FAMILY, "家里人的"))
PAPER_PHONES = (*PHONES, (PhoneOf.OFFICE, "村委的"))
EVERYBODY = (("", "让大家都看到"),)


class Agreed(Typed):
    """One box to tick; unticked is said by the action, in its own words."""

    is_many = True
    is_wide = True
    optional = ""

    def __init__(self, label: str, words: str) -> None:
        widget = forms.CheckboxSelectMultiple(choices=[("1", words)])
        super().__init__(label, widget=widget, required=False)

    def to_python(self, value: Any) -> bool:
        return "1" in (value or [])


class PersonForm(forms.Form):
    """Who it is, and whose phone answers for them."""

    name = Words("姓名", 20, empty="请填身份证上的名字。")
    identity_number = Words("身份证号", 24, empty="请填身份证号。")
    village = Pick("住哪个村", (), listed=True, empty="请选他住的村。")
    phone_of = Pick("用什么手机收确认", PHONES, empty="请选群众用谁的手机收确认。")
    relation = Pick("是家里什么人的", [("", "——"), *Relation.choices], listed=True, required=False)
    phone = Words("手机号", 16, empty="请填手机号。")
    agreed = Agreed("不是他自己的手机", "我问过拿手机的人，愿意替他收短信、接电话")

    def __init__(
        self,
        data: Any = None,
        *,
        villages: Sequence[DivisionCard] = (),
        banks: Sequence[BankCard] = (),
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.fields["relation"].optional = "用家里人的才选"  # type: ignore[attr-defined]
        choices = [(one.code, one.short_name) for one in villages]
        self.fields["village"].choices = choices if len(choices) == 1 else [("", "选村"), *choices]  # type: ignore[attr-defined]
        if "directed_bank" in self.fields:
            named = [(one.ref, f"只找{one.name}") for one in banks]
            self.fields["directed_bank"].choices = [*EVERYBODY, *named]  # type: ignore[attr-defined]


class RequestForm(PersonForm):
    """The person, and what they want."""

    amount = Wan("想用多少钱", empty="请写个大概的数，比如 5 万。")
    purpose = Pick("用来干什么", Purpose.choices, empty="请选用来干什么。")
    purpose_words = Words("选了“别的”，写上是什么", 60, required=False)
    term = Pick("大概用多久", Term.choices, empty="请选大概用多久。")
    repayment_wish = Pick("打算怎么还", RepaymentWish.choices, empty="请选打算怎么还。")
    securities = Picks("手里有什么能作保", Security.choices, required=False)
    call_wish = Pick("什么时候方便接电话", CALL_TIMES, empty="请选什么时候方便接电话。")
    story = Words("想多说一句", 200, rows=2, required=False)
    directed_bank = Pick("给谁看", EVERYBODY, listed=True, required=False)


class SlipForm(RequestForm):
    """What stands on a signed slip."""

    field_order = ("slip", "signed", "holder")
    slip = Words("需求单编号", 12, empty="请填纸上印的编号。")
    signed = Agreed("本人签字", "单子上有本人签字（手印），勾了同意给银行看")
    holder = Words("纸单现在谁保管", 30, empty="请写纸单现在放在哪儿、谁保管。")
    phone_of = Pick("银行打谁的电话", PAPER_PHONES, empty="请选是谁的电话。")


def registration_of(typed: Mapping[str, Any]) -> Registration:
    return Registration(typed["name"], typed["identity_number"], typed["phone"], typed["village"])


def answering_of(typed: Mapping[str, Any]) -> Answering:
    is_own = typed["phone_of"] == PhoneOf.OWN
    return Answering(typed["phone_of"], "" if is_own else typed["relation"], bool(typed["agreed"]))


def demand_of(typed: Mapping[str, Any]) -> DemandForm:
    return DemandForm(
        amount_fen=typed["amount"],
        purpose=typed["purpose"],
        purpose_words=typed["purpose_words"] if typed["purpose"] == Purpose.OTHER else "",
        term=typed["term"],
        repayment_wish=typed["repayment_wish"],
        call_wish=typed["call_wish"],
        securities=tuple(typed["securities"]),
        story=typed["story"],
        directed_bank=typed["directed_bank"],
    )
