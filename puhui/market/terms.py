"""Nouns of the main job: purposes, terms, wishes, clocks, refusal codes, reasons of refusal."""

import enum
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import TextChoices

from puhui.kernel.command import Reason
from puhui.market.rules.duty_hours import CallWish as CallWish  # noqa: PLC0414 - a noun of ours

SMALLEST_AMOUNT_FEN = 100_000
"""1,000 yuan (content.md §1.5)."""


class Purpose(TextChoices):
    """What the money is for, as residents are asked (content.md §1.1)."""

    CROPS = "crops", "种粮种菜"
    ORCHARD = "orchard_greenhouse", "果园、大棚"
    LIVESTOCK = "livestock", "养殖"
    MACHINERY = "machinery", "买农机"
    PURCHASING = "purchasing_stock", "收粮收货、备货"
    SHOP = "shop_trade", "开店做买卖"
    FACTORY = "factory", "办厂"
    HOUSEHOLD = "household", "家里用"
    OTHER = "other", "别的"


UNITS = {
    Purpose.CROPS: ("亩",),
    Purpose.ORCHARD: ("亩", "棚"),
    Purpose.LIVESTOCK: ("头", "只"),
    Purpose.MACHINERY: ("台",),
}
"""Units offered per purpose; others may pick any of ALL_UNITS."""
ALL_UNITS = ("亩", "头", "只", "棚", "台")


class Term(TextChoices):
    """For how long, roughly (content.md §1.2)."""

    MONTHS_3 = "months_3", "3 个月以内"
    MONTHS_6 = "months_6", "半年"
    YEAR_1 = "year_1", "1 年"
    YEARS_3 = "years_2_3", "2–3 年"
    LONGER = "longer", "3 年以上"
    UNSURE = "unsure", "说不准"


TERM_MONTHS = {
    Term.MONTHS_3: 3,
    Term.MONTHS_6: 6,
    Term.YEAR_1: 12,
    Term.YEARS_3: 36,
    Term.LONGER: 60,
    Term.UNSURE: 12,
}
"""Months used for sums that compare proposals; a year where the applicant cannot say."""


class RepaymentWish(TextChoices):
    """How the applicant would like to pay back (content.md §1.2)."""

    ONCE = "once", "卖了东西一次还清"
    INTEREST_FIRST = "interest_first", "平时只还利息，到期还本"
    MONTHLY = "monthly", "每个月还一点，本和利一块儿"
    GRACE = "grace", "前几年只还利息（果树、大棚）"
    AT_WILL = "at_will", "随用随还，用几天算几天的利息"
    BANK = "bank_decides", "听银行的"


class Security(TextChoices):
    """What the applicant could pledge (content.md §1.2)."""

    HOUSE = "house", "有房子"
    LAND = "land", "有承包地、流转地"
    FACILITY = "facility_livestock", "有大棚、圈舍、牲口"
    MACHINES = "machines", "有农机、车、设备"
    STOCK = "stock_orders", "有货、有订单"
    GUARANTOR = "guarantor", "有人愿意担保"
    NONE = "none", "都没有"


class Relation(TextChoices):
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "儿女"
    PARENT = "parent", "父母"
    OTHER = "other", "其他"


class CallResult(TextChoices):
    CONNECTED = "connected", "打通了"
    NO_ANSWER = "no_answer", "没人接"
    WRONG_NUMBER = "wrong_number", "号码不对"
    ASKED_LATER = "asked_later", "改时间"


class Method(TextChoices):
    """Repayment methods (domain.md §1); repayment/ computes them."""

    SINGLE = "interest_with_principal", "到期一次还本付息"
    BULLET = "interest_only_bullet", "每月还息，到期还本"
    QUARTERLY = "quarterly_interest_bullet", "按季还息，到期还本"
    INSTALMENT = "equal_instalment", "每月还一样多（等额本息）"
    PRINCIPAL = "equal_principal", "每月还一样多的本（等额本金）"
    GRACE = "grace_period", "前几年只还利息，以后还本"
    DAILY = "borrow_repay_at_will", "随用随还，按天计息"


