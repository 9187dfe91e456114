"""Nouns of the shelf: a product as a bank puts it there and as people see it, wishes, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import TextChoices

from puhui.kernel.command import Reason
from puhui.kernel.money import wan_text
from puhui.repayment.terms import Instalment

FORBIDDEN = (
    "低门槛",
    "秒批",
    "秒到账",
    "最低",
    "零成本",
    "包过",
    "无视征信",
    "先到先得",
    "名额有限",
)
"""Words that no product may use (content.md §0.1)."""

PURPOSE_WORDS = {
    "crops": "种粮种菜",
    "orchard_greenhouse": "果园、大棚",
    "livestock": "养殖",
    "machinery": "买农机",
    "purchasing_stock": "收粮收货、备货",
    "shop_trade": "开店做买卖",
    "factory": "办厂",
    "household": "家里用",
    "other": "别的",
}
METHOD_WORDS = {
    "interest_with_principal": "到期一次还本付息",
    "interest_only_bullet": "每月还息，到期还本",
    "quarterly_interest_bullet": "按季还息，到期还本",
    "equal_instalment": "每月还一样多（等额本息）",
    "equal_principal": "每月还一样多的本（等额本金）",
    "grace_period": "前几年只还利息，以后还本",
    "borrow_repay_at_will": "随用随还，按天计息",
}
SECURITY_WORDS = {
    "house": "有房子",
    "land": "有承包地、流转地",
    "facility_livestock": "有大棚、圈舍、牲口",
    "machines": "有农机、车、设备",
    "stock_orders": "有货、有订单",
    "guarantor": "有人愿意担保",
    "none": "都没有",
}
"""Codes and words of market.terms, which lies above; a test keeps both the same."""
PURPOSES, METHODS, SECURITIES = tuple(PURPOSE_WORDS), tuple(METHOD_WORDS), tuple(SECURITY_WORDS)

FEWEST_COMPARED, MOST_COMPARED = 2, 11
"""How many products stand side by side (M004)."""
POPULAR_DAYS = 30
DEALS_DAYS = 90
ODD_PHONES = 20
"""More phones than this from one address on one day are no people at their own phones."""
PINS = 2
WINDOWS = 6
"""Windows of 热门产品, and how many of them the county may fill itself (content.md §4.2)."""


class Subject(TextChoices):
    """Whom a product is for."""

    FARM_HOUSEHOLD = "farm_household", "农户和个人"
    SELF_EMPLOYED = "self_employed", "个体户"
    FAMILY_FARM = "family_farm", "家庭农场、合作社"
    ENTERPRISE = "enterprise", "企业"


class Need(TextChoices):
    """What a product asks for that only a record can show; without permission it counts as not found."""

    MACHINERY_SUBSIDY = "machinery_subsidy", "买农机的补贴记录"
    TAX_GRADE = "tax_grade", "A、B、M 级的纳税信用"
    CREDIT_HOUSEHOLD = "credit_household", "整村评议过的信用户"
    VIRTUE_POINTS = "virtue_points", "A 级以上的美德积分"
    YOUNG_TALENT = "young_talent", "共青团的评选证书"
    STARTUP = "startup", "创业担保的资格认定"
    PURCHASE_FILING = "purchase_filing", "粮食收购备案"
    SUPERVISED_STOCK = "supervised_stock", "监管仓的协议"


NEED_PROOFS = {
    Need.MACHINERY_SUBSIDY: "购机补贴的单子",
    Need.TAX_GRADE: "纳税信用级别的证明",
    Need.CREDIT_HOUSEHOLD: "信用户的证",
    Need.VIRTUE_POINTS: "村里的积分单",
    Need.YOUNG_TALENT: "共青团的证书",
    Need.STARTUP: "创业担保的认定表",
    Need.PURCHASE_FILING: "收购备案的回执",
    Need.SUPERVISED_STOCK: "监管仓的协议",
}
"""What shows a record that the county's systems did not show: the paper to take to an outlet."""


class FeeBasis(TextChoices):
    """When a fee is charged."""

    ONCE = "once", "一次收"
    YEARLY = "yearly", "每年收"


@dataclass(frozen=True, slots=True)
class ProductFee:
    """A cost beside interest: a share of the amount in ppm or a sum in fen, once or every year."""

    name: str
    basis: str = "once"
    ppm: int = 0
    fen: int = 0


@dataclass(frozen=True, slots=True)
class ProductForm:
    """A product as its bank sends it. Money in fen, rates in ppm a year, terms in whole months.

    Purposes, methods, securities, subjects and needs are codes; empty `purposes` fits any. `areas`
    are codes of townships, none: the whole county. `due_days` (MM-DD) are the days on which a
    seasonal loan falls due. `ref` empty: a new product.
    """

    name: str
    audience: str
    rate_min_ppm: int
    rate_max_ppm: int
    amount_min_fen: int
    amount_max_fen: int
    months_min: int
    months_max: int
    term_words: str
    methods: tuple[str, ...]
    repayment_words: str
    security_words: str
    purposes: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    securities: tuple[str, ...] = ()
    season_words: str = ""
    documents_words: str = ""
    fees_words: str = ""
    all_in_ppm: int | None = None
    industries: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    grace_months: int | None = None
    months_per_period: int = 1
    due_days: tuple[str, ...] = ()
    age_max: int | None = None
    takes_co_signer: bool = False
    fees: tuple[ProductFee, ...] = ()
    online_address: str = ""
    position: int = 0
    is_featured: bool = False
    ref: str = ""


