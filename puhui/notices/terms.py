"""Nouns of telling: the text messages, what may be replied to them, events for organisations."""

from __future__ import annotations

import enum
import functools
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from puhui.kernel.command import Reason

LONGEST_TEXT = 70
"""Characters of one text message, signature included (content.md §2)."""


@dataclass(frozen=True, slots=True)
class Template:
    """One text message. `digits`: what may be replied to it; `in_inbox`: kept for reading later."""

    words: str
    digits: str = ""
    in_inbox: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Its variables, the signature aside."""
        return _names(self.words)


@functools.cache
def _names(words: str) -> tuple[str, ...]:
    found = (name for _text, name, _spec, _way in string.Formatter().parse(words) if name)
    return tuple(dict.fromkeys(found))


TO_RESIDENTS = {
    "S01": Template(
        "验证码{码}，5分钟内有效。只在您自己提需求时用，干部、银行、客服都不会要这个码。",
        in_inbox=False,
    ),
    "S02": Template(
        "收到，编号{编号}。稍后银行给您来电，会先报对接号{号}，报不出的请挂断。全程不收费。急事拨{热线}"
    ),
    "S03": Template(
        "收到，编号{编号}。现在是夜里，明早7:30起银行给您来电，先报对接号{号}。急事拨{热线}"
    ),
    "S04": Template("收到，编号{编号}。{时间}起银行给您来电，先报对接号{号}。改时间请拨{热线}"),
    "S05": Template("{行}接了您的事，马上来电，请留意接听。来电先报对接号{号}，报不出的请挂断。"),
    "S06": Template(
        "{行}给您打过电话没打通，{时间}再打。时间不合适请回1，会有人问您什么时候方便。", digits="1"
    ),
    "S07": Template(
        "几次都没打通您的电话。还办请回1，不办了回2。不回的话先给您留着，30天内随时能接着办。",
        digits="12",
    ),
    "S08": Template(
        "{行}说已经跟您通过话。通过话请回1，没有请回2。回什么都不影响您办事。", digits="12"
    ),
    "S09": Template("银行还没给您来电，县里正在催，您不用做什么。着急请拨{热线}，报编号{编号}。"),
    "S10": Template(
        "您的事暂时还没有银行接，县里{姓}同志和镇里已在跟进，今天之内给您打电话。热线{热线}"
    ),
    "S11": Template("{行}一直没联系您。要不要让其他银行也看到？要请回1，不要请回2。", digits="12"),
    "S12": Template(
        "编号{编号}有银行给您出了方案。请打开公众号比一比再选，不会弄就拨{热线}，有人念给您听。"
    ),
    "S13": Template(
        "编号{编号}的方案等您选，到{时间}为止。不会弄请拨{热线}，不选也有人打电话问您。"
    ),
    "S14": Template(
        "{行}约好{时间}到您家看看，带工作证。不收费、不吃请、不收礼。改日子请回1。", digits="1"
    ),
    "S15": Template("{行}说已经到您家看过。来过请回1，没来请回2。", digits="12"),
    "S16": Template("编号{编号}还差材料，请打开公众号看看差什么，或拨{热线}问。补齐就接着往下办。"),
    "S17": Template("编号{编号}有新结果，请打开公众号看，或拨{热线}让人念给您听。"),
    "S18": Template(
        "您选了{行}。不是您本人选的，请马上回2。合同到银行签，签前先看清楚一共要花多少钱。",
        digits="2",
    ),
    "S19": Template(
        "{行}说您的事办好了，请看看卡上。到了请回1，没到请回2。到期前按时还。", digits="12"
    ),
    "S20": Template(
        "编号{编号}办得怎么样？好回1，一般回2，不好回3。回3的，县里有人给您打电话。", digits="123"
    ),
    "S21": Template("编号{编号}已按您说的撤回，银行不会再给您打电话。再用随时提，前面填的都在。"),
    "S22": Template(
        "编号{编号}满30天没办成，先停了。还需要请回1，接着给您找；不用了不必回。", digits="1"
    ),
    "S23": Template(
        "{专员}同志正替您提用钱的需求。是您让办的请回1，不是回2。您不回，就不会发出去。",
        digits="12",
    ),
    "S24": Template(
        "有人在新手机上登录了您的账号。不是您本人，请马上回2，我们先替您锁上。", digits="2"
    ),
    "S25": Template(
        "有人用您的名字提了一份需求，编号{编号}。不是您，请马上回2停掉，县里会查。", digits="2"
    ),
    "S26": Template("编号{编号}的事，镇里{姓}同志{时间}前给您打电话，一起想办法。热线{热线}"),
    "S27": Template("{行}今天看了您同意给它看的资料。没同意过的话，请拨{热线}。"),
}
TO_RESIDENTS |= {
    "S31": Template(
        "{行}说在等您准备东西，没备好前先不催它。是这样请回1，不是请回2，县里照旧催着。",
        digits="12",
    ),
    "S32": Template("编号{编号}有一家的答复过了期，要重新算。还想办请打开公众号看，或拨{热线}。"),
    "S33": Template(
        "县里想请{行}接着办您这件事。同意请回1，不同意回2。您不回就不换，原来的银行接着办。",
        digits="12",
    ),
}
TO_RESIDENTS |= {
    "S34": Template(
        "{专员}同志正帮您登记。是您让办的请回1，不是请回2。您不回，登记就作废。不收费。",
        digits="12",
    ),
    "S40": Template(
        "有人用您的手机登记，让{姓}同志替您的单位办借款。是您的意思请回1，不是回2。不回不算数。",
        digits="12",
    ),
    "S42": Template(
        "有一家单位请您接任法定代表人。请打开公众号，在“我的单位”里看。不认识的请别理。"
    ),
    "S43": Template(
        "有人拿着证明，请县里给您的单位换法定代表人。不是您的意思，请马上拨{热线}，就停下来。"
    ),
}
TO_RESIDENTS |= {
    "S41": Template(
        "您的账号按您说的锁上了，谁也登不进去。您自己要用时请回1，就给您打开。",
        digits="1",
        in_inbox=False,
    ),
}
ABOUT_THE_PHONE = ("S24", "S41")
"""They ask whoever holds the phone, and nobody of those who share it in particular."""
TO_BANKS = {
    "B01": Template(
        "新需求{编号}：{地}，{用途}，{金额}，{期限}，还有{名额}个名额。请打开银行端接单。"
    ),
    "B02": Template("客户点名找贵行：{编号}，{地}，{用途}，{金额}。请5分钟内打电话。"),
    "B03": Template("{编号}还剩2分钟该打电话，请先报对接号{号}。"),
    "B04": Template("督导提醒：{编号}已超10分钟未打电话，请立即联系客户，30分钟内在系统写明原因。"),
    "B05": Template("贵行{编号}超10分钟未打首次电话，今天第{笔}笔。请过问。县金融运行监测中心。"),
    "B06": Template("{编号}客户回复没接到电话，与贵行登记不一致，请30分钟内重新联系并说明。"),
    "B07": Template("{编号}超10分钟未拨打，名额已放开，贵行仍可联系客户。本次已计超时。"),
    "B08": Template("{编号}贷前调查明天到期（3个工作日），请约好客户上门。"),
    "B09": Template("客户留下贵行继续办{编号}，请3个工作日内上门。查征信前须客户签授权。"),
    "B10": Template("{编号}客户选了别家，贵行这笔已结束，不扣分。谢谢。"),
    "B11": Template("贵行有{笔}笔已签约或放款未回填，请今天下班前补上，1分钟一笔。"),
    "B12": Template("督导提醒：{编号}贷前调查已超过规定时间，请马上上门，并在系统写明原因。"),
}
TO_BANKS |= {
    "B21": Template("{编号}客户说准备好了，请接着办。办理的天数从现在接着算。"),
    "B22": Template("{编号}没有说明没办成的原因，县里已记下。请今天内在系统里补上。"),
    "B23": Template("{编号}客户对结果有不同意见，请您安排人再看一遍，{天}个工作日内答复。"),
    "B24": Template("{编号}客户看了方案，还想再谈谈，请今天给客户回话。要什么在系统里看。"),
    "B26": Template("{编号}客户请贵行改打家里人的电话，请先报对接号{号}。电话在系统里看。"),
    "B25": Template("督导提醒：{编号}客户的不同意见到期没有答复，请马上答复，并在系统写明原因。"),
}
TO_BANKS |= {
    "B31": Template("县里发了督办单{编号}，{笔}笔过了日子没结果，请打开银行端看，按时书面答复。"),
    "B32": Template("{编号}有一处和客户说的对不上，请今天内核对，并在系统写清楚。"),
}
TO_OFFICES = {
    "T01": Template("{地}{编号}10分钟没有银行接，请今天内联系群众，问清情况并填结果。"),
    "T02": Template("{地}{编号}几家银行都没办成，请{时间}前和群众通电话，填清去处。"),
    "T03": Template(
        "早上好，今天您这里要管{件}件事：{没人接}件没人接，{超时}件超时，{回访}件要回访。"
    ),
    "T04": Template("{编号}您派出的银行也在谈，要回避，已交给{姓}同志跟进，您这里不再显示。"),
    "T05": Template("{地}{编号}转给您跟进：原来的同志派出的银行也在谈，要回避。请今天内看看。"),
    "T06": Template("{地}有一张纸质需求单{编号}等您核对。核对过了才发出去，请今天内看看。"),
    "V01": Template(
        "您替人填的需求，本人已确认，已发出。后面由银行联系本人，请勿代接代签、勿收费。"
    ),
    "C01": Template("此刻{家}家银行共{笔}笔超10分钟未打电话，最长{分钟}分钟，请督导。"),
    "C04": Template("有群众说{编号}不是本人提的，件号{件号}。请1个工作日内查清，给本人回话。"),
    "C03": Template("有群众反映被收钱，件号{件号}，请今天内核实、转办。先不要告诉当事银行。"),
    "C02": Template(
        "昨天新增{新增}笔，5分钟来电率{及时率}，没人接{没人接}笔，超时{超时}笔，放款{放款}笔。"
    ),
}
TEMPLATES: dict[str, Template] = TO_RESIDENTS | TO_BANKS | TO_OFFICES
"""content.md §2, and of our own B12 (an investigation past its days), S31 on and B21 on.
Variables keep their Chinese names; 热线 is filled in by `tell` where a caller leaves it out."""


ANSWER_HERE = re.compile(r"(?:请马上|请)?回[123](的)?")
ASKED_TO_PHONE = {
    "S20": "编号{编号}办得怎么样？请拨{热线}说一声，不好的，县里有人给您打电话。",
}


def phoned(code: str) -> str:
    """The words of a message where nobody can reply by digits: 请回1 becomes 请拨{热线} (content.md §2)."""
    if code in ASKED_TO_PHONE:
        return ASKED_TO_PHONE[code]
    words = ANSWER_HERE.sub("请拨{热线}", TEMPLATES[code].words, count=1)
    return ANSWER_HERE.sub("也请拨", words)


def render(code: str, *, takes_replies: bool = True, **params: object) -> str:
    """The words of message `code`, without signature. Params that it does not use are ignored.

    Where replies do not arrive (`takes_replies` false) the hotline is named instead of digits.
    """
    template = TEMPLATES[code]
    if template.digits and not takes_replies:
        template = Template(phoned(code))
    missing = [name for name in template.names if name not in params]
    if missing:
        raise ValueError(f"{code} lacks {', '.join(missing)}")
    return template.words.format_map(params)


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event for the webhooks of some organisations; `data` holds public references only."""

    event: str
    organisations: tuple[UUID, ...]
    data: Mapping[str, object]
    order_key: str