class ClockKind(TextChoices):
    """Deadlines of domain.md §2a."""

    DIRECTION = "direction", "定向单到点派给银行"
    CALLBACK_APPLICANT = "callback_applicant", "群众的表：5 分钟来电"
    SUPERVISION_APPLICANT = "supervision_applicant", "群众的表：10 分钟督导"
    CALLBACK_BANK = "callback_bank", "银行的表：5 分钟来电"
    SUPERVISION_BANK = "supervision_bank", "银行的表：10 分钟督导"
    SLOT_REOPEN = "slot_reopen", "名额放开"
    UNCLAIMED = "unclaimed", "没人接"
    CALLBACK_SOON = "callback_soon", "还剩 2 分钟，提醒银行"
    PLAN = "plan", "初步方案"
    CHOICE = "choice", "群众挑选"
    CHOICE_SOON = "choice_soon", "快到时间，提醒群众挑选"
    INVESTIGATION = "investigation", "上门"
    INVESTIGATION_SOON = "investigation_soon", "还剩 1 天，提醒银行上门"
    DECISION = "decision", "准信"
    OFFER_VALIDITY = "offer_validity", "准信有效期"
    SIGNING = "signing", "签合同"
    DATA_RETURN = "data_return", "回填"
    LONG_PENDING = "long_pending", "长期未办结"
    EXPIRY = "expiry", "需求到期"
    CONFIRMATION = "confirmation", "代填等本人回复"


class QuestionKind(TextChoices):
    """What is asked of the applicant, by page or by text message."""

    CALLED = "called", "打了没有"
    VISITED = "visited", "来过没有"
    MONEY = "money", "钱到了没有"
    OPEN_TO_ALL = "open_to_all", "要不要让别家也看到"
    HELPER = "helper", "是您让人代填的吗"
    STILL_WANTED = "still_wanted", "还办不办"
    ASK_AGAIN = "ask_again", "停了以后还要不要"
    CALL_TIME = "call_time", "接电话的时间合不合适"
    VISIT_TIME = "visit_time", "上门的日子合不合适"
    CHOSEN = "chosen", "是不是本人选的"
    SATISFIED = "satisfied", "办得怎么样"


class FollowUpKind(TextChoices):
    """Why a case waits for township or county."""

    UNCLAIMED = "unclaimed", "10 分钟没有银行接"
    THREE_REFUSED = "three_refused", "几家银行都没办成"
    ASKED_FOR_HELP = "asked_for_help", "群众请镇里帮忙看看"
    UNMET = "unmet", "到期没办成，要说清去处"
    CHOICE = "choice", "方案等群众选，超过 24 小时"
    CALL_TIME = "call_time", "群众要换接电话的时间"
    VISIT_TIME = "visit_time", "群众要换上门的日子"
    NOT_ME = "not_me", "群众说不是本人选的"


class Destination(TextChoices):
    """Where an ended case went: every one has a destination (domain.md §2a)."""

    OTHER_BANK = "other_bank", "转别家银行接着办"
    GUARANTEE = "guarantee_or_subsidy", "转农担、补贴或其他办法"
    MISSING = "missing_until", "差材料，约好日子再提"
    GIVEN_UP = "given_up", "本人不办了"


class MismatchKind(TextChoices):
    """Where two sides do not agree; the county asks and notes its finding (content.md §3.3)."""

    MONEY_TAKEN = "money_taken", "有人收钱"
    CALLBACK = "callback", "群众说没接到电话"
    VISIT = "visit", "群众说没来过"
    MONEY = "money", "群众说钱没到"
    NO_RETURN = "no_return", "群众说钱到了，银行没回填"
    SHORT_CALL = "short_call", "10 秒以内的“打通了”"


FINDING = "finding_"
"""A note of this kind, with the kind of mismatch after it, is the county's finding."""


