"""One case as words: where it stands, which bank does what, its clocks, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from puhui.desks.shared.pause_words import waited_words
from puhui.desks.shared.timeline_words import Line, sentence_of
from puhui.desks.shared.watching.words import (
    CALL_WISHES,
    DEMAND_STATES,
    ENDS,
    ENGAGEMENT_STATES,
    FOLLOW_UPS,
    NOTE_KINDS,
    SUPERVISIONS,
    at_words,
    due_tone,
    due_words,
    in_short,
    purpose_words,
)
from puhui.kernel.clock import duration_text, local_date, minute_text, moment_text, time_text
from puhui.kernel.money import rmb_capitals
from puhui.market.queries import ClockView, SupervisionView, TimelineEntry, WatchedCase
from puhui.market.queries.views import SupervisionStepView
from puhui.market.queries.watched_case import FollowUpView, NoteView, WatchedEngagement
from puhui.market.terms import (
    ASKED_AGAIN,
    ASKED_BANK,
    FINDING,
    REFUSAL_CODES,
    ClockKind,
    Destination,
    MismatchKind,
    Purpose,
    RepaymentWish,
    Security,
    Term,
)

STEPS = {
    "提出": ("financing_demand.publish",),
    "接单": ("engagement.claim", "engagement.direct"),
    "来电": ("engagement.record_callback",),
    "初步方案": ("engagement.submit_plan",),
    "群众留下": ("engagement.keep_plan",),
    "上门": ("engagement.report_investigation",),
    "准信": ("engagement.submit_offer",),
    "签合同": ("engagement.record_signing",),
    "放款": ("engagement.record_disbursement",),
}
"""The way of a case, and the journalled facts by which each step is reached."""
NEXT = {
    "接单": "等银行接",
    "来电": "等首次电话",
    "初步方案": "等银行给",
    "群众留下": "等群众挑",
    "上门": "等上门",
    "准信": "等银行给",
    "签合同": "在银行签",
    "放款": "等银行回填",
}
EXACT = ("engagement.start_call", "engagement.claim")
SHOWN_CLOCKS = frozenset(kind for kind in ClockKind if not kind.endswith("_soon")) - {
    ClockKind.DIRECTION,
    ClockKind.CONFIRMATION,
}
"""Deadlines; reminders before them are the platform's own business."""
PAST_CARE = ("signed", "disbursed")


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the bar on top: done, now or to do."""

    name: str
    state: str
    first: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A deadline in words."""

    name: str
    whose: str
    words: str
    tone: str
    due: str = ""


@dataclass(frozen=True, slots=True)
class BankLine:
    """One bank at work on the case."""

    ref: str
    bank_ref: str
    name: str
    state: str
    code: str
    tone: str
    facts: tuple[str, ...]
    can_nudge: bool
    can_reassign: bool


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    ref: str
    title: str
    facts: str
    is_open: bool
    tone: str
    destination: str


@dataclass(frozen=True, slots=True)
class SupervisionLine:
    ref: str
    title: str
    facts: str
    steps: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """All that the case page shows."""

    case: WatchedCase
    title: str
    state: str
    tone: str
    capitals: str
    day: str
    time: str
    steps: tuple[Step, ...]
    wants: tuple[tuple[str, str], ...]
    clocks: tuple[ClockLine, ...]
    banks: tuple[BankLine, ...]
    follow_ups: tuple[FollowUpLine, ...]
    supervisions: tuple[SupervisionLine, ...]
    notes: tuple[tuple[str, str, str, str], ...]
    """When, who, which kind, what was noted."""
    lines: tuple[Line, ...]
    can_keep_all: bool
    end: str
    """What the case came to, in words; empty while it is open."""


def case_view(
    case: WatchedCase, entries: Sequence[TimelineEntry], names: Mapping[str, str]
) -> CaseView:
    """`names`: masked names of staff by number."""
    now = case.now
    return CaseView(
        case=case,
        title=purpose_words(case.purpose, case.amount_fen, case.term),
        state=DEMAND_STATES.get(case.state, case.state),
        tone={"funded": "fine", "closed": "fine", "unmet": "late", "expired": "late"}.get(
            case.state, "info"
        ),
        capitals=rmb_capitals(case.amount_fen),
        day=f"{local_date(now).month} 月 {local_date(now).day} 日",
        time=time_text(now),
        steps=steps(case, entries),
        wants=_wants(case),
        clocks=_clocks(case),
        banks=tuple(_bank(one, case, now) for one in case.engagements),
        follow_ups=tuple(_follow_up(one, now) for one in reversed(case.follow_ups)),
        supervisions=tuple(supervision_line(one, names, now) for one in case.supervisions),
        notes=tuple(_note(one, names, now) for one in reversed(case.notes)),
        lines=tuple(_lines(case, entries, names)),
        can_keep_all=any(one.kind == "choice" for one in case.open_follow_ups)
        and any(one.state == "planned" for one in case.engagements),
        end=ENDS.get(case.end, ""),
    )


