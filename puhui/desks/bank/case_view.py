"""One case on one screen: stages, who, what, clocks, what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from puhui.catalogue.terms import Subject
from puhui.desks.bank.case_buttons import Acts, acts
from puhui.desks.bank.case_words import CALL_WISHES, how_much, place, what
from puhui.desks.bank.proposal_view import Lines, proposal_lines
from puhui.desks.shared.pause_words import waited_words
from puhui.desks.shared.state_words import ENGAGEMENT_WORDS
from puhui.kernel.clock import duration_text, local_date, minute_text, moment_text
from puhui.kernel.money import rate_text, rmb_capitals, wan_text
from puhui.market.queries import BankCase, ClockView, EngagementView
from puhui.market.terms import REFUSAL_CODES, ClockKind, Purpose, RepaymentWish, Security, Term

WORDS = {"self_reported": "银行自报", "confirmed": "群众确认", "denied": "群众说没有"}
ORDER: tuple[str, ...] = (
    "claimed",
    "called_back",
    "planned",
    "kept",
    "investigating",
    "investigated",
)
ORDER += ("offered", "accepted", "signed", "disbursed", "settled")
SHOWN_CLOCKS = (
    ClockKind.CALLBACK_BANK,
    ClockKind.PLAN,
    ClockKind.INVESTIGATION,
    ClockKind.DECISION,
    ClockKind.OFFER_VALIDITY,
    ClockKind.SIGNING,
    ClockKind.DATA_RETURN,
    ClockKind.LONG_PENDING,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the bar: done, now or to do."""

    name: str
    state: str
    first: str
    second: str
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One deadline with its meter."""

    name: str
    due: str
    note: str
    side: str
    tone: str
    used: int


@dataclass(frozen=True, slots=True)
class Coming:
    """What is agreed and still to come; it stands above the timeline."""

    at: str
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """All that the case page shows beside its timeline."""

    title: str
    state: str
    is_ended: bool
    stages: tuple[Stage, ...]
    who: Lines
    what: Lines
    amount: str
    capitals: str
    consent: Lines
    clocks: tuple[ClockLine, ...]
    acts: Acts
    proposals: tuple[tuple[str, str, Lines], ...]
    ending: Lines
    coming: Coming | None


def case_view(case: BankCase) -> CaseView:
    """The page's words."""
    engagement = case.engagement
    return CaseView(
        title=f"{case.name_masked} · {what(case)} {how_much(case)}",
        state=ENGAGEMENT_WORDS[engagement.state],
        is_ended=engagement.ended_at is not None,
        stages=stages(case),
        who=_who(case),
        what=_what(case),
        amount=f"{wan_text(case.amount_fen)}元",
        capitals=rmb_capitals(case.amount_fen),
        consent=_consent(case),
        clocks=tuple(_clocks(engagement, case.now)),
        acts=acts(case),
        proposals=tuple(_proposals(case)),
        ending=_ending(case),
        coming=_coming(case),
    )


def stages(case: BankCase) -> tuple[Stage, ...]:
    """提出 to 放款, each with when and how."""
    one, now = case.engagement, case.now
    reached = ORDER.index(one.state) if one.state in ORDER else _reached(one)
    asked = Stage(
        "提出",
        "done",
        _at(case.published_at, now),
        "点名找我们" if one.is_directed else "让大家都看到",
    )
    claimed = Stage(
        "接单" if not one.is_directed else "收到",
        "done",
        _at(one.claimed_at, now),
        _after(case.published_at, one.claimed_at),
    )
    rest = (
        ("来电", 1, one.first_attempt_at, _call_words(one)),
        ("初步方案", 2, one.plan.submitted_at if one.plan else None, "1 个工作日内"),
        ("群众留下", 3, _kept_at(one), "群众自己挑"),
        ("上门", 5, one.visit_at, _visit_words(one)),
        ("准信", 6, one.offer.submitted_at if one.offer else None, "看过后给"),
        ("签合同", 8, one.loan.signed_at if one.loan else None, "在银行签"),
        ("放款", 9, one.loan.returned_at if one.loan else None, "银行回填"),
    )
    found, is_open = [asked, claimed], one.ended_at is None
    for name, place_in_order, at, words in rest:
        is_done = reached >= place_in_order
        state = "done" if is_done else "now" if is_open else "todo"
        is_open = is_open and is_done
        found.append(Stage(name, state, _at(at, now) if at else "", words, state == "now"))
    return tuple(found)


def _kept_at(one: EngagementView) -> datetime | None:
    """When the applicant kept the plan: then the visit's clock began, a directed one's earlier."""
    clock = one.clock("investigation")
    return clock.started_at if clock and not one.is_directed else None


def _reached(one: EngagementView) -> int:
    """How far an ended engagement had come, by what it left behind."""
    marks = (
        (9, one.loan and one.loan.returned_at),
        (8, one.loan),
        (6, one.offer),
        (2, one.plan),
        (1, one.called_back_at),
    )
    return next((place_in_order for place_in_order, mark in marks if mark), 0)


def _call_words(one: EngagementView) -> str:
    if one.first_attempt_at is None:
        return "5 分钟内"
    span = duration_text(max(one.first_attempt_at - one.clock_start_at, timedelta(0)))
    word = WORDS.get(one.callback_word, "")
    return f"{span} · {word}" if word else span


def _visit_words(one: EngagementView) -> str:
    if one.visit_word:
        return WORDS.get(one.visit_word, "")
    clock = one.clock("investigation")
    return f"最晚 {local_date(clock.due_at):%m-%d}" if clock and clock.due_at else "3 个工作日内"


