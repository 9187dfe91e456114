"""What may be chosen in the main job: purposes, terms, wishes, clocks, questions, destinations."""

import enum

from django.db.models import TextChoices

from puhui.market.rules.duty_hours import CallWish as CallWish  # noqa: PLC0414 - a noun of ours
from puhui.repayment.terms import Method as LoanMethod

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
    """The repayment methods of repayment/, which computes them, in a customer's words."""

    SINGLE = LoanMethod.SINGLE_PAYMENT.value, "到期一次还本付息"
    BULLET = LoanMethod.INTEREST_ONLY_BULLET.value, "每月还息，到期还本"
    QUARTERLY = LoanMethod.QUARTERLY_INTEREST_BULLET.value, "按季还息，到期还本"
    INSTALMENT = LoanMethod.EQUAL_INSTALMENT.value, "每月还一样多（等额本息）"
    PRINCIPAL = LoanMethod.EQUAL_PRINCIPAL.value, "每月还一样多的本（等额本金）"
    GRACE = LoanMethod.GRACE_THEN_EQUAL_PRINCIPAL.value, "前几年只还利息，以后还本"
    DAILY = LoanMethod.DAILY_INTEREST.value, "随用随还，按天计息"


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
    OBJECTION = "objection", "答复不同意见"


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
    PAUSE = "pause", "银行是不是在等您"
    REASSIGN = "reassign", "换一家银行接着办行不行"
    SATISFIED = "satisfied", "办得怎么样"
    NOT_ME = "not_me", "是不是您本人提的"


class EnquiryKind(TextChoices):
    """What an applicant asks a bank."""

    PAPERS = "papers", "还差什么材料"
    OTHER = "other", "别的事"


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
    DIRECTED_REFUSED = "directed_refused", "只找的那家没办成"


class Destination(TextChoices):
    """Where an ended case went: every one has a destination (domain.md §2a)."""

    OTHER_BANK = "other_bank", "转别家银行接着办"
    GUARANTEE = "guarantee_or_subsidy", "转农担、补贴或其他办法"
    MISSING = "missing_until", "差材料，约好日子再提"
    GIVEN_UP = "given_up", "本人不办了"
    EXPLAINED = "refused_explained", "没办成，原因给本人说清了"
    UNREACHED = "unreached", "几次都联系不上本人"


class CaseEnd(TextChoices):
    """The six destinations, one for every ended case (domain.md §2a, closure)."""

    FUNDED = "funded", "办成了"
    EXPLAINED = "refused_explained", "没办成，原因说清了"
    PASSED = "guarantee_or_subsidy", "转农担、补贴或其他办法"
    MISSING = "missing_until", "差材料，约好日子再提"
    WITHDRAWN = "withdrawn", "本人撤回，说了原因"
    UNREACHED = "unreached", "联系不上本人"


class ObjectionOutcome(TextChoices):
    """What the bank's head says to an objection."""

    UPHELD = "upheld", "看过了，还是不能办"
    REOPENED = "reopened", "看过了，接着办"
    ADMITTED = "admitted", "看过了，原来答复得不对；这份已经结束，要办请再提一份"
    """What becomes of `reopened` where the demand has ended meanwhile: nothing is taken up again."""


OBJECTION_ANSWERS = (ObjectionOutcome.UPHELD, ObjectionOutcome.REOPENED)
"""What the bank's head says; the third outcome follows from the case."""


class NoticeStatus(TextChoices):
    """What the public notice says of a case; the last is only counted."""

    WAITING = "waiting", "待对接"
    OVERDUE = "overdue", "逾期未对接"
    LONG_PENDING = "long_pending", "长期未办结"
    PAUSED = "paused", "等客户"


class TalkWish(TextChoices):
    """What the applicant would like to be different in the plans."""

    MORE = "more", "想多用一些"
    CHEAPER = "cheaper", "利息、费用想低一些"
    LONGER = "longer", "想用得长一些"
    REPAYMENT = "repayment", "想换个还法"
    SECURITY = "security", "作保的办不到"


class MismatchKind(TextChoices):
    """Where two sides do not agree; the county asks and notes its finding (content.md §3.3)."""

    MONEY_TAKEN = "money_taken", "有人收钱"
    CALLBACK = "callback", "群众说没接到电话"
    VISIT = "visit", "群众说没来过"
    MONEY = "money", "群众说钱没到"
    NO_RETURN = "no_return", "群众说钱到了，银行没回填"
    SHORT_CALL = "short_call", "10 秒以内的“打通了”"
    NO_REASON = "no_reason", "银行没有说明没办成的原因"
    SHEET = "sheet", "银行按月交的表和平台不一样"
    SHARED_PHONE = "shared_phone", "同一手机多次注册"


FINDING = "finding_"
"""A note of this kind, with the kind of mismatch after it, is the county's finding."""
ASKED_AGAIN = "asked_again_"
ASKED_BANK = "asked_bank_"
"""Notes that the county asked the applicant or the bank again, the kind after it."""

LATE_STEPS = (
    ClockKind.PLAN,
    ClockKind.INVESTIGATION,
    ClockKind.DECISION,
    ClockKind.SIGNING,
    ClockKind.DATA_RETURN,
    ClockKind.LONG_PENDING,
)
"""Steps that a bank owes past their day: the county's list ③ and its written orders."""


class WithdrawReason(TextChoices):
    NOT_NEEDED = "not_needed", "不需要了"
    FOUND_ELSEWHERE = "found_elsewhere", "别处借到了"
    TOO_DEAR = "too_dear", "觉得贵"
    TOO_SLOW = "too_slow", "太慢"
    RATHER_NOT_SAY = "rather_not_say", "不想说"


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
