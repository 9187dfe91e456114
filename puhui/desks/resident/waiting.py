"""The waiting page in words: from a demand to one big sentence, a small one, and what one can do.

Pure: everything comes from the view and its own time. Codes W1–W14 are those of content.md §1.6; P
(plans) and O (offers) ask for a choice, A is chosen, T stands still after refusals, E has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from puhui.desks.resident.words import at_words, call_wish_words, joined, until_words
from puhui.kernel.clock import minute_text
from puhui.market.queries import ClockView, DemandView, EngagementView
from puhui.market.queries.applicants import FollowUpLine
from puhui.market.terms import QuestionKind

ENDED = ("funded", "closed", "withdrawn", "expired", "unmet")
OVER = frozenset({"refused", "not_selected", "released", "cancelled", "lapsed", "settled"})


@dataclass(frozen=True, slots=True)
class Button:
    """What one can do: an address to go to, or a question of `kind` to answer with `value`."""

    words: str
    address: str
    value: str = ""
    kind: str = ""
    engagement: str = ""
    is_main: bool = False

    @property
    def is_post(self) -> bool:
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class Mark:
    """One time on the track."""

    at: datetime
    words: str

    @property
    def time(self) -> str:
        return minute_text(self.at)


@dataclass(frozen=True, slots=True)
class Track:
    """Three times and how far between the first and the last it is now, in twentieths."""

    marks: tuple[Mark, Mark, Mark]
    twentieths: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens next: when, and what."""

    when: str
    words: str
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """The big sentence is `before`, a clock running down to `until` if there is one, `after`."""

    code: str
    before: str
    small: str
    until: datetime | None = None
    after: str = ""
    buttons: tuple[Button, ...] = ()
    track: Track | None = None
    steps: tuple[Step, ...] = ()

    @property
    def big(self) -> str:
        return f"{self.before}…{self.after}" if self.until else self.before


def waiting(demand: DemandView, follow_ups: Sequence[FollowUpLine] = ()) -> Waiting:
    """Where a demand stands, in one sentence and what follows from it."""
    found = _money(demand)
    if found is not None:
        return found
    if demand.state in ENDED:
        return _ended(demand)
    live = [one for one in demand.engagements if one.state not in OVER]
    return _asked(demand, live) or _furthest(demand, live) or _nobody(demand, follow_ups)


# -- Money, and the end ---------------------------------------------------------------------------


def _money(demand: DemandView) -> Waiting | None:
    """W14: signed, and the applicant has not said that the money came."""
    for one in demand.engagements:
        is_paid_out = one.state == "disbursed" and one.loan is not None
        if one.state == "signed" or (
            is_paid_out and one.loan is not None and one.loan.money_word != "confirmed"
        ):
            return Waiting(
                "W14",
                f"合同签好了，等{one.bank_name}把钱打到您的卡上。",
                "没有“解冻费”“保证金”。要您先转钱的是骗子。",
                buttons=_yes_no(demand, QuestionKind.MONEY, one, "钱到了", "钱没到"),
                steps=(
                    Step("现在", f"{one.bank_name}把钱打到您的卡上", is_now=True),
                    Step("钱到以后", "平台问您两句：办得快不快，说的和办的一样不一样"),
                ),
            )
    return None


def _ended(demand: DemandView) -> Waiting:
    """E: it has ended; what one can do now."""
    again = Button("再提一次", f"/my/{demand.ref}/again", value="again", is_main=True)
    if demand.state in ("funded", "closed"):
        done = next((e for e in demand.engagements if e.state in ("disbursed", "settled")), None)
        rate = f"/my/{demand.ref}/rate/{done.ref}" if done else ""
        buttons = (Button("办得怎么样？说两句", rate, is_main=True),) if done else ()
        return Waiting(
            "E1",
            "钱到了，这件事办成了。",
            "按合同上写的日子还。还款有难处，早点跟银行说，别借新还旧。",
            buttons=buttons,
        )
    if demand.state == "withdrawn":
        return Waiting(
            "E2",
            "这份需求您已经撤回了。",
            "银行已经看不到您的姓名和电话。什么时候想办，再提一次，前面填的都在。",
            buttons=(again,),
        )
    if demand.state == "expired":
        return Waiting(
            "E3",
            "这份需求到期了，没有办下去。",
            "可以少用一点、换个用法再提一次，前面填的都在；也可以请镇里金融干部帮您看看。",
            buttons=(again, _help(demand)),
        )
    return Waiting(
        "E4",
        "这次没有办成，有人管。",
        "镇里会给您打电话，跟您一起看看卡在哪儿。您也可以改一改再提一次。",
        buttons=(again, _help(demand)),
    )


