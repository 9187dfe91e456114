"""Rows of what a bank owes: a visit, an answer, a return, a word on where a case is stuck."""

from __future__ import annotations

from datetime import datetime

from puhui.desks.bank.case_buttons import pause_button
from puhui.desks.bank.case_words import (
    case_address,
    day_tone,
    day_words,
    how_much,
    place,
    step,
    what,
)
from puhui.desks.shared.rows import Button, Row
from puhui.kernel.clock import minute_text, moment_text
from puhui.kernel.money import wan_text
from puhui.market.queries import ListedCase
from puhui.market.terms import EnquiryKind

SHORT = 24


def visit_row(one: ListedCase, now: datetime) -> Row:
    """三天内要去看: arrange it, arrive, hand in the result."""
    due = one.due_at
    main, others, small = _visit_buttons(one, now)
    return Row(
        key=one.ref,
        when=f"{day_words(due, now)}到期"
        if due and due >= now
        else day_words(due, now)
        if due
        else "等日历",
        small=small,
        tone=day_tone(due, now),
        code=one.contact_code,
        title=f"{one.name_masked} · {place(one)}",
        facts=f"{papers_words(one)}{what(one)} {how_much(one)} · 负责：{one.officer_masked}",
        address=case_address(one.ref),
        main=main,
        others=others,
    )


def _visit_buttons(one: ListedCase, now: datetime) -> tuple[Button, tuple[Button, ...], str]:
    """The one thing to do now, the others, and what stands under the clock."""
    papers = Button("材料", step("papers", one.ref))
    if one.visit_at is None:
        return Button("约时间", step("visit", one.ref)), (papers,), "还没约"
    agree = Button("改日子", step("visit", one.ref))
    report = Button("交结果", step("report", one.ref))
    if one.arrived_at is not None:
        return report, (papers,), f"{minute_text(one.arrived_at)} 到了"
    arrived = Button("到了", step("arrive", one.ref), "post")
    return arrived, (report, papers, agree), f"约 {moment_text(one.visit_at, now=now)}"


def papers_words(one: ListedCase) -> str:
    """材料 3/4 · , or nothing where none was asked for."""
    if one.papers:
        return f"材料 {one.papers_in}/{one.papers} · "
    return "还差材料 · " if one.is_missing_papers else ""


def answer_row(one: ListedCase, now: datetime) -> Row:
    """该给客户回话: a plan, a decision, what is missing, or what the applicant asked."""
    due = one.due_at
    main, others, owed = _answer_buttons(one)
    return Row(
        key=one.enquiry.ref if one.enquiry else one.ref,
        when=day_words(due, now) if due else "等日历",
        small="之前给" if due and due >= now else "",
        tone=day_tone(due, now),
        code=one.contact_code,
        title=f"{one.name_masked} · {what(one)} {wan_text(one.amount_fen)}",
        facts=owed if one.enquiry else f"{papers_words(one)}欠：{owed}",
        address=case_address(one.ref),
        main=main,
        others=others,
    )


def _answer_buttons(one: ListedCase) -> tuple[Button, tuple[Button, ...], str]:
    asked, papers = one.enquiry, step("papers", one.ref)
    if asked is not None:
        answer = Button("回话", step("enquiry", asked.ref))
        words = asked.words if len(asked.words) <= SHORT else f"{asked.words[:SHORT]}…"
        if asked.kind == EnquiryKind.PAPERS:
            return Button("写差什么", papers), (answer,), f"欠：补材料说明 · {words}"
        return answer, (), f"客户有疑问：{words}"
    others = (Button("还差材料", papers), Button("没成", step("refuse", one.ref)))
    if one.state == "called_back":
        return Button("填方案", step("plan", one.ref)), others, "初步方案"
    return Button("给准信", step("offer", one.ref)), others, "准信"


def return_row(one: ListedCase, now: datetime) -> Row:
    """该回填、快超期: a return, or a case that pends long."""
    small, facts, main, others = _owed(one)
    due = one.long_pending_since or one.due_at
    when = day_words(due, now) if due else "等日历"
    if one.working_day is not None and one.state not in ("accepted", "signed", "disbursed"):
        when, small = f"第 {one.working_day} 个", "工作日"
    return Row(
        key=one.ref,
        when=when,
        small=small,
        tone=day_tone(due, now),
        code=one.contact_code,
        title=f"{one.name_masked} · {what(one)} {wan_text(one.amount_fen)}",
        facts=facts,
        address=case_address(one.ref),
        main=main,
        others=others,
    )


def _owed(one: ListedCase) -> tuple[str, str, Button, tuple[Button, ...]]:
    """What a case owes the platform: a return, a reason, an end."""
    stuck = Button("写卡在哪", step("obstacle", one.ref))
    waits = pause_button(one.ref, one.state, is_paused=bool(one.pause))
    if one.state == "accepted":
        sign = Button("签了", step("sign", one.ref))
        return "客户已选", "等签合同，签了就登记", sign, (stuck, *waits)
    if one.state == "signed":
        words = "金额、利率、到期日、放款日，四格一填"
        return "已签约", words, Button("回填", step("disburse", one.ref)), (stuck,)
    if one.state == "disbursed":
        look = Button("看单子", case_address(one.ref), "link")
        return "钱没到", "群众说钱没到，请核对", look, ()
    words = f"卡在：{one.obstacle}" if one.obstacle else "还没写卡在哪"
    if one.pause:
        words = f"等客户：{one.pause}"
    end = (Button("办结：没成", step("refuse", one.ref)),) if one.state != "offered" else ()
    return "快超期", words, stuck, (*waits, Button("还差材料", step("papers", one.ref)), *end)