class WithdrawReason(TextChoices):
    NOT_NEEDED = "not_needed", "不需要了"
    FOUND_ELSEWHERE = "found_elsewhere", "别处借到了"
    TOO_DEAR = "too_dear", "觉得贵"
    TOO_SLOW = "too_slow", "太慢"
    RATHER_NOT_SAY = "rather_not_say", "不想说"


@dataclass(frozen=True, slots=True)
class RefusalCode:
    """One of R01–R15: the bank's option, the applicant's words, and who may see them."""

    code: str
    bank_words: str
    words: str
    helps: str
    applicant_only: bool = False
    township_too: bool = False


REFUSAL_CODES = {
    row.code: row
    for row in (
        RefusalCode(
            "R01", "不在服务区域", "您住的地方不归这家网点管。", "可以转给管您那片的银行。"
        ),
        RefusalCode("R02", "用途不符合", "这个用途他们行不能做。", "换个产品或换一家试试。"),
        RefusalCode(
            "R03",
            "年龄不符",
            "到期时年龄超过了他们行的规定。",
            "让成年儿女来提，或一起签；或把时间缩短。",
        ),
        RefusalCode(
            "R04",
            "信用记录",
            "征信报告上有他们行不接受的记录。",
            "您每年能免费查两次自己的征信报告，先看清是哪一笔；错了能提异议，还清了过一段再试。",
            applicant_only=True,
        ),
        RefusalCode(
            "R05",
            "还款能力不足",
            "银行算下来，按这个数还起来会吃力。",
            "把数额降一些，或把时间拉长。",
        ),
        RefusalCode(
            "R06",
            "负债过高",
            "您现有的借款加起来偏多。",
            "先还掉一部分再来；别借新还旧。",
            applicant_only=True,
        ),
        RefusalCode(
            "R07",
            "担保不足",
            "光凭信用不够，他们要有抵押或担保。",
            "可以问农担公司担保，或拿土地经营权、大棚、牲口作保。",
        ),
        RefusalCode(
            "R08",
            "经营情况未核实",
            "去看了，跟说的对不上，或还没开始干。",
            "备好流转合同、买卖单据，干起来再提一次。",
        ),
        RefusalCode(
            "R09",
            "材料与实际不符",
            "银行核对时，有的材料对不上。",
            "请把材料核对好。不是您交的，请打县热线。",
            applicant_only=True,
        ),
        RefusalCode(
            "R10",
            "材料不齐",
            "还差材料，到时没补上。",
            "补齐了一键重新提，前面填的都在。",
            township_too=True,
        ),
        RefusalCode("R11", "行业政策限制", "他们行眼下不做这一行。", "看看别家银行在做的产品。"),
        RefusalCode(
            "R12",
            "本行已有借款",
            "您在他们行已有一笔，不能再加。",
            "快到期的可以问续贷；或找别家。",
            applicant_only=True,
        ),
        RefusalCode(
            "R13",
            "涉诉涉执行",
            "法院那边有没了结的事。",
            "了结后再来。事情不对，打 12368 查。",
            applicant_only=True,
        ),
        RefusalCode(
            "R14", "客户不接受条件", "您和银行没谈拢（利率、数额或作保）。", "看看别家的方案。"
        ),
        RefusalCode("R15", "其他（必写）", "", "请镇里金融干部帮您问问。"),
    )
}
"""content.md §1.9. R15 shows the bank's own sentence, at most 40 characters."""


@dataclass(frozen=True, slots=True)
class ClockLimits:
    """All limits of the county at one time, as `set_clock_rules` takes them."""

    callback_seconds: int = 300
    supervision_seconds: int = 600
    supervision_answer_seconds: int = 1800
    slot_reopen_seconds: int = 600
    unclaimed_seconds: int = 600
    plan_working_days: int = 1
    choice_seconds: int = 86_400
    investigation_working_days: int = 3
    decision_working_days: int = 5
    signing_working_days: int = 5
    offer_days: int = 90
    long_pending_working_days: int = 15
    long_pending_mortgage_working_days: int = 30
    expiry_days: int = 30
    confirmation_seconds: int = 86_400
    attempt_gap_seconds: int = 120
    attempts_needed: int = 3
    slots: int = 3
    uncalled_per_officer: int = 3
    duty_opens: str = "07:30"
    duty_closes: str = "21:30"
    duty_working_days_only: bool = False