# -- Questions that only the applicant can answer --------------------------------------------------


def _asked(demand: DemandView, live: Sequence[EngagementView]) -> Waiting | None:
    by_ref = {one.ref: one for one in live}
    for question in demand.questions:
        engagement = by_ref.get(question.engagement_ref)
        if question.kind == QuestionKind.CALLED and engagement is not None:
            return _has_called(demand, engagement)
        if question.kind == QuestionKind.VISITED and engagement is not None:
            return _has_come(demand, engagement)
        if question.kind == QuestionKind.STILL_WANTED:
            return _still_wanted(demand)
        if question.kind == QuestionKind.OPEN_TO_ALL and demand.directed_bank_ref:
            return _no_word(demand)
    return None


def _has_called(demand: DemandView, one: EngagementView) -> Waiting:
    return Waiting(
        "W9",
        f"{one.bank_name}说已经跟您通过话，对吗？",
        "您答什么都不影响办事。",
        buttons=_yes_no(demand, QuestionKind.CALLED, one, "打过了", "没打过"),
        steps=_plan_steps(demand, one),
    )


def _has_come(demand: DemandView, one: EngagementView) -> Waiting:
    decision = one.clock("decision")
    return Waiting(
        "W11",
        f"{one.bank_name}说已经到您家看过，对吗？",
        "您答什么都不影响办事。来的人不吃请、不收礼、不收费。",
        buttons=_yes_no(demand, QuestionKind.VISITED, one, "人来过了", "人没来"),
        steps=(
            Step(f"{_due(decision, demand.now)} 前", f"{one.bank_name}给您准信", is_now=True),
            Step("有了准信", "您看过再选，选定了去网点签合同"),
        ),
    )


def _still_wanted(demand: DemandView) -> Waiting:
    return Waiting(
        "W8",
        "银行给您打了三次，都没打通。这事还办吗？",
        "还办的话，换个您方便接电话的时间，或者等银行再打。",
        buttons=(
            _answer(demand, QuestionKind.STILL_WANTED, None, "还办", "yes"),
            _answer(demand, QuestionKind.STILL_WANTED, None, "不办了", "no"),
            _call_time(demand),
        ),
    )


def _no_word(demand: DemandView) -> Waiting:
    bank = demand.directed_bank_name
    return Waiting(
        "W5",
        f"{bank}一直没回音。要不要让其他银行也看到？",
        "让别家看到，不耽误这家接着办。",
        buttons=(
            _answer(demand, QuestionKind.OPEN_TO_ALL, None, "要", "yes", is_main=True),
            _answer(demand, QuestionKind.OPEN_TO_ALL, None, f"再等等{bank}", "no"),
        ),
    )


# -- The engagement that is furthest ---------------------------------------------------------------


def _furthest(demand: DemandView, live: Sequence[EngagementView]) -> Waiting | None:
    for states, say in FURTHEST:
        found = [one for one in live if one.state in states]
        if found:
            return say(demand, found)
    return None


