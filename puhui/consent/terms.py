"""Nouns of consent: purposes, fields by name, what is shown, why something may not be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import TextChoices

from puhui.kernel.actor import Role
from puhui.kernel.command import Reason

AFTER_THE_END = timedelta(days=30)
"""How long a consent outlives the matter that it was given for (domain.md §2d)."""
LONGEST = timedelta(days=180)
"""How long it holds at most: a demand's 30 days, an offer's 90, the steps between, and 30 after."""


class Purpose(TextChoices):
    """What a consent is for (domain.md §2d). Others come with their contexts."""

    APPLICATION = "application", "办理这一份需求"


class Way(TextChoices):
    """How a consent was given."""

    PAGE = "page", "在页面上打勾"
    REST = "rest", "经接口提交"
    SMS = "sms", "回短信确认"
    PHONE = "phone", "在电话里说同意"
    PAPER = "paper", "在纸上签字"


@dataclass(frozen=True, slots=True)
class DataField:
    """One kind of data by its name; a sensitive one says why it is needed."""

    code: str
    label: str
    why: str = ""

    @property
    def is_sensitive(self) -> bool:
        return bool(self.why)


BEFORE_CLAIM = (
    DataField("township", "乡镇"),
    DataField("purpose", "干什么用"),
    DataField("scale", "规模"),
    DataField("amount", "想用多少钱"),
    DataField("term", "用多久"),
    DataField("repayment_wish", "想怎么还"),
    DataField("securities", "拿什么作保"),
    DataField("age_band", "年龄段"),
    DataField("first_loan", "是不是头一回找银行"),
    DataField("call_window", "什么时候方便接电话"),
)
"""What every named bank sees, exactly (contract.md, Before a claim)."""
AFTER_CLAIM = (
    DataField("name", "姓名", "打电话、上门时认准是您"),
    DataField("phone", "手机号", "银行要给您打电话"),
    DataField("village", "村庄", "上门看的时候找得到"),
    DataField("purpose_words", "用途里您写的话", "不用在电话里从头再说"),
    DataField("story", "您补充的话", "不用在电话里从头再说"),
    DataField("relative", "替您接电话的家里人", "您不方便接时打给他（她）"),
)
"""What a bank sees once it works the demand."""
FIELDS = {one.code: one for one in BEFORE_CLAIM + AFTER_CLAIM}
CONTACT = ("name", "phone", "village")

DUTY_ROLES = frozenset(
    {Role.TOWNSHIP_ADMIN, Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN, Role.AUDITOR}
)
"""Who sees contact data by public duty, without consent, each time recorded and shown."""
ROLE_WORDS = {
    Role.LOAN_OFFICER: "客户经理",
    Role.BANK_ADMIN: "银行管理员",
    Role.TOWNSHIP_ADMIN: "镇金融干部",
    Role.COUNTY_SUPERVISOR: "县金融运行监测中心",
    Role.COUNTY_ADMIN: "县管理员",
    Role.AUDITOR: "审计",
}

BLANKS = frozenset({"编号", "县", "热线", "银行", "一般资料", "敏感资料"})
TEXT_VERSION = "application-1"
TEXT = """\
同意书：办理这一份需求（第 1 版）

一、谁同意，同意给谁
提这份需求（编号{编号}）的本人同意，让下面这些单位使用后面写明的资料：
平台：{县}普惠金融服务平台，由{县}金融运行监测中心运营，热线{热线}。
银行：{银行}。

二、只用来办一件事
办理这一份需求：让银行看、给您打电话、出方案、上门、告诉您结果，镇里和县里催办、回访。不用来推销，不转给别人，也不用来办您的别的事。

三、名单里的银行都能看到什么
{一般资料}。这里面没有姓名、电话、村庄和身份证号。

四、接了单的银行（或您点名的银行）还能看到什么
下面几项是敏感的，单独跟您说明为什么要：
{敏感资料}。
给了这几项，接单的银行会知道是您想用钱，会给您打电话。不给，银行没法联系您，这份需求就发不出去。
身份证号只由平台用来认准是您本人，不给银行看。

