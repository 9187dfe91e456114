"""What the pages about one's own name say."""

from __future__ import annotations

from dataclasses import dataclass, field

from puhui.kernel.clock import local, minute_text
from puhui.kernel.money import wan_text
from puhui.market.queries.own_name import InMyName
from puhui.market.terms import Hindrance

CHANNELS = {
    "page": "您自己在手机上提的",
    "rest": "从别的软件提的",
    "sms": "回短信接着提的",
    "specialist": "村金融专员代填",
    "hotline": "打县热线代办",
    "paper": "纸质需求单",
    "program": "县里导入的",
}
STATES = {
    "draft": "还没发出去，等您确认",
    "published": "正在找银行",
    "in_progress": "银行在办",
    "funded": "办成了",
    "closed": "办结了",
    "withdrawn": "撤回了",
    "expired": "到期停了",
    "unmet": "没办成",
    "denied": "您说不是您提的，停掉了",
    "waiting": "等您回短信",
    "to_check": "等第二个人核对",
    "confirmed": "您回 1 确认了",
    "checked": "核对过了",
    "refused": "您说不是，作废了",
    "lapsed": "没回短信，作废了",
    "cancelled": "代填的人取消了",
    "rejected": "核对没通过，作废了",
}
SAID = {
    "stopped": "已停掉，并交给县里查，1 个工作日内给您回话。从现在起，谁也不能再用您的名字提需求。",
    "void": "作废了，没有发给任何银行。",
    "signed": "已交给县里查，1 个工作日内给您回话。这一份合同已经签了，平台停不了：请马上打银行电话和县热线。",
}
SLIPS = {
    "new": "这张单子还没有录进来。填好、签字后交给村委或银行网点。",
    "to_check": "已经录进来了，正等第二个人核对，核对过了就发给银行。",
    "checked": "核对过了，已经发给银行。银行来电会先报单子上的对接号。",
    "rejected": "核对没通过，没有发出去。请问问交单子的地方。",
    "cancelled": "录的人取消了，没有发出去。请问问交单子的地方。",
}
BUSY = {
    "draft": ("有人替您填的一份还在等您回话", "回 2 作废，或等它到时作废"),
    "open": ("编号 {ref} 还在办", "先撤回，或等办完"),
    "objection": ("编号 {ref} 您提的不同意见，银行还没答复", "等银行答复"),
    "case": ("您反映的事，县里还在查", "等县里给您回话"),
    "enterprise": ("您还是单位的法定代表人（{ref}）", "先打县热线，问单位怎么换人"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One request in my name."""

    ref: str
    at: str
    channel: str
    helper: str = field(repr=False)
    state: str
    asked: str
    may_deny: bool


def line(one: InMyName) -> Line:
    at = local(one.at)
    return Line(
        ref=one.ref,
        at=f"{at.year} 年 {at.month} 月 {at.day} 日 {minute_text(one.at)}",
        channel=CHANNELS.get(one.channel, one.channel),
        helper=one.helper,
        state=STATES.get(one.state, ""),
        asked=f"想用 {wan_text(one.amount_fen)}元" if one.amount_fen else "",
        may_deny=one.may_deny,
    )


def hindrance(one: Hindrance) -> tuple[str, str, str]:
    """What is under way, what to do about it, and where it is seen."""
    words, advice = BUSY[one.kind]
    if one.kind == "enterprise":
        address = f"/my/enterprises/{one.ref}/"
    else:
        address = f"/my/{one.ref}/" if one.kind in ("open", "objection") else "/my/name"
    return words.format(ref=one.ref), advice, address
