"""Nouns of parties that are not one person: enterprises, who acts for them, households."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import TextChoices

from puhui.kernel.command import Reason


class EnterpriseKind(TextChoices):
    """What an enterprise is, by its registration (domain.md §1)."""

    ENTERPRISE = "enterprise", "企业"
    COOPERATIVE = "cooperative", "农民专业合作社"
    FAMILY_FARM = "family_farm", "家庭农场"
    INDIVIDUAL_BUSINESS = "individual_business", "个体工商户"
    COLLECTIVE = "collective", "农村集体经济组织"


SUBJECT_OF_KIND = {
    EnterpriseKind.ENTERPRISE: "enterprise",
    EnterpriseKind.COOPERATIVE: "family_farm",
    EnterpriseKind.FAMILY_FARM: "family_farm",
    EnterpriseKind.INDIVIDUAL_BUSINESS: "self_employed",
    EnterpriseKind.COLLECTIVE: "family_farm",
}
"""Which of the four classes of applicants (catalogue.terms.Subject) each kind is: banks see no more
than the class before they claim."""
KINDS_OF_CODE = {
    "91": (EnterpriseKind.ENTERPRISE, EnterpriseKind.FAMILY_FARM),
    "92": (EnterpriseKind.INDIVIDUAL_BUSINESS, EnterpriseKind.FAMILY_FARM),
    "93": (EnterpriseKind.COOPERATIVE,),
    "N1": (EnterpriseKind.COLLECTIVE,),
    "N2": (EnterpriseKind.COLLECTIVE,),
    "N3": (EnterpriseKind.COLLECTIVE,),
}
"""What may stand behind the first two places of a credit code (GB 32100-2015); a beginning that is
not in the table refuses nothing."""


class Industry(TextChoices):
    """Trades as firms are classed by size (工信部联企业〔2011〕300号), each within GB/T 4754 letters."""

    AGRI = "agri", "农、林、牧、渔业"
    INDUSTRY = "industry", "工业（采矿、制造、水电气）"
    CONSTRUCTION = "construction", "建筑业"
    WHOLESALE = "wholesale", "批发业"
    RETAIL = "retail", "零售业"
    TRANSPORT = "transport", "交通运输业"
    STORAGE = "storage", "仓储业"
    POST = "post", "邮政业"
    LODGING = "lodging", "住宿业"
    CATERING = "catering", "餐饮业"
    TELECOM = "telecom", "信息传输业"
    SOFTWARE = "software", "软件和信息技术服务业"
    REAL_ESTATE = "real_estate", "房地产开发经营"
    PROPERTY = "property", "物业管理"
    LEASING = "leasing", "租赁和商务服务业"
    OTHER = "other", "别的行业"


LETTERS = {
    Industry.AGRI: "A",
    Industry.INDUSTRY: "B–D",
    Industry.CONSTRUCTION: "E",
    Industry.WHOLESALE: "F",
    Industry.RETAIL: "F",
    Industry.TRANSPORT: "G",
    Industry.STORAGE: "G",
    Industry.POST: "G",
    Industry.LODGING: "H",
    Industry.CATERING: "H",
    Industry.TELECOM: "I",
    Industry.SOFTWARE: "I",
    Industry.REAL_ESTATE: "K",
    Industry.PROPERTY: "K",
    Industry.LEASING: "L",
    Industry.OTHER: "M–S",
}
"""Sections of GB/T 4754 that each trade lies in."""


class SizeClass(TextChoices):
    """大型 to 微型; firms up to medium are 中小微企业."""

    LARGE = "large", "大型"
    MEDIUM = "medium", "中型"
    SMALL = "small", "小型"
    MICRO = "micro", "微型"


class Scope(TextChoices):
    """What somebody who acts for an enterprise may do."""

    REQUEST = "request", "提需求、撤回"
    CHOOSE = "choose", "选方案、选准信"


class SuccessionDocument(TextChoices):
    """What shows the county that a legal representative can no longer speak, or is another already."""

    REGISTRATION = "registration", "变更登记通知书"
    DEATH = "death", "死亡证明"
    NOTARY = "notary", "公证书"
    COURT = "court", "法院文书"


@dataclass(frozen=True, slots=True)
class EnterpriseForm:
    """What is said of an enterprise, as typed. Money in fen, of the last full year."""

    kind: str
    name: str
    credit_code: str
    industry: str
    village_code: str
    revenue_fen: int | None = None
    staff_count: int | None = None
    assets_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """In what capacity a resident acts for an enterprise."""

    enterprise: UUID
    ref: str
    name: str
    kind: str
    is_representative: bool
    may_request: bool
    may_choose: bool
    until: datetime | None = None

    @property
    def subject(self) -> str:
        """The class of applicants that it belongs to."""
        return SUBJECT_OF_KIND[EnterpriseKind(self.kind)]


@dataclass(frozen=True, slots=True)
class Acting:
    """A standing that has been held fast for one transaction, with what a request needs."""

    standing: Standing
    representative: UUID
    village_code: str
    township_code: str


@dataclass(frozen=True, slots=True)
class AgentCard:
    """Somebody whom the legal representative lets act. `state`: waiting, live, to_come or over."""

    ref: str
    name_masked: str = field(repr=False)
    phone_tail: str = field(repr=False)
    may_request: bool
    may_choose: bool
    starts_at: datetime
    ends_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class AgencyAsked:
    """An authorisation that waits for the representative's reply: who is to be asked, on what phone."""

    id: UUID
    ref: str
    representative: UUID
    phone: str = field(repr=False)
    agent_surname: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SuccessionCard:
    """A change of the legal representative that waits for the new one's answer: as the new one sees
    it, and as the old one does. `phone` is the new one's, for the message. Where the county asks, by
    a `document`, nobody stands in `asked_by_masked`."""

    ref: str
    enterprise: UUID
    enterprise_ref: str
    enterprise_name: str
    representative: UUID
    asked_by_masked: str = field(repr=False)
    successor: UUID
    successor_masked: str = field(repr=False)
    phone: str = field(repr=False)
    asked_at: datetime
    document: str = ""
    """A SuccessionDocument's value."""