五、怎么看，看了有没有记录
只在银行端的页面和接口里显示给办这件事的人。显示一次记一笔：谁、哪一天几点、看了哪几项。镇里、县里的工作人员因为催办和回访看您的电话，也一样记。这些您都能在“谁看过我的资料”里看到。

六、管多久，存多久
从您同意起，到这份需求办结后 30 天为止，最长 180 天；到期就看不到了。同意书和查看记录在结束后至少保存 3 年；没办成的需求，2 年后去掉能认出您的内容。

七、您的权利
您可以查看、复制、更正、删除自己的资料，可以问清楚怎么用的。在“谁看过我的资料”里办，也可以打热线{热线}，或到镇里请金融干部帮您办。

八、能反悔
签合同以前随时可以撤回。撤回后马上不再给银行看，15 个工作日内删除或封存；撤回以前已经看过的，不受影响。已经和银行签了合同的，银行按法律要求留存它那一份。

九、不同意会怎样
不同意，就不能在这里发出需求。您照样可以直接去银行网点办，平台的其他服务也照样用。

十、不由机器决定
这里没有自动决定。办不办、办多少，由银行的人来定；没办成，银行要说明原因。
查您的征信报告，要另外经您签字同意，不包括在这份同意书里。
"""
"""What is agreed to at publication: content.md §1.4 with all that domain.md §2d demands."""


@dataclass(frozen=True, slots=True)
class Giving:
    """A consent to be recorded in bulk, with its own time; `ended_at` where its matter has ended."""

    resident: UUID
    purpose: str
    purpose_ref: str
    recipients: tuple[str, ...]
    method: str
    at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """One showing of personal data: to whom, of which organisation, in which duty, which fields.

    `at`: when it happened, for records of the past; absent: now.
    """

    resident: UUID
    purpose_ref: str
    recipient_ref: str
    officer_ref: str
    role: str
    fields: tuple[str, ...]
    purpose: str = Purpose.APPLICATION
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentTextCard:
    """The words in force. `general` and `sensitive` are the fields by name."""

    version: str
    purpose: str
    body: str
    body_hash: str
    general: tuple[str, ...]
    sensitive: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentCard:
    """One consent as the person who gave it sees it."""

    ref: str
    purpose: str
    purpose_ref: str
    text_version: str
    recipients: tuple[str, ...]
    fields: tuple[str, ...]
    letter_hash: str
    given_at: datetime
    valid_until: datetime
    revoked_at: datetime | None
    is_live: bool


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """Who looked at the person's data: the showings of one day to one officer in one matter."""

    recipient: str
    officer_ref: str
    role: str
    fields: tuple[str, ...]
    purpose: str
    purpose_ref: str
    consent_ref: str
    first_at: datetime
    last_at: datetime
    times: int


def labels(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(FIELDS[code].label if code in FIELDS else code for code in codes)


class Refusals:
    """Why data may not be shown, or a consent not be given."""

    MISSING = Reason("consent_missing", "本人没有同意给贵单位看，不能显示。", 403)
    OTHER_PURPOSE = Reason("consent_for_other_purpose", "本人同意的是另一件事，不能用在这里。", 403)
    RECIPIENT = Reason("consent_names_others", "本人同意的名单里没有贵单位，不能显示。", 403)
    EXPIRED = Reason("consent_expired", "本人的同意已经到期，不能再显示。", 403)
    REVOKED = Reason("consent_revoked", "本人已经撤回同意，不能再显示。", 403)
    FIELDS = Reason("consent_without_field", "本人没有同意给看这一项，不能显示。", 403)
    ALREADY_REVOKED = Reason("consent_already_revoked", "这份同意已经撤回过了。")
    NO_TEXT = Reason("consent_text_missing", "还没有同意书文本，请县里管理员先放上。")
    NO_RECIPIENT = Reason(
        "consent_recipient_unknown", "同意书要写明给哪家银行看。", 422, "recipients"
    )
    METHOD = Reason(
        "consent_method_unknown", "同意的方式要是页面、接口、短信、电话或纸面。", 422, "method"
    )
    TEXT_FIXED = Reason("consent_text_fixed", "这一版已经有了，同意书不能改，请用新的版本号。")
    TEXT_BAD = Reason(
        "consent_text_bad", "版本号和正文都要写，资料名称要在认识的范围里。", 422, "body"
    )