def _at(at: datetime, now: datetime) -> str:
    return f"{local_date(at):%m-%d} {minute_text(at)}"


def _after(start: datetime, at: datetime) -> str:
    return duration_text(max(at - start, timedelta(0)))


def _who(case: BankCase) -> Lines:
    where = place(case)
    if not case.village and case.engagement.ended_at is None:
        where += "（接手的人才看得到村）"
    lines = [("姓名", case.name_masked), ("住", where)]
    if case.subject != Subject.FARM_HOUSEHOLD:
        label = str(Subject(case.subject).label)
        name = case.enterprise_name
        lines.insert(0, ("谁申请", f"{name}（{label}）" if name else label))
    lines += [
        ("年龄段", f"{case.age_band} 岁"),
        ("接电话", CALL_WISHES.get(case.call_wish) or "现在就行"),
    ]
    if case.is_first_loan is not None:
        lines.append(("首次", "第一次向银行借" if case.is_first_loan else "以前借过"))
    return lines


def _what(case: BankCase) -> Lines:
    words = f"：{case.purpose_words}" if case.purpose_words else ""
    scale = f" {case.scale} {case.scale_unit}" if case.scale else ""
    return [
        ("干什么", f"{Purpose(case.purpose).label}{scale}{words}"),
        ("用多久", Term(case.term).label),
        ("怎么还", RepaymentWish(case.repayment_wish).label),
        ("作保", "、".join(Security(code).label for code in case.securities) or "都没有"),
    ]


def _consent(case: BankCase) -> Lines:
    return [
        ("给银行看", f"{_at(case.published_at, case.now)} 同意，一事一用"),
        ("查征信", "上门时请本人签字，签了才能查"),
    ]


def _clocks(one: EngagementView, now: datetime) -> list[ClockLine]:
    found = []
    for kind in SHOWN_CLOCKS:
        clock = one.clock(kind)
        if clock is not None and clock.state in ("running", "breached"):
            found.append(_clock_line(kind, clock, now))
    return found


def _clock_line(kind: ClockKind, clock: ClockView, now: datetime) -> ClockLine:
    label = kind.label.partition("：")[2] or kind.label
    started = f"从 {local_date(clock.started_at):%m-%d} 算起"
    if clock.due_at is None:
        return ClockLine(label, "等工作日表", "县里装上就自动填", started, "soon", 0)
    if clock.state == "breached":
        return ClockLine(
            label, f"超了 {duration_text(now - clock.due_at)}", "已记超时", started, "late", 100
        )
    whole = (clock.due_at - clock.started_at) / timedelta(seconds=1) or 1
    used = max(0, min(100, round(100 * ((now - clock.started_at) / timedelta(seconds=1)) / whole)))
    left = f"还有 {duration_text(clock.due_at - now)}" if clock.due_at > now else "到点了"
    tone = "soon" if (local_date(clock.due_at) - local_date(now)).days < 1 else ""
    return ClockLine(label, f"最晚 {moment_text(clock.due_at, now=now)}", left, started, tone, used)


def _coming(case: BankCase) -> Coming | None:
    one = case.engagement
    if one.state == "investigating" and one.visit_at and one.visit_at > case.now:
        words = f"{one.officer_masked} 上门，{place(case)}"
        return Coming(
            moment_text(one.visit_at, now=case.now),
            words,
            "准备：工作证、征信授权书。查征信前须客户签授权",
        )
    if one.ended_at is None and one.call_again_at and one.call_again_at > case.now:
        return Coming(moment_text(one.call_again_at, now=case.now), "再打电话", "先报对接号")
    return None


def _proposals(case: BankCase) -> list[tuple[str, str, Lines]]:
    one = case.engagement
    found = []
    for title, proposal in (("准信", one.offer), ("给出的初步方案", one.plan)):
        if proposal is not None:
            lines = proposal_lines(proposal, case.amount_fen, local_date(proposal.submitted_at))
            if proposal.change_reason:
                lines.append(("为什么不一样", proposal.change_reason))
            if proposal.valid_until:
                lines.append(("保留到", f"{local_date(proposal.valid_until).isoformat()}"))
            found.append((title, proposal.product_name, lines))
    return found


def _ending(case: BankCase) -> Lines:
    one, lines = case.engagement, []
    if one.refusal_code:
        code = REFUSAL_CODES[one.refusal_code]
        lines.append(("给群众的原因", one.refusal_words or code.words))
        lines.append(("原因代码", f"{code.code} {code.bank_words}"))
    elif one.state == "refused":
        lines.append(("给群众的原因", "没有写，县里已记下，请补上"))
    if one.missing_words and not one.papers and one.ended_at is None:
        lines.append(("还差材料", one.missing_words))
    if one.loan and one.loan.returned_at and one.loan.amount_fen and one.loan.rate_ppm:
        lines.append(("放款", f"{wan_text(one.loan.amount_fen)}元，{rate_text(one.loan.rate_ppm)}"))
        lines.append(("到期", str(one.loan.due_on)))
        lines.append(("群众说", WORDS.get(one.loan.money_word, "还没回")))
    if one.pause is not None:
        said = "客户说是，天数停住" if one.pause.confirmed_at else "已问客户，还没回"
        lines.append(("等客户", f"{one.pause.words}（{said}）"))
    if waited := waited_words(one.pauses, case.now):
        lines.append(("等客户一共", waited))
    if one.obstacle and one.ended_at is None:
        lines.append(("卡在哪", f"{one.obstacle.words}（{_at(one.obstacle.at, case.now)} 写的）"))
    if one.long_pending_since:
        lines.append(("长期未办结", f"{local_date(one.long_pending_since):%m-%d} 起"))
    return lines