@dataclass(frozen=True, slots=True)
class Telling:
    """Something to be told to one person. Without a phone it goes to the inbox alone.

    `resident` or `staff` names whose inbox it goes to; `question` is what a reply answers.
    """

    code: str
    phone: str = field(repr=False)
    params: Mapping[str, object] = field(repr=False)
    resident: UUID | None = None
    staff: UUID | None = None
    subject_ref: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that was answered by a text message, once."""

    question: str
    subject_ref: str
    digit: str
    message_id: UUID
    resident: UUID | None


class Event(enum.StrEnum):
    """What organisations may be told of (contract.md, webhooks)."""

    DEMAND_PUBLISHED = "demand.published"
    DEMAND_WITHDRAWN = "demand.withdrawn"
    ENGAGEMENT_DIRECTED = "engagement.directed"
    ENGAGEMENT_OVERDUE = "engagement.overdue"
    ENGAGEMENT_RELEASED = "engagement.released"
    OFFER_CHOSEN = "offer.chosen"
    JOURNAL_HEAD = "journal.head"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of somebody's inbox."""

    id: UUID
    code: str
    words: str
    subject_ref: str
    at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class PhoneText:
    """One text message on the demo's phone page, in either direction. `digits` may be replied."""

    id: UUID
    words: str = field(repr=False)
    at: datetime
    is_reply: bool
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that was given up, for the county to see. Holds nothing personal.

    `what` is the event's name or the text's code; `organisation` whose webhook it was for.
    """

    id: UUID
    kind: str
    what: str
    organisation: str
    created_at: datetime
    attempts: int
    last_error: str


@dataclass(frozen=True, slots=True)
class WebhookCard:
    """An organisation's own endpoint. `failures`: times in a row that nobody answered there."""

    url: str
    events: tuple[str, ...]
    created_at: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A text message as the gateway handed it in, its signature checked."""

    id: str
    phone: str = field(repr=False)
    words: str = field(repr=False)
    in_reply_to: str = ""


class Refusals:
    """Why something about notices is refused."""

    URL_BAD = Reason(
        "webhook_url_bad", "接收地址要以 https:// 开头，不带用户名、密码和 #。", 422, "url"
    )
    URL_UNRESOLVED = Reason(
        "webhook_url_unresolved", "查不到这个接收地址的主机名，请核对。", 422, "url"
    )
    URL_INWARD = Reason(
        "webhook_url_not_public",
        "接收地址不能是本机、内网、链路本地或云主机元数据地址。",
        422,
        "url",
    )
    SIGNATURE = Reason("signature_refused", "签名不对，或时间戳超过 5 分钟。", 401)
    REPLY_BAD = Reason("reply_malformed", "要有 id、from、text 三项文字。", 422, "body")
    EVENTS_BAD = Reason(
        "webhook_events_unknown", "事件名不认识，请从给出的几种里选。", 422, "events"
    )
    NOT_HELD = Reason("not_held", "发送没有停着，不用再启用。", 409)
    NOT_PARKED = Reason("message_not_parked", "这条消息没有停发，不用重发。")