class Refusals:
    """Why an action of the main job is refused; sentences are the person's."""

    AMOUNT_EMPTY = Reason("amount_empty", "请写个大概的数，比如 5 万。", 422, "amount")
    AMOUNT_SMALL = Reason("amount_too_small", "在这里最少提 1000 元。", 422, "amount")
    AMOUNT_LARGE = Reason(
        "amount_too_large", "一次最多提 {wan} 万元。再多请打县热线，有专人帮您。", 422, "amount"
    )
    PURPOSE_EMPTY = Reason("purpose_empty", "请选一个干什么用，银行好知道派谁来。", 422, "purpose")
    TERM_EMPTY = Reason("term_empty", "请选一个大概用多久，说不准也行。", 422, "term")
    WISH_EMPTY = Reason(
        "repayment_empty", "请选一个怎么还，拿不准就选“听银行的”。", 422, "repayment_wish"
    )
    SCALE_BAD = Reason("scale_not_a_number", "规模这里只填整数，没有就空着。", 422, "scale")
    STORY_LONG = Reason("story_too_long", "这里最多写 200 个字。", 422, "story")
    CALL_WISH_EMPTY = Reason("call_wish_empty", "请选什么时候方便接电话。", 422, "call_wish")
    ROUTE_EMPTY = Reason("route_empty", "请选：让大家都看到，还是只找一家。", 422, "route")
    BANK_UNKNOWN = Reason("bank_unknown", "请选一家银行。", 422, "directed_bank")
    PRODUCT_UNKNOWN = Reason(
        "product_unknown", "这个产品已经下架，请换一个。", 422, "directed_product"
    )
    CONSENT_MISSING = Reason(
        "consent_missing",
        "不勾这一条，银行没法给您打电话。不想在网上办，可以直接去网点。",
        422,
        "consent",
    )
    RELATIVE_NOT_ASKED = Reason(
        "relative_not_asked", "请先问过他（她）愿不愿意接，再勾上。", 422, "relative_agreed"
    )
    ALREADY_OPEN = Reason(
        "already_open", "您还有一份在办（编号 {ref}）。先看看那份，还是另起一份？"
    )
    FROZEN = Reason("requests_frozen", "您停过用您名字提的需求，县里正在查。请打县热线。")
    NOT_OPEN = Reason("demand_not_open", "这份需求已经不接单了。")
    SLOTS_FULL = Reason("slots_full", "名额已满，三家都接了。")
    ALREADY_ENGAGED = Reason("already_engaged", "贵行已经接过这份需求。")
    NOT_ON_DUTY = Reason(
        "officer_not_on_duty", "指定的客户经理现在不值班，请换值班的人接单。", 422, "officer"
    )
    TOO_MANY_UNCALLED = Reason("too_many_uncalled", "贵行已有 {n} 笔接了没打，请先打电话再接单。")
    STATE = Reason("wrong_state", "这一步现在不能办，请刷新看最新情况。")
    CALL_NOT_STARTED = Reason("call_not_started", "请先点“一键拨号”，再登记结果。")
    CALL_RECORDED = Reason("call_already_recorded", "这通电话已经登记过了。")
    CALLS_TOO_CLOSE = Reason("calls_too_close", "两次拨号要隔 2 分钟。", 409)
    RESULT_BAD = Reason(
        "call_result_unknown", "请选一个结果：打通了、没人接、号码不对、改时间。", 422, "result"
    )
    DURATION_BAD = Reason("duration_bad", "通话时长要是 0 到 7200 秒。", 422, "duration_seconds")
    REFUSAL_CODE = Reason("refusal_code_unknown", "请选 R01 到 R15 里的一个原因。", 422, "code")
    REFUSAL_WORDS = Reason(
        "refusal_words_missing", "选“其他”要写明原因，不超过 40 字。", 422, "words"
    )
    PROPOSAL_BAD = Reason("proposal_bad", "方案没填对。", 422)
    CHANGE_UNEXPLAINED = Reason(
        "change_unexplained", "准信和初步方案不一样，请写明理由。", 422, "change_reason"
    )
    KEPT_TWO = Reason("two_already_kept", "已经留了 2 家。要换，先把其中一家改成不留。")
    VISIT_EMPTY = Reason("visit_time_empty", "请填约好上门的日期和时间。", 422, "visit_at")
    RETURN_BAD = Reason("return_bad", "回填的四格没填对。", 422)
    ALREADY_SIGNED = Reason("already_signed", "合同已经签了，不能再撤回。有事请打县热线。")
    QUESTION_GONE = Reason("question_gone", "这个问题已经答过了，或不用答了。")
    ANSWER_BAD = Reason("answer_unknown", "请回给出的数字。", 422, "answer")
    DESTINATION = Reason(
        "destination_missing", "请选去处；约日子再提的，要填日期。", 422, "destination"
    )
    RULE_BAD = Reason("rule_out_of_range", "{field} 要在 {low} 到 {high} 之间。", 422)
    WORDS_EMPTY = Reason("words_empty", "请写一句话。", 422, "words")
    NO_RESPONSIBLE_BANK = Reason(
        "no_responsible_bank", "这个村还没有定责任银行，请先在责任银行表里定下来。"
    )
    NO_DEPUTY = Reason("no_deputy", "这个乡镇眼下没有能接手的金融副镇长，请县里直接跟。")
    REASSIGN_CONSENT = Reason(
        "consent_of_applicant_missing", "改派要先得到本人同意。", 422, "applicant_agreed"
    )
    PERSONAL_DATA_CLOSED = Reason(
        "journal_not_sealing", "台账超过 30 分钟没有封存，个人信息暂停显示。", 503
    )