@dataclass(frozen=True, slots=True)
class BankProduct:
    """A product and the bank whose it is, for bulk work of the system."""

    bank_ref: str
    form: ProductForm


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as people see it. `per_ten_thousand` is what 10,000 yuan cost for a year."""

    id: UUID
    ref: str
    bank_id: UUID
    bank_ref: str
    bank_name: str
    name: str
    audience: str
    per_ten_thousand: str
    rate_words: str
    amount_words: str
    term_words: str
    repayment_words: str
    security_words: str
    season_words: str
    documents_words: str
    fees_words: str
    rate_min_ppm: int
    rate_max_ppm: int
    all_in_ppm: int | None
    amount_min_fen: int
    amount_max_fen: int
    months_min: int
    months_max: int
    purposes: tuple[str, ...]
    subjects: tuple[str, ...]
    methods: tuple[str, ...]
    securities: tuple[str, ...]
    is_featured: bool
    industries: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    area_words: str = ""
    needs: tuple[str, ...] = ()
    grace_months: int | None = None
    months_per_period: int = 1
    due_days: tuple[str, ...] = ()
    age_max: int | None = None
    takes_co_signer: bool = False
    fees: tuple[ProductFee, ...] = ()
    online_address: str = ""
    version: int = 1
    is_pinned: bool = False

    @property
    def most_words(self) -> str:
        """20 万元"""
        return f"{wan_text(self.amount_max_fen)}元"


@dataclass(frozen=True, slots=True)
class ShelfFilter:
    """What narrows the shelf; what is empty narrows nothing. Money in fen, months whole."""

    words: str = ""
    bank_ref: str = ""
    purpose: str = ""
    subject: str = ""
    method: str = ""
    security: str = ""
    industry: str = ""
    amount_fen: int | None = None
    months: int | None = None
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """One page of the shelf; `count` are all products that fit, `page` the one that is here."""

    cards: tuple[ProductCard, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants, as matching judges it; unknown parts are empty and judge nothing.

    `found` are the needs that a record with permission shows; `age` is that of today.
    """

    amount_fen: int = 0
    months: int = 0
    purpose: str = ""
    repayment_wish: str = ""
    securities: tuple[str, ...] = ()
    subject: str = ""
    township_code: str = ""
    story: str = ""
    age: int | None = None
    found: frozenset[str] = frozenset()
    on: date | None = None


class Verdict(TextChoices):
    FITS = "fits", "合适"
    NEARLY = "nearly", "差一点"
    NOT = "not", "不合适"


@dataclass(frozen=True, slots=True)
class Match:
    """A product judged against a wish, in sentences (content.md §1.12)."""

    product: ProductCard
    verdict: str
    reasons: tuple[str, ...]

    @property
    def words(self) -> str:
        return Verdict(self.verdict).label


@dataclass(frozen=True, slots=True)
class Preview:
    """How a product is repaid: instalments, all that it costs in fen, yearly rates in ppm."""

    principal_fen: int
    rate_ppm: int
    method: str
    start_on: date
    end_on: date
    instalments: tuple[Instalment, ...]
    interest_fen: int
    fees: tuple[tuple[str, int], ...]
    simple_ppm: int
    compound_ppm: int

    @property
    def fees_fen(self) -> int:
        return sum(fen for _, fen in self.fees)

    @property
    def cost_fen(self) -> int:
        return self.interest_fen + self.fees_fen

    @property
    def total_fen(self) -> int:
        return self.principal_fen + self.cost_fen


@dataclass(frozen=True, slots=True)
class PreviewForm:
    """What is to be previewed; money in fen, rate in ppm. `due_on` for a seasonal loan's own day."""

    amount_fen: int
    months: int
    method: str
    rate_ppm: int
    start_on: date
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Popular:
    """A product's place in the ranking by people: distinct phones, and phones a day added up."""

    product: ProductCard
    phones: int
    views: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A phone opened a product's page on a day; for bulk work of the system."""

    ref: str
    phone_index: bytes
    day: date


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version of a product as its bank put it."""

    number: int
    put_at: datetime
    by_ref: str
    product: ProductCard


class Refusals:
    """Why a product is refused; sentences name the rule."""

    NAME_TAKEN = Reason("product_name_taken", "贵行货架上已经有同名的产品。", 409, "name")
    BANK_UNKNOWN = Reason("bank_unknown", "没有这家银行。", 422, "bank")
    AREA_UNKNOWN = Reason("area_unknown", "有不认识的乡镇，请从给出的里面选。", 422, "areas")
    PINS_FULL = Reason("pins_full", f"最多置顶 {PINS} 个，请先取下一个。", 409)