def steps(case: WatchedCase, entries: Sequence[TimelineEntry]) -> tuple[Step, ...]:
    """提出 · 接单 · 来电 · 初步方案 · 群众留下 · 上门 · 准信 · 签合同 · 放款, each with its first time."""
    first: dict[str, datetime] = {}
    for entry in entries:
        first.setdefault(entry.action, entry.at)
    reached = [
        (name, min((first[one] for one in actions if one in first), default=None))
        for name, actions in STEPS.items()
    ]
    last = max((place for place, (_name, at) in enumerate(reached) if at), default=0)
    found = []
    for place, (name, at) in enumerate(reached):
        if place <= last:
            found.append(Step(name, "done", moment_text(at, now=case.now) if at else "略过"))
        elif place == last + 1 and case.ended_at is None:
            found.append(Step(name, "now", NEXT[name]))
        else:
            found.append(Step(name, "todo"))
    return tuple(found)


def _wants(case: WatchedCase) -> tuple[tuple[str, str], ...]:
    pledges = "、".join(Security(code).label for code in case.securities) or "没有填"
    scale = f"：{case.scale}" if case.scale else ""
    first = {True: "头一回贷款", False: "以前贷过", None: "没有填"}[case.is_first_loan]
    return (
        ("干什么", f"{Purpose(case.purpose).label}{scale} {case.purpose_words}".strip()),
        ("用多久", Term(case.term).label),
        ("怎么还", RepaymentWish(case.repayment_wish).label),
        ("作保", pledges),
        ("年龄段", case.age_band or "没有填"),
        ("首贷", first),
        ("接电话", CALL_WISHES.get(case.call_wish, case.call_wish)),
        ("给谁看", f"只找{case.directed_bank_name}" if case.directed_bank_name else "让大家都看到"),
        ("住", f"{case.township}{case.village}"),
    )


def _clocks(case: WatchedCase) -> tuple[ClockLine, ...]:
    own = [("群众", clock) for clock in case.clocks]
    banks = [(one.bank_name, clock) for one in case.engagements for clock in one.clocks]
    shown = [
        (whose, clock)
        for whose, clock in (*own, *banks)
        if clock.kind in SHOWN_CLOCKS and clock.state in ("running", "breached")
    ]
    late_last = datetime.max.replace(tzinfo=case.now.tzinfo)
    shown.sort(key=lambda one: (one[1].state != "running", one[1].due_at or late_last))
    return tuple(_clock(whose, clock, case.now) for whose, clock in shown[:6])


def _clock(whose: str, clock: ClockView, now: datetime) -> ClockLine:
    name = ClockKind(clock.kind).label.partition("：")[2] or ClockKind(clock.kind).label
    if clock.due_at is None:
        return ClockLine(name, whose, "等日历表，期限先空着", "soon")
    if clock.state == "breached":
        return ClockLine(name, whose, f"超时，应在 {moment_text(clock.due_at, now=now)} 前", "late")
    is_close = abs((clock.due_at - now).total_seconds()) < 3600
    due = clock.due_at.isoformat() if is_close else ""
    return ClockLine(name, whose, due_words(clock.due_at, now), due_tone(clock.due_at, now), due)


def _bank(one: WatchedEngagement, case: WatchedCase, now: datetime) -> BankLine:
    late = one.callback_late or one.long_pending_since is not None
    is_movable = one.state in ("claimed", "called_back") and case.ended_at is None
    return BankLine(
        ref=one.ref,
        bank_ref=one.bank_ref,
        name=one.bank_name,
        state=ENGAGEMENT_STATES.get(one.state, one.state),
        code=one.state,
        tone="late" if late and one.state not in PAST_CARE and one.ended_at is None else "",
        facts=tuple(fact for fact in _bank_facts(one, now) if fact),
        can_nudge=one.state == "claimed",
        can_reassign=is_movable,
    )


def _bank_facts(one: WatchedEngagement, now: datetime) -> tuple[str, ...]:
    words = {"confirmed": "群众确认打过", "denied": "群众说没接到", "self_reported": "银行自报打通"}
    reason = REFUSAL_CODES.get(one.refusal_code)
    why = one.refusal_words or (reason.bank_words if reason else "")
    return (
        f"{'点名找的' if one.is_directed else '接单'} {at_words(one.claimed_at, now)}",
        f"办的人 {one.officer_masked}" if one.officer_masked else "",
        _called(one, now),
        words.get(one.callback_word, ""),
        "首次电话超时" if one.callback_late else "",
        f"约 {moment_text(one.visit_at, now=now)} 上门" if one.visit_at else "",
        "群众说没来过" if one.visit_word == "denied" else "",
        f"还差材料：{one.missing_words}" if one.missing_words and one.ended_at is None else "",
        f"卡在：{one.obstacle}" if one.obstacle and one.ended_at is None else "",
        f"等客户一共 {waited}" if (waited := waited_words(one.pauses, now)) else "",
        "长期未办结" if one.long_pending_since else "",
        f"原因：{why}" if why else "原因只告诉本人" if one.state == "refused" else "",
    )


