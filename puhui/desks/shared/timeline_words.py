"""What happened to a case, one sentence for each journalled fact (content.md §3, look.md).

The table is for every desk; a desk that may see less leaves entries out before it asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from puhui.kernel.clock import duration_text, local_date, minute_text, moment_text, time_text
from puhui.kernel.money import rate_text, wan_text
from puhui.market.queries import TimelineEntry
from puhui.market.terms import CallResult, ClockKind, Destination, FollowUpKind, ObjectionOutcome


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline. `is_good`: a promise kept or the applicant's own word."""

    at: str
    day: str
    words: str
    note: str
    is_good: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence; {who} and {bank} are filled in."""

    words: str
    note: str = ""
    is_good: bool = False
    is_late: bool = False


Facts = Mapping[str, object]
Sentence = Said | Callable[[Facts, datetime], Said | None]


def _call(facts: Facts, now: datetime) -> Said:
    number = facts.get("number", 1)
    on_time = bool(facts.get("on_time"))
    return Said(
        f"{{who}} 一键拨号（第 {number} 次）",
        "起拨时间由系统记，改不了" + ("；在 5 分钟内" if on_time else ""),
        is_good=on_time,
    )


def _result(facts: Facts, now: datetime) -> Said:
    result = str(facts.get("result", ""))
    label = CallResult(result).label if result in CallResult.values else result
    seconds = int(str(facts.get("duration_seconds") or 0))
    spoke = f"，{duration_text(timedelta(seconds=seconds))}" if seconds else ""
    return Said(
        f"{{who}} 登记：{label}{spoke}", "登记当时记为“银行自报”" if result == "connected" else ""
    )


def _answered(yes: str, no: str, note: str) -> Callable[[Facts, datetime], Said]:
    def sentence(facts: Facts, now: datetime) -> Said:
        is_yes = facts.get("answer") == "yes"
        via = "回短信" if facts.get("via") == "sms" else "回答"
        return Said(
            f"群众{via}：{yes if is_yes else no}", note if is_yes else "", is_yes, not is_yes
        )

    return sentence


def _visit(facts: Facts, now: datetime) -> Said:
    at = str(facts.get("visit_at", ""))
    words = moment_text(datetime.fromisoformat(at), now=now) if at else ""
    return Said(f"{{who}} 约好 {words} 上门", "已发短信给群众")


def _moved(facts: Facts, now: datetime) -> Said:
    said = _visit(facts, now)
    return Said(said.words.replace("约好", "改到"), said.note)


PROMISES = frozenset(
    {
        ClockKind.CALLBACK_APPLICANT,
        ClockKind.SUPERVISION_APPLICANT,
        ClockKind.CALLBACK_BANK,
        ClockKind.SUPERVISION_BANK,
        ClockKind.UNCLAIMED,
        ClockKind.PLAN,
        ClockKind.INVESTIGATION,
        ClockKind.DECISION,
        ClockKind.SIGNING,
        ClockKind.DATA_RETURN,
        ClockKind.LONG_PENDING,
        ClockKind.OBJECTION,
    }
)
"""Deadlines that somebody is late for; the others only make something happen at their time."""


def _breach(facts: Facts, now: datetime) -> Said | None:
    kind, due_at = str(facts.get("clock", "")), str(facts.get("due_at", ""))
    if kind and kind not in PROMISES:
        return None
    label = ClockKind(kind).label if kind else "时限"
    due = f"原定 {moment_text(datetime.fromisoformat(due_at), now=now)}，" if due_at else ""
    return Said(f"{label}，超时了", f"{due}按到点的时间记", is_late=True)


def _refused(facts: Facts, now: datetime) -> Said:
    if facts.get("has_reason") is False:
        return Said("{who} 没办成，没有说明原因", "县里记下了", is_late=True)
    return Said("{who} 没办成，原因给了群众")


def _payout(facts: Facts, now: datetime) -> Said:
    return Said(f"{{who}} 登记放款日：{facts.get('on', '')}", "当天回填")


def _looked_again(facts: Facts, now: datetime) -> Said:
    outcome = str(facts.get("outcome", ""))
    if outcome not in ObjectionOutcome.values:
        return Said("{who} 答复了不同意见")
    return Said(f"{{who}} 答复不同意见：{ObjectionOutcome(outcome).label}")


def _resumed(facts: Facts, now: datetime) -> Said:
    who = "群众说准备好了" if facts.get("ended_by") == "applicant" else "{who} 说不用等客户了"
    return Said(who, "办理的天数接着算")


def _late(words: str) -> Callable[[Facts, datetime], Said]:
    def sentence(facts: Facts, now: datetime) -> Said:
        is_late = bool(facts.get("late"))
        return Said(words, "超了时间" if is_late else "按时", not is_late, is_late)

    return sentence


def _kept(facts: Facts, now: datetime) -> Said:
    if facts.get("chosen_by") == "resident":
        return Said("群众留下{bank}往下办", "3 个工作日内上门", is_good=True)
    return Said("留下{bank}往下办", "3 个工作日内上门")


def _offer(facts: Facts, now: datetime) -> Said:
    changed = facts.get("changed")
    return Said(
        "{who} 给出准信", "和初步方案不一样，写了理由" if changed else "和初步方案一样", not changed
    )


def _called_back(facts: Facts, now: datetime) -> Said:
    if facts.get("reached"):
        return Said("首次电话办妥", "接着 1 个工作日内给初步方案", is_good=True)
    return Said("几次都没打通，先往下走", "已短信问群众还办不办")


def _paid(facts: Facts, now: datetime) -> Said:
    amount, rate = facts.get("amount_fen"), facts.get("rate_ppm")
    if not isinstance(amount, int) or not isinstance(rate, int):
        return Said("{who} 回填放款")
    return Said(f"{{who}} 回填放款：{wan_text(amount)}元，{rate_text(rate)}", "已问群众钱到了没有")


def _handed(facts: Facts, now: datetime) -> Said:
    return Said(
        f"{{who}} 把这一单转给工号 {facts.get('officer_to', '')}", "以后由他（她）给群众打电话"
    )


def _closed(facts: Facts, now: datetime) -> Said:
    where = str(facts.get("destination", ""))
    return Said(
        f"说清了去处：{Destination(where).label}" if where in Destination.values else "跟进结束"
    )


def _follow_up(facts: Facts, now: datetime) -> Said:
    kind = str(facts.get("kind", ""))
    why = f"{FollowUpKind(kind).label}，" if kind in FollowUpKind.values else ""
    return Said(f"{why}交专人跟进")


def _drafted(facts: Facts, now: datetime) -> Said:
    if facts.get("via") == "paper":
        return Said("照本人签了字的纸单录好了", "等第二个人核对，核对过才发")
    who = "县热线" if facts.get("via") == "hotline" else "村里的专员"
    return Said(f"{who}替群众填好了", "等本人用自己的手机回 1，不回就不发")


SENTENCES: dict[str, Sentence] = {
    "financing_demand.draft": _drafted,
    "financing_demand.deny": Said("本人说这份不是自己提的", "停掉，不能再用这个名字提，县里在查"),
    "help.check": Said("纸质需求单由第二个人核对过了", "录的人和核对的人不是一个人"),
    "financing_demand.void": Said("本人没有确认，代填的作废了"),
    "financing_demand.publish": Said("群众提出需求", "同意把需求给银行看（一事一用）"),
    "financing_demand.first_engagement": Said("有银行接了"),
    "financing_demand.last_engagement_ended": Said("又放出来等银行接"),
    "financing_demand.disbursed": Said("这份需求办成了", is_good=True),
    "financing_demand.settled": Said("这份需求办结", is_good=True),
    "financing_demand.withdraw": Said("群众撤回了需求"),
    "financing_demand.expire": Said("满 30 天，先停了"),
    "financing_demand.give_up": Said("满 30 天没办成"),
    "financing_demand.republish": Said("群众重新提出"),
    "financing_demand.change_call_time": Said("群众改了接电话的时间"),
    "financing_demand.open_to_all": Said("群众让别的银行也看到"),
    "financing_demand.take_over": Said("单位换了法定代表人，由新的接着办"),
    "financing_demand.note": Said("镇里、县里记了一笔"),
    "financing_demand.push": Said("县里请责任银行来接"),
    "financing_demand.settle_mismatch": Said("县里核实了两边说法不一的事"),
    "engagement.claim": Said("{who} 接单", "接单后才看到姓名、电话、村庄", is_good=True),
    "engagement.direct": Said("群众点名找{bank}"),
    "engagement.start_call": _call,
    "call.record": _result,
    "engagement.record_callback": _called_back,
    "engagement.set_call_again": Said("{who} 记下再打的时间"),
    "engagement.submit_plan": _late("{who} 给出初步方案"),
    "engagement.keep_plan": _kept,
    "engagement.start_investigation": _visit,
    "engagement.move_visit": _moved,
    "engagement.report_investigation": _late("{who} 上门看过，交了结果"),
    "engagement.ask_for_documents": Said("{who} 告诉群众还差材料"),
    "engagement.check_papers": Said("{who} 点收了材料"),
    "engagement.add_photo": Said("{who} 留了一张上门照片", "群众自己也看得到"),
    "engagement.drop_photo": Said("{who} 删了一张上门照片"),
    "engagement.arrive": Said("{who} 到了群众家", "到的时间由系统记", is_good=True),
    "engagement.enquire": Said("群众问了银行一句话", "下个工作日内要回"),
    "engagement.answer_enquiry": _late("{who} 回了群众的话"),
    "engagement.note_obstacle": Said("{who} 写了卡在哪"),
    "engagement.hand_over": _handed,
    "engagement.submit_offer": _offer,
    "engagement.accept_offer": Said("群众选了{bank}", "合同在银行签", is_good=True),
    "engagement.record_signing": Said("{who} 登记合同签了", "放款后当天回填", is_good=True),
    "engagement.record_disbursement": _paid,
    "engagement.settle": Said("{who} 登记本息结清", is_good=True),
    "engagement.refuse": _refused,
    "engagement.not_select": Said("群众选了别家", "不扣分"),
    "engagement.release": Said("{who} 退回这一单", "名额放开给别家"),
    "engagement.cancel": Said("这一单随需求结束"),
    "engagement.lapse": Said("过了有效期，这一单停了"),
    "engagement.reopen_slot": Said(
        "10 分钟没拨电话，名额放开给别家", "仍可打，超时照记", is_late=True
    ),
    "engagement.pause": Said("{who} 说在等客户", "客户回 1 才算"),
    "engagement.confirm_pause": Said("群众说是在等自己准备", "办理的天数先不算"),
    "engagement.resume": _resumed,
    "engagement.propose_reassignment": Said("县里问群众要不要换一家银行", "回 1 才换"),
    "engagement.ask_to_call_family": Said("群众请银行改打家里人的电话"),
    "engagement.improve_plan": Said("{who} 重新给了方案", "原来的留着"),
    "engagement.explain_refusal": Said("{who} 补上了没办成的原因"),
    "engagement.expect_payout": _payout,
    "financing_demand.ask_to_talk": Said("群众看了方案，想再谈谈"),
    "objection.open": Said("群众有不同意见，请人再看一遍", "5 个工作日内答复"),
    "objection.answer": _looked_again,
    "engagement.nudge": Said("镇里、县里催了一下"),
    "engagement.rate": Said("群众打了分"),
    "contact.view": Said("{who} 看了姓名、电话、村庄", "本人看得到这一条"),
    "clock.breach": _breach,
    "return_sheet.import": Said("{who} 交了一个月的回填表"),
    "return_sheet.settle": Said("县里问清了回填对账"),
    "supervision.open": Said("县里督导", "30 分钟内写明原因", is_late=True),
    "supervision.answer": Said("{who} 写了原因"),
    "supervision.phoned": Said("县里打电话督导"),
    "financing_demand.asked_again": Said("县里又问了一遍", "两边说的对不上"),
    "recheck.record": Said("镇里打电话核实代办"),
    "survey.miss": Said("县里打电话回访，没打通"),
    "survey.decline": Said("县里打电话回访，本人不愿说"),
    "survey.answer": Said("县里打电话回访过了", "说的话只给县里看，除非本人同意告诉银行"),
    "survey.list_unhappy": Said("群众说办得不好", "县里打电话问"),
    "follow_up.hand_on": Said("换了人跟进", "原来的同志派出的银行也在谈，要回避"),
    "follow_up.open": _follow_up,
    "follow_up.close": _closed,
    "follow_up.decline_call": Said("群众说不用打电话了", "没办成的原因群众自己看得到"),
    "engagement.hand_on": Said("经办人离岗，这一单交给本行管理员", "账号当天停了"),
    "follow_up.pass_on": Said("跟进的人离岗，换人接着跟"),
    "follow_up.hand_to_township": Said("县里交给镇里跟进"),
    "question.called": _answered("打过了", "没打过", "这一通记为“群众确认”"),
    "question.visited": _answered("来过了", "没来", "上门记为“群众确认”"),
    "question.money": _answered("钱到了", "钱没到", "放款记为“群众确认”"),
    "question.open_to_all": _answered("让别家也看到", "再等等这一家", ""),
    "question.not_me": _answered("是本人提的", "不是本人提的，停掉了，县里马上查", ""),
    "question.helper": _answered("是我让代填的", "不是我让填的", ""),
    "question.still_wanted": _answered("还办", "不办了", ""),
    "question.ask_again": _answered("停了以后还要", "停了就不用了", ""),
    "question.call_time": _answered("接电话的时间要改", "接电话的时间合适", "有专人问什么时候方便"),
    "question.visit_time": _answered("上门的日子要改", "上门的日子合适", "有专人问哪天方便"),
    "question.chosen": _answered("是本人选的", "不是本人选的，县里马上查", ""),
    "question.pause": _answered("是在等我准备", "不是在等我", ""),
    "question.reassign": _answered("同意换一家银行", "不换银行", ""),
    "question.satisfied": _answered("回了满意度", "回了满意度", ""),
}
"""Every action that names a case in the journal, and its sentence. A test keeps it complete."""


def timeline_lines(
    entries: Sequence[TimelineEntry], now: datetime, names: Mapping[str, str], bank: str = "银行"
) -> list[Line]:
    """Newest first. `names`: masked names by staff reference; `bank`: how the bank is called."""
    lines, day = [], None
    for one in reversed(entries):
        said = sentence_of(one, now)
        if said is None:
            continue
        on = local_date(one.at)
        is_exact = one.action in ("engagement.start_call", "engagement.claim")
        lines.append(
            Line(
                at=time_text(one.at) if is_exact else minute_text(one.at),
                day="" if on == day else ("今天" if on == local_date(now) else f"{on:%m-%d}"),
                words=said.words.format(who=_who(one, names), bank=bank).strip(),
                note=said.note,
                is_good=said.is_good,
                is_late=said.is_late,
            )
        )
        day = on
    return lines


def sentence_of(entry: TimelineEntry, now: datetime) -> Said | None:
    """The sentence of one fact; None for one that no page tells."""
    found = SENTENCES.get(entry.action)
    if found is None or isinstance(found, Said):
        return found
    return found(entry.facts, now)


def _who(entry: TimelineEntry, names: Mapping[str, str]) -> str:
    return names.get(entry.by_ref) or ("系统" if entry.role == "system" else entry.by_ref)