@dataclass(frozen=True, slots=True)
class CountySuccession:
    """A change that the county opened, for its staff: what the second of them compares."""

    ref: str
    enterprise_ref: str
    enterprise_name: str
    before_masked: str = field(repr=False)
    successor_masked: str = field(repr=False)
    document: str
    document_number: str = field(repr=False)
    opened_by: str
    opened_at: datetime
    checked_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class EnterpriseCard:
    """An enterprise as those who act for it, and the county's register, see it."""

    ref: str
    kind: str
    name: str
    credit_code: str
    industry: str
    size: str
    sized_on: date | None
    revenue_fen: int | None
    staff_count: int | None
    assets_fen: int | None
    village_code: str
    village: str
    township: str
    representative_masked: str = field(repr=False)
    registered_at: datetime
    checked_at: datetime | None
    agents: tuple[AgentCard, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberCard:
    """Somebody of a household: masked, for the others of it. `phone_tail` is empty for strangers."""

    ref: str
    name_masked: str = field(repr=False)
    phone_tail: str = field(repr=False)
    is_head: bool
    is_self: bool
    joined_at: datetime | None


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """The asker's household. `asking`: who waits for the head's yes; only the head sees them.
    `nearby`: others on the same phone without a household; only the head sees them."""

    number: str
    village: str
    township: str
    is_head: bool
    is_waiting: bool
    members: tuple[MemberCard, ...] = ()
    asking: tuple[MemberCard, ...] = ()
    nearby: tuple[MemberCard, ...] = ()


@dataclass(frozen=True, slots=True)
class KinContact:
    """A relative of the same household who may take a call: for the request's own form alone."""

    ref: str
    name: str = field(repr=False)
    name_masked: str = field(repr=False)
    phone: str = field(repr=False)


class SubjectRefusals:
    """Why an action on enterprises or households is refused; sentences are the person's."""

    KIND = Reason("enterprise_kind_unknown", "请选是哪一类。", 422, "kind")
    NAME = Reason("enterprise_name_bad", "请填执照上的名称，2 到 60 个字。", 422, "name")
    CODE_LENGTH = Reason(
        "credit_code_length",
        "统一社会信用代码是 18 位，您填了 {n} 位，看看是不是漏了。",
        422,
        "credit_code",
    )
    CODE_WRONG = Reason(
        "credit_code_wrong", "这个统一社会信用代码对不上，请对着执照再看一遍。", 422, "credit_code"
    )
    CODE_OF_OTHER_KIND = Reason(
        "credit_code_of_other_kind",
        "这个代码是“{kind}”的，跟上面选的不是一类。",
        422,
        "credit_code",
    )
    CODE_TAKEN = Reason(
        "credit_code_taken",
        "这个代码已经有人登记过。要替它办，请法定代表人给您授权；登记错了请打县热线。",
        409,
        "credit_code",
    )
    SUCCESSOR_SELF = Reason("successor_is_representative", "您现在就是法定代表人。", 422, "phone")
    SUCCESSION_OPEN = Reason(
        "succession_open", "已经请了一个人接任，等他（她）答复；要换人，先撤回。", 409
    )
    SUCCESSOR_ALREADY = Reason(
        "successor_is_representative_already", "他（她）现在就是法定代表人。", 422, "phone"
    )
    DOCUMENT_UNKNOWN = Reason("document_unknown", "请选凭哪一种证明。", 422, "document")
    DOCUMENT_NUMBER = Reason(
        "document_number_bad", "请照着证明填编号，2 到 60 个字。", 422, "document_number"
    )
    SUCCESSION_CHECKED = Reason("succession_checked", "已经核对过了，等接任的人答复。", 409)
    INDUSTRY = Reason("industry_unknown", "请选是哪一行。", 422, "industry")
    VILLAGE = Reason("enterprise_village_unknown", "请选在哪个村。", 422, "village")
    REVENUE = Reason("revenue_bad", "营业收入要在 0 到 1000 亿元之间。", 422, "revenue_fen")
    STAFF = Reason("staff_count_bad", "人数要在 0 到 100 万之间。", 422, "staff_count")
    ASSETS = Reason("assets_bad", "资产总额要在 0 到 1000 亿元之间。", 422, "assets_fen")
    AGENT_UNKNOWN = Reason(
        "agent_unknown",
        "这个手机号上没有登记过叫这个名字的人。请他（她）先用自己的手机号登记。",
        422,
        "phone",
    )
    AGENT_SELF = Reason("agent_is_representative", "您自己不用授权。", 422, "phone")
    AGENT_TAKEN = Reason(
        "agent_already_authorised", "已经授权给他（她）了。要改，先收回再授权。", 409, "phone"
    )
    AGENTS_MANY = Reason("agents_too_many", "一个单位最多同时授权 10 个人，先收回不用的。")
    SCOPE_EMPTY = Reason("scope_empty", "请至少选一样他（她）能办的事。", 422, "scopes")
    UNTIL_BAD = Reason("until_bad", "到期日要在今天以后、三年以内。", 422, "ends_on")
    SCOPE_LACKING = Reason("scope_lacking", "法定代表人没有授权您办这一步，请他（她）本人来办。")

    HOUSEHOLD_TAKEN = Reason("household_taken", "您已经在一个户里了，先退出再来。")
    HOUSEHOLD_UNKNOWN = Reason(
        "household_unknown", "没有这个户号，请照着户主手机上的再看一遍。", 422, "number"
    )
    HOUSEHOLD_FULL = Reason("household_full", "一个户最多 20 口人。")
    HEAD_STAYS = Reason("head_stays", "您是户主。先把户主交给家里别的人，再退出。")
    HEAD_ELSEWHERE = Reason(
        "head_elsewhere", "户主 {line} 已经在别的户里。", 422, "identity_number"
    )
    MEMBER_UNKNOWN = Reason(
        "member_unknown", "没有登记过这个身份证号的群众，请先登记。", 422, "identity_number"
    )
    MEMBER_ELSEWHERE = Reason("member_elsewhere", "这个人已经在别的户里。", 409, "identity_number")
    ROLE_WORDS = Reason("household_role_unknown", "“户主”一栏只填“是”或空着。", 422, "head")
    HEAD_COUNT = Reason("household_head_count", "这一户要有一个户主，也只能有一个。", 422, "head")
