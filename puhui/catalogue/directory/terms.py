"""Nouns of the bank directory (M021)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices

from puhui.kernel.command import Reason


class EntryKind(TextChoices):
    """What a bank writes of itself; its products and branches stand beside these."""

    POLICY = "policy", "惠农政策"
    HOTLINE = "hotline", "服务电话"
    QUICK_LOAN = "quick_loan", "线上快贷"
    QUERY = "query", "便民查询"
    HOURS = "hours", "营业时间"


@dataclass(frozen=True, slots=True)
class EntryForm:
    """An entry as its bank sends it; `ref` empty: a new one.

    `address`: of a hotline its number, of a quick loan the https page of the bank, else empty.
    """

    kind: str
    title: str
    words: str = ""
    address: str = ""
    position: int = 0
    ref: str = ""


@dataclass(frozen=True, slots=True)
class EntryCard:
    """One entry as everybody sees it."""

    ref: str
    kind: str
    bank_ref: str
    bank_name: str
    title: str
    words: str
    address: str
    position: int
    put_at: datetime


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """One version of an entry: when it stood, and who of the bank wrote it."""

    ref: str
    version: int
    kind: str
    title: str
    words: str
    address: str
    put_at: datetime
    put_by: str
    ended_at: datetime | None


class EntryRefusals:
    """Why an entry is refused; sentences name the rule."""

    KIND = Reason("entry_kind_unknown", "请选这是哪一类。", 422, "kind")
    TITLE = Reason("entry_title_bad", "标题要有 2 到 40 个字。", 422, "title")
    WORDS = Reason("entry_words_bad", "正文最多写 500 个字。", 422, "words")
    WORDS_EMPTY = Reason("entry_words_empty", "这一类要写正文。", 422, "words")
    FORBIDDEN = Reason("forbidden_word", "不能用“{word}”这样的说法，请改掉。", 422, "words")
    PHONE = Reason("entry_phone_bad", "电话要是 3 到 20 位数字，可以有短横。", 422, "address")
    LINK = Reason(
        "entry_link_bad",
        "网址要写全，以 https:// 开头，是贵行自己的网页，最多 200 个字。",
        422,
        "address",
    )
    NO_ADDRESS = Reason("entry_address_not_here", "这一类不用填电话或网址。", 422, "address")
