"""Nouns of the shelf: a product as a bank puts it there and as people see it; refusals."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import TextChoices

from puhui.kernel.command import Reason
from puhui.repayment.terms import Method

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

PURPOSES = (
    "crops",
    "orchard_greenhouse",
    "livestock",
    "machinery",
    "purchasing_stock",
    "shop_trade",
    "factory",
    "household",
    "other",
)
METHODS = tuple(str(one) for one in Method)
SECURITIES = (
    "house",
    "land",
    "facility_livestock",
    "machines",
    "stock_orders",
    "guarantor",
    "none",
)
"""The codes of market.terms, which lies above; a test keeps both lists the same."""


class Subject(TextChoices):
    """Whom a product is for."""

    FARM_HOUSEHOLD = "farm_household", "农户和个人"
    SELF_EMPLOYED = "self_employed", "个体户"
    FAMILY_FARM = "family_farm", "家庭农场、合作社"
    ENTERPRISE = "enterprise", "企业"


@dataclass(frozen=True, slots=True)
class ProductForm:
    """A product as its bank sends it. Money in fen, rates in ppm a year, terms in whole months.

    Purposes, methods and securities are codes; empty `purposes` fits any. `ref` empty: a new one.
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


class Refusals:
    """Why a product is refused; sentences name the rule."""

    NAME_TAKEN = Reason("product_name_taken", "贵行货架上已经有同名的产品。", 409, "name")
    BANK_UNKNOWN = Reason("bank_unknown", "没有这家银行。", 422, "bank")
