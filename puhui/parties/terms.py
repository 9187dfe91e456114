"""Nouns of parties: places, organisations, staff and residents as others see them; refusals."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from puhui.kernel.command import Reason
from puhui.parties.rules.names import mask_name, surname
from puhui.sheets.terms import ImportReport, RowError

__all__ = [
    "PEOPLE_PER_PHONE",
    "Applicant",
    "BankCard",
    "BranchCard",
    "Channel",
    "CountyCard",
    "DivisionCard",
    "DutyForm",
    "ImportReport",
    "OrganisationCard",
    "OrganisationForm",
    "PersonOnPhone",
    "Refusals",
    "Registered",
    "Registration",
    "RollEntry",
    "RowError",
    "Shift",
    "StaffCard",
    "StaffLine",
    "mask_name",
    "surname",
]

PEOPLE_PER_PHONE = 5
"""One phone serves one family (content.md K9)."""


class Channel(enum.StrEnum):
    """How a resident came to be registered."""

    PAGE = "page"
    REST = "rest"
    SMS = "sms"
    COMMISSIONER = "commissioner"
    HOTLINE = "hotline"
    PAPER = "paper"
    IMPORT = "import"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Registration:
    """What a resident gives of themselves, as typed. `village_code` of a township says "another
    village", which `village_text` then names."""

    name: str = field(repr=False)
    identity_number: str = field(repr=False)
    phone: str = field(repr=False)
    village_code: str
    village_text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RollEntry:
    """A line of the population roll, as the county's table has it."""

    identity_number: str = field(repr=False)
    village_code: str
    lives_here: bool


@dataclass(frozen=True, slots=True)
class Applicant:
    """A resident as contexts above need one. Holds personal data: for one page, never for a log."""

    id: UUID
    ref: str
    name: str = field(repr=False)
    name_masked: str = field(repr=False)
    phone: str = field(repr=False)
    village_code: str
    village_name: str = field(repr=False)
    township_code: str
    township_name: str
    born_on: date = field(repr=False)
    is_frozen: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """That somebody is registered, and since when: what a bulk action needs of a person."""

    id: UUID
    village_code: str
    township_code: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class PersonOnPhone:
    """One of the people who share a phone, to be picked (content.md §1.11)."""

    seat: int
    ref: str
    name_masked: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StaffCard:
    """A member of staff in a duty. `ref` is the staff number; residents see surname and number."""

    id: UUID
    ref: str
    name_masked: str = field(repr=False)
    phone: str = field(repr=False)
    organisation_ref: str
    role: str
    surname: str = field(default="", repr=False)
    organisation: UUID | None = None
    duty: UUID | None = None
    area_code: str = ""
    seconded_from_ref: str = ""


@dataclass(frozen=True, slots=True)
class StaffPhone:
    """A member of staff as somebody to be told something."""

    id: UUID
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BankCard:
    """A bank of the county. `sms_name` has at most six characters."""

    id: UUID
    ref: str
    name: str
    sms_name: str
    duty_phone: str
    type_name: str


@dataclass(frozen=True, slots=True)
class BranchCard:
    """An outlet of a bank, as everybody may see it."""

    id: UUID
    bank_ref: str
    bank_name: str
    name: str
    township_code: str
    township: str
    address: str
    phone: str
    opening_hours: str


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """An organisation whose people act here."""

    id: UUID
    ref: str
    kind: str
    name: str
    sms_name: str
    township_code: str
    has_interface: bool
    is_active: bool


@dataclass(frozen=True, slots=True)
class DivisionCard:
    """A township, a unit of that level, a village or a natural village."""

    code: str
    name: str
    short_name: str
    kind: str
    parent_code: str
    township_code: str
    pinyin: str


@dataclass(frozen=True, slots=True)
class CountyCard:
    """The county that this installation serves, or plays. Money in fen."""

    name: str
    short_name: str
    hotline: str
    sms_signature: str
    largest_amount_fen: int
    five_one_three: str
    is_demo: bool = False
    banks: int = 0
    """How many banks take part today."""


@dataclass(frozen=True, slots=True)
class DutyForm:
    """A duty to be given: the role, its township or village, and for a deputy the bank of origin."""

    role: str
    area_code: str = ""
    seconded_from_ref: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationForm:
    """What the county says of an organisation, as typed."""

    name: str
    sms_name: str = ""
    type_name: str = ""
    duty_phone: str = ""
    township_code: str = ""
    has_interface: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One person in one duty, as a list of staff has it. Places and organisations by code,
    reference or name; `leaves`: the duty ends, and with the last one the service."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    organisation: str
    role: str
    ref: str = ""
    township: str = ""
    village: str = ""
    seconded_from: str = ""
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """One turn of duty of one member of staff; instants with a zone."""

    staff_ref: str
    starts_at: datetime
    ends_at: datetime


