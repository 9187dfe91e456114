"""A case of another system as its file tells it: what was asked, and every step with its own time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from puhui.kernel.command import Reason
from puhui.market.terms.forms import DemandForm


class Step(TextChoices):
    """What may have happened in a case (docs/migrating.md)."""

    PUBLISH = "publish", "群众提出"
    CLAIM = "claim", "银行接单"
    DIRECT = "direct", "派给点名的银行"
    CALL = "call", "拨号和结果"
    PLAN = "plan", "初步方案"
    KEEP = "keep", "群众留下"
    AGREE_VISIT = "agree_visit", "约好上门"
    VISITED = "visited", "上门看过"
    DOCUMENTS = "documents", "告诉群众还差材料"
    OFFER = "offer", "准信"
    ACCEPT = "accept", "群众选定"
    SIGN = "sign", "签合同"
    PAY_OUT = "pay_out", "放款"
    SETTLE = "settle", "结清"
    REFUSE = "refuse", "没办成"
    DECLINE = "decline", "群众选了别家"
    RELEASE = "release", "银行退回"
    LAPSE = "lapse", "过了有效期"
    ANSWER = "answer", "群众的答复"
    WITHDRAW = "withdraw", "群众撤回"
    EXPIRE = "expire", "30 天没有银行接"
    GIVE_UP = "give_up", "30 天没办成"
    DESTINATION = "destination", "说清去处"


@dataclass(frozen=True, slots=True)
class PastStep:
    """One step. `due`: deadlines that began with it, each by its kind, as the old system had them."""

    at: datetime
    what: str
    bank: str = ""
    officer: str = ""
    due: Mapping[str, datetime] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class PastDemand:
    """One demand of the old system, under its number there, with all its steps in order."""

    source_ref: str
    identity_number: str = field(repr=False)
    asked: DemandForm
    steps: tuple[PastStep, ...]
    via: str = "import"
    consent_method: str = "paper"


class PastRefusals:
    """Why a case of another system cannot be taken in. Sentences are the administrator's."""

    NOT_JSON = Reason("line_not_json", "这一行不是一个 JSON 对象。", 422, "line")
    FIELD_BAD = Reason("field_bad", "{name} 缺了，或写得不对。", 422, "field")
    FIELD_UNKNOWN = Reason("field_unknown", "没有 {name} 这一项。", 422, "field")
    SOURCE_REF = Reason("source_ref_bad", "原系统编号要有 1 到 64 个字符。", 422, "source_ref")
    SOURCE_TWICE = Reason(
        "source_ref_twice", "这个原系统编号在文件里出现了两次。", 422, "source_ref"
    )
    SOURCE_DIFFERS = Reason(
        "source_ref_taken", "这个编号已经导入过，内容跟这次的不一样。", 409, "source_ref"
    )
    RESIDENT = Reason(
        "resident_unknown", "没有登记过这个身份证号的群众，请先导入群众。", 422, "identity_number"
    )
    RESIDENT_LATER = Reason(
        "registered_later", "提出的时间早于这个人登记的时间。", 422, "identity_number"
    )
    BANK = Reason("bank_unknown", "没有编号为 {bank} 的银行。", 422, "bank")
    OFFICER = Reason("officer_unknown", "{bank} 没有工号为 {officer} 的人。", 422, "officer")
    STEP = Reason("step_unknown", "不认得 {what} 这一步。", 422, "what")
    FIRST = Reason("first_step", "第一步要是 publish，而且只有一次。", 422, "what")
    ORDER = Reason("step_out_of_order", "第 {n} 步的时间早于前一步。", 422, "at")
    FUTURE = Reason("step_in_future", "第 {n} 步的时间还没到。", 422, "at")
    STATE = Reason("step_not_allowed", "第 {n} 步 {what} 在“{state}”时不能办。", 422, "what")
    SLOTS = Reason("slots_full", "第 {n} 步：名额已经满了。", 422, "what")
    DUE = Reason("due_bad", "第 {n} 步：{kind} 不是这一步开始的时限，或早于这一步。", 422, "due")
    FACT = Reason("fact_bad", "第 {n} 步：{name} 缺了，或写得不对。", 422, "facts")
    WHOLE_AMOUNT = Reason("sums_differ", "放款的数比准信的多。", 422, "amount_fen")