def _accepted(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    one = found[0]
    signing = one.clock("signing")
    if _is_late(signing, demand.now):
        return _late(demand, one, signing)
    return Waiting(
        "A",
        f"您选了{one.bank_name}。去网点签合同。",
        "带身份证、结婚证、银行卡。合同只在银行签，签之前银行要给您看一张《综合融资成本明示表》，"
        "上面没写的费用一分都不用交。",
        buttons=(Button("看准信", f"/my/{demand.ref}/offers"),),
        steps=(
            Step(f"{_due(signing, demand.now)} 前", f"到{one.bank_name}网点签合同", is_now=True),
            Step("签了以后", "银行把钱打到您的卡上"),
        ),
    )


def _offered(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    names = joined(one.bank_name for one in found)
    count = len(found)
    return Waiting(
        "O",
        f"{names}给了准信，您看看。" if count == 1 else f"{count} 家给了准信，您选一家。",
        _kept_until(demand, found),
        buttons=(Button("看准信", f"/my/{demand.ref}/offers", is_main=True),),
        steps=(
            Step("现在", "您看准信，选一家", is_now=True),
            Step("选定以后", "去网点签合同，签字前随时能反悔"),
        ),
    )


def _kept_until(demand: DemandView, found: Sequence[EngagementView]) -> str:
    ends = [one.offer.valid_until for one in found if one.offer and one.offer.valid_until]
    return f"准信保留到{until_words(min(ends), demand.now)}，过期要重新算。" if ends else ""


def _planned(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    due = [clock for one in found if (clock := one.clock("choice")) and clock.due_at]
    by = min((clock.due_at for clock in due if clock.due_at), default=None)
    asked = f"{at_words(by, demand.now)} 前没选，会有人打电话问您。" if by else ""
    return Waiting(
        "P",
        f"有 {len(found)} 家给您出了初步方案。",
        f"留 1 家或 2 家往下办就行。{asked}",
        buttons=(Button("看方案，放一块儿比", f"/my/{demand.ref}/plans", is_main=True),),
        steps=(
            Step("现在", "您看方案，留下 1 家或 2 家", is_now=True),
            Step("留下以后 3 个工作日内", "银行到您家看看"),
        ),
    )


def _decision(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    one = found[0]
    clock = one.clock("decision")
    if _is_late(clock, demand.now):
        return _late(demand, one, clock)
    missing = f"还差：{one.missing_words}。" if one.missing_words else ""
    call = (_call_bank(one, "补材料：打给银行"),) if one.missing_words and one.bank_phone else ()
    return Waiting(
        "W12",
        f"{one.bank_name}看过了，{_due(clock, demand.now)}前给准信。",
        f"{missing}到时不管成不成都会告诉您。",
        buttons=call,
        steps=(
            Step(f"{_due(clock, demand.now)} 前", f"{one.bank_name}给您准信", is_now=True),
            Step("有了准信", "您看过再选，选定了去网点签合同"),
        ),
    )


def _visit(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    one = min(found, key=lambda each: (each.visit_at is None, each.visit_at or demand.now))
    clock = one.clock("investigation")
    if _is_late(clock, demand.now):
        return _late(demand, one, clock)
    latest = _due(clock, demand.now)
    if one.visit_at is None:
        big = f"{one.bank_name}会到您家看看，最晚{latest}（3 个工作日）。"
    else:
        at = until_words(one.visit_at, demand.now)
        big = f"{one.bank_name}约好{at}到您家看看，最晚{latest}（3 个工作日）。"
    prepare = one.missing_words or "身份证、户口本，地和圈舍的凭据，买卖单据"
    buttons = _yes_no(demand, QuestionKind.VISITED, one, "人来过了", "人没来")
    call = (_call_bank(one, "改日子：打给银行"),) if one.bank_phone else ()
    return Waiting(
        "W11",
        big,
        f"备好：{prepare}。来的人不吃请、不收礼、不收费。",
        buttons=(*buttons, *call) if one.visit_at and one.visit_at <= demand.now else call,
        steps=(
            Step(f"{latest} 前", f"{one.bank_name}到您家看看", is_now=True),
            Step("看过以后", "银行给您准信，不管成不成都告诉您"),
        ),
    )


def _plan_due(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    one = found[0]
    clock = one.clock("plan")
    if _is_late(clock, demand.now):
        return _late(demand, one, clock)
    has_plans = any(other.plan for other in demand.engagements)
    others = (Button("看已有方案", f"/my/{demand.ref}/plans"),) if has_plans else ()
    return Waiting(
        "W10",
        f"{one.bank_name}在给您算方案，{_due(clock, demand.now)}前给您。",
        "别家也在谈的话，可以等齐了再选。",
        buttons=others,
        steps=_plan_steps(demand, one),
    )


def _plan_steps(demand: DemandView, one: EngagementView) -> tuple[Step, ...]:
    return (
        Step(
            f"{_due(one.clock('plan'), demand.now)} 前", f"{one.bank_name}给您算方案", is_now=True
        ),
        Step("方案来了", "您看过，留下 1 家或 2 家往下办"),
    )


def _late(demand: DemandView, one: EngagementView, clock: ClockView | None) -> Waiting:
    """W13: past its time; the county knows."""
    due = clock.due_at if clock else None
    planned = until_words(due, demand.now) if due else ""
    days = _days_late(due, demand.now)
    late = f"，已晚 {days} 天" if days else ""
    opens = (Button("让别家也看看", f"/my/{demand.ref}/open"),) if demand.directed_bank_ref else ()
    return Waiting(
        "W13",
        f"{one.bank_name}超了时间，县里已记下来，正在催。",
        f"原定{planned}前{late}。",
        buttons=(*opens, _help(demand)),
        steps=(Step("现在", f"县里正在催{one.bank_name}。您不用做什么", is_now=True),),
    )


def _days_late(due: datetime | None, now: datetime) -> int:
    return max(0, (now - due).days) if due else 0


def _claimed(demand: DemandView, found: Sequence[EngagementView]) -> Waiting:
    """W2–W4, W6–W8: somebody has it and has not reached the applicant yet."""
    waiting_for = sorted(found, key=lambda one: (one.attempts == 0, one.claimed_at))
    for one in waiting_for:
        if one.attempts:
            return _tried(demand, one)
    one = min(found, key=lambda each: each.clock_start_at)
    if one.clock_start_at > demand.now:
        return _later(demand)
    callback, supervision = one.clock("callback_bank"), one.clock("supervision_bank")
    due = callback.due_at if callback else None
    last = supervision.due_at if supervision else None
    track = _track(one.clock_start_at, due, last, demand, one)
    taken = f"已接 {len(found)} 家，最多 {demand.slots} 家。"
    if due and demand.now <= due:
        return Waiting(
            "W2",
            f"{one.bank_name}接了您的需求，",
            f"{taken}来电先报 {demand.contact_code}。",
            until=due,
            after="内给您打电话。",
            buttons=_yes_no(demand, QuestionKind.CALLED, one, "已经打了", "还没打"),
            track=track,
            steps=_call_steps(one.bank_name, due, last),
        )
    if last and demand.now <= last:
        return Waiting(
            "W3",
            f"{one.bank_name}晚了，还没给您打。再过",
            "您不用做什么。",
            until=last,
            after="，县里就出面催。",
            buttons=(
                *_yes_no(demand, QuestionKind.CALLED, one, "已经打了", "还没打"),
                *_open(demand),
            ),
            track=track,
            steps=_call_steps(one.bank_name, due, last),
        )
    return _county_urges(demand, one, last)


def _county_urges(demand: DemandView, one: EngagementView, last: datetime | None) -> Waiting:
    told = f"{minute_text(last)} 已提醒该行负责人。" if last else "已提醒该行负责人。"
    is_open = not demand.directed_bank_ref
    return Waiting(
        "W4",
        f"县里正在催{one.bank_name}。",
        told + ("名额已放开，别的银行也能接。" if is_open else "您也可以让别家也看看。"),
        buttons=(*_yes_no(demand, QuestionKind.CALLED, one, "已经打了", "还没打"), *_open(demand)),
        steps=(
            Step("现在", f"县里正在催{one.bank_name}。您不用做什么", is_now=True),
            Step("通话以后 1 个工作日内", "银行给您算方案"),
        ),
    )


def _call_steps(bank: str, due: datetime | None, last: datetime | None) -> tuple[Step, ...]:
    first = Step(f"{minute_text(due)} 前" if due else "马上", f"{bank}给您打电话", is_now=True)
    urge = (Step(f"{minute_text(last)} 还没打", "县里就出面催。您不用做什么"),) if last else ()
    return (first, *urge, Step("通话以后 1 个工作日内", "银行给您算方案"))


def _tried(demand: DemandView, one: EngagementView) -> Waiting:
    """W8: called, not reached."""
    call = max(one.calls, key=lambda each: each.started_at) if one.calls else None
    called_at = call.started_at if call else one.first_attempt_at or demand.now
    if call is not None and not call.result:
        return Waiting(
            "W2",
            f"{one.bank_name}正在给您打电话，请接听。",
            f"来电先报 {demand.contact_code}，报不出来的请挂掉。",
            buttons=_yes_no(demand, QuestionKind.CALLED, one, "已经打了", "还没打"),
            steps=(Step("现在", f"{one.bank_name}给您打电话", is_now=True),),
        )
    again = f"{at_words(one.call_again_at, demand.now)} 再打一次。" if one.call_again_at else ""
    phone = one.bank_phone
    return Waiting(
        "W8",
        f"{one.bank_name} {at_words(called_at, demand.now)} 给您打过，没打通。",
        again + (f"也可以您打过去：{phone}。" if phone else ""),
        buttons=(*((_call_bank(one, "我打过去"),) if phone else ()), _call_time(demand, "换时间")),
        steps=(
            Step(
                at_words(one.call_again_at, demand.now) if one.call_again_at else "稍后",
                f"{one.bank_name}再给您打一次",
                is_now=True,
            ),
        ),
    )


FURTHEST = (
    (("accepted",), _accepted),
    (("offered",), _offered),
    (("planned",), _planned),
    (("investigated",), _decision),
    (("kept", "investigating"), _visit),
    (("called_back",), _plan_due),
    (("claimed",), _claimed),
)
"""What is said first: a choice to be made, then the bank that has come furthest."""


# -- Nobody works it ------------------------------------------------------------------------------


def _nobody(demand: DemandView, follow_ups: Sequence[FollowUpLine]) -> Waiting:
    kinds = {line.kind: line for line in follow_ups}
    if "three_refused" in kinds:
        return _three_refused(demand, kinds["three_refused"])
    if demand.clock_start_at and demand.clock_start_at > demand.now:
        return _later(demand)
    unclaimed = demand.clock("unclaimed")
    is_unclaimed = "unclaimed" in kinds or _is_late(unclaimed, demand.now)
    if is_unclaimed:
        return _unclaimed(demand, kinds.get("unclaimed"))
    if demand.directed_bank_ref:
        return _no_word(demand)
    callback = demand.clock("callback_applicant")
    last = demand.clock("supervision_applicant")
    due = callback.due_at if callback else None
    end = (unclaimed or last).due_at if (unclaimed or last) else None  # type: ignore[union-attr]
    if due and demand.now <= due and callback and callback.state == "running":
        return _just_sent(demand, due, end)
    asked = bool(demand.engagements)
    return Waiting(
        "W1",
        "别的银行还能接着办，正在等银行接。" if asked else "已经发给全县的银行了，还没有银行接。",
        f"{minute_text(end)} 还没人接，就有专人管您这件事。" if end else "手机别静音，听着点。",
        buttons=(_call_time(demand),),
        steps=(
            Step(f"{minute_text(end)} 前" if end else "随时", "银行接您的需求", is_now=True),
            Step("接了以后 5 分钟内", "银行给您打电话"),
        ),
    )


def _just_sent(demand: DemandView, due: datetime, last: datetime | None) -> Waiting:
    assert demand.clock_start_at
    return Waiting(
        "W1",
        "已经发给全县的银行了。",
        "手机别静音，听着点。",
        until=due,
        after="内应有银行给您打电话。",
        buttons=(_call_time(demand),),
        track=_track(demand.clock_start_at, due, last, demand, None),
        steps=(
            Step(f"{minute_text(due)} 前", "银行给您打电话", is_now=True),
            Step(f"{minute_text(last)} 还没人接" if last else "没人接", "有专人管您这件事"),
            Step("通话以后 1 个工作日内", "银行给您算方案"),
        ),
    )


def _unclaimed(demand: DemandView, line: FollowUpLine | None) -> Waiting:
    who = f"{line.owner}同志跟进，" if line and line.owner else "镇里和县里跟进，"
    by = f"{at_words(line.due_at, demand.now)} 前给您打电话。" if line else "会给您打电话。"
    return Waiting(
        "W5",
        "暂时没有银行接，已经有专人管您这件事。",
        who + by,
        steps=(
            Step(
                f"{at_words(line.due_at, demand.now)} 前" if line else "今天",
                "有人给您打电话",
                True,
            ),
            Step("同时", "别的银行还能接您的需求"),
        ),
    )


def _three_refused(demand: DemandView, line: FollowUpLine) -> Waiting:
    who = f"镇里{line.owner}同志" if line.owner else "镇里"
    return Waiting(
        "T",
        "这次几家都没办成，有人管。",
        f"{who} {at_words(line.due_at, demand.now)} 前给您打电话，跟您一起看看卡在哪儿、换个法子行不行。",
        buttons=(_call_time(demand, "换个时间打"),),
        steps=(Step(f"{at_words(line.due_at, demand.now)} 前", f"{who}给您打电话", is_now=True),),
    )


def _later(demand: DemandView) -> Waiting:
    """W6 at night, W7 where the applicant asked for a time."""
    assert demand.clock_start_at
    at = at_words(demand.clock_start_at, demand.now)
    steps = (
        Step(f"{at} 起 5 分钟内", "银行给您打电话", is_now=True),
        Step("通话以后 1 个工作日内", "银行给您算方案"),
    )
    if demand.call_wish == "now":
        return Waiting(
            "W6",
            "收到了。现在是夜里，先不打扰您。",
            f"{at} 起银行给您打电话。",
            buttons=(_call_time(demand),),
            steps=steps,
        )
    return Waiting(
        "W7",
        f"{at} 银行给您打电话。",
        f"您选的是{call_wish_words(demand.call_wish)}。",
        buttons=(_call_time(demand),),
        steps=steps,
    )


# -- Parts ----------------------------------------------------------------------------------------


def _is_late(clock: ClockView | None, now: datetime) -> bool:
    if clock is None or clock.due_at is None:
        return False
    return clock.state == "breached" or (clock.state == "running" and clock.due_at < now)


def _due(clock: ClockView | None, now: datetime) -> str:
    return until_words(clock.due_at if clock else None, now)


def _track(
    start: datetime,
    due: datetime | None,
    last: datetime | None,
    demand: DemandView,
    one: EngagementView | None,
) -> Track | None:
    if due is None or last is None or last <= start:
        return None
    is_own = one is None or one.clock_start_at == demand.clock_start_at
    gone = max(0, min(20, (demand.now - start) * 20 // (last - start)))
    end = "县里出面催" if one else "有专人管"
    marks = (
        Mark(start, "您发出" if is_own else "银行接单"),
        Mark(due, "银行该来电"),
        Mark(last, end),
    )
    return Track(marks, gone)


def _answer(
    demand: DemandView,
    kind: QuestionKind,
    one: EngagementView | None,
    words: str,
    value: str,
    *,
    is_main: bool = False,
) -> Button:
    address = f"/my/{demand.ref}/answer"
    return Button(words, address, value, str(kind), one.ref if one else "", is_main)


def _yes_no(
    demand: DemandView, kind: QuestionKind, one: EngagementView, yes: str, no: str
) -> tuple[Button, Button]:
    return _answer(demand, kind, one, yes, "yes"), _answer(demand, kind, one, no, "no")


def _call_time(demand: DemandView, words: str = "改接电话时间") -> Button:
    return Button(words, f"/my/{demand.ref}/call-time")


def _open(demand: DemandView) -> tuple[Button, ...]:
    """Only a demand that asked one bank can still be opened; all others are."""
    if not demand.directed_bank_ref:
        return ()
    return (Button("让别家也看看", f"/my/{demand.ref}/open"),)


def _help(demand: DemandView) -> Button:
    return Button("请镇里帮我看看", f"/my/{demand.ref}/help", value="help")


def _call_bank(one: EngagementView, words: str) -> Button:
    return Button(words, f"tel:{one.bank_phone}")