def _called(one: WatchedEngagement, now: datetime) -> str:
    if one.first_attempt_at is None:
        return "还没拨过电话" if one.state == "claimed" else ""
    span = one.first_attempt_at - one.claimed_at
    took = f"，接单后 {duration_text(span)}" if span.total_seconds() >= 0 else ""
    return f"首拨 {at_words(one.first_attempt_at, now)}{took}，共 {one.attempts} 次"


def _follow_up(one: FollowUpView, now: datetime) -> FollowUpLine:
    title = FOLLOW_UPS.get(one.kind, one.kind)
    owner = f"{one.owner_masked} 跟进" if one.owner_masked else "还没有人跟进"
    if one.closed_at is None:
        facts = f"{owner} · 等了 {in_short(one.opened_at, now)} · {at_words(one.due_at, now)} 前要有结果"
        return FollowUpLine(one.ref, title, facts, True, due_tone(one.due_at, now), "")
    again = f"，约好 {one.again_on:%m-%d} 再提" if one.again_on else ""
    words = f"：{one.destination_words}" if one.destination_words else ""
    where = f"{Destination(one.destination).label}{again}{words}"
    return FollowUpLine(
        one.ref, title, f"{owner} · {at_words(one.closed_at, now)} 说清", False, "fine", where
    )


def supervision_line(
    one: SupervisionView, names: Mapping[str, str], now: datetime
) -> SupervisionLine:
    """A supervision record with every step as a sentence."""
    told = "已回话" if one.answered_at else f"{at_words(one.answer_due_at, now)} 前要写原因"
    state = "已了结" if one.closed_at else told
    return SupervisionLine(
        ref=one.ref,
        title=f"{one.bank_name} · {SUPERVISIONS.get(one.kind, one.kind)}",
        facts=f"{at_words(one.opened_at, now)} 立 · {state}",
        steps=tuple(step_words(step, names, now) for step in one.steps),
        is_open=one.closed_at is None,
    )


def step_words(step: SupervisionStepView, names: Mapping[str, str], now: datetime) -> str:
    """14:07 通知值班 周* · 14:12 刘* 打给马*（行长）：马上打，14:20 前改."""
    at, by = at_words(step.at, now), names.get(step.by_ref, step.by_ref)
    to = names.get(step.to_ref, step.to_ref)
    promise = f"，{at_words(step.promised_at, now)} 前改" if step.promised_at else ""
    return {
        "told_officer": f"{at} 系统通知值班 {to}（站内和短信）",
        "told_head": f"{at} 系统通知行长 {to}（站内和短信）",
        "phoned": f"{at} {by} 打给{to or '该行'}：{step.words}{promise}",
        "answer": f"{at} 银行 {by} 回话：{step.words}",
    }.get(step.kind, f"{at} {step.words}")


def _note(one: NoteView, names: Mapping[str, str], now: datetime) -> tuple[str, str, str, str]:
    kind = NOTE_KINDS.get(one.kind, "记事")
    if one.kind.startswith((ASKED_AGAIN, ASKED_BANK)):
        kind = "再问群众" if one.kind.startswith(ASKED_AGAIN) else "问银行"
    if one.kind.startswith(FINDING):
        found = one.kind.removeprefix(FINDING)
        label = MismatchKind(found).label if found in MismatchKind.values else ""
        kind = f"核实：{label}"
    side = "镇" if one.role == "township_admin" else "县"
    return at_words(one.at, now), f"{side} {names.get(one.by_ref, one.by_ref)}", kind, one.words


def _lines(
    case: WatchedCase, entries: Sequence[TimelineEntry], names: Mapping[str, str]
) -> list[Line]:
    banks = {one.bank_ref: one.bank_name for one in case.engagements}
    found, day = [], None
    for entry in reversed(entries):
        said = sentence_of(entry, case.now)
        if said is None:
            continue
        bank, on = banks.get(entry.bank_ref, ""), local_date(entry.at)
        who = names.get(entry.by_ref) or ("系统" if entry.role == "system" else entry.by_ref)
        is_banker = entry.organisation_ref == entry.bank_ref and bank
        found.append(
            Line(
                at=time_text(entry.at) if entry.action in EXACT else minute_text(entry.at),
                day="" if on == day else "今天" if on == local_date(case.now) else f"{on:%m-%d}",
                words=said.words.format(
                    who=f"{bank} {who}" if is_banker else who, bank=bank or "银行"
                ).strip(),
                note=said.note,
                is_good=said.is_good,
                is_late=said.is_late,
            )
        )
        day = on
    return found
