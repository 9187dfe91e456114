"""What the county's administrator types about organisations, people, places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from puhui.desks.county.forms import Tick
from puhui.desks.county.people.words import KINDS, ROLES
from puhui.desks.shared.spreadsheets import SheetFile
from puhui.desks.shared.typed import Pick, Wan, Whole, Words
from puhui.parties.subject_terms import SuccessionDocument

Options = Iterable[tuple[str, str]]


def number(label: str, most: int, **options: Any) -> Words:
    """A telephone or other number: the phone's keyboard for digits."""
    field = Words(label, most, **options)
    field.widget.attrs |= {"inputmode": "tel"}
    return field


class Organisation(forms.Form):
    """An organisation; its kind and number are given once."""

    kind = Pick("类型", [(value, words) for value, words in KINDS.items()])
    name = Words("名称", 40, empty="请填名称。")
    ref = Words("编号", 16, required=False, help_text="空着自动编号，比如 B12；以后不能改。")
    sms_name = Words("短信简称", 6, required=False, help_text="银行要填，最多 6 个字，发短信用。")
    type_name = Words("银行类型", 40, required=False, help_text="比如农商银行、村镇银行。")
    duty_phone = number("值班电话", 20, required=False)
    township_code = Pick("所在乡镇", (), listed=True, required=False)
    has_interface = Tick("接口", "走接口对接（REST）", required=False)
    position = Whole("排第几", 0, 9999, required=False, help_text="数小的排前。")

    def __init__(self, towns: Options, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["township_code"] = Pick(
            "所在乡镇", [("", "不在乡镇"), *towns], listed=True, required=False
        )
        if not is_new:
            del self.fields["kind"], self.fields["ref"]


class Branch(forms.Form):
    """An outlet of a bank."""

    name = Words("网点名称", 40, empty="请填网点名称。")
    township_code = Pick("乡镇", (), listed=True)
    address = Words("地址", 100, required=False)
    phone = number("电话", 20, required=False)
    opening_hours = Words("营业时间", 100, required=False, help_text="比如 8:30–17:00，周末休息。")

    def __init__(self, towns: Options, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["township_code"] = Pick(
            "乡镇", [("", "请选"), *towns], listed=True, empty="请选乡镇。"
        )


class Duty(forms.Form):
    """What somebody may act as, and where."""

    role = Pick("职责", [(str(role), words) for role, words in ROLES.items()], listed=True)
    township = Pick("乡镇", (), listed=True, required=False)
    village = Words(
        "村", 40, required=False, help_text="村级金融专员填：村名或编码；自然村写成“单庄/东头”。"
    )
    seconded_from = Pick("来自银行", (), listed=True, required=False)

    def __init__(self, towns: Options, banks: Options, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["township"] = Pick(
            "乡镇",
            [("", "不分乡镇"), *towns],
            listed=True,
            required=False,
            help_text="金融副镇长、村级金融专员要选。",
        )
        self.fields["seconded_from"] = Pick(
            "来自银行",
            [("", "不是银行派来的"), *banks],
            listed=True,
            required=False,
            help_text="从银行来挂职的副镇长要选：本行在谈的单子要回避。",
        )


class Person(forms.Form):
    """Somebody's name and phone."""

    name = Words("姓名", 20, empty="请填姓名。")
    phone = number("手机号", 20, empty="请填手机号。")


class NewPerson(Duty):
    """Somebody new, with the first duty."""

    field_order = ("organisation", "name", "phone", "ref", "role")
    organisation = Pick("单位", (), listed=True)
    name = Words("姓名", 20, empty="请填姓名。")
    phone = number("手机号", 20, empty="请填手机号。")
    ref = Words("工号", 16, required=False, help_text="空着自动编号；以后不能改。")
    has_account = Tick("账号", "现在就开账号，登录名用工号", required=False)

    def __init__(
        self, organisations: Options, towns: Options, banks: Options, *args: Any, **options: Any
    ) -> None:
        super().__init__(towns, banks, *args, **options)
        self.fields["organisation"] = Pick(
            "单位", [("", "请选"), *organisations], listed=True, empty="请选单位。"
        )
        self.order_fields(self.field_order)


class Login(forms.Form):
    login = Words(
        "登录名", 40, empty="请填登录名。", help_text="小写字母、数字、点、短横，3 到 40 位。"
    )


class Unit(forms.Form):
    """A unit of a township's level that the tables lack."""

    name = Words("名称", 40, empty="请填名称。", help_text="比如经济开发区。")
    code = Words("编码", 12, required=False, help_text="空着自动编，像 371525U01。")


class Name(forms.Form):
    name = Words("名称", 40, empty="请填名称。")


class VillageBank(forms.Form):
    """The bank responsible for a village."""

    bank = Pick("包村银行", (), listed=True)

    def __init__(self, banks: Options, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["bank"] = Pick("包村银行", [("", "请选"), *banks], listed=True)


class County(forms.Form):
    """Which county this is, and what it says of itself."""

    name = Words("县名", 20, empty="请填县名。")
    short_name = Words("简称", 4, empty="请填简称。", help_text="最多 4 个字，短信签名用。")
    hotline = number("县热线", 12, empty="请填县热线。")
    sms_signature = Words(
        "短信签名", 8, required=False, help_text="连括号最多 8 个字；空着用“【简称普惠】”。"
    )
    largest_amount = Wan("一次最多能提", empty="请填一次最多能提多少。")
    five_one_three = Words("“513”的说明", 200, rows=3, required=False)


class NewKey(forms.Form):
    organisation = Pick("给哪家银行", (), listed=True)

    def __init__(self, banks: Options, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"] = Pick(
            "给哪家银行", [("", "请选"), *banks], listed=True, empty="请选银行。"
        )


class Successor(forms.Form):
    """Who is the legal representative now, and by what document."""

    name = Words("新法定代表人的姓名", 30, empty="请填姓名。", help_text="跟身份证上一样。")
    phone = number(
        "他（她）的手机号", 20, empty="请填手机号。", help_text="要先用这个手机号登记过。"
    )
    document = Pick("凭哪一种证明", SuccessionDocument.choices, empty="请选凭哪一种证明。")
    document_number = Words(
        "证明编号", 60, empty="请照着证明填编号。", help_text="原件在您手里，编号一个字不差。"
    )


class Upload(forms.Form):
    """A list to send in."""

    file = SheetFile()


class Nothing(forms.Form):
    """A sheet that only asks whether."""