class Refusals:
    """Why an action of parties is refused (content.md §1.5); sentences are the person's."""

    NAME_BAD = Reason("name_bad", "请填身份证上的名字。", 422, "name")
    NAME_SHORT = Reason(
        "name_too_short", "请至少写名字里连着的两个字，或全名的拼音首字母，像 ljm。", 422, "name"
    )
    IDENTITY_LENGTH = Reason(
        "identity_number_length",
        "身份证号是 18 位，您填了 {n} 位，看看是不是漏了。",
        422,
        "identity_number",
    )
    IDENTITY_WRONG = Reason(
        "identity_number_wrong",
        "这个身份证号对不上，多半是哪一位按错了，请对着身份证再看一遍。",
        422,
        "identity_number",
    )
    UNDER_AGE = Reason(
        "under_age", "要年满 18 岁才能提。可以请家里大人来提。", 422, "identity_number"
    )
    IDENTITY_TAKEN = Reason(
        "identity_number_taken",
        "这个身份证号已在另一个手机号上登记过。请用那个手机号办，或打县热线。",
        409,
        "identity_number",
    )
    IDENTITY_TWICE = Reason(
        "identity_number_twice", "这个身份证号在表里出现了两次。", 422, "identity_number"
    )
    PHONE_LENGTH = Reason("phone_length", "手机号是 11 位，您填了 {n} 位。", 422, "phone")
    PHONE_WRONG = Reason("phone_wrong", "手机号是 1 开头的 11 位数字，请再看一遍。", 422, "phone")
    PHONE_FULL = Reason(
        "phone_full", "这个手机号已经给 5 个人用了。请换一个，或请村金融专员帮您。", 409, "phone"
    )
    PHONE_NOT_YOURS = Reason(
        "phone_not_verified",
        "请用刚才收到验证码的手机号登记；要换号，先用新号收一次验证码。",
        422,
        "phone",
    )
    PHONE_OF_HELPER = Reason(
        "phone_of_helper", "这是您自己的号码，不能用来替别人确认。", 422, "phone"
    )
    PHONE_OF_STAFF = Reason(
        "phone_of_staff", "这是工作人员的号码，不能用来替别人确认。", 422, "phone"
    )
    NOT_IN_PERSON = Reason("not_in_person", "要本人带身份证当面来，才能解冻。", 422, "in_person")
    NOBODY_FROZEN = Reason(
        "nobody_frozen", "没有用这个身份证号停过的需求，请再看一遍。", 422, "identity_number"
    )
    UNFREEZE_WAITS = Reason("unfreeze_waits", "已经有人替他登记了，等第二个人核对。")
    SECOND_PERSON = Reason("second_person_needed", "这件事要两个人，您登记的要请别人核对。")
    TOWNSHIP_EMPTY = Reason("township_empty", "请选您住的乡镇。", 422, "township")
    VILLAGE_EMPTY = Reason(
        "village_empty", "请选您住的村。找不到就选“别的”，写上村名。", 422, "village"
    )
    VILLAGE_TEXT_LONG = Reason("village_text_long", "村名最多写 30 个字。", 422, "village")
    VILLAGE_NOT_YOURS = Reason("village_not_yours", "您只能帮自己村的人登记。", 422, "village")

    DIVISIONS_MISSING = Reason("divisions_missing", "还没有乡镇和村，请先导入区划表。")
    DIVISION_UNKNOWN = Reason("division_unknown", "没有这个编码的乡镇或村。", 422, "area")
    VILLAGE_TWICE = Reason(
        "village_twice",
        "第 {row} 行的村在第 {first} 行已经有了，一个村只有一家包村银行。",
        422,
        "area",
    )
    DIVISION_NAME = Reason("division_name_bad", "名称要有 1 到 40 个字。", 422, "name")
    DIVISION_CODE = Reason(
        "division_code_bad", "编码要像 371525U01：县的 6 位、U、两位序号。", 422, "code"
    )
    DIVISION_NAME_TAKEN = Reason(
        "division_name_taken", "同一个地方已经有叫这个名的了。", 409, "name"
    )
    DIVISION_CLOSED = Reason("division_closed", "这个地方已经停用了。")
    PLACES_REMAIN = Reason("places_remain", "下面还有 {n} 个地方在用，先停用它们。")
    DUTIES_REMAIN = Reason("duties_remain", "还有 {n} 个人的职责在这里，先结束或改到别处。")
    DIVISION_TAKEN = Reason("division_code_taken", "这个编码已经给了另一个单位。", 409, "code")
    PARENT_BAD = Reason(
        "parent_not_a_village", "自然村要挂在行政村下面，没有这个编码的行政村。", 422, "parent"
    )

    COUNTY_NAME = Reason(
        "county_name_bad", "请填县名（最多 20 个字）和简称（最多 4 个字）。", 422, "name"
    )
    HOTLINE_BAD = Reason("hotline_bad", "热线最多 12 位，只有数字和短横。", 422, "hotline")
    SIGNATURE_BAD = Reason(
        "sms_signature_bad", "短信签名连括号最多 8 个字，像【某县普惠】。", 422, "sms_signature"
    )
    LARGEST_BAD = Reason(
        "largest_amount_bad",
        "一次最多能提的数要在 1 万元到 10 亿元之间。",
        422,
        "largest_amount_fen",
    )
    FIVE_ONE_THREE = Reason(
        "five_one_three_long", "“513”的说明最多写 200 个字。", 422, "five_one_three"
    )

    ORGANISATION_KIND = Reason(
        "organisation_kind_unknown", "单位类型要是：银行、乡镇、县、村。", 422, "kind"
    )
    ORGANISATION_NAME = Reason("organisation_name_bad", "单位名称要有 2 到 40 个字。", 422, "name")
    ORGANISATION_TAKEN = Reason("organisation_taken", "已经有同名或同编号的单位。", 409, "name")
    ORGANISATION_REF = Reason(
        "organisation_ref_bad", "编号用 2 到 16 位大写字母、数字或短横。", 422, "ref"
    )
    ORGANISATION_CLOSED = Reason("organisation_closed", "这个单位已经停用了。")
    STAFF_REMAIN = Reason(
        "staff_remain", "这个单位还有 {n} 个人在岗，先让他们离岗或换单位，再停用。"
    )
    ORGANISATION_UNKNOWN = Reason("organisation_unknown", "没有这个单位。", 422, "organisation")
    SMS_NAME = Reason("sms_name_bad", "短信用的简称最多 6 个字。", 422, "sms_name")
    DUTY_PHONE = Reason(
        "duty_phone_bad", "电话要是 3 到 20 位数字，可以有短横。", 422, "duty_phone"
    )
    TYPE_NAME = Reason("type_name_long", "类型最多写 40 个字。", 422, "type_name")
    BANK_UNKNOWN = Reason("bank_unknown", "没有这家银行。", 422, "organisation")
    NO_BANKER_HERE = Reason(
        "no_banker_here",
        "县里的职责管着所有银行，不能由银行派来的人担任；银行来挂职的人请安排到乡镇。",
        422,
        "seconded_from",
    )
    BRANCH_NAME = Reason("branch_name_bad", "网点名称要有 2 到 40 个字。", 422, "name")
    BRANCH_WORDS = Reason("branch_words_long", "地址和营业时间最多各写 100 个字。", 422, "address")
    BRANCH_TAKEN = Reason("branch_taken", "这家银行已经有同名的网点。", 409, "name")

    STAFF_NAME = Reason("staff_name_bad", "请填姓名，2 到 20 个汉字。", 422, "name")
    STAFF_REF = Reason("staff_ref_bad", "工号用 3 到 16 位大写字母、数字或短横。", 422, "ref")
    STAFF_TAKEN = Reason("staff_ref_taken", "这个工号已经有人用了。", 409, "ref")
    STAFF_UNKNOWN = Reason("staff_unknown", "没有这个工号的人。", 422, "staff")
    OWN_SERVICE = Reason("own_service", "不能让自己离岗，请另一位县管理员来办。")
    ROLE_BAD = Reason("role_bad", "这个单位的人不能担任这个职责。", 422, "role")
    AREA_MISSING = Reason("area_missing", "乡镇的职责要选乡镇，村里的职责要选村。", 422, "area")
    DUTY_TAKEN = Reason("duty_already_given", "这个人已经有这个职责了。", 409, "role")
    DUTY_ENDED = Reason("duty_ended", "这个职责已经结束了。")

    SHIFTS_EMPTY = Reason("shifts_empty", "请至少排一个班，或写明要清空哪一段时间。", 422, "shifts")
    SHIFT_STAFF = Reason("shift_staff_unknown", "这个单位没有这个工号的在岗人员。", 422, "staff")
    SHIFT_TIMES = Reason("shift_times_bad", "一个班要先开始后结束，最长 31 天。", 422, "ends_at")

    IMPORT_RACED = Reason("import_raced", "导入时正好有人在登记，什么都没有写入，请再导入一次。")