class DemandState(enum.StrEnum):
    """What a demand's state is called on pages."""

    DRAFT = "draft"
    PUBLISHED = "published"
    IN_PROGRESS = "in_progress"
    FUNDED = "funded"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNMET = "unmet"


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody of the family who may take the call."""

    name: str
    relation: str
    phone: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class DemandForm:
    """What an applicant sends. Money in fen; choices are the codes of this module."""

    amount_fen: int
    purpose: str
    term: str
    repayment_wish: str
    call_wish: str
    securities: tuple[str, ...] = ()
    purpose_words: str = ""
    scale: int | None = None
    scale_unit: str = ""
    story: str = ""
    is_first_loan: bool | None = None
    relative: Relative | None = None
    directed_bank: str = ""
    """Public reference of the one bank asked, empty for all."""
    directed_product: str = ""


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """A plan or an offer as a bank sends it. Money in fen, rate in ppm a year, months whole."""

    amount_fen: int
    rate_ppm: int
    months: int
    method: str
    security_words: str
    trips_words: str
    fees: tuple[tuple[str, int], ...] = ()
    answer_working_days: int | None = None
    prepayment_words: str = ""
    product: str = ""
    change_reason: str = ""
    valid_days: int | None = None


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """The four fields that a bank returns, with the contract's hash over REST."""

    amount_fen: int
    rate_ppm: int
    due_on: str
    paid_out_on: str
    contract_hash: str = ""
    is_first_loan: bool | None = None


@dataclass(frozen=True, slots=True)
class DemandCard:
    """What a bank sees before a claim: exactly the fields of contract.md, nothing else."""

    ref: str
    township: str
    purpose: str
    scale: str
    amount_fen: int
    term: str
    repayment_wish: str
    securities: tuple[str, ...]
    age_band: str
    is_first_loan: bool | None
    call_window: str
    slots_left: int
    seconds_since_publication: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """The outcome of a claim."""

    engagement: UUID
    engagement_ref: str
    demand_ref: str
    contact_code: str
    clock_start_at: datetime
    callback_due_at: datetime
